"""A reminder that comes again: once for each of its moments, never twice, until it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Arm, Disarm
from bot.dialogue.events import Due, TimerFired
from bot.dialogue.flow import Remind, Slot, Timer
from bot.dialogue.moving import keep_hours
from bot.dialogue.recurring import Rhythm
from bot.dialogue.session import Reminder
from bot.errors import FlowFault
from tests.dialogue.talk import BERLIN, MONDAY, QUESTION, Talk, flow, nudging, offers, option, says, to

AT = {"hour": Slot("hour", "time"), "day": Slot("day", "enum", of=("monday", "thursday"))}
CHECK_IN = flow(
    "check_in",
    offers(
        "how",
        option("fine", "done"),
        option("later", "later"),
        option("stop", "stop"),
        timers=(Timer("lapse", 20 * 3600, to="done"),),
    ),
    says("later", "later", remind=(Remind("check_in", after=7200, rhythm=Rhythm(snooze=True)),), end="done"),
    says("stop", "stopped", cancel="check_in", end="done"),
)
NEW_YORK = ZoneInfo("America/New_York")
NAME = "remind:check_in"


def promising(every: str | None = "day", **rhythm: object) -> Talk:
    """Talk until a check-in stands for eight in the evening."""
    remind = Remind("check_in", "hour", rhythm=Rhythm(every, **rhythm))  # type: ignore[arg-type]
    plan = flow("plan", says("a", "ok", remind=(remind,), end="done"), slots=AT)
    return Talk(plan, CHECK_IN, QUESTION).begin(hour="20:00", day="thursday")


def standing(talk: Talk) -> Reminder | None:
    return next((one for one in talk.session.reminders if one.id == NAME), None)


def at(talk: Talk, when: str) -> Talk:
    talk.now = datetime.fromisoformat(when).replace(tzinfo=BERLIN)
    return talk


def check(talk: Talk) -> Talk:
    """Let the standing check-in come due, as its row says."""
    due = standing(talk)
    assert due is not None
    talk.now = datetime.fromtimestamp(due.due, BERLIN)
    return talk.fire(NAME, since=0)


def test_each_time_it_begins_its_flow_and_is_set_for_the_next_in_the_same_step() -> None:
    talk = promising()
    assert talk.armed == {NAME: MONDAY.replace(hour=20)}

    days = []
    for _ in range(5):
        check(talk)
        days.append((talk.now.day, talk.where, talk.said, talk.armed[NAME].strftime("%d %H:%M")))
        talk.press("fine")

    assert days == [(day, "check_in.how", ["how?"], f"{day + 1:02} 20:00") for day in range(5, 10)]


def test_every_week_it_comes_on_the_weekday_that_was_chosen() -> None:
    talk = promising("week", on="day")

    assert talk.armed == {NAME: datetime(2026, 1, 8, 20, tzinfo=BERLIN)}
    assert check(talk).armed[NAME] == datetime(2026, 1, 15, 20, tzinfo=BERLIN)


def test_without_a_weekday_it_is_that_of_the_first_time() -> None:
    assert promising("week").armed == {NAME: MONDAY.replace(hour=20)}
    assert check(promising("week")).armed == {
        NAME: datetime(2026, 1, 12, 20, tzinfo=BERLIN),
        "lapse": datetime(2026, 1, 6, 16, tzinfo=BERLIN),
    }


def test_a_row_that_is_read_twice_gives_one_check_in() -> None:
    talk = check(promising())
    due = standing(talk).due  # type: ignore[union-attr]
    talk.press("fine")

    talk.fire(NAME, since=0)

    assert (talk.said, talk.armed) == ([], {NAME: datetime.fromtimestamp(due, BERLIN)})


def test_a_clock_turned_back_after_a_check_in_does_not_bring_it_again() -> None:
    talk = check(promising()).press("fine")
    talk.now -= timedelta(hours=1)

    assert talk.fire(NAME, since=0).said == []
    assert check(talk).now.day == 6


def test_a_clock_turned_back_before_a_check_in_leaves_it_due_at_its_hour() -> None:
    talk = at(promising(), "2026-01-05T19:00")

    assert talk.fire(NAME, since=0).armed == {NAME: MONDAY.replace(hour=20)}


def test_a_clock_that_jumped_a_year_ahead_and_back_does_not_silence_it_once_the_person_is_back() -> None:
    talk = at(promising(), "2027-03-01T09:00").fire(NAME, since=0)
    assert talk.armed == {NAME: datetime(2027, 3, 1, 20, tzinfo=BERLIN)}

    at(talk, "2026-01-06T10:00").command("help")

    assert talk.armed == {NAME: datetime(2026, 1, 6, 20, tzinfo=BERLIN)}


def test_days_of_downtime_come_to_one_that_is_fresh_or_to_none() -> None:
    late = at(promising(), "2026-01-09T21:00").fire(NAME, since=0)
    assert (late.said, late.armed) == ([], {NAME: datetime(2026, 1, 10, 20, tzinfo=BERLIN)})

    soon = at(promising(), "2026-01-05T21:30").fire(NAME, since=0)
    assert (soon.said, soon.armed[NAME].day) == (["how?"], 6)


def test_how_long_it_is_fresh_is_the_flows_to_say() -> None:
    talk = at(promising(fresh=1800), "2026-01-05T20:31")

    assert talk.fire(NAME, since=0).said == []


@pytest.mark.parametrize("memory", [{"paused": True}, {"nudges": False}])
def test_while_it_is_paused_it_passes_over_its_times_and_then_goes_on(memory: dict[str, bool]) -> None:
    talk = promising()
    talk.session = replace(talk.session, memory=memory)
    assert check(talk).said == []
    assert standing(talk) is not None

    talk.session = replace(talk.session, memory={})

    assert check(talk).said == ["how?"]


def test_two_unanswered_end_it_and_the_person_is_told_when_they_are_back() -> None:
    talk = promising()
    heard = []
    for _ in range(2):
        heard.append(check(talk).said)
        talk.later(hours=20).fire("lapse")
    heard.append(check(talk).said)
    assert (heard, standing(talk), talk.armed) == ([["how?"], ["how?"], []], None, {})

    talk.later(days=2).command("help")

    assert talk.said[0].startswith("stopped_nudging")
    assert talk.session.memory["nudges"] is False


def test_an_answer_lets_it_go_on() -> None:
    talk = promising()
    for _ in range(6):
        assert check(talk).said == ["how?"]
        talk.later(minutes=3).press("fine")

    assert standing(talk) is not None


def test_it_waits_an_hour_for_a_conversation_and_is_let_go_once_it_is_stale() -> None:
    talk = promising().command("settings")
    busy = check(talk).armed
    assert busy == {NAME: talk.now + timedelta(hours=1)}

    at(talk, "2026-01-05T21:00").press("none").fire(NAME, since=0)

    assert talk.said == ["how?"]


def test_in_a_conversation_that_stays_open_it_waits_for_its_next_time() -> None:
    talk = promising(fresh=1800).command("settings")

    assert check(talk).armed == {NAME: datetime(2026, 1, 6, 20, tzinfo=BERLIN)}


def test_it_may_rather_be_let_go_during_a_conversation() -> None:
    remind = Remind("check_in", "hour", if_busy="drop", rhythm=Rhythm("day"))
    plan = flow("plan", says("a", "ok", remind=(remind,), end="done"), slots=AT)
    talk = Talk(plan, CHECK_IN).begin(hour="20:00").command("settings")

    assert check(talk).armed == {NAME: datetime(2026, 1, 6, 20, tzinfo=BERLIN)}


def test_a_day_that_had_its_nudge_has_no_check_in() -> None:
    talk = promising()
    talk.session = replace(talk.session, nudged=int(talk.now.timestamp()))

    assert check(talk).armed == {NAME: datetime(2026, 1, 6, 20, tzinfo=BERLIN)}
    assert talk.said == []


def test_what_comes_every_week_is_put_off_until_tomorrow() -> None:
    talk = promising("week")
    talk.session = replace(talk.session, nudged=int(talk.now.timestamp()))

    assert check(talk).armed == {NAME: datetime(2026, 1, 6, 20, tzinfo=BERLIN)}
    assert at(talk, "2026-01-06T20:00").fire(NAME, since=0).said == ["how?"]
    assert talk.armed[NAME] == datetime(2026, 1, 12, 20, tzinfo=BERLIN)


def test_what_was_promised_once_goes_before_what_comes_again() -> None:
    once = Remind("question", "hour")
    again = Remind("check_in", "hour", rhythm=Rhythm("day"))
    plan = flow("plan", says("a", "ok", remind=(again, once), end="done"), slots=AT)
    talk = at(Talk(plan, CHECK_IN, QUESTION).begin(hour="20:00"), "2026-01-05T20:00")

    talk.fire(NAME, "remind:question:1:0", since=0)

    assert (talk.said, talk.where) == (["name?"], "question.name")
    assert talk.armed == {NAME: MONDAY.replace(hour=21)}


def test_a_wait_that_lapses_in_silence_at_the_same_moment_leaves_the_check_in_its_time() -> None:
    talk = check(promising())
    since = talk.session.frames[0].since
    at(talk, "2026-01-06T20:30")

    talk.event(TimerFired((Due("lapse", since), Due(NAME, 0))))

    assert (talk.said, talk.where) == (["how?"], "check_in.how")
    assert talk.armed[NAME] == datetime(2026, 1, 7, 20, tzinfo=BERLIN)


def test_where_something_else_is_said_at_the_same_moment_it_comes_an_hour_later() -> None:
    waiting = nudging()
    once = Remind("question", "hour", rhythm=Rhythm("day"))
    plan = flow("plan", says("a", "ok", remind=(once,), end="done"), slots=AT)
    talk = Talk(plan, waiting, QUESTION).begin(hour="20:00")
    talk.first = "nudging"
    since = at(talk.begin(), "2026-01-05T20:00").session.frames[0].since

    talk.event(TimerFired((Due("lapse", since), Due("remind:question", 0))))

    assert talk.said == ["gone"]
    assert talk.armed == {"remind:question": MONDAY.replace(hour=21)}


def test_in_the_night_it_waits_for_the_morning() -> None:
    talk = at(promising("week"), "2026-01-05T23:00").fire(NAME, since=0)
    assert talk.armed == {NAME: datetime(2026, 1, 6, 8, tzinfo=BERLIN)}

    assert at(talk, "2026-01-06T08:00").fire(NAME, since=0).said == ["how?"]


def test_a_snooze_takes_the_place_of_the_nudge_it_puts_off() -> None:
    talk = at(promising(), "2026-01-05T20:00").fire(NAME, since=0)

    talk.press("later")
    (snoozed,) = [one.id for one in talk.session.reminders if one.id != NAME]
    talk.later(hours=1, minutes=59).fire(snoozed, since=0)

    assert talk.said == []  # by then it is night
    assert talk.session.nudged == 0


def test_another_promise_of_the_same_flow_takes_the_place_of_the_first() -> None:
    talk = promising().begin(hour="09:00", day="monday")

    assert [one.clock for one in talk.session.reminders] == ["09:00"]
    assert talk.armed == {NAME: datetime(2026, 1, 6, 9, tzinfo=BERLIN)}


def test_to_cancel_one_flow_leaves_the_promises_of_others() -> None:
    once = Remind("question", "hour", after=9 * 86400)
    again = Remind("check_in", "hour", rhythm=Rhythm("day"))
    plan = flow("plan", says("a", "ok", remind=(again, once), end="done"), slots=AT)
    talk = Talk(plan, CHECK_IN, QUESTION).begin(hour="20:00")

    check(talk).press("stop")

    assert [one.flow for one in talk.session.reminders] == ["question"]
    assert [effect.timer for effect in talk.effects if isinstance(effect, Disarm)] == [None, NAME]


def test_a_state_that_makes_careful_takes_every_promise_back() -> None:
    careful = flow("plan", offers("a", option("on", "b")), says("b", "oh", careful=True, end="done"))
    talk = Talk(careful, CHECK_IN).begin()
    talk.session = replace(talk.session, reminders=promising().session.reminders)

    assert talk.press("on").session.reminders == ()


def test_guards_can_ask_whether_something_comes_again() -> None:
    menu = flow(
        "menu", offers("a", option("more", "done", "not recurring"), option("stop", "done", "recurring"))
    )
    talk = Talk(menu, CHECK_IN)

    assert talk.begin().shown == ["more"]
    talk.session = replace(talk.session, frames=(), reminders=promising().session.reminders)
    assert talk.begin().shown == ["stop"]


def test_what_comes_again_needs_its_hour() -> None:
    with pytest.raises(FlowFault, match="no slot holds its hour"):
        Talk(
            flow(
                "plan",
                says("a", "ok", remind=(Remind("check_in", "hour", rhythm=Rhythm("day")),), end="done"),
            ),
            CHECK_IN,
        ).begin()


def test_at_twenty_promises_the_oldest_makes_room_and_its_row_goes() -> None:
    talk = Talk(flow("plan", says("a", "ok", remind=(Remind("question", after=3600),), end="done")), QUESTION)
    for _ in range(21):
        talk.begin()

    assert [one.id for one in talk.session.reminders] == [f"remind:question:{n}:0" for n in range(2, 22)]
    assert [effect.timer for effect in talk.effects if isinstance(effect, Disarm)] == ["remind:question:1:0"]


def test_two_promises_of_one_step_have_names_of_their_own() -> None:
    twice = (Remind("question", after=3600), Remind("question", after=7200))
    talk = Talk(flow("plan", says("a", "ok", remind=twice, end="done")), QUESTION).begin()

    assert list(talk.armed) == ["remind:question:1:0", "remind:question:1:1"]


def test_a_promise_may_be_spread_so_that_not_everybody_is_written_to_at_once() -> None:
    once = Remind("question", "hour", rhythm=Rhythm(spread=600))
    plan = flow("plan", says("a", "ok", remind=(once,), end="done"), slots=AT)

    due = Talk(plan, QUESTION).begin(hour="20:00").armed["remind:question:1:0"]

    assert timedelta(0) < due - MONDAY.replace(hour=20) < timedelta(minutes=10)


# --- back, and other clocks ----------------------------------------------------------------------------


def asked(*promises: Remind) -> Talk:
    """Talk with a flow that asks whether to promise or to take back, and then something else."""
    plan = flow(
        "plan",
        offers("sure", option("yes", "yes"), option("stop", "stop")),
        says("yes", "ok", remind=promises, goto=(to("more"),)),
        says("stop", "stopped", cancel=True, goto=(to("more"),)),
        offers("more", option("on", "done")),
        slots=AT,
    )
    return Talk(plan, CHECK_IN, QUESTION)


DAILY = Remind("check_in", "hour", rhythm=Rhythm("day"))
ONCE = Remind("question", "hour")


def test_who_goes_back_before_a_promise_is_not_written_to() -> None:
    talk = asked(DAILY, ONCE).begin(hour="20:00").press("yes").command("back")

    assert talk.session.reminders == ()
    assert [one.timer for one in talk.effects if isinstance(one, Disarm)] == [NAME, "remind:question:2:0"]


def test_who_goes_back_before_taking_promises_back_is_written_to_after_all() -> None:
    talk = asked(DAILY, ONCE).begin(hour="20:00").press("yes").press("on").begin(hour="21:00").press("stop")
    assert talk.session.reminders == ()

    talk.command("back")

    eight = MONDAY.replace(hour=20)
    assert talk.armed == {NAME: eight, "remind:question:2:0": eight}
    assert [one.due for one in talk.session.reminders] == [eight.timestamp(), eight.timestamp()]


def test_who_goes_back_over_a_nights_sleep_is_not_asked_for_yesterday() -> None:
    talk = asked(DAILY, ONCE).begin(hour="20:00").press("yes").press("on").begin(hour="21:00").press("stop")

    at(talk, "2026-01-06T10:00").command("back")

    assert talk.armed == {NAME: datetime(2026, 1, 6, 20, tzinfo=BERLIN)}
    assert len(talk.session.reminders) == 1


def test_who_goes_back_elsewhere_changes_no_promise() -> None:
    talk = asked(DAILY).begin(hour="20:00").press("yes").press("on").begin(hour="21:00").press("yes")
    talk.command("back")

    kept = talk.session.reminders

    assert [one.clock for one in kept] == ["20:00"]
    assert talk.press("yes").session.reminders != kept


def moved(talk: Talk, there: ZoneInfo, **memory: str) -> dict[str, datetime]:
    """Tell another clock, as a step in settings does; return what is armed anew, in that zone."""
    before, now = talk.session, talk.now.astimezone(there)
    after = replace(before, turn=before.turn + 1, memory={**before.memory, **memory})
    talk.session, effects = keep_hours(talk.flows, before, after, talk.effects[:1], talk.now, now)
    assert [effect.index for effect in effects] == list(range(len(effects)))
    return {one.timer: one.due for one in effects[1:] if isinstance(one, Arm)}


def test_in_another_zone_it_comes_at_the_hour_of_that_zone() -> None:
    armed = moved(promising(), NEW_YORK, zone="America/New_York")
    assert armed == {NAME: datetime(2026, 1, 5, 20, tzinfo=NEW_YORK)}

    back = moved(at(promising(), "2026-01-05T15:00"), ZoneInfo("Asia/Tokyo"), zone="Asia/Tokyo")
    assert back == {NAME: datetime(2026, 1, 6, 20, tzinfo=ZoneInfo("Asia/Tokyo"))}


def test_a_promise_made_once_keeps_its_day_and_hour_in_another_zone() -> None:
    plan = flow(
        "plan", says("a", "ok", remind=(Remind("question", "hour", 72 * 3600),), end="done"), slots=AT
    )
    talk = Talk(plan, QUESTION).begin(hour="18:30")

    armed = moved(talk, NEW_YORK, zone="America/New_York")

    assert armed == {"remind:question:1:0": datetime(2026, 1, 8, 18, 30, tzinfo=NEW_YORK)}
    assert talk.session.reminders[0].until == armed["remind:question:1:0"].timestamp() + 2 * 86400


def test_where_that_hour_has_gone_in_the_new_zone_it_is_the_next() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    talk = Talk(flow("plan", says("a", "ok", remind=(ONCE,), end="done"), slots=AT), QUESTION)
    talk = at(talk, "2026-01-05T15:00").begin(hour="20:00")

    assert moved(talk, tokyo, zone="Asia/Tokyo") == {
        "remind:question:1:0": datetime(2026, 1, 6, 20, tzinfo=tokyo)
    }


def test_a_promise_after_so_long_is_as_long_away_in_any_zone() -> None:
    later = Remind("question", after=72 * 3600)
    talk = Talk(flow("plan", says("a", "ok", remind=(later,), end="done")), QUESTION).begin()

    assert moved(talk, NEW_YORK, zone="America/New_York") == {}


def test_what_waits_for_an_hour_in_an_open_question_moves_too() -> None:
    timers = (Timer("at", at="hour", to="done"), Timer("lapse", 72 * 3600, to="done"))
    talk = Talk(flow("q", offers("a", option("x", "done"), timers=timers), slots=AT)).begin(hour="18:30")

    assert moved(talk, NEW_YORK, zone="America/New_York") == {
        "at": datetime(2026, 1, 5, 18, 30, tzinfo=NEW_YORK)
    }


def test_other_quiet_hours_move_what_would_fall_into_them() -> None:
    armed = moved(promising(), BERLIN, quiet_from="19:00", quiet_to="09:00")

    assert armed == {NAME: datetime(2026, 1, 6, 9, tzinfo=BERLIN)}


def test_where_neither_zone_nor_quiet_hours_change_nothing_moves() -> None:
    talk = promising()

    assert moved(talk, BERLIN, country="DE") == {}


def test_a_session_written_before_reminders_came_again_is_still_read() -> None:
    talk = promising(None)
    data = to_json(talk.session)
    data["reminders"] = [one[:5] for one in data["reminders"]]

    (read,) = from_json(data).reminders

    assert (read.due, read.clock, read.again) == (0, None, None)
