"""Rule 7: timers are rows, fenced by turn; late ones collapse into one and respect quiet hours."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.dialogue.effects import Disarm
from bot.dialogue.flow import Call, Line, Remind, Setter, Slot, State, Timer
from bot.dialogue.guards import parse
from tests.dialogue.talk import (
    BERLIN,
    MONDAY,
    QUESTION,
    Talk,
    flow,
    nudging,
    offers,
    option,
    says,
    text,
)

AT = {"hour": Slot("hour", "time")}
REPORT = flow("report", offers("fits", option("yes", "done")), slots=text("rung"))


def reminding(**more: object) -> object:
    """Write a flow that promises to come back at the hour it was given."""
    remind = Remind("report", "hour", give=(Setter("rung", expr=parse("step")),), **more)  # type: ignore[arg-type]
    return flow("plan", says("a", "ok", remind=(remind,), end="done"), slots=AT | text("step"))


def planned(**memory: object) -> Talk:
    """Talk until a reminder stands for half past six."""
    return Talk(reminding(), REPORT, QUESTION, memory=memory).begin(hour="18:30", step="L1")  # type: ignore[arg-type]


def reminder(talk: Talk) -> str:
    return talk.session.reminders[0].id


def test_entering_a_wait_arms_its_timers_and_leaving_it_drops_them() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since
    assert talk.armed == {"nudge": MONDAY + timedelta(hours=20), "lapse": MONDAY + timedelta(hours=72)}

    talk.press("on")

    assert talk.disarmed == [since]


def test_a_timer_for_a_past_turn_is_dropped() -> None:
    talk = Talk(nudging()).begin()

    talk.later(hours=20).fire("nudge", since=99)

    assert (talk.said, talk.where, talk.armed) == ([], "nudging.wait", {})


def test_a_timer_nobody_knows_is_dropped() -> None:
    talk = Talk(nudging()).begin().later(hours=20)

    assert talk.fire("remind:report:1:0").said == []
    assert talk.fire("other").said == []


def test_a_nudge_says_its_line_and_keeps_waiting() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since

    talk.later(hours=20).fire("nudge")

    assert (talk.said, talk.shown, talk.says[0].lane) == (["nudge"], ["on"], "nudge")
    assert (talk.session.frames[0].since, talk.disarmed) == (since, [])


def test_a_lapse_goes_on_without_the_person() -> None:
    talk = Talk(nudging()).begin().later(hours=72).fire("lapse")

    assert (talk.said, talk.where) == (["gone"], "")


def test_late_timers_collapse_into_one_and_the_lapse_wins() -> None:
    assert Talk(nudging()).begin().later(hours=90).fire("nudge", "lapse").said == ["gone"]


def test_timers_that_come_due_at_night_wait_for_the_morning() -> None:
    talk = Talk(nudging()).begin().later(hours=11)

    talk.fire("nudge")

    assert talk.said == []
    assert talk.armed == {"nudge": datetime(2026, 1, 6, 8, 0, tzinfo=BERLIN)}


def test_a_moment_inside_quiet_hours_is_moved_when_it_is_armed() -> None:
    talk = Talk(
        nudging(), now=MONDAY.replace(hour=4), memory={"quiet_from": "23:00", "quiet_to": "09:30"}
    ).begin()

    assert talk.armed["nudge"].hour == 9
    assert talk.armed["lapse"] == datetime(2026, 1, 8, 9, 30, tzinfo=BERLIN)


def test_a_timer_may_wait_for_an_hour_the_person_chose() -> None:
    timers = (Timer("at", at="hour", to="done"), Timer("none", at="other", to="done"))
    chosen = flow("q", offers("a", option("x", "done"), timers=timers), slots=AT)

    assert Talk(chosen).begin(hour="18:30").armed == {"at": MONDAY.replace(hour=18, minute=30)}


@pytest.mark.parametrize("memory", [{"nudges": False}, {"paused": True}, {"nudges": True, "paused": True}])
def test_who_does_not_want_nudges_gets_none_but_waits_still_lapse(memory: dict[str, bool]) -> None:
    talk = Talk(nudging(), memory=memory).begin()

    assert list(talk.armed) == ["lapse"]
    assert talk.later(hours=20).fire("nudge").said == []


def test_a_second_nudge_on_one_day_is_put_off_until_tomorrow() -> None:
    twice = (
        Timer("one", 3600, say=Line("one")),
        Timer("two", 7200, say=Line("two")),
        Timer("end", 9**6, to="done"),
    )
    talk = Talk(flow("q", offers("a", option("x", "done"), timers=twice))).begin().later(hours=1).fire("one")

    talk.later(hours=1).fire("two")

    assert (talk.said, talk.armed) == ([], {"two": talk.now + timedelta(days=1)})


def test_after_two_unanswered_nudges_it_stops_and_says_so_on_return() -> None:
    talk = Talk(nudging()).begin()
    heard = [talk.later(days=1).fire("nudge").said for _ in range(3)]
    assert heard == [["nudge"], ["nudge"], []]

    talk.type("hello?")

    assert talk.said == ["stopped_nudging + wait_again"]
    assert (talk.session.unanswered, talk.session.memory["nudges"]) == (0, False)


def test_stopping_needs_no_line_to_say() -> None:
    talk = Talk(nudging(), lines={}).begin()
    for _ in range(2):
        talk.later(days=1).fire("nudge")

    assert talk.type("hello?").said == ["wait_again"]


def test_a_nudge_without_words_says_nothing() -> None:
    silent = flow(
        "q", offers("a", option("x", "done"), timers=(Timer("mute", 60), Timer("end", 99, to="done")))
    )

    assert Talk(silent).begin().fire("mute").effects == ()


def test_a_reminder_begins_its_flow_at_the_hour_that_was_chosen() -> None:
    talk = planned()
    assert talk.armed == {reminder(talk): MONDAY.replace(hour=18, minute=30)}

    talk.later(hours=5).fire(reminder(talk), since=0)

    assert (talk.where, talk.said, talk.slots) == ("report.fits", ["fits?"], {"rung": "L1"})
    assert (talk.says[0].lane, talk.session.reminders) == ("nudge", ())


def test_a_reminder_may_wait_at_least_so_long() -> None:
    talk = Talk(reminding(after=72 * 3600), REPORT).begin(hour="18:30")  # type: ignore[arg-type]

    assert talk.armed[reminder(talk)] == datetime(2026, 1, 8, 18, 30, tzinfo=BERLIN)
    assert talk.session.reminders[0].slots == {}


def test_a_reminder_that_finds_a_conversation_waits_an_hour() -> None:
    talk = planned().command("settings").later(hours=5)
    name = reminder(talk)

    talk.fire(name, since=0)

    assert talk.armed == {name: talk.now + timedelta(hours=1)}
    assert talk.session.reminders


def test_a_reminder_may_rather_be_dropped() -> None:
    talk = Talk(reminding(if_busy="drop"), REPORT).begin(hour="18:30").command("settings")  # type: ignore[arg-type]

    talk.later(hours=5).fire(reminder(talk), since=0)

    assert (talk.said, talk.session.reminders) == ([], ())


def test_two_reminders_on_one_day_become_one_a_day() -> None:
    talk = planned()
    first = reminder(talk)
    talk.begin(hour="18:40")
    talk.later(hours=4, minutes=30).fire(first, since=0).press("yes")
    talk.session = replace(talk.session, nudged=int(talk.now.timestamp()))

    talk.later(minutes=10).fire(reminder(talk), since=0)

    assert (talk.said, list(talk.armed.values())) == ([], [talk.now + timedelta(days=1)])


def test_stop_and_crisis_drop_every_reminder() -> None:
    for talk in (planned().command("stop"), planned().danger()):
        assert talk.session.reminders == ()
        assert [effect.timer for effect in talk.effects if isinstance(effect, Disarm)] == [
            "remind:report:1:0"
        ]


def test_only_so_many_reminders_are_kept() -> None:
    talk = planned()
    for _ in range(30):
        talk.begin(hour="18:30")

    assert len(talk.session.reminders) == 20
    assert len({one.id for one in talk.session.reminders}) == 20


def test_a_crisis_sets_the_timers_of_what_it_parks_aside_and_coming_back_arms_them_anew() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since
    assert talk.danger().disarmed == [since]

    talk.press("back")

    assert talk.armed["lapse"] == talk.now + timedelta(hours=72)
    assert talk.session.frames[0].since == talk.session.turn


def test_a_question_asked_by_a_reminder_waits_like_any_other() -> None:
    talk = planned()
    talk.later(hours=5).fire(reminder(talk), since=0)

    assert talk.press("yes").where == ""
    assert talk.session.unanswered == 0


def test_a_timer_of_one_wait_does_not_fire_another_of_the_same_name() -> None:
    talk = Talk(nudging()).begin().press("on").begin()

    assert talk.fire("lapse", since=1).where == "nudging.wait"


def test_a_reminder_is_not_given_to_who_has_stopped_nudges_meanwhile() -> None:
    talk = planned()
    talk.session = replace(talk.session, memory={"paused": True})

    assert talk.later(hours=5).fire(reminder(talk), since=0).said == []


def test_a_wait_in_a_called_flow_lapses_though_its_caller_was_entered_in_the_same_turn() -> None:
    calling = State("wait", call=Call("nudging", returns={"done": "done"}))
    talk = Talk(flow("caller", calling), nudging()).begin()
    assert {frame.since for frame in talk.session.frames} == {1}

    talk.later(hours=72).fire("lapse")

    assert (talk.where, talk.said) == ("", ["gone"])
