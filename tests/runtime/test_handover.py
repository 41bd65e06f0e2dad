"""What is handed over can be read by the person it is about."""

from __future__ import annotations

from bot.dialogue.effects import Export
from bot.dialogue.session import Session
from bot.runtime.handover import document, outline
from tests.runtime.worlds import ANNA


def test_plain_data_becomes_indented_lines() -> None:
    kept = {
        "person": [{"chat": "anna", "session": {"memory": {"friend": "Sam", "nudges": True}, "past": []}}],
        "timers": [{"timer": "lapse"}, {"timer": "nudge"}],
        "note": "two\nlines",
    }

    assert list(outline(kept)) == [
        "person:",
        "  -",
        "    chat: anna",
        "    session:",
        "      memory:",
        "        friend: Sam",
        "        nudges: True",
        "      past:",
        "timers:",
        "  -",
        "    timer: lapse",
        "  -",
        "    timer: nudge",
        "note:",
        "  two",
        "  lines",
    ]


def test_the_file_is_keyed_by_the_order_that_asked_for_it() -> None:
    made = document(Export(7, 2), Session("s"), ANNA, {"person": ["you"]})

    assert (made.key, made.name, made.text, made.turn) == ("s:7:2", "lowtide.txt", "person:\n  - you\n", 7)
