"""What one answer sets off: no circle, no recursion, not too many states, messages or flows."""

from __future__ import annotations

from random import Random

import pytest

from bot.content.checks.circles import circles, spread, strong
from tests.content.checks.shelf import GLOBALS, Texts, faults_of, flow, places, says, wait


def told(files: Texts) -> list[str]:
    """Return where and which faults of this family there are."""
    return [
        place
        for place in places(faults_of(files))
        if place.endswith(("S208", "S209", "S210", "S211", "C407"))
    ]


def chain(count: int, to: str, say: str = "") -> str:
    """Write so many states that lead one to the next without asking, then to `to`."""
    said = f"say: {say}, " if say else ""
    ids = [f"s{place}" for place in range(count)]
    return "".join(f"  {id}: {{{said}goto: {then}}}\n" for id, then in zip(ids, [*ids[1:], to], strict=True))


CALL = "  {id}: {{call: {flow}, returns: {{done: {to}, left: left}}}}\n"


def call(flow: str, to: str = "done", id: str = "") -> str:
    """Write a state that calls a flow and goes on with `to` when it is done."""
    return CALL.format(id=id or f"call_{flow}", flow=flow, to=to)


# --- circles -------------------------------------------------------------------------------------------


def test_a_circle_is_told_once_with_its_states() -> None:
    ring = (
        wait("open", yes="a", no="left")
        + says("a", "b")
        + says("b", "c")
        + "  c: {goto: [{if: careful, to: done}, {else: a}]}\n"
    )

    (fault,) = faults_of({"talk.yaml": flow(ring)})

    assert (fault.code, fault.spot.line) == ("S208", 14)
    assert fault.message.endswith("a → b → c → a")


def test_a_circle_with_a_wait_is_a_conversation() -> None:
    ring = wait("open", yes="a", no="left") + says("a", "open")

    assert told({"talk.yaml": flow(ring, outcomes="left")}) == []


def test_a_circle_may_lead_through_a_flow_that_asks_nothing() -> None:
    deep = flow("  open: {goto: [{if: careful, to: done}, {else: left}]}\n", id="deep")
    asks = flow(wait("open", yes="done", no="left"), id="deep")
    talk = flow(wait("open", yes="call_deep", no="left"), call("deep", "call_deep"), outcomes="left")

    assert told({"talk.yaml": talk, "deep.yaml": deep}) == ["talk.yaml:14 S208"]
    assert told({"talk.yaml": talk, "deep.yaml": asks}) == []


def test_recursion_before_anything_is_asked_is_told_at_the_call() -> None:
    talk = flow(says("open", "call_deep"), call("deep"), outcomes="done, left")
    deep = flow("  open: {goto: [{if: careful, to: call_talk}, {else: done}]}\n", call("talk"), id="deep")

    assert told({"talk.yaml": talk, "deep.yaml": deep}) == ["talk.yaml:8 C407"]


def test_recursion_after_a_question_would_stack_without_bound() -> None:
    talk = flow(wait("open", yes="call_talk", no="left"), call("talk"))

    assert told({"talk.yaml": talk}) == ["talk.yaml:14 S211"]


# --- how deep ------------------------------------------------------------------------------------------


def tower(height: int) -> dict[str, str]:
    """Write flows that call one another, so many deep."""
    flows = {f"f{place}": flow(call(f"f{place + 1}"), id=f"f{place}") for place in range(1, height)}
    flows[f"f{height}"] = flow(wait("open", yes="done", no="left"), id=f"f{height}")
    return {f"{id}.yaml": text for id, text in flows.items()}


def test_eight_flows_may_stand_on_one_another_and_no_nine() -> None:
    starts = GLOBALS.replace("start: talk", "start: f1")

    assert told({**tower(8), "globals.yaml": starts}) == []
    assert told({**tower(9), "globals.yaml": starts}) == ["f8.yaml:7 S211"]


def test_room_is_kept_for_the_deepest_interrupt() -> None:
    more = GLOBALS.replace("start: talk", "start: f1").replace(
        "do: stop}]", "do: stop}, {id: x, command: x, do: call, call: x}]"
    )
    files = {
        **tower(7),
        "x.yaml": flow(call("y"), id="x"),
        "y.yaml": flow(wait("open", yes="done", no="left"), id="y"),
    }

    (place,) = told({**files, "globals.yaml": more})

    assert place == "f6.yaml:7 S211"


# --- how many states -----------------------------------------------------------------------------------


