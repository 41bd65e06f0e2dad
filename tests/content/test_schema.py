"""The editor's schema says what the loader says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.content.flows import FLOW, load_flow
from bot.content.schema import flow_schema
from bot.content.state_fields import STATE
from bot.content.tables import Record
from bot.content.wait_fields import OPTION
from bot.content.yaml12 import read

HERE = Path(__file__).parent
FLOWS = HERE.parents[1] / "flows"
OURS = sorted(
    path
    for path in FLOWS.glob("*.yaml")
    if path.name.count(".") == 1 and path.stem not in {"globals", "why", "helplines", "lexicon", "reviews"}
)
TOO_SUBTLE = {"Y126", "Y128", "Y129", "Y131", "Y132", "Y134", "Y135"}
"""Codes of slips that a schema cannot see, or sees only in part."""


def complaints(data: Any) -> list[str]:
    return [error.message for error in Draft7Validator(flow_schema()).iter_errors(data)]


def data_of(path: Path) -> Any:
    tree, _ = read(path.read_bytes(), str(path))
    return None if tree is None else tree.data


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(flow_schema())


def test_the_schema_in_the_repository_is_the_one_the_code_draws() -> None:
    written = (FLOWS / "flow.schema.json").read_text(encoding="utf-8")

    assert written == json.dumps(flow_schema(), indent=2, ensure_ascii=False) + "\n", (
        "run `lowtide schema --write`"
    )


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    text = json.dumps(flow_schema())

    assert set(re.findall(r"#/definitions/(\w+)", text)) == set(flow_schema()["definitions"])


@pytest.mark.parametrize("record", [FLOW, STATE, OPTION], ids=lambda record: record.title)
def test_every_key_has_a_line_for_the_author(record: Record) -> None:
    schema = flow_schema()
    described = schema if record is FLOW else schema["definitions"][record.title]

    assert set(described["properties"]) == set(record.fields)
    assert all(part["description"].endswith(".") for part in described["properties"].values())


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_each_of_our_flows_fits_it(path: Path) -> None:
    assert complaints(data_of(path)) == []


BAD = [path for path in sorted((HERE / "bad").glob("Y1[23]*.yaml")) if path.stem not in TOO_SUBTLE]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_slip_that_the_loader_tells_is_told_in_the_editor(path: Path) -> None:
    assert complaints(data_of(path)) != []


@pytest.mark.parametrize(
    "state",
    [
        {"end": "planned"},
        {"goto": "open"},
        {"goto": [{"if": "a", "to": "b"}, {"else": "c"}]},
        {"say": "a/b", "ask": {"slot": "x"}, "goto": "open"},
        {"say": ["a/b", "c/d"], "options": [{"id": "x", "label": "a/x", "to": "y"}]},
        {"call": "f", "with": {"a": "b", "c": {"value": 3}}, "take": {"d": "e"}, "returns": {"done": "open"}},
        {"set": {"a": None, "b": {"from": "c"}, "d": {"expr": "e + 1"}, "f": ["x"], "g": True}, "end": "x"},
        {"remind": {"flow": "r", "after": "3d"}, "end": "x"},
        # and none of these
        {},
        {"say": "a/b"},
        {"end": "planned", "goto": "open"},
        {"say": "a/b", "ask": {"slot": "x"}},
        {"ask": {"slot": "x"}, "goto": "open"},
        {"call": "f"},
        {"with": {"a": "b"}, "end": "x"},
        {"timers": [{"id": "x", "after": "2h", "to": "y"}], "end": "x"},
        {"say": "a/b", "options": [{"id": "x", "label": "a/x"}]},
        {"say": "a/b", "options": []},
        {"say": "ab", "end": "x"},
        {"goto": [{"to": "b"}]},
        {"set": {"a": 1.5}, "end": "x"},
        {"set": {"a": {"from": "b", "expr": "c"}}, "end": "x"},
        {"call": "f", "with": {"a": 3}, "returns": {"x": "y"}},
        {"remind": {"flow": "r"}, "end": "x"},
        {
            "say": "a/b",
            "options": [{"id": "x", "label": "a/x", "to": "y"}],
            "timers": [{"id": "t", "after": "2h"}],
        },
        {"careful": "yes", "end": "x"},
    ],
    ids=str,
)
def test_editor_and_loader_agree_on_a_state(state: dict[str, Any]) -> None:
    data = {
        "schema": "flow/1", "flow": "f", "version": 1, "entry": "open", "outcomes": ["x"],
        "states": {"open": state},
    }  # fmt: skip
    tree, _ = read(json.dumps(data), "f.yaml")
    assert tree is not None

    assert bool(complaints(data)) == bool(load_flow(tree)[1])
