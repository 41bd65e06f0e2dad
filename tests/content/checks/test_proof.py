"""The promise ★: no way reaches the ladder past its gates, in flows made to cheat and in flows by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import pytest

from bot.content.checks.answers import ASKED, FAILED, NOTHING, OPEN, PASSED, joined, members, repeated, single
from bot.content.checks.proof import Proof
from bot.content.checks.webs import GATES, Net
from bot.dialogue.flow import Flow, State
from tests.content.checks.shelf import Texts, faults_of, flow, pieces, says, wait

PERSON, WANTED = GATES
GLOBALS = """\
schema: globals/1
start: talk
lines: {stale: a/b, nothing_back: a/b, why_unknown: a/b, stopped_nudging: a/b, not_understood: a/b,
        unsupported: a/b, welcome_back: a/b, silent: a/b, kept_over: a/b}
resume: [resume]
dangers: [{gate: self, tier: hard, call: card}]
interrupts:
  - {id: stop, command: stop, do: stop}
  - {id: aside, command: aside, do: call, call: aside}
"""


def gate(which: str, passed: str, failed: str = "left", id: str = "") -> str:
    """Write a gate: yes goes on, no and silence do not."""
    return wait(
        id or which.removesuffix("_check"), yes=passed, no=failed, more=f"gate: {which}", passes="yes"
    )


def rung(id: str = "choose", kind: str = "toward", to: str = "done") -> str:
    """Write a state of the ladder."""
    return wait(id, yes=to, no="left", more=f"rung: {kind}")


def told(files: Texts) -> list[str]:
    """Return the messages of the proof, and assert that nothing else is wrong."""
    faults = faults_of(files)
    assert {fault.code for fault in faults} <= {"P701"}
    return [fault.message for fault in faults]


BOTH = gate(PERSON, "wanted") + gate(WANTED, "choose")


# --- what is promised ----------------------------------------------------------------------------------


def test_a_rung_behind_both_gates_is_proved() -> None:
    assert told({"talk.yaml": flow(BOTH, rung())}) == []


@pytest.mark.parametrize("kind", ["toward", "elsewhere"])
def test_a_rung_before_a_gate_is_told_with_the_way_to_it(kind: str) -> None:
    (message,) = told(
        {"talk.yaml": flow(gate(PERSON, "choose"), rung(kind=kind, to="wanted"), gate(WANTED, "done"))}
    )

    assert message == f"this {kind} rung is reached before 'wanted_check' is asked: talk.person → talk.choose"


def test_a_rung_toward_the_person_needs_both_gates_passed_and_one_elsewhere_only_asked() -> None:
    after_no = gate(PERSON, "wanted", "wanted") + gate(WANTED, "choose", "choose")

    (message,) = told({"talk.yaml": flow(after_no, rung())})

    assert "after 'person_check' was not passed" in message
    assert told({"talk.yaml": flow(after_no, rung(kind="elsewhere"))}) == []


@pytest.mark.parametrize("hole", ["give_up", "timer", "text"])
def test_neither_silence_nor_a_text_nor_giving_up_passes_a_gate(hole: str) -> None:
    holes = {
        "give_up": ("other: {give_up: left}", "other: {give_up: choose}"),
        "timer": ("to: left}]", "to: choose}]"),
        "text": ("    options:", "    ask: {slot: said}\n    goto: choose\n    options:"),
    }
    wanted = gate(WANTED, "choose").replace(*holes[hole])
    slots = "slots: {said: {type: text}}\n" if hole == "text" else ""

    (message,) = told({"talk.yaml": flow(gate(PERSON, "wanted"), wanted, rung(), more=slots)})

    assert "after 'wanted_check' was not passed: talk.person → talk.wanted → talk.choose" in message


def test_after_no_nothing_opens_the_ladder_but_to_be_asked_again_and_pass() -> None:
    asked = gate(PERSON, "wanted", "again")

    goes_on = flow(asked, wait("again", yes="person", no="wanted"), gate(WANTED, "choose"), rung())
    asks_again = flow(asked, wait("again", yes="person", no="left"), gate(WANTED, "choose"), rung())

    assert told({"talk.yaml": asks_again}) == []
    (message,) = told({"talk.yaml": goes_on})

    assert message.endswith("talk.person → talk.again → talk.wanted → talk.choose")


def test_conditions_are_taken_both_ways() -> None:
    skips = "  begin: {goto: [{if: careful, to: person}, {else: wanted}]}\n"

    (message,) = told({"talk.yaml": flow(skips, BOTH, rung())})

    assert "before 'person_check' is asked: talk.begin → talk.wanted → talk.choose" in message


# --- calls, recursion, interrupts, dangers, reminders ----------------------------------------------------


def test_gates_may_stand_in_a_called_flow_when_its_outcomes_keep_them_apart() -> None:
    calls = "  ask: {call: gates, returns: {done: choose, left: left}}\n"
    gates = flow(gate(PERSON, "wanted"), gate(WANTED, "done"), id="gates")

    assert told({"talk.yaml": flow(calls, rung()), "gates.yaml": gates}) == []

    (message,) = told(
        {"talk.yaml": flow(calls.replace("left: left", "left: choose"), rung()), "gates.yaml": gates}
    )
    assert message.endswith("talk.ask → gates.person → talk.choose")


def test_a_flow_that_calls_itself_is_explored_to_its_end() -> None:
    asks = gate(PERSON, "more") + wait("more", yes="deeper", no="wanted") + gate(WANTED, "done")
    deeper = "  deeper: {call: gates, returns: {done: done, left: wanted}}\n"
    gates = flow(asks, deeper, id="gates")
    files = {
        "talk.yaml": flow("  ask: {call: gates, returns: {done: choose, left: left}}\n", rung()),
        "gates.yaml": gates,
    }

    faults = [fault for fault in faults_of(files) if fault.code == "P701"]

    assert len(faults) == 1, (
        "the inner flow may fail person_check and leave, the outer goes on to wanted_check"
    )
    assert "gates.deeper → gates.person → gates.wanted → talk.choose" in faults[0].message


def test_an_interrupt_that_asks_a_gate_again_counts_at_the_wait_it_comes_back_to() -> None:
    aside = flow(gate(PERSON, "done", "done"), id="aside", outcomes="done")
    card = flow(wait("open", yes="done", no="left"), id="card")
    files = {
        "talk.yaml": flow(BOTH, rung()),
        "aside.yaml": aside,
        "card.yaml": card,
        "globals.yaml": GLOBALS.replace("resume: [resume]\n", ""),
    }

    (message,) = told(files)

    assert (
        "after 'person_check' was not passed: talk.person → talk.wanted → talk.choose → aside.person"
        in message
    )
    denied = {**files, "talk.yaml": flow(BOTH, rung(), more="deny: [aside]\n")}
    assert told(denied) == []


def test_a_danger_gives_back_the_conversation_with_what_it_asked() -> None:
    aside = flow(wait("open", yes="done", no="left"), id="aside")
    card = flow(gate(PERSON, "resume", "resume"), id="card", outcomes="resume")
    files = {"talk.yaml": flow(BOTH, rung()), "aside.yaml": aside, "card.yaml": card, "globals.yaml": GLOBALS}

    (message,) = told(files)

    assert "talk.choose → card.person → talk.choose" in message


def test_a_danger_that_ends_otherwise_changes_nothing_for_who_is_parked() -> None:
    aside = flow(wait("open", yes="done", no="left"), id="aside")
    card = flow(gate(PERSON, "resume", "left"), id="card", outcomes="resume, left")
    files = {"talk.yaml": flow(BOTH, rung()), "aside.yaml": aside, "card.yaml": card, "globals.yaml": GLOBALS}

    assert told(files) == []


def test_a_reminder_carries_the_answers_of_the_moment_it_was_made() -> None:
    promise = "  promise: {remind: {flow: report, after: 20h}, goto: done}\n"
    report = flow(rung("ask"), id="report")

    assert told({"talk.yaml": flow(BOTH.replace("choose", "promise"), promise), "report.yaml": report}) == []

    early = flow(wait("open", yes="promise", no="person"), BOTH.replace("choose", "promise"), promise)
    (message,) = told({"talk.yaml": early, "report.yaml": report})
    assert message.endswith("talk.open → talk.promise → report.ask")


def test_a_flow_for_careful_sessions_begins_where_it_says() -> None:
    resting = flow(
        BOTH, rung(to="rest"), wait("rest", yes="again", no="left"), rung("again"), more="careful: rest\n"
    )

    (message,) = told({"talk.yaml": resting})

    assert message.endswith("talk.rest → talk.again")


# --- how it is told ------------------------------------------------------------------------------------


def test_one_hole_is_told_once_at_the_nearest_rung_with_how_many_lie_behind_it() -> None:
    hole = wait("open", yes="person", no="menu") + BOTH.replace("choose", "menu")
    menu = wait("menu", yes="first", no="second") + rung("first") + rung("second")

    (message,) = told({"talk.yaml": flow(hole, menu)})

    assert message.endswith("talk.open → talk.menu → talk.first (1 more state of the ladder open behind it)")


def test_two_holes_are_told_both() -> None:
    hole = wait("open", yes="person", no="skip") + gate(PERSON, "wanted") + gate(WANTED, "choose", "other")

    messages = told({"talk.yaml": flow(hole, says("skip", "tiny"), rung("tiny"), rung(), rung("other"))})

    assert [message.partition(": ")[2] for message in messages] == [
        "talk.open → talk.skip → talk.tiny",
        "talk.open → talk.person → talk.wanted → talk.other",
    ]


def test_what_a_flow_that_did_not_load_hides_is_not_held_against_the_ladder() -> None:
    files = {
        "talk.yaml": flow("  ask: {call: gates, returns: {done: choose}}\n", rung(), outcomes="done, left"),
        "gates.yaml": "flow: [",
    }

    assert [fault.code for fault in faults_of(files) if fault.code.startswith("P")] == []


# --- the algebra ---------------------------------------------------------------------------------------


def test_joining_answers_is_associative_and_the_last_answer_counts() -> None:
    no, yes = single(PERSON, FAILED), single(PERSON, PASSED)

    assert joined(no, yes) == yes
    assert (
        joined(joined(no, single(WANTED, PASSED)), yes)
        == joined(no, joined(single(WANTED, PASSED), yes))
        == OPEN
    )
    assert joined(NOTHING, no) == joined(no, NOTHING) == no
    assert not joined(no, single(WANTED, PASSED)) & OPEN
    assert joined(no, single(WANTED, PASSED)) & ASKED


def test_repeating_answers_reaches_every_mixture() -> None:
    assert set(members(repeated(single(PERSON, PASSED) | single(WANTED, PASSED)))) == {0, 6, 2, 8}


# --- against every walk there is -------------------------------------------------------------------------

TARGETS = ("a", "b", "c", "d", "done", "left")
DEEPEST = 4
Frames = tuple[tuple[str, str], ...]


class Stand(NamedTuple):
    """Say where a walk stands: its stack, what the gates were answered, and the walk that is parked."""

    frames: Frames
    person: int = 0
    wanted: int = 0
    parked: tuple[Frames, int, int] | None = None


def random_flow(random: Random, id: str, called: tuple[str, ...]) -> str:
    """Write a small flow by chance: gates, rungs, calls and plain states in any order."""
    return flow(*(random_state(random, name, called) for name in "abcd"), id=id)


def random_state(random: Random, name: str, called: tuple[str, ...]) -> str:
    first, second, third = random.sample(TARGETS, 3)
    kind = random.choice(["gate", "gate", "gate", "rung", "wait", "say", "call"])
    if kind == "gate":
        return gate(random.choice(GATES), first, second, name)
    if kind == "rung":
        return wait(name, yes=first, no=second, more=f"rung: {random.choice(['toward', 'elsewhere'])}")
    if kind == "call" and called:
        return f"  {name}: {{call: {random.choice(called)}, returns: {{done: {first}, left: {third}}}}}\n"
    return wait(name, yes=first, no=second) if kind == "wait" else says(name, first)


@dataclass
class Walks:
    """Take every step there is, by the plainest reading of the rules; stacks are kept small."""

    flows: dict[str, Flow]
    interrupts: bool
    dangers: bool

    def all(self) -> Iterator[Stand]:
        """Yield every place where a walk of any length can stand."""
        first = ["talk", *(["aside"] if self.interrupts else []), *(["card"] if self.dangers else [])]
        seen = {Stand(((id, self.flows[id].entry),)) for id in first}
        rest = list(seen)
        while rest:
            stand = rest.pop()
            yield stand
            for after in self.onward(stand):
                if after not in seen and len(after.frames) <= DEEPEST:
                    seen.add(after)
                    rest.append(after)

    def onward(self, stand: Stand) -> Iterator[Stand]:
        """Yield where one step leads."""
        *below, (id, name) = stand.frames
        state = self.flows[id].states[name]
        if state.call is not None:
            callee = self.flows[state.call.flow]
            yield stand._replace(frames=(*stand.frames, (callee.id, callee.entry)))
        for to, passes in exits(state):
            after = stand._replace(frames=(*below, (id, to)))
            if state.gate is not None:
                after = after._replace(**{state.gate.split("_")[0]: PASSED if passes else FAILED})
            yield from self.settled(after)
        running = {flow for flow, _ in stand.frames}
        if state.waits and self.interrupts and "aside" not in running:
            yield stand._replace(frames=(*stand.frames, ("aside", self.flows["aside"].entry)))
        if state.waits and self.dangers and "card" not in running:
            yield Stand((("card", self.flows["card"].entry),), parked=stand[:3])

    def settled(self, stand: Stand) -> Iterator[Stand]:
        """Take finished flows off the stack: calls go on by the outcome, all else stands again."""
        frames, outcome = stand.frames, ""
        while frames and frames[-1][1] not in self.flows[frames[-1][0]].states:
            outcome = frames[-1][1]
            frames = frames[:-1]
            if frames:
                id, name = frames[-1]
                call = self.flows[id].states[name].call
                frames = (*frames[:-1], (id, call.returns[outcome] if call else name))
        if frames:
            yield stand._replace(frames=frames)
        elif stand.parked is not None and outcome == "left":
            parked, person, wanted = stand.parked
            yield Stand(parked, stand.person or person, stand.wanted or wanted)


def exits(state: State) -> Iterator[tuple[str, bool]]:
    """Yield the ways out of a state and whether they pass its gate."""
    for option in state.options:
        yield option.to[0].to, option.passes
    silent = [timer.to for timer in state.timers]
    for way in (*(way.to for way in state.goto), *silent, state.repair.give_up):
        if way is not None:
            yield way, False


@pytest.mark.parametrize("dangers", [False, True])
@pytest.mark.parametrize("interrupts", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_the_proof_finds_what_every_walk_finds(seed: int, interrupts: bool, dangers: bool) -> None:
    random = Random(seed)
    files = {
        "talk.yaml": random_flow(random, "talk", ("deep", "aside")),
        "deep.yaml": random_flow(random, "deep", ("deep",)),
        "aside.yaml": random_flow(random, "aside", ()),
        "card.yaml": random_flow(random, "card", ()),
    }
    files["globals.yaml"] = some_globals(interrupts=interrupts, dangers=dangers)
    found, _ = pieces(files)
    flows = {id: one.flow for id, one in found.loaded.items()}

    walked = {rung for stand in Walks(flows, interrupts, dangers).all() for rung in opened(flows, stand)}

    proof = Proof(Net(found))
    proved = {
        (key[0], state.id)
        for key, one in proof.flows.items()
        for state in one.web.flow.states.values()
        if proof.broken(key, state)
    }
    assert proved == walked
    assert len({fault.message for fault in faults_of(files) if fault.code == "P701"}) <= len(walked)


def some_globals(*, interrupts: bool, dangers: bool) -> str:
    """Return globals with or without something that interrupts, and something that parks and gives back."""
    text = GLOBALS.replace("resume: [resume]", "resume: [left]")
    if not interrupts:
        text = text.replace("  - {id: aside, command: aside, do: call, call: aside}\n", "")
    parks = "resume: [left]\ndangers: [{gate: self, tier: hard, call: card}]"
    return text if dangers else text.replace(parks, "dangers: []")


def opened(flows: dict[str, Flow], stand: Stand) -> Iterator[tuple[str, str]]:
    """Yield the rung a walk stands at, if it must not."""
    id, name = stand.frames[-1]
    kind = flows[id].states[name].rung
    answers = (stand.person, stand.wanted)
    if (kind == "toward" and answers != (PASSED, PASSED)) or (kind == "elsewhere" and 0 in answers):
        yield id, name
