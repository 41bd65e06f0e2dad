"""The pictures of the docs are what they were drawn from, and hold nothing that a browser fetches or runs."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests import ours
from tests.docs.pictures import FOLDER, TALK, pictures


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return pictures(ours.content())


def test_the_house_and_the_flow_are_as_they_would_be_drawn_today(drawn: dict[str, str]) -> None:
    old = [name for name in ("house.svg", "flow.svg") if (FOLDER / name).read_text() != drawn[name]]

    assert not old, "draw them anew with `make pictures`"


def test_the_talk_can_be_had_today_though_its_words_may_have_changed_since(drawn: dict[str, str]) -> None:
    for text in (drawn["terminal.svg"], (FOLDER / "terminal.svg").read_text()):
        assert all(f"› {line}" in text for line in TALK)


def test_a_picture_is_nothing_but_a_drawing(drawn: dict[str, str]) -> None:
    for text in drawn.values():
        kinds = {part.tag.rpartition("}")[2] for part in ElementTree.fromstring(text).iter()}
        assert not kinds & {"script", "image", "foreignObject", "a", "use"}
