"""Slots that may be unset: found on every way there, through calls and returns, told once with such a way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest

from bot.content.checks.dataflow import said_with, solve
from bot.content.checks.unset import faults
from bot.content.checks.webs import Net
from bot.dialogue.flow import Flow, State
from tests.content.checks.shelf import Texts, faults_of, flow, pieces, says, wait

SLOTS = "slots: {{name: {{type: enum, of: [a, b]}}, {more}}}\n"
NAME = "slots: {name: {type: enum, of: [a]}}\n"
NUMBER = "slots: {n: {type: int}, m: {type: int}}\n"


def told(files: Texts) -> list[str]:
    """Return where a slot may be unset, as `slot: way`."""
    found = [fault.message for fault in faults_of(files) if fault.code == "T303"]
    return [message.replace("slot ", "").replace(" may be unset here", "") for message in found]


def reads(id: str = "read", to: str = "done") -> str:
    """Write a state that shows the slot `name`."""
    return says(id, to, say='"a/{name}"')


def sets(id: str, to: str, value: str = "a") -> str:
    """Write a state that sets the slot `name`, or clears it."""
    return f"  {id}: {{set: {{name: {value}}}, goto: {to}}}\n"


# --- in one flow ---------------------------------------------------------------------------------------


def test_a_slot_that_is_set_on_every_way_is_known() -> None:
    both = wait("open", yes="one", no="two") + sets("one", "read") + sets("two", "read") + reads()

    assert told({"talk.yaml": flow(both, more=NAME, outcomes="done")}) == []


def test_one_way_that_does_not_set_it_is_enough_and_is_told() -> None:
    one = wait("open", yes="one", no="two") + sets("one", "read") + says("two", "read") + reads()

    assert told({"talk.yaml": flow(one, more=NAME, outcomes="done")}) == ["'name': open → two → read"]


def test_null_clears_a_slot_and_a_copy_of_an_unset_one_does_too() -> None:
    cleared = sets("open", "gone") + sets("gone", "read", "null") + reads()
    copied = '  open: {set: {m: {from: n}}, goto: [{if: "m > 1", to: done}, {else: left}]}\n'

    assert told({"talk.yaml": flow(cleared, more=NAME, outcomes="done")}) == ["'name': open → gone → read"]
    assert told({"talk.yaml": flow(copied, more=NUMBER)}) == ["'m': open"]


def test_an_answer_fills_the_slot_that_is_asked_for_but_giving_up_does_not() -> None:
    asks = wait("open", yes="read", no="left").replace(
        "    options:", "    ask: {slot: name}\n    goto: read\n    options:"
    )

    (message,) = told({"talk.yaml": flow(asks, reads(), more=NAME)})
    assert message == "'name': open → read", "a button leads there without an answer"

    only = """\
  open:
    say: a/b
    ask: {slot: name, give_up: left}
    goto: read
    timers: [{id: lapse, after: 72h, to: left}]