def test_the_states_of_one_step_are_counted_across_calls_and_returns() -> None:
    deep = flow(chain(10, "done"), id="deep", outcomes="done")
    start = wait("open", yes="s0", no="left")
    talk = flow(
        start,
        chain(5, "call_deep"),
        "  call_deep: {call: deep, returns: {done: t0}}\n",
        chain(6, "end").replace("s", "t"),
        "  end: {end: done}\n",
    )

    assert told({"talk.yaml": talk, "deep.yaml": deep}) == []
    longer = talk.replace("  end: {end: done}\n", "  end: {goto: more}\n  more: {end: done}\n")
    assert told({"talk.yaml": longer, "deep.yaml": deep}) == ["talk.yaml:27 S209"]


def test_a_wait_in_a_called_flow_begins_a_new_count() -> None:
    deep = flow(chain(11, "ask"), wait("ask", yes="done", no="left"), id="deep")
    talk = flow(chain(12, "call_deep"), call("deep", "t0"), chain(12, "done").replace("s", "t"))

    assert told({"talk.yaml": talk, "deep.yaml": deep}) == []


# --- how many messages ---------------------------------------------------------------------------------


def test_messages_are_counted_to_the_question_and_with_it() -> None:
    three = flow(
        wait("open", yes="s0", no="left"), chain(2, "ask", "a/b"), wait("ask", yes="done", no="left")
    )
    four = flow(wait("open", yes="s0", no="left"), chain(3, "ask", "a/b"), wait("ask", yes="done", no="left"))

    assert told({"talk.yaml": three}) == []
    assert told({"talk.yaml": four}) == ["talk.yaml:17 S210"]


def test_messages_are_counted_into_a_called_flow_and_out_of_it() -> None:
    begins = flow(wait("open", yes="done", no="left", say="[a/b, a/c]"), id="deep")
    ends = flow(wait("open", yes="bye", no="left"), "  bye: {say: [a/b, a/c], end: done}\n", id="deep")
    into = flow(wait("open", yes="s0", no="left"), chain(2, "call_deep", "a/b"), call("deep"))
    out = flow(wait("open", yes="call_deep", no="left"), call("deep", "s0"), chain(2, "done", "a/b"))

    assert told({"talk.yaml": into, "deep.yaml": begins}) == ["deep.yaml:7 S210"]
    assert told({"talk.yaml": out, "deep.yaml": ends}) == ["talk.yaml:16 S210"]
    assert told({"talk.yaml": into, "deep.yaml": ends}) == []
    assert told({"talk.yaml": out, "deep.yaml": begins}) == []


def test_one_caller_that_says_little_is_not_blamed_for_another() -> None:
    deep = flow(says("open", "done"), id="deep", outcomes="done")
    calls = "  {id}: {{call: deep, returns: {{done: {to}}}}}\n"
    talk = flow(
        wait("open", yes="much", no="little"),
        "  much: {say: [a/b, a/c], goto: one}\n" + calls.format(id="one", to="done"),
        calls.format(id="little", to="more") + says("more", "last") + says("last", "done"),
        outcomes="done",
    )

    assert told({"talk.yaml": talk, "deep.yaml": deep}) == []


def test_the_open_question_is_counted_where_a_flow_gives_it_back() -> None:
    aside = flow(
        wait("open", yes="bye", no="done"),
        "  bye: {say: [a/b, a/c, a/d], end: done}\n",
        id="aside",
        outcomes="done",
    )
    talk = flow(wait("open", yes="done", no="left"))
    more = GLOBALS.replace("do: stop}]", "do: stop}, {id: x, command: x, do: call, call: aside}]")

    assert told({"talk.yaml": talk, "aside.yaml": aside, "globals.yaml": more}) == ["aside.yaml:5 S210"]
    shorter = aside.replace(", a/d]", "]")
    assert told({"talk.yaml": talk, "aside.yaml": shorter, "globals.yaml": more}) == []


# --- graphs --------------------------------------------------------------------------------------------


def test_circles_are_what_can_come_back_to_itself() -> None:
    ways = {"a": ["b"], "b": ["c", "x"], "c": ["a"], "d": ["d"], "e": ["a", "d"]}

    assert sorted(map(sorted, circles(ways))) == [["a", "b", "c"], ["d"]]
    assert spread(["e"], ways) == {"a", "b", "c", "d", "e", "x"}


@pytest.mark.parametrize("seed", range(30))
def test_groups_are_those_that_reach_one_another_and_inner_ones_come_first(seed: int) -> None:
    random = Random(seed)
    ways = {name: random.sample(range(12), random.randint(0, 3)) for name in range(12)}

    groups = strong(ways)

    reach = {name: spread([name], ways) for name in ways}
    for group in groups:
        assert all(other in reach[one] and one in reach[other] for one in group for other in group)
    assert sorted(name for group in groups for name in group) == sorted(ways)
    done: set[int] = set()
    for group in groups:
        done |= group
        assert all(to in done for name in group for to in ways[name])
