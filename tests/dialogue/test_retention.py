"""What is kept ends by itself: each private answer at its hour, everything after silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Forget, Say
from bot.dialogue.flow import Call, Flow, Remind, Setter, Slot, Value
from bot.dialogue.guards import parse
from bot.dialogue.migrating import carried
from bot.dialogue.migration import Migration
from bot.dialogue.retention import DAY, GRACE, KEEP, SILENT
from bot.dialogue.session import Reminder, Session
from tests.dialogue.talk import MONDAY, Talk, asks, flow, flows_of, offers, option, says, text, to

MONTH = 30 * DAY
NOW = int(MONDAY.timestamp())
AWAKE: dict[str, Value] = {"quiet_from": "00:00", "quiet_to": "00:00"}


MEMORY = {
    "friend": Slot("friend", "text", keep=DAY),
    "mood": Slot("mood", "text", default="calm", keep=DAY),
}


def keeps(name: str = "name", keep: int = MONTH) -> dict[str, Slot]:
    return text(name, keep=keep)


TELL = flow(
    "tell",
    asks("name", "name", "mood"),
    offers("mood", option("good", "bye"), option("bad", "bye")),
    says("bye", "bye", end="done"),
    slots=keeps(),
)


def told(*flows: Flow, **more: object) -> Talk:
    """Tell a name, and stand at the question after it."""
    return Talk(*(flows or (TELL,)), **more).begin().type("Sam")  # type: ignore[arg-type]


def remembering(*flows: Flow) -> Talk:
    """Talk where two slots of the memory are kept for a day."""
    talk = Talk(*flows)
    talk.flows = flows_of(*flows, memory=MEMORY)
    return talk


def everywhere(session: Session) -> str:
    return str(to_json(session))


# --- a value at its hour ---------------------------------------------------------------------------------


def test_a_kept_answer_notes_when_it_ends_and_the_session_looks_then() -> None:
    talk = told()

    assert talk.session.frames[0].ends == {"name": NOW + MONTH}
    assert talk.session.ending == NOW + MONTH


def test_an_answer_that_is_kept_for_less_than_others_is_looked_at_earlier() -> None:
    short = replace(TELL, slots=keeps(keep=3600))

    assert told(short).session.ending == NOW + 3600


def test_before_its_hour_nothing_of_it_is_touched() -> None:
    talk = told().later(days=29)

    talk.fire(KEEP)

    assert talk.where == "tell.mood"
    assert talk.session.frames[0].slots == {"name": "Sam"}
    assert talk.said == []
    assert talk.session.ending == NOW + MONTH


def test_at_its_hour_it_is_gone_from_the_conversation_that_stood_on_it_and_this_is_told_later() -> None:
    talk = told().later(days=15).command("help").later(days=15)

    talk.fire(KEEP)

    assert "Sam" not in everywhere(talk.session)
    assert (talk.where, talk.said) == ("", [])
    assert talk.type("hello").said[0].startswith("kept_over")


def test_without_a_line_for_it_the_conversation_just_ends() -> None:
    talk = told(lines={}).later(days=15).command("help").later(days=15)

    talk.fire(KEEP)

    assert (talk.where, talk.session.arrival) == ("", None)


def test_at_its_hour_back_does_not_bring_it_again() -> None:
    talk = told().press("good")
    assert "Sam" in everywhere(talk.session)

    talk.later(days=15).command("help").later(days=15).fire(KEEP)

    assert "Sam" not in everywhere(talk.session)
    assert talk.command("back").said == ["nothing_back"]


def test_what_was_answered_later_can_still_be_gone_back_to() -> None:
    talk = told(flow("free", offers("pick", option("tell", "done"), option("on", "done"))), TELL)
    talk.press("tell")
    past = talk.session.past[-1]
    old = replace(past, ends={"old": NOW + 5})
    talk.session = replace(talk.session, past=(old, past))

    talk.later(minutes=1).fire(KEEP)

    assert talk.session.past == (past,)


def test_at_its_hour_it_is_gone_from_what_is_parked() -> None:
    talk = told().danger()
    assert talk.session.parked

    talk.later(days=15).press("close").later(days=15).fire(KEEP)

    assert talk.session.parked == ()
    assert "Sam" not in everywhere(talk.session)


def test_a_kept_slot_of_the_memory_ends_and_its_first_value_comes_back() -> None:
    ask = flow("ask", asks("friend", "friend", "mood"), asks("mood", "mood", "done"))
    talk = remembering(ask).begin().type("Sam").type("glad")
    assert talk.session.ends == {"friend": NOW + DAY, "mood": NOW + DAY}

    talk.later(days=1).fire(KEEP)

    assert (talk.session.memory, talk.session.ends) == ({"mood": "calm"}, {})


def test_a_value_that_is_cleared_takes_its_end_with_it_and_back_brings_both() -> None:
    clear = says("clear", set=(Setter("friend"), Setter("own")), goto=(to("again"),))
    ask = flow(
        "ask", asks("friend", "friend", "own"), asks("own", "own", "clear"), clear,
        asks("again", "own", "done"), slots=keeps("own"),
    )  # fmt: skip
    talk = remembering(ask).begin().type("Sam").type("mine")
    assert (talk.session.ends, talk.session.frames[0].ends) == ({}, {})

    talk.command("back")

    assert talk.session.ends == {"friend": NOW + DAY}


# --- what was made of it ---------------------------------------------------------------------------------


def test_a_copy_ends_when_what_it_was_made_of_ends() -> None:
    copy = says("copy", set=(Setter("other", expr=parse("name")),), goto=(to("mood"),))
    tell = flow(
        "tell", asks("name", "name", "wait"), offers("wait", option("on", "copy")), copy,
        offers("mood", option("good", "done")), slots=keeps() | keeps("other"),
    )  # fmt: skip

    talk = told(tell).later(days=3).press("on")

    assert talk.session.frames[0].ends == {"name": NOW + MONTH, "other": NOW + MONTH}


def test_a_copy_in_a_slot_without_a_keep_ends_all_the_same() -> None:
    copy = says("copy", set=(Setter("other", expr=parse("name")),), goto=(to("mood"),))
    tell = flow(
        "tell", asks("name", "name", "copy"), copy, offers("mood", option("good", "done")),
        slots=keeps() | text("other"),
    )  # fmt: skip

    assert told(tell).session.frames[0].ends["other"] == NOW + MONTH


def test_what_a_called_flow_is_given_and_what_it_gives_back_ends_with_the_first() -> None:
    deep = flow("deep", offers("ok", option("yes", "done")), slots=text("whom"), needs=("whom",))
    calling = Call("deep", (Setter("whom", expr=parse("name")),), (("back", "whom"),), {"done": "mood"})
    tell = flow(
        "tell", asks("name", "name", "call"), says("call", call=calling),
        offers("mood", option("good", "done")), slots=keeps() | text("back"),
    )  # fmt: skip
    talk = told(tell, deep)
    assert talk.session.frames[1].ends == {"whom": NOW + MONTH}

    talk.later(days=2).press("yes")

    assert talk.session.frames[0].ends == {"name": NOW + MONTH, "back": NOW + MONTH}


def test_a_late_text_that_joins_an_answer_ends_with_it() -> None:
    talk = told()
    shown = talk.session.turn

    talk.later(minutes=5).type("my sister", seen=shown - 1)

    assert talk.session.frames[0].slots == {"name": "Sam\nmy sister"}
    assert talk.session.frames[0].ends == {"name": NOW + MONTH}


def test_a_late_text_that_had_nowhere_to_go_goes_with_its_conversation() -> None:
    talk = told()
    talk.session = replace(talk.session, last=None)
    talk.type("my sister", seen=0)
    assert talk.session.asides == ("my sister",)

    talk.press("good")

    assert talk.session.asides == ()


# --- promises --------------------------------------------------------------------------------------------


def promised(needs: tuple[str, ...] = (), after: int = 40 * DAY) -> Talk:
    report = flow("report", offers("ask", option("well", "done")), slots=keeps("whom"), needs=needs)
    remind = Remind("report", after=after, give=(Setter("whom", expr=parse("name")), Setter("whom2")))
    tell = flow("tell", asks("name", "name", "bye"), says("bye", remind=(remind,), end="done"), slots=keeps())
    return told(tell, report)


def test_a_promise_forgets_what_it_was_given_and_stands() -> None:
    talk = promised()
    assert talk.session.reminders[0].ends == {"whom": NOW + MONTH}

    talk.later(days=15).command("help").later(days=15).fire(KEEP)

    assert [one.slots for one in talk.session.reminders] == [{}]


def test_a_promise_that_cannot_do_without_is_withdrawn() -> None:
    talk = promised(needs=("whom",)).later(days=15).command("help").later(days=15)

    talk.fire(KEEP)

    assert talk.session.reminders == ()
    assert len(talk.disarmed) == 1


def test_what_a_promise_brings_ends_when_it_was_to_end() -> None:
    talk = promised(after=DAY).later(days=1)

    talk.fire(talk.session.reminders[0].id)

    assert talk.session.frames[0].ends == {"whom": NOW + MONTH}


# --- silence ---------------------------------------------------------------------------------------------


def test_after_a_month_of_silence_it_is_asked_once_and_a_week_later_everything_goes() -> None:
    talk = told(memory=AWAKE | {"nudges": True}).press("good").later(seconds=SILENT)

    talk.fire(KEEP)

    assert (talk.said, [say.lane for say in talk.says]) == (["silent"], ["nudge"])
    assert talk.session.ending == NOW + SILENT + GRACE
    talk.later(seconds=GRACE).fire(KEEP)
    assert any(isinstance(one, Forget) for one in talk.effects)
    assert talk.said == []
    assert to_json(talk.session).keys() == {"format", "id", "turn"}


def test_in_quiet_hours_the_question_waits_and_values_do_not() -> None:
    talk = told().press("good").later(seconds=SILENT, hours=10)

    talk.fire(KEEP)

    assert talk.said == []
    assert "Sam" not in everywhere(talk.session)
    talk.now = talk.now.fromtimestamp(talk.session.ending, talk.now.tzinfo)
    assert (talk.now.hour, talk.session.warned) == (8, 0)
    assert talk.fire(KEEP).said == ["silent"]


def test_the_question_comes_a_week_after_another_nudge_at_the_earliest() -> None:
    talk = told(memory=dict(AWAKE)).press("good").later(seconds=SILENT)
    talk.session = replace(talk.session, nudged=NOW + SILENT - 60)

    talk.fire(KEEP)

    assert (talk.said, talk.session.ending) == ([], NOW + SILENT + GRACE - 60)


def test_who_was_promised_something_for_later_is_not_called_silent_before_it_came() -> None:
    talk = promised(after=40 * DAY).later(seconds=SILENT)

    talk.fire(KEEP)

    assert (talk.said, talk.session.warned) == ([], 0)
    assert talk.session.ending == NOW + 40 * DAY + GRACE


@pytest.mark.parametrize("more", [{"memory": {"nudges": False}}, {"memory": {"paused": True}}, {"lines": {}}])
def test_who_may_not_be_written_to_is_forgotten_at_the_same_time_without_a_word(
    more: dict[str, object],
) -> None:
    talk = told(**more).press("good").later(seconds=SILENT).fire(KEEP)
    assert (talk.said, talk.session.ending) == ([], NOW + SILENT + GRACE)

    talk.later(seconds=GRACE).fire(KEEP)

    assert [type(one) for one in talk.effects] == [Forget]


def test_who_writes_is_not_silent_any_more() -> None:
    talk = told(memory=dict(AWAKE)).press("good").later(seconds=SILENT).fire(KEEP)
    talk.later(days=6).command("help")
    assert talk.session.warned == 0

    talk.later(days=1).fire(KEEP)

    assert talk.session.ending == NOW + SILENT + 6 * DAY + SILENT
    assert not any(isinstance(one, Forget | Say) for one in talk.effects)


def test_nothing_else_fires_with_what_ends_everything() -> None:
    talk = promised(after=DAY).later(seconds=SILENT).fire(KEEP).later(seconds=GRACE)

    talk.fire(KEEP, talk.session.reminders[0].id)

    assert talk.says == []
    assert isinstance(talk.effects[-1], Forget)


def test_a_clock_that_was_wrong_for_a_while_ends_nobody() -> None:
    talk = told(memory=dict(AWAKE)).press("good")
    talk.later(days=400).fire(KEEP).later(days=-400 + 31)

    talk.fire(KEEP)

    assert talk.session.warned == int(talk.now.timestamp())
    assert not any(isinstance(one, Forget) for one in talk.effects)


def test_a_row_that_a_wrong_clock_set_too_far_ahead_is_brought_back_by_the_next_word() -> None:
    talk = told().press("good").later(days=400).fire(KEEP).later(days=-400)

    talk.command("help")

    assert talk.session.ending == NOW + SILENT


# --- sessions of before, and of other versions ----------------------------------------------------------


def of_before(session: Session) -> Session:
    """Return a session as a release wrote it that noted no ends."""

    def strip(data: object) -> object:
        if isinstance(data, dict):
            return {key: strip(one) for key, one in data.items() if key not in {"ends", "ending", "warned"}}
        return [strip(one) for one in data] if isinstance(data, list) else data

    return from_json(strip(to_json(session)))  # type: ignore[arg-type]


def test_a_session_of_before_is_read_and_looks_for_itself_when_its_person_comes() -> None:
    talk = told()
    talk.session = of_before(talk.session)
    assert talk.session.ending == 0

    talk.later(days=1).command("help")

    assert talk.session.ending == NOW + DAY + SILENT


def test_answers_of_before_end_as_if_they_had_been_said_last_and_first_values_do_not() -> None:
    remind = Remind("report", after=40 * DAY, give=(Setter("whom", expr=parse("name")),))
    gone = Remind("gone", after=40 * DAY)
    report = flow("report", offers("ask", option("well", "done")), slots=keeps("whom"))
    bye = says("bye", remind=(remind,), goto=(to("mood"),))
    tell = flow(
        "tell", asks("name", "name", "bye"), bye, offers("mood", option("good", "done")), slots=keeps()
    )
    talk = told(tell, report)
    parked = of_before(talk.session).frames
    old = replace(parked[0], flow="gone")
    promise = Reminder("remind:gone", gone.flow, {}, "defer", 1, 1)
    talk.flows = flows_of(tell, report, memory=MEMORY)
    talk.session = replace(
        of_before(talk.session), memory={"friend": "Sam", "mood": "calm"}, parked=(old, *parked),
        reminders=(*talk.session.reminders, promise),
    )  # fmt: skip

    session = talk.fire(KEEP).session

    assert [frame.ends for frame in (*session.frames, *session.parked)] == [
        {"name": NOW + MONTH}, {}, {"name": NOW + MONTH},
    ]  # fmt: skip
    assert session.ends == {"friend": NOW + DAY}
    assert [one.ends for one in session.reminders] == [{"whom": NOW + MONTH}, {}]
    assert session.past[-1].ends == {}
    assert session.ending == NOW + DAY


def test_an_end_goes_with_its_slot_into_another_version() -> None:
    talk = told()
    session = replace(talk.session, frames=(replace(talk.session.frames[0], ends={"name": 5, "other": 6}),))
    by = (Migration(1, slots={"name": ("called", {}), "other": (None, {})}),)
    newer = replace(TELL, version=2, slots=keeps("called"), migrate=by)

    moved = carried(flows_of(newer), session, MONDAY)

    assert moved.frames[0].ends == {"called": 5}


def test_a_memory_of_other_values_than_the_first_needs_no_carrying() -> None:
    session = Session("s", memory={"mood": "glad", "friend": "Sam"})

    assert carried(flows_of(TELL, memory=MEMORY), session, MONDAY) is session
    odd = replace(session, memory={"mood": True})
    assert carried(flows_of(TELL, memory=MEMORY), odd, MONDAY).memory == {}
