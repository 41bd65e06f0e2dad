"""Rule 5: every wait has a way out that needs no understanding; a step is bounded."""

from dataclasses import replace

import pytest

from bot.dialogue.effects import Count, Finish, Forget
from bot.dialogue.events import Operated
from bot.dialogue.flow import Call, Line, Repair, Setter, Slot, State, Transition
from bot.dialogue.flows import Interrupt
from bot.dialogue.guards import parse
from bot.dialogue.session import Frame, Session
from bot.dialogue.step import begin
from bot.errors import FlowFault
from tests.dialogue.talk import (
    MONDAY,
    QUESTION,
    Talk,
    asks,
    flow,
    nudging,
    offers,
    option,
    says,
    text,
    to,
)


def test_the_ladder_of_reprompts_ends_in_giving_up() -> None:
    ladder = Repair((Line("first"), Line("second")), 4, "gone")
    talk = Talk(
        flow("q", offers("a", option("x", "done"), repair=ladder), says("gone", "gone", end="done"))
    ).begin()

    heard = [talk.type("?").said[0] for _ in range(4)]

    assert heard == ["first", "second", "second", "gone"]
    assert talk.where == ""


def test_without_a_ladder_the_core_admits_it_did_not_understand() -> None:
    talk = Talk(flow("q", offers("a", option("x", "done"), repair=Repair((), 3, None)))).begin()

    assert [talk.type("?").said for _ in range(4)] == [["not_understood"]] * 4
    assert talk.shown == ["x"]


def test_an_answer_out_of_bounds_is_asked_for_again() -> None:
    aged = flow("q", asks("age", "age", "done"), slots={"age": Slot("age", "int", min=0, max=120)})
    talk = Talk(aged).begin()

    assert talk.type("500").said == ["age_again"]
    assert talk.type("50").where == ""


DELETE = Interrupt("delete", "call", "delete", call="bye")


@pytest.mark.parametrize("where", [(), ("Sam",)])
def test_stop_is_honoured_in_one_message_from_every_wait(where: tuple[str, ...]) -> None:
    talk = Talk(QUESTION).begin()
    for words in where:
        talk.type(words)

    talk.command("stop")

    assert (talk.said, talk.where, talk.session.past) == (["stopped"], "", ())


def test_stop_inside_a_crisis_and_inside_an_interrupt_ends_everything() -> None:
    talk = Talk(nudging()).begin().command("settings").danger().command("stop")

    assert (talk.where, talk.session.parked) == ("", ())


def test_stop_disarms_every_wait_on_the_stack() -> None:
    talk = Talk(nudging()).begin()
    since = talk.session.frames[0].since

    assert talk.command("settings").command("stop").disarmed == [since]


def test_an_operator_may_stop_a_conversation_or_ask_again() -> None:
    talk = Talk(QUESTION).begin()

    assert talk.event(Operated("again", "unsupported")).said == ["unsupported", "name?"]
    assert talk.event(Operated("again")).said == ["name?"]
    assert talk.event(Operated("stop")).where == ""
    assert talk.event(Operated("again")).said == []


def test_more_than_three_messages_become_three() -> None:
    talk = Talk(
        flow("q", says("a", "1", "2", "3", goto=(to("b"),)), offers("b", option("x", "done")))
    ).begin()

    assert talk.said == ["1", "2", "3 + b?"]
    assert talk.shown == ["x"]


@pytest.mark.parametrize(("moves", "stands"), [(24, True), (25, False)])
def test_a_step_may_enter_twenty_five_states_and_no_more(moves: int, stands: bool) -> None:
    chain = [says(f"s{n}", goto=(to(f"s{n + 1}"),)) for n in range(moves)]
    talk = Talk(flow("q", *chain, offers(f"s{moves}", option("x", "done"))))

    if stands:
        assert talk.begin().where == "q.s24"
    else:
        with pytest.raises(FlowFault, match="more than 25 states"):
            talk.begin()


def test_a_cycle_without_a_wait_is_stopped_by_the_bound() -> None:
    looping = flow("q", says("a", goto=(to("b"),)), says("b", goto=(to("a"),)))

    with pytest.raises(FlowFault, match="more than 25 states"):
        Talk(looping).begin()


def test_flows_that_call_each_other_for_ever_are_stopped_by_the_bound() -> None:
    deep = flow("q", says("a", call=Call("q", returns={"done": "done"})))

    with pytest.raises(FlowFault, match="more than 8 flows"):
        Talk(deep).begin()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (says("a", goto=(Transition("a", parse("false")),)), "give the list an `else`"),
        (says("a", call=Call("nowhere", returns={})), "does not exist"),
    ],
)
def test_a_fault_of_a_flow_says_where_and_what(state: object, words: str) -> None:
    with pytest.raises(FlowFault, match=words):
        Talk(flow("q", state)).begin()  # type: ignore[arg-type]


def test_an_outcome_that_nobody_handles_is_a_fault() -> None:
    caller = flow("q", says("a", call=Call("inner", returns={})))

    with pytest.raises(FlowFault, match="does not handle outcome 'done' of inner"):
        Talk(caller, flow("inner", says("x", end="done"))).begin()


@pytest.mark.parametrize(
    ("frame", "words"),
    [(Frame("gone", 1, "a", 0), "does not exist"), (Frame("question", 1, "gone", 0), "is no state")],
)
def test_a_session_that_stands_nowhere_is_a_fault(frame: Frame, words: str) -> None:
    talk = Talk(QUESTION)
    talk.session = Session("s", frames=(frame,))

    with pytest.raises(FlowFault, match=words):
        talk.type("hello")


