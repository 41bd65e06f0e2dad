"""Rule 10: flows change while people are in them; everybody lands somewhere, or the change is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.events import Due, TimerFired
from bot.dialogue.expect import pressed
from bot.dialogue.flow import Ask, Call, Flow, Line, Remind, Setter, Slot, State, Timer
from bot.dialogue.flows import Flows
from bot.dialogue.guards import parse
from bot.dialogue.migrating import Landing, carried, landings
from bot.dialogue.migration import Migration
from bot.errors import Homeless
from tests.dialogue.talk import (
    CRISIS,
    MONDAY,
    QUESTION,
    Talk,
    asks,
    flow,
    flows_of,
    nudging,
    offers,
    option,
    says,
    text,
    to,
)

LAPSE = (Timer("lapse", 72 * 3600, to="done"),)
OLD = flow(
    "talk",
    offers("menu", option("a", "mood"), option("b", "mood"), option("c", "done"), timers=LAPSE),
    offers("mood", option("good", "done"), option("bad", "done"), timers=LAPSE),
    slots={"mood": Slot("mood", "enum", of=("bad", "ok")), **text("name", max=40)},
)


def newer(*states: State, by: tuple[Migration, ...] = (), version: int = 2, **more: object) -> Flow:
    """Write the next version of `talk`."""
    fields = {"slots": dict(OLD.slots), **more}
    return flow("talk", *(states or OLD.states.values()), version=version, migrate=by, **fields)


def release(talk: Talk, *flows: Flow, **more: object) -> Talk:
    """Swap the flows under a person, and carry them over as the runtime does at the next event."""
    talk.flows = flows_of(*flows, QUESTION, **more)
    talk.session = carried(talk.flows, talk.session, talk.now)
    return talk


def lands(
    talk: Talk, *flows: Flow, needs: dict[tuple[str, str], set[str]] | None = None, **more: object
) -> list[Landing]:
    """Tell where a person would land if these flows went live."""
    known = needs or {}
    world = flows_of(*flows, QUESTION, **more)
    return list(landings(world, talk.session, talk.now, lambda one, state: known.get((one, state), set())))


def press_shown(talk: Talk, place: int, turn: int) -> Talk:
    """Press the button that stood at this place of what was shown at a turn."""
    return talk.event(pressed(talk.flows, talk.session, turn, place))


def test_a_session_of_the_present_version_is_the_very_same() -> None:
    talk = Talk(OLD).begin()

    assert carried(talk.flows, talk.session, talk.now) is talk.session


def test_a_state_that_still_waits_keeps_whoever_waits_there() -> None:
    talk = Talk(OLD).begin()

    release(talk, newer(OLD.states["menu"], offers("mood", option("other", "done"))))

    assert (talk.where, talk.session.frames[0].version) == ("talk.menu", 2)
    assert talk.press("a").where == "talk.mood"
    assert talk.shown == ["other"]


def test_a_renamed_state_that_asks_the_same_takes_the_answer() -> None:
    talk = Talk(flow("talk", asks("old", "name", "done"), slots=text("name"))).begin()
    renamed = replace(asks("old", "name", "next"), id="new")

    release(talk, newer(renamed, asks("next", "name", "done"), by=(Migration(1, {"old": ("new", None)}),)))

    assert talk.where == "talk.new"
    assert talk.type("Sam").slots["name"] == "Sam"
    assert talk.where == "talk.next"


def test_another_question_is_asked_before_a_text_may_answer_it() -> None:
    talk = Talk(flow("talk", asks("old", "name", "done"), slots=text("name"))).begin()
    by = (Migration(1, {"old": ("new", "improved")}),)

    release(talk, newer(asks("new", "name", "done"), by=by)).type("it is about my sister")

    assert talk.said == ["improved", "new?"]
    assert "name" not in talk.slots
    assert talk.session.asides == ("it is about my sister",)
    assert talk.type("Sam").where == ""


def test_danger_comes_before_a_question_that_is_new() -> None:
    talk = Talk(OLD).begin()

    release(talk, newer(by=(Migration(1, {"menu": ("mood", "improved")}),))).danger()

    assert talk.where == "crisis.card"
    assert talk.said == ["card?"]


def test_an_interrupt_on_the_way_asks_the_new_question_after_it() -> None:
    talk = Talk(OLD).begin()

    release(talk, newer(by=(Migration(1, {"menu": ("mood", "improved")}),))).command("help")

    assert talk.said == ["help", "improved", "mood?"]
    assert talk.press("good").where == ""


def test_a_button_on_the_screen_means_what_it_said_wherever_its_option_has_gone() -> None:
    talk = Talk(OLD).begin()
    turn = talk.session.turn
    menu = offers("menu", option("new", "mood"), option("c", "done"), option("aa", "mood"))

    release(talk, newer(menu, OLD.states["mood"], by=(Migration(1, options={"a": "aa"}),)))

    assert pressed(talk.flows, talk.session, turn, 0).option == "aa"
    assert pressed(talk.flows, talk.session, turn, 2).option == "c"
    assert press_shown(talk, 0, turn).where == "talk.mood"


def test_a_button_whose_option_is_gone_changes_nothing_and_is_answered() -> None:
    talk = Talk(OLD).begin()
    turn = talk.session.turn

    release(talk, newer(offers("menu", option("c", "done"), option("d", "mood")), OLD.states["mood"]))
    press_shown(talk, 1, turn)

    assert talk.said == ["stale", "menu?"]
    assert talk.shown == ["c", "d"]
    assert talk.where == "talk.menu"


def test_buttons_shown_after_the_change_mean_what_they_say() -> None:
    talk = Talk(OLD).begin()
    release(talk, newer(offers("menu", option("c", "done"), option("d", "mood")), OLD.states["mood"]))
    talk.command("help")

    press_shown(talk, 1, talk.session.turn)

    assert talk.where == "talk.mood"


def test_two_taps_on_a_button_that_has_moved_do_one_thing() -> None:
    talk = Talk(OLD).begin()
    turn = talk.session.turn
    menu = offers("menu", option("new", "mood"), option("a", "mood"))
    release(talk, newer(menu, OLD.states["mood"]))
    press_shown(talk, 0, turn)

    press_shown(talk, 0, turn)

    assert (talk.said, talk.where) == ([], "talk.mood")


def test_slots_go_where_they_are_sent_with_new_values_for_old() -> None:
    talk = Talk(OLD).begin(mood="bad", name="Sam")
    slots = {"energy": Slot("energy", "int", min=0, max=3), "person": Slot("person", "text")}
    by = (Migration(1, slots={"mood": ("energy", {"bad": 0, "ok": 2}), "name": ("person", {})}),)

    release(talk, newer(by=by, slots=slots))

    assert talk.slots == {"energy": 0, "person": "Sam"}


def test_slots_may_change_places() -> None:
    slots = text("one") | text("two")
    talk = Talk(replace(OLD, slots=slots)).begin(one="1", two="2")

    release(talk, newer(by=(Migration(1, slots={"one": ("two", {}), "two": ("one", {})}),), slots=slots))

    assert talk.slots == {"one": "2", "two": "1"}


def test_a_slot_is_let_go_only_where_that_is_said() -> None:
    talk = Talk(OLD).begin(mood="bad")

    assert lands(talk, newer(slots={}))[0].why == "slot 'mood' cannot hold what it held"
    assert release(talk, newer(slots={}, by=(Migration(1, slots={"mood": (None, {})}),))).slots == {}


def test_new_slots_begin_with_their_default_or_with_what_the_migration_sets() -> None:
    talk = Talk(OLD).begin()
    slots = {
        "level": Slot("level", "int", default=1),
        "kind": Slot("kind", "text"),
        "sure": Slot("sure", "bool"),
    }

    release(talk, newer(slots=slots, by=(Migration(1, set={"kind": "plain", "sure": True}),)))

    assert talk.slots == {"level": 1, "kind": "plain", "sure": True}


def test_yes_and_no_are_mapped_by_their_names() -> None:
    slots = {"sure": Slot("sure", "bool")}
    talk = Talk(replace(OLD, slots=slots)).begin(sure=True)

    release(
        talk,
        newer(by=(Migration(1, slots={"sure": ("how", {"true": "yes"})}),), slots=text("how")),
    )

    assert talk.slots == {"how": "yes"}


def test_a_chain_of_versions_is_followed_link_by_link() -> None:
    talk = Talk(OLD).begin(mood="ok")
    links = (
        Migration(2, {"middle": ("mood", "improved")}, {"feeling": ("level", {"fine": 3})}),
        Migration(1, {"menu": ("middle", None)}, {"mood": ("feeling", {"ok": "fine"})}),
    )

    release(talk, newer(OLD.states["mood"], by=links, version=5, slots={"level": Slot("level", "int")}))

    assert (talk.where, talk.slots) == ("talk.mood", {"level": 3})
    assert talk.session.frames[0].version == 5


def test_a_second_change_before_a_word_was_said_leaves_old_buttons_without_meaning() -> None:
    talk = Talk(OLD).begin()
    turn = talk.session.turn
    release(talk, newer(offers("menu", option("b", "mood"), option("a", "mood")), OLD.states["mood"]))
    talk.fire("lapse", since=99)  # nothing, but a step: what was carried is kept

    release(
        talk, newer(offers("menu", option("c", "mood"), option("a", "mood")), OLD.states["mood"], version=3)
    )

    assert press_shown(talk, 0, turn).said == ["stale", "menu?"]
    assert press_shown(talk, 1, talk.session.turn).where == "talk.mood"


def test_timers_of_the_old_version_give_way_to_those_of_the_new() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since
    wait = offers("wait", option("on", "done"), timers=(Timer("end", 3600, to="done"),))

    release(talk, replace(nudging(version=2), states={"wait": wait}))
    talk.later(hours=20).fire("nudge", since=since)

    assert (talk.said, talk.where) == ([], "nudging.wait")
    assert talk.disarmed == [since]
    assert talk.armed == {"end": MONDAY + timedelta(hours=21)}
    assert talk.later(hours=1).fire("end", since=since).where == ""


def test_a_timer_both_versions_have_fires_as_ever() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since

    release(talk, nudging(version=2)).later(hours=72).event(TimerFired((Due("lapse", since),)))

    assert (talk.said, talk.where) == (["gone"], "")


def test_a_timer_that_fired_under_an_interrupt_and_is_gone_is_forgotten() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since
    talk.command("settings").event(TimerFired((Due("lapse", since),)))
    assert talk.session.frames[0].overdue == ("lapse",)
    wait = offers("wait", option("on", "done"), timers=(Timer("end", 3600, to="done"),))

    release(talk, replace(nudging(version=2), states={"wait": wait})).press("none")

    assert talk.where == "nudging.wait"


def calling(name: str, version: int = 1, **more: object) -> Flow:
    """Write a flow that calls `talk` and then says goodbye."""
    calls = State("ask", call=Call("talk", returns={"done": "bye"}))
    return flow(name, replace(calls, **more), says("bye", "bye", end="done"), version=version)  # type: ignore[arg-type]


def test_a_caller_that_waits_for_the_answer_is_carried_with_it() -> None:
    talk = Talk(calling("outer"), OLD).begin()
    by = (Migration(1, {"ask": ("asking", None)}),)
    outer = replace(calling("outer", 2, id="asking"), migrate=by)

    release(talk, outer, newer(OLD.states["menu"], OLD.states["mood"])).press("c")

    assert (talk.said, talk.where) == (["bye"], "")


def test_a_caller_that_calls_something_else_has_no_place() -> None:
    talk = Talk(calling("outer"), OLD).begin()
    outer = calling("outer", 2, call=Call("question", returns={"done": "bye"}))

    (landing,) = lands(talk, outer, OLD)

    assert landing == Landing("outer", 1, "ask", "", "state 'ask' does not call 'talk' any more")


def test_a_state_that_is_gone_or_waits_no_more_has_no_place_and_the_step_is_refused() -> None:
    talk = Talk(OLD).begin()
    silent = newer(says("menu", "hello", goto=(to("mood"),)), OLD.states["mood"])

    assert lands(talk, newer(OLD.states["mood"])) == [
        Landing("talk", 1, "menu", "", "there is no state 'menu' any more")
    ]
    assert lands(talk, silent)[0].why == "state 'menu' does not wait for an answer any more"
    with pytest.raises(Homeless, match="no state 'menu'"):
        release(talk, newer(OLD.states["mood"]))


def test_a_flow_that_is_gone_has_no_place() -> None:
    talk = Talk(OLD).begin()

    assert lands(talk)[0].why == "flow 'talk' is gone"
    with pytest.raises(Homeless, match="'talk' is gone"):
        carried(flows_of(QUESTION), replace(talk.session, memory={"gone": 1}), talk.now)


def test_a_landing_that_lacks_a_slot_is_refused_until_it_has_one() -> None:
    talk = Talk(OLD).begin()
    needs = {("talk", "menu"): {"level", "country", "night"}}

    (landing,) = lands(talk, newer(slots={"level": Slot("level", "int")}), needs=needs)
    (sound,) = lands(talk, newer(slots={"level": Slot("level", "int", default=0)}), needs=needs)

    assert (landing.to, "'level'" in landing.why) == ("", True)
    assert sound == Landing("talk", 1, "menu", "menu")


def test_what_is_parked_is_carried_too() -> None:
    talk = Talk(OLD).begin()
    talk.danger()

    release(talk, newer(by=(Migration(1, {"menu": ("mood", None)}),))).press("back")

    assert (talk.where, talk.said) == ("talk.mood", ["mood?"])
    assert [one.to for one in lands(Talk(OLD).begin().danger(), newer())] == ["card", "menu"]


def test_a_crisis_flow_may_be_mended_while_somebody_is_in_it() -> None:
    talk = Talk(OLD).begin().danger()
    card = replace(CRISIS.states["card"], id="first_card")
    mended = replace(CRISIS, version=2, states={"first_card": card}, entry="first_card")
    world = flows_of(OLD, QUESTION)
    talk.flows = replace(
        world,
        flows={
            **world.flows,
            "crisis": replace(mended, migrate=(Migration(1, {"card": ("first_card", None)}),)),
        },
    )

    talk.session = carried(talk.flows, talk.session, talk.now)

    assert (talk.where, talk.session.careful) == ("crisis.first_card", 2)
    assert talk.press("back").where == "talk.menu"


def test_the_way_back_is_carried_as_far_as_there_is_one() -> None:
    three = flow(
        "talk", *(offers(name, option("on", on)) for name, on in (("a", "b"), ("b", "c"), ("c", "done")))
    )
    talk = Talk(three).begin().press("on").press("on")

    release(talk, newer(*(offers(name, option("on", "done")) for name in ("b", "c"))))

    assert talk.command("back").where == "talk.b"
    assert talk.command("back").said == ["nothing_back", "b?"]


def test_the_way_back_of_whoever_stands_nowhere_is_carried_too() -> None:
    two = flow("talk", offers("a", option("on", "b")), offers("b", option("on", "done")))
    talk = Talk(two).begin().press("on").press("on")
    assert talk.session.frames == ()

    release(
        talk,
        newer(
            offers("a", option("on", "c")),
            offers("c", option("on", "done")),
            by=(Migration(1, {"b": ("c", None)}),),
        ),
    )

    assert {frame.version for one in talk.session.past for frame in one.frames} == {2}
    assert talk.command("back").where == "talk.c"


def test_memory_that_today_s_slots_cannot_hold_begins_anew() -> None:
    talk = Talk(OLD, memory={"country": "US"}).begin()

    release(talk, OLD, memory={"country": Slot("country", "enum", of=("DE",), default="DE")})

    assert talk.session.memory == {}
    assert talk.press("a").session.memory == {"country": "DE"}


def test_a_flow_that_is_to_begin_anew_says_so_and_begins_anew() -> None:
    talk = Talk(OLD).begin()
    since = talk.session.frames[0].since

    release(talk, newer(restart="we_changed_this"))
    assert talk.fire("lapse", since=since).said == []
    talk.type("hello")

    assert talk.said == ["we_changed_this + menu?"]
    assert talk.type("b", option="b").said == ["mood?"]
    assert lands(Talk(OLD).begin(), newer(restart="we_changed_this"))[0].to == "talk"


def test_a_pinned_version_is_ended_in_as_long_as_the_pin_holds() -> None:
    until = int((MONDAY + timedelta(days=7)).timestamp())
    talk = Talk(OLD).begin()
    pinned = newer(
        offers("mood", option("new", "done")), pinned=until, by=(Migration(1, {"menu": ("mood", None)}),)
    )
    world = replace(flows_of(pinned, QUESTION), older={("talk", 1): OLD})

    talk.flows, talk.session = world, carried(world, talk.session, talk.now)
    assert talk.press("a").shown == ["good", "bad"]

    talk.later(days=8)
    talk.session = carried(world, talk.session, talk.now)
    assert talk.command("help").shown == ["new"]


def planning() -> Flow:
    """Write a flow that promises to come back in an hour."""
    remind = Remind("report", after=3600, give=(Setter("rung", expr=parse("step")),))
    return flow("plan", says("a", "ok", remind=(remind,), end="done"), slots=text("step"))


def test_a_reminder_of_a_flow_that_is_gone_or_wants_more_has_no_place() -> None:
    report = flow("report", offers("fits", option("yes", "done")), slots=text("rung"))
    talk = Talk(planning(), report).begin(step="L1")

    assert [one.why for one in lands(talk, planning())] == ["the flow is gone"]
    assert [one.why for one in lands(talk, planning(), replace(report, needs=("rung", "who")))] == [
        "slot 'who' is not given"
    ]
    assert list(lands(talk, planning(), report)) == []


def test_a_reminder_gives_only_what_its_flow_can_hold_by_then() -> None:
    report = flow("report", offers("fits", option("yes", "done")), slots=text("rung"))
    talk = Talk(planning(), report, memory={"nudges": True}).begin(step="L1")
    talk.flows = flows_of(
        planning(), replace(report, version=2, slots={"rung": Slot("rung", "int", default=1)})
    )

    talk.later(hours=1).fire(talk.session.reminders[0].id, since=0)

    assert (talk.where, talk.slots) == ("report.fits", {"rung": 1})


def test_a_question_with_fields_is_taken_for_the_one_that_was_asked() -> None:
    kind = {"kind": Slot("kind", "enum", of=("a", "b"))}
    line = (Line("ask/{kind}", ("kind",)),)
    talk = Talk(flow("talk", State("old", say=line, ask=Ask("kind"), goto=(to("done"),)), slots=kind)).begin(
        kind="a"
    )
    again = State("new", say=line, ask=Ask("kind"), goto=(to("done"),))

    release(talk, newer(again, slots=kind, by=(Migration(1, {"old": ("new", None)}),)))

    assert talk.session.frames[0].moved
    assert not talk.session.frames[0].moved.fresh


def test_flows_that_hold_no_older_version_give_the_present_one() -> None:
    world = Flows({"talk": newer()}, flows_of(OLD).globals)

    found = world.of("talk", 1)

    assert found is not None
    assert found.version == 2
    assert world.of("none", 1) is None
