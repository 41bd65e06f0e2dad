"""What was understood of a text counts before its form, and a reminder is as far off as a slot says."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.expect import expected
from bot.dialogue.flow import Ask, Hears, Remind, Slot
from tests.dialogue.talk import Talk, asks, flow, says, to

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


AHEAD = Slot("span", "duration", min=60, max=86_400)
HOUR = flow(
    "hour",
    asks(
        "ask",
        "at",
        "",
        ask=Ask("at", hears=(Hears("span", moment=True),)),
        goto=(to("then", "known(span)"), to("at")),
    ),
    says("then", remind=(Remind("hour", within="span"),), end="done"),
    says("at", remind=(Remind("hour", at="at"),), end="done"),
    slots={"span": AHEAD, "at": Slot("at", "time")},
)


def test_a_moment_beside_an_hour_is_when_the_reminder_comes_and_the_hour_alone_is_its_hour() -> None:
    named = Talk(HOUR).begin().type("tomorrow at 1", value="13:00", heard=(("span", 82_800),))
    plain = Talk(HOUR).begin().type("at one", value="15:30")

    assert list(named.armed.values()) == [named.now + timedelta(seconds=82_800)]
    assert list(plain.armed.values()) == [plain.now.replace(hour=15, minute=30)]


def test_what_listens_for_a_moment_knows_how_far_off_it_may_be() -> None:
    talk = Talk(HOUR).begin()

    heard = expected(talk.flows, talk.session, talk.now).hears

    assert [one.within for one in heard] == [AHEAD]