def test_a_called_flow_is_given_slots_and_gives_back_others() -> None:
    give = (
        Setter("who", expr=parse("name")),
        Setter("n", expr=parse("7 + 7")),
        Setter("none", expr=parse("unset")),
        Setter("how", "kindly"),
    )
    call = Call("inner", give, (("answer", "reply"), ("gone", "nothing")), {"done": "say"})
    outer = flow(
        "outer",
        asks("ask", "name", "call"),
        says("call", call=call),
        offers("say", option("x", "done")),
        slots=text("name") | text("answer") | text("gone"),
    )
    inner = flow(
        "inner",
        asks("x", "reply", "done"),
        slots=text("reply")
        | text("who")
        | text("how")
        | text("nothing")
        | {"n": Slot("n", "int", max=9), "d": Slot("d", "int", default=4)},
    )
    talk = Talk(outer, inner).begin().type("Sam")
    assert talk.slots == {"who": "Sam", "how": "kindly", "n": 9, "d": 4}

    talk.type("hi")

    assert (talk.where, talk.slots) == ("outer.say", {"name": "Sam", "answer": "hi"})


def test_setters_give_copy_compute_and_clear() -> None:
    setters = (
        Setter("a", "x"),
        Setter("b", expr=parse("a")),
        Setter("n", expr=parse("n + 5")),
        Setter("gone"),
        Setter("country", "DE"),
    )
    slots = text("a") | text("b") | text("gone") | {"n": Slot("n", "int", max=6)}
    talk = Talk(flow("q", offers("w", option("x", "done"), set=setters), slots=slots)).begin(n=3, gone="y")

    assert talk.slots == {"a": "x", "b": "x", "n": 6}
    assert talk.session.memory == {"country": "DE"}


def test_a_prompt_may_be_named_by_a_slot() -> None:
    state = State("a", say=(Line("driver/{kind}/costs", ("kind",)),), end="done")

    assert Talk(flow("q", state)).begin(kind="shame").said == ["driver/shame/costs"]


def test_the_end_of_a_conversation_is_told_with_its_outcome() -> None:
    talk = Talk(QUESTION).begin().type("Sam").press("good")

    assert [(e.flow, e.outcome) for e in talk.effects if isinstance(e, Finish)] == [("question", "done")]


def test_forgetting_leaves_nothing_of_the_person_in_the_session() -> None:
    goodbye = flow("bye", says("a", "farewell", forget=True, count="deleted", end="done"))
    talk = Talk(QUESTION, goodbye, memory={"country": "DE"}, interrupts=(DELETE,)).begin().type("Sam")

    talk.command("delete")

    assert (talk.where, talk.said, talk.session) == ("", ["farewell"], Session("s", turn=talk.session.turn))
    assert [type(effect) for effect in talk.effects if isinstance(effect, Forget | Count)] == [Count, Forget]


def test_a_flow_rests_in_the_visit_of_a_crisis_and_not_in_the_next() -> None:
    ladder = flow(
        "ladder", offers("rung", option("x", "done")), offers("rest", option("ok", "done")), careful="rest"
    )
    main = flow(
        "main", offers("a", option("go", "b")), says("b", call=Call("ladder", returns={"done": "done"}))
    )
    talk = Talk(main, ladder).begin().danger().press("back").press("go")
    assert talk.where == "ladder.rest"

    talk.press("ok")
    talk.later(hours=8)
    talk.session, _ = begin(talk.flows, talk.session, "main", talk.now)
    talk.press("go")

    assert talk.where == "ladder.rung"


def test_a_ladder_that_a_crisis_interrupted_is_come_back_to_at_rest() -> None:
    ladder = flow(
        "ladder", offers("rung", option("x", "done")), offers("rest", option("ok", "done")), careful="rest"
    )
    main = flow("main", says("b", call=Call("ladder", returns={"done": "done"})))
    talk = Talk(main, ladder).begin().danger()

    talk.press("back")

    assert (talk.where, talk.said, len(talk.session.frames)) == ("ladder.rest", ["rest?"], 2)


def test_memory_has_its_first_values_from_the_first_step_on() -> None:
    memory = {"nudges": Slot("nudges", "bool", default=False), "zone": Slot("zone", "text", default="UTC")}
    talk = Talk(QUESTION, memory={"zone": "Europe/Berlin"})
    talk.flows = replace(talk.flows, globals=replace(talk.flows.globals, memory=memory))

    assert talk.begin().session.memory == {"nudges": False, "zone": "Europe/Berlin"}


def test_the_engines_own_names_can_be_read_by_guards() -> None:
    at_night = flow(
        "q", offers("a", option("n", "done", when="night"), option("f", "done", when="first_visit"))
    )

    assert Talk(at_night).begin().shown == ["f"]
    assert Talk(at_night, now=MONDAY.replace(hour=23)).begin().shown == ["n", "f"]


def test_the_text_that_began_a_conversation_is_kept_where_the_flow_wants_it() -> None:
    opening = flow("q", offers("a", option("x", "done")), slots=text("words", max=5), opening="words")

    assert Talk(opening).type("hello there").slots == {"words": "hello"}
    assert Talk(opening).command("start").slots == {}
    assert Talk(QUESTION).type("hello there").slots == {}
