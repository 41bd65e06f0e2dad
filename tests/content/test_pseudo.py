"""The language nobody speaks: longer, with accents, in brackets, and as sound as the English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.folders import SOURCE
from bot.content.library import load
from bot.content.pseudo import LANGUAGE, plain_pseudo, pseudo, speaking_pseudo
from tests.content.copybook import PROMPTS
from tests.content.house import build, told

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
KEPT = re.compile(r"(?<!\S)/[a-z]+|\*|\d+")


def test_jinja_marks_commands_and_numbers_of_all_our_prompts_stay_as_they_are() -> None:
    for name, source in PROMPTS.sources.of(SOURCE).items():
        for one in source.variants:
            made = pseudo(one.text)
            default = re.compile(r"default\('[^']*'\)")
            assert [default.sub("", part) for part in JINJA.findall(made)] == [
                default.sub("", part) for part in JINJA.findall(one.text)
            ], name
            assert KEPT.findall(JINJA.sub("", made)) == KEPT.findall(JINJA.sub("", one.text)), name


def test_it_is_two_fifths_longer_than_the_english() -> None:
    texts = [JINJA.sub("", one.text) for s in PROMPTS.sources.of(SOURCE).values() for one in s.variants]

    grown = sum(len(pseudo(text)) for text in texts) / sum(map(len, texts))

    assert 1.25 < grown < 1.45  # blanks, commands and numbers do not grow
    assert len(plain_pseudo("reading")) == len("[reading]") + 2


@pytest.mark.parametrize(
    ("english", "made"),
    [
        ("Go on?", "[Ĝö ööñ?]"),
        ("Hi {{ person | default('you') }}!", "[Ĥî {{ person | default('ýýööû') }}!]"),
        ("  \n", "  \n"),
        ("See https://example.org or /help.", "[Šééé https://example.org ööŕ /help.]"),
    ],
)
def test_it_reads_so(english: str, made: str) -> None:
    assert pseudo(english) == made


def test_it_can_be_chosen_said_and_heard_as_english(tmp_path: Path) -> None:
    house = speaking_pseudo(build(tmp_path))

    assert house.prompts.languages == ("en", LANGUAGE)
    assert house.prompts.compile_all() == []
    assert house.prompts.render("talk/name", 0, {"person": "Ana"}, LANGUAGE).startswith("[Ŵîîţĥ *Ana*")
    assert house.words.says("talk/tired", LANGUAGE) == house.words.says("talk/tired")


def test_written_down_it_is_a_translation_without_a_fault(tmp_path: Path) -> None:
    build(tmp_path)
    where = ["--flows", str(tmp_path / "flows"), "--prompts", str(tmp_path / "prompts")]

    assert main(["i18n", "pseudo", "--to", str(tmp_path / "prompts/pseudo"), *where]) == 0

    assert told(tmp_path, {}) == []
    spoken = load(tmp_path / "flows", tmp_path / "prompts")
    assert spoken.prompts.names("pseudo") == spoken.prompts.names()
    assert spoken.words.entries("pseudo").keys() == spoken.words.entries().keys()
