"""What a person wrote stays theirs: it is as private wherever it goes, and no nudge shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.house import FILES, GERMAN, told

TALK = FILES["flows/talk.yaml"]
DEEPER = """
schema: flow/1
flow: deeper
version: 1
entry: open
outcomes: [done]
slots:
  whom: {type: text, private: true, keep: 30d}
states:
  open: {set: {whom: so}, say: talk/again, end: done}
"""


def calling(with_: str, take: str = "") -> str:
    """Let the flow `talk` call another at its end."""
    call = f"call: deeper\n            with: {{{with_}}}\n{take}            returns: {{done: done}}"
    return TALK.replace("end: done", call)


@pytest.mark.parametrize(
    ("talk", "deeper", "found"),
    [
        (calling("whom: person"), DEEPER, []),
        (
            calling("whom: person"),
            DEEPER.replace("private: true, keep: 30d", "max: 60"),
            ["talk.yaml:26 R013"],
        ),
        (calling("whom: person"), DEEPER.replace("30d", "31d"), ["talk.yaml:26 R014"]),
        (calling("whom: person"), DEEPER.replace("30d", "2d"), []),
        (calling("whom: {value: Sam}"), DEEPER.replace(", private: true, keep: 30d", ""), []),
        (
            calling("whom: person", "            take: {driver: whom}\n"),
            DEEPER,
            ["talk.yaml:27 C404", "talk.yaml:27 R013"],
        ),
    ],
)
def test_a_private_value_is_as_private_in_the_flow_it_is_given_to(
    tmp_path: Path, talk: str, deeper: str, found: list[str]
) -> None:
    files = {"flows/talk.yaml": talk, "flows/deeper.yaml": deeper}

    assert [one.removeprefix("flows/") for one in told(tmp_path, files)] == found


def test_a_nudge_that_shows_it_in_one_language_only_is_told_too(tmp_path: Path) -> None:
    talk = TALK.replace(
        "timers: [{id: lapse", "timers: [{id: nudge, after: 20h, say: talk/nudge}, {id: lapse", 1
    )
    files = GERMAN | {
        "flows/talk.yaml": talk,
        "prompts/en/talk/nudge.j2": "Still here.",
        "prompts/de/talk/nudge.j2": "{{ line('talk/name') }}",
    }

    assert told(tmp_path, files) == ["flows/talk.yaml:15 R015"]


def test_a_keep_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    assert told(tmp_path, {"flows/talk.yaml": TALK.replace("keep: 30d", "keep: long")}) == [
        "flows/talk.yaml:8 Y124"
    ]


def test_a_person_can_be_forgotten_from_anywhere(tmp_path: Path) -> None:
    gone = FILES["flows/forget.yaml"].replace("forget: true, ", "")

    assert told(tmp_path, {"flows/forget.yaml": gone}) == ["flows/globals.yaml:20 R017"]


@pytest.mark.parametrize("wording", ["Breathe.\n---\nCall {{ helpline.suicide_call }}.", "Breathe."])
def test_every_wording_of_a_card_shows_whom_to_call(tmp_path: Path, wording: str) -> None:
    card = FILES["flows/card.yaml"].replace("common/line", "card/tell")
    found = told(tmp_path, {"flows/card.yaml": card, "prompts/en/card/tell.j2": wording})

    assert found == ["prompts/en/card/tell.j2:1 P706" if "---" in wording else "flows/card.yaml:7 P706"]


def test_a_number_in_another_line_of_the_card_is_enough(tmp_path: Path) -> None:
    card = FILES["flows/card.yaml"].replace("say: common/line", "say: [talk/again, common/line]")

    assert told(tmp_path, {"flows/card.yaml": card}) == []
