"""What `check` found goes to a code host as SARIF 2.1.0: each fault at its place, each code with its help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.authoring.checking import FORMS
from bot.authoring.sarif import sarif
from bot.cli import main
from bot.content.codes import CODES
from bot.content.faults import Fault, Spot
from bot.orders.asking import FAULTS, GOOD
from tests.content.house import build

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = {
    "type": "object",
    "required": ["id", "name", "shortDescription", "fullDescription", "help"],
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Z][0-9]{3}$"},
        "name": {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": {**TEXT, "required": ["text", "markdown"]},
        "properties": {
            "type": "object",
            "properties": {"tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True}},
        },
    },
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation", "region"],
                        "properties": {
                            "artifactLocation": {
                                "type": "object",
                                "required": ["uri"],
                                "properties": {
                                    "uri": {
                                        "type": "string",
                                        "format": "uri-reference",
                                        "pattern": "^[!-~]+$",
                                    },
                                    "uriBaseId": {"type": "string"},
                                },
                                "additionalProperties": False,
                            },
                            "region": {
                                "type": "object",
                                "required": ["startLine", "startColumn"],
                                "properties": {
                                    "startLine": {"type": "integer", "minimum": 1},
                                    "startColumn": {"type": "integer", "minimum": 1},
                                },
                                "additionalProperties": False,
                            },
                        },
                        "additionalProperties": False,
                    }
                },
                "additionalProperties": False,
            },
        },
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                                    "rules": {"type": "array", "items": RULE, "uniqueItems": True},
                                },
                                "additionalProperties": False,
                            }
                        },
                        "additionalProperties": False,
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""The part of SARIF 2.1.0 that is used here, as its standard words it."""


def test_every_code_becomes_a_rule_of_the_standard() -> None:
    told = [Fault(code, Spot("flows/a b.yaml", 3, 7), "it is wrong", "mend it") for code in CODES]

    found = json.loads(json.dumps(sarif(told)))

    assert list(Draft202012Validator(SCHEMA).iter_errors(found)) == []
    (run,) = found["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one.code for one in told]
    assert all("http" not in rule["id"] + rule["help"]["text"] for rule in rules)


def test_a_result_says_where_how_grave_and_how_to_mend_it() -> None:
    fault = Fault("S201", Spot("flows/a b.yaml", 3, 7), "it is wrong", "mend it", "warning")

    (result,) = sarif([fault])["runs"][0]["results"]

    assert result["message"]["text"] == "it is wrong; mend it"
    assert result["properties"] == {"fix": "mend it"}
    assert result["level"] == "warning"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "flows/a%20b.yaml", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 3, "startColumn": 7}


def test_nothing_found_is_a_run_without_results() -> None:
    found = sarif([])

    assert list(Draft202012Validator(SCHEMA).iter_errors(found)) == []
    assert found["runs"][0]["results"] == []


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, {"prompts/en/talk/again.j2": "{{ person"})

    assert main(["check", str(tmp_path), "--format", "sarif"]) == FAULTS

    found = json.loads(capsys.readouterr().out)
    assert list(Draft202012Validator(SCHEMA).iter_errors(found)) == []
    assert [one["ruleId"] for one in found["runs"][0]["results"]] == ["W602"]
    uri = found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (tmp_path / "prompts/en/talk/again.j2").as_uri()
    assert set(FORMS) == {"text", "json", "sarif"}


def test_a_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "s203"]) == GOOD
    said = capsys.readouterr().out
    assert said.startswith("S203 Trap (structure)")
    assert CODES["S203"].mend in said


def test_every_code_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "all"]) == GOOD

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(CODES)


def test_a_code_there_is_not_is_told_with_the_one_that_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "S2O1"]) == FAULTS

    assert "did you mean" in capsys.readouterr().out
