"""Our own flows: every conversation beside them goes as written, and together they meet what there is."""

from __future__ import annotations

import os

import pytest

from bot.authoring.cover import measure
from bot.authoring.covering import Coverage, coverage, spot
from bot.content.library import Content, load_sound
from bot.settings import Settings, read_settings

OTHERS = ("de", "es")
"""Languages in which every twelfth is played as well; `lowtide test --lang es` plays them all."""


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_settings(os.environ)


@pytest.fixture(scope="module")
def content(settings: Settings) -> Content:
    return load_sound(settings.flows, settings.prompts)


@pytest.fixture(scope="module")
def found(settings: Settings, content: Content) -> Coverage:
    met, missed = measure(settings, content, OTHERS, every=12)
    assert [f"{one.rehearsal.flow}: {one.rehearsal.name}" for one in missed] == []
    return coverage(content, met)


@pytest.mark.parametrize("kind", ["state", "option"])
def test_every_state_is_entered_and_every_answer_given(content: Content, found: Coverage, kind: str) -> None:
    never = [f"{spot(content, one)} {one.mark}" for one in found.missing() if one.mark.kind == kind]

    assert never == [], "no test meets these; `lowtide cover` says how one might"


def test_nearly_every_guard_is_found_true_and_found_false(found: Coverage) -> None:
    assert found.figures().percent("guard") >= 95


def test_most_silences_misses_and_signs_of_danger_are_met(found: Coverage) -> None:
    for kind in ("timer", "danger", "interrupt", "outcome"):
        assert found.figures().percent(kind) >= 90, kind
    assert found.figures().percent() >= 90


def test_the_same_conversations_hold_in_every_other_language(content: Content, found: Coverage) -> None:
    assert set(content.prompts.languages) == {"en", *OTHERS}
    for one in found.spoken(content):
        assert one.states / one.all_states > 0.4, one.language
