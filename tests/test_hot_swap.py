"""Our own flows, edited at random under people who wander in them: all land, or the edit is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from bot.authoring.walking.choices import Choices
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Beginning, Walker
from bot.content.checks.together import surely_set
from bot.content.library import Content
from bot.dialogue.flow import Flow, State, Timer, Transition
from bot.dialogue.migrating import Needs, carried, landings
from bot.dialogue.migration import Migration
from bot.dialogue.values import holds
from bot.errors import FlowFault, Homeless
from tests import ours

SEEDS, MOST_TURNS = range(60), 60


@dataclass
class Editor:
    """Edit one flow as an author might, sometimes with the migration it needs and sometimes without."""

    flow: Flow
    chance: Random
    states: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    came_from: dict[str, str] = field(default_factory=dict)

    def edited(self) -> Flow:
        edits: list[Callable[[], None]] = [
            self.rename,
            self.remove,
            self.shuffle,
            self.retire,
            self.retime,
            self.tighten,
        ]
        for edit in self.chance.sample(edits, self.chance.randrange(1, 4)):
            edit()
        restart = "common/stuck" if self.chance.random() < 0.05 else None
        step = Migration(self.flow.version, self.states, options=self.options)
        return replace(self.flow, version=self.flow.version + 1, migrate=(step,), restart=restart)

    def rename(self) -> None:
        """Give a state another name, wherever it is named."""
        old = self.chance.choice(sorted(self.flow.states))
        new = f"{old}_x"
        self._lead(old, new, replace(self.flow.states[old], id=new))
        self.came_from[new] = old

    def remove(self) -> None:
        """Take a state out and lead everybody elsewhere."""
        old, new = self.chance.sample(sorted(self.flow.states), 2)
        self._lead(old, new, self.flow.states[new])

    def _lead(self, old: str, new: str, state: State) -> None:
        if self.chance.random() < 0.7:
            self.states[old] = (new, self.chance.choice((None, "common/stuck")))
        left = {id: one for id, one in self.flow.states.items() if id != old} | {new: state}
        states = {id: _led(one, {old: new}) for id, one in left.items()}
        self.flow = replace(
            self.flow, states=states, entry=new if self.flow.entry == old else self.flow.entry
        )
        if self.flow.careful == old:
            self.flow = replace(self.flow, careful=new)

    def shuffle(self) -> None:
        """Offer the same options in another order."""
        for state in self._offering():
            self._put(replace(state, options=tuple(self.chance.sample(state.options, len(state.options)))))

    def retire(self) -> None:
        """Rename an option, or take it out."""
        for state in self._offering():
            first, *rest = state.options
            if self.chance.random() < 0.5 and rest:
                self._put(replace(state, options=tuple(rest)))
            else:
                self._put(replace(state, options=(replace(first, id=f"{first.id}_x"), *rest)))
                if self.chance.random() < 0.7:
                    self.options[first.id] = f"{first.id}_x"

    def retime(self) -> None:
        """Give a wait another timer."""
        for state in self._offering():
            self._put(replace(state, timers=tuple(replace(one, id=f"{one.id}_x") for one in state.timers)))

    def tighten(self) -> None:
        """Let a slot hold less than it did."""
        slots = dict(self.flow.slots)
        for id, slot in slots.items():
            if self.chance.random() < 0.2:
                slots[id] = replace(slot, max=1) if slot.type in {"text", "int"} else slot
        self.flow = replace(self.flow, slots=slots)

    def _offering(self) -> list[State]:
        offering = [state for state in self.flow.states.values() if state.options]
        return self.chance.sample(offering, min(2, len(offering)))

    def _put(self, state: State) -> None:
        self.flow = replace(self.flow, states={**self.flow.states, state.id: state})


def _led(state: State, to: Mapping[str, str]) -> State:
    """Return a state whose ways lead where they lead now."""

    def way(target: str | None) -> str | None:
        return target if target is None else to.get(target, target)

    def ways(transitions: tuple[Transition, ...]) -> tuple[Transition, ...]:
        return tuple(replace(one, to=to.get(one.to, one.to)) for one in transitions)

    def timed(timer: Timer) -> Timer:
        return replace(timer, to=way(timer.to))

    call = state.call and replace(
        state.call, returns={key: to.get(one, one) for key, one in state.call.returns.items()}
    )
    return replace(
        state,
        goto=ways(state.goto),
        options=tuple(replace(one, to=ways(one.to)) for one in state.options),
        repair=replace(state.repair, give_up=way(state.repair.give_up)),
        timers=tuple(map(timed, state.timers)),
        call=call,
    )


@pytest.fixture(scope="module")
def ground() -> Terrain:
    return Terrain(ours.content())


@pytest.fixture(scope="module")
def sure(ground: Terrain) -> Needs:
    return surely_set(ground.content)


def wandered(ground: Terrain, seed: int) -> Walker:
    """Let somebody wander for a while."""
    walker = Walker(ground, Beginning(ground.flows.globals.start, person=f"wanderer {seed}"))
    walker.begin()
    wander(walker, seed, 1 + seed * 7 % MOST_TURNS)
    return walker


def wander(walker: Walker, seed: int, moves: int) -> None:
    choices, chance = Choices(walker.terrain), Random(seed)
    for _ in range(moves):
        for turn in walker.make(choices.wandering(walker, chance)):
            # An edit may make a circle, or leave a slot unset: `check` refuses that, and is not asked.
            assert turn.fault is None or isinstance(turn.fault, FlowFault)


def swapped(content: Content, walker: Walker, seed: int) -> tuple[Content, Editor]:
    """Edit a flow that somebody stands in, or any other."""
    chance = Random(seed)
    standing = [frame.flow for frame in (*walker.session.frames, *walker.session.parked)]
    name = chance.choice(standing or sorted(content.flows.flows))
    editor = Editor(content.flows.flows[name], chance)
    flows = {**content.flows.flows, name: editor.edited()}
    return replace(content, flows=replace(content.flows, flows=flows)), editor


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_edited_everybody_lands_or_the_edit_is_refused(
    ground: Terrain, sure: Needs, seed: int
) -> None:
    walker = wandered(ground, seed)
    edited, editor = swapped(ground.content, walker, seed)

    def needs(flow: str, state: str) -> frozenset[str]:
        return frozenset(sure(flow, editor.came_from.get(state, state)))

    places = list(landings(edited.flows, walker.session, walker.now, needs))

    if all(place.to for place in places):
        walker.session = carried(edited.flows, walker.session, walker.now)
        assert_stands(walker, edited)
        walker.terrain = ground.over(edited)
        wander(walker, seed, 12)
    elif any("is set by then" not in place.why for place in places if not place.to):
        with pytest.raises(Homeless):
            carried(edited.flows, walker.session, walker.now)


def assert_stands(walker: Walker, content: Content) -> None:
    """See that every frame stands at a state there is, with slots of its types."""
    for frame in (*walker.session.frames, *walker.session.parked):
        flow = content.flows.flows[frame.flow]
        state = flow.states[frame.state]
        assert frame.version == flow.version
        assert state.waits or state.call is not None
        assert all(holds(flow.slots[name], value) for name, value in frame.slots.items())


def test_both_ends_are_met_by_these_seeds(ground: Terrain, sure: Needs) -> None:
    ends = set()
    for seed in SEEDS:
        walker = wandered(ground, seed)
        edited, _ = swapped(ground.content, walker, seed)
        ends |= {bool(place.to) for place in landings(edited.flows, walker.session, walker.now, sure)}

    assert ends == {True, False}