"""
    assert told({"talk.yaml": flow(only, reads(), more=NAME)}) == []


@pytest.mark.parametrize(
    ("guard", "silent"),
    [
        ("known(n)", True),
        ("known(n) and n > 1", True),
        ("not known(n) or n > 1", True),
        ("known(n) or n > 1", False),
        ("n > 1", False),
        ("careful and n == m", False),
    ],
)
def test_a_guard_that_asks_first_reads_nothing_unset(guard: str, silent: bool) -> None:
    text = flow(
        f'  open: {{goto: [{{if: "{guard}", to: done}}, {{else: left}}]}}\n',
        more="slots: {n: {type: int}, m: {type: int}}\n",
    )

    assert (told({"talk.yaml": text}) == []) is silent


def test_what_a_guard_found_out_is_known_behind_it() -> None:
    asked = '  open: {goto: [{if: "not known(name)", to: left}, {else: read}]}\n'
    compared = "  open: {goto: [{if: \"known(name) and name == 'a'\", to: read}, {else: left}]}\n"
    negated = '  open: {goto: [{if: "known(name)", to: left}, {else: read}]}\n'

    assert told({"talk.yaml": flow(asked, reads(), more=NAME)}) == []
    assert (
        told({"talk.yaml": flow(compared, reads(), more="slots: {name: {type: enum, of: [a, b], }}\n")}) == []
    )
    assert told({"talk.yaml": flow(negated, reads(), more=NAME)}) == ["'name': open → read"]


def test_a_slot_is_told_once_where_it_is_read_first() -> None:
    twice = reads("open", "more") + reads("more", "last") + reads("last")

    assert told({"talk.yaml": flow(twice, more=NAME, outcomes="done")}) == ["'name': open"]


def test_a_default_and_a_need_are_known_from_the_beginning() -> None:
    needs = flow(reads(), id="deep", more=f"needs: [name]\n{NAME}", outcomes="done")
    calls = "  open: {call: deep, with: {name: {value: a}}, returns: {done: done}}\n"

    assert told({"talk.yaml": flow(calls, outcomes="done"), "deep.yaml": needs}) == []
    assert (
        told(
            {
                "talk.yaml": flow(
                    reads(), more="slots: {name: {type: enum, of: [a], default: a}}\n", outcomes="done"
                )
            }
        )
        == []
    )


def test_a_flow_that_begins_at_its_careful_state_knows_no_more_than_at_its_entry() -> None:
    text = flow(
        sets("open", "ask"), wait("ask", yes="done", no="left"), reads("rest"), more=f"careful: rest\n{NAME}"
    )

    assert told({"talk.yaml": text}) == ["'name': rest"]


# --- across flows --------------------------------------------------------------------------------------

DEEP = "  open: {call: deep, take: {name: name}, returns: {done: read, left: left}}\n"


def test_what_is_taken_is_set_when_the_flow_set_it_before_that_outcome() -> None:
    sound = flow(wait("ask", yes="give", no="left"), sets("give", "done"), id="deep", more=NAME)
    hollow = flow(wait("ask", yes="done", no="give"), sets("give", "left"), id="deep", more=NAME)
    talk = flow(DEEP, reads(), more=NAME)

    assert told({"talk.yaml": talk, "deep.yaml": sound}) == []
    assert told({"talk.yaml": talk, "deep.yaml": hollow}) == ["'name': open → read"]


def test_memory_that_a_called_flow_sets_is_known_and_what_it_clears_is_not() -> None:
    memory = GLOBALS + "memory: {name: {type: enum, of: [a]}}\n"
    talk = flow("  open: {call: deep, returns: {done: read, left: left}}\n", reads())
    sound = flow(wait("ask", yes="give", no="left"), sets("give", "done"), id="deep")
    clears = flow(
        wait("ask", yes="give", no="left"), sets("give", "lose"), sets("lose", "done", "null"), id="deep"
    )

    assert told({"talk.yaml": talk, "deep.yaml": sound, "globals.yaml": memory}) == []
    assert told({"talk.yaml": talk, "deep.yaml": clears, "globals.yaml": memory}) == ["'name': open → read"]


def test_a_flow_knows_the_memory_that_all_its_callers_have_set() -> None:
    memory = GLOBALS + "memory: {name: {type: enum, of: [a]}}\n"
    talk = flow(sets("open", "deep"), "  deep: {call: deep, returns: {done: done}}\n", outcomes="done")
    careless = flow(
        wait("open", yes="deep", no="set"),
        sets("set", "deep"),
        "  deep: {call: deep, returns: {done: done}}\n",
        outcomes="done",
    )
    deep = flow(reads(), id="deep", outcomes="done")

    assert told({"talk.yaml": talk, "deep.yaml": deep, "globals.yaml": memory}) == []
    assert told({"talk.yaml": careless, "deep.yaml": deep, "globals.yaml": memory}) == ["'name': read"]


def test_to_forget_a_person_clears_everything() -> None:
    memory = GLOBALS + "memory: {name: {type: enum, of: [a], default: a}}\n"
    text = flow("  open: {forget: true, say: a/b, goto: read}\n", reads(), outcomes="done")

    assert told({"talk.yaml": text, "globals.yaml": memory}) == ["'name': open → read"]


def test_what_is_surely_set_where_a_state_speaks_is_given_to_whoever_renders() -> None:
    found, _ = pieces(
        {
            "talk.yaml": flow(
                wait("open", yes="set", no="read"), sets("set", "read"), reads(), more=NAME, outcomes="done"
            )
        }
    )

    sure = said_with(solve(Net(found)))

    engine = {"careful", "parked", "first_visit", "night", "recurring"}
    assert sure == {("talk", "open"): engine, ("talk", "set"): engine | {"name"}, ("talk", "read"): engine}


GLOBALS = """\
schema: globals/1
start: talk
lines: {stale: a/b, nothing_back: a/b, why_unknown: a/b, stopped_nudging: a/b, not_understood: a/b,
        unsupported: a/b, welcome_back: a/b, silent: a/b, kept_over: a/b}
