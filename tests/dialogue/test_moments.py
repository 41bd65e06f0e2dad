"""What was understood of a text counts before its form, and a reminder is as far off as a slot says."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.flow import Remind, Slot
from tests.dialogue.talk import Talk, asks, flow, says

WHEN = flow(
    "when",
    asks("ask", "span", "later"),
    says("later", remind=(Remind("when", within="span"),), end="done"),
    slots={"span": Slot("span", "duration", min=60, max=86_400)},
)


def test_a_moment_that_was_understood_is_when_the_reminder_comes() -> None:
    talk = Talk(WHEN).begin().type("at five", value=7_200)

    assert list(talk.armed.values()) == [talk.now + timedelta(hours=2)]


def test_a_value_that_the_slot_cannot_hold_leaves_the_text_to_its_form() -> None:
    far, plain = Talk(WHEN).begin().type("3h", value=90_000), Talk(WHEN).begin().type("3h")
    neither = Talk(WHEN).begin().type("some day", value=90_000)

    assert far.armed == plain.armed
    assert (neither.where, neither.session.frames[0].tries) == ("when.ask", 1)