dangers: []
interrupts: [{id: stop, command: stop, do: stop}]
"""


# --- against every walk there is -------------------------------------------------------------------------

TARGETS = ("a", "b", "c", "d", "done", "left")
TWO = "slots: {x: {type: enum, of: [v]}, y: {type: enum, of: [v]}}\n"
Stand = tuple[tuple[tuple[str, str, frozenset[str]], ...], frozenset[str]]
"""Frames of flow, state and the slots set in each; and the memory that is set."""


def random_flow(random: Random, id: str, called: tuple[str, ...]) -> str:
    return flow(*(random_state(random, name, called) for name in "abcd"), id=id, more=TWO)


def random_state(random: Random, name: str, called: tuple[str, ...]) -> str:
    first, second = random.sample(TARGETS, 2)
    kind = random.choice(["set", "set", "read", "read", "fork", "call"])
    slot = random.choice("xym")
    if kind == "set":
        source = random.choice(["v", "v", "null", "{from: " + random.choice("xym") + "}"])
        return f"  {name}: {{set: {{{slot}: {source}}}, say: a/b, goto: {first}}}\n"
    if kind == "read":
        return f'  {name}: {{say: "a/{{{slot}}}", goto: {first}}}\n'
    if kind == "call" and called:
        take = f"take: {{{random.choice('xy')}: {random.choice('xy')}}}, "
        return (
            f"  {name}: {{call: {random.choice(called)}, {take}returns: {{done: {first}, left: {second}}}}}\n"
        )
    return f"  {name}: {{goto: [{{if: careful, to: {first}}}, {{else: {second}}}]}}\n"


@dataclass
class Walks:
    """Take every step there is with the slots that are really set."""

    flows: dict[str, Flow]

    def all(self) -> Iterator[Stand]:
        """Yield every stand that a walk reaches; stacks are kept small."""
        start: Stand = ((("talk", self.flows["talk"].entry, frozenset()),), frozenset())
        seen, rest = {start}, [start]
        while rest:
            stand = rest.pop()
            yield stand
            for after in self.onward(*stand):
                if after not in seen and len(after[0]) <= 4:
                    seen.add(after)
                    rest.append(after)

    def onward(
        self, frames: tuple[tuple[str, str, frozenset[str]], ...], memory: frozenset[str]
    ) -> Iterator[Stand]:
        """Yield where one step leads."""
        *below, (id, name, own) = frames
        state = self.flows[id].states[name]
        for setter in state.set:
            source = setter.expr.source if setter.expr else None
            is_set = setter.value is not None or (source is not None and source in own | memory)
            if setter.slot == "m":
                memory = memory | {"m"} if is_set else memory - {"m"}
            else:
                own = own | {setter.slot} if is_set else own - {setter.slot}
        # What was read counts as set: that it may not be is told there.
        own, memory = own | (read_in(state) - {"m"}), memory | (read_in(state) & {"m"})
        if state.call is not None:
            callee = self.flows[state.call.flow]
            yield (*below, (id, name, own), (callee.id, callee.entry, frozenset())), memory
        for way in state.goto:
            yield from self.settled((*below, (id, way.to, own)), memory)

    def settled(
        self, frames: tuple[tuple[str, str, frozenset[str]], ...], memory: frozenset[str]
    ) -> Iterator[Stand]:
        """Take finished flows off the stack."""
        while frames and frames[-1][1] not in self.flows[frames[-1][0]].states:
            outcome, theirs = frames[-1][1], frames[-1][2]
            frames = frames[:-1]
            if frames:
                *below, (id, name, own) = frames
                call = self.flows[id].states[name].call
                assert call is not None
                ((mine, source),) = call.take
                own = own | {mine} if source in theirs else own - {mine}
                frames = (*below, (id, call.returns[outcome], own))
        if frames:
            yield frames, memory


@pytest.mark.parametrize("seed", range(120))
def test_a_slot_is_told_exactly_where_some_walk_finds_it_unset(seed: int) -> None:
    random = Random(seed)
    files = {
        "talk.yaml": random_flow(random, "talk", ("deep",)),
        "deep.yaml": random_flow(random, "deep", ("deep",)),
        "globals.yaml": GLOBALS + "memory: {m: {type: enum, of: [v]}}\n",
    }
    found, _ = pieces(files)
    flows = {id: one.flow for id, one in found.loaded.items()}

    known = solve(Net(found))

    reached: dict[tuple[str, str], frozenset[str]] = {}
    for frames, memory in Walks(flows).all():
        id, name, own = frames[-1]
        reached[id, name] = reached.get((id, name), frozenset("xym")) & (own | memory)
    for (id, name), surely in reached.items():
        one = known[id]
        assert {slot for slot in "xym" if one.bit(slot) & one.sure(one.facts[name])} == surely
    met = {id for id, _ in reached}
    told_slots = {
        (fault.spot.file.removesuffix(".yaml"), fault.message.split("'")[1])
        for fault in faults({id: one for id, one in known.items() if id in met})
    }
    assert told_slots == {
        (id, slot)
        for (id, name), surely in reached.items()
        for slot in read_in(flows[id].states[name]) - surely
    }


def read_in(state: State) -> set[str]:
    """Return the slots that the names of a state's prompts read."""
    return {name for line in state.say for name in line.fields}
