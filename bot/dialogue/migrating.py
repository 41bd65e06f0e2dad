"""Flows change while people are in them: a session of older versions is carried into the present ones.

A frame stays where its state still waits, goes where `migrate:` says, or stays in a version that is pinned.
What has no place is never guessed: it is refused, and `lowtide release` says so before anything goes live.
A carried question that the person has seen is theirs to answer; another one is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.effects import Spoken
from bot.dialogue.flow import Flow, State, Value
from bot.dialogue.flows import Flows
from bot.dialogue.migration import Migration
from bot.dialogue.session import Frame, Moved, Past, Session
from bot.dialogue.values import holds
from bot.errors import Homeless

Needs = Callable[[str, str], Collection[str]]
"""Tell, by flow and state, which slots must be set for whoever stands there."""


def carried(flows: Flows, session: Session, now: datetime) -> Session:
    """Return the session with every frame in a version that is at hand; itself where all are.

    Args:
        flows: everything the core reads, as it is now.
        session: where the person stands, as whatever version wrote it.
        now: an aware datetime; a pin may have run out by then.

    Raises:
        Homeless: a frame has no place in the present flows.
    """
    return session if _is_present(flows, session, now) else _Carrier(flows, session, now).session()


def _is_present(flows: Flows, session: Session, now: datetime) -> bool:
    """Tell whether nothing is to be carried; this is asked of every session at every step.

    The past counts too: who stands nowhere may still go back to where they stood.
    """
    frames = (*session.frames, *session.parked, *(frame for one in session.past for frame in one.frames))
    written = {(frame.flow, frame.version) for frame in frames}
    return all(_stays(flows, name, version, now) for name, version in written) and _is_held(
        flows, session.memory
    )


def _is_held(flows: Flows, memory: Mapping[str, Value]) -> bool:
    """Tell whether the memory of today can hold what is in it; most of it is as it was at first."""
    known, first = flows.globals.memory, flows.globals.defaults
    for name, value in memory.items():
        default = first.get(name)
        if (value != default or type(value) is not type(default)) and not holds(known.get(name), value):
            return False
    return True


def _stays(flows: Flows, name: str, version: int, now: datetime) -> bool:
    """Tell whether a flow's version is the present one, or may be kept for a while."""
    flow = flows.flows.get(name)
    if flow is None or flow.version == version:
        return flow is not None
    pinned = flow.pinned is not None and now.timestamp() < flow.pinned
    return pinned and (name, version) in flows.older


@dataclass
class _Carrier:
    """Carry one session. A frame that the past shares with the present is carried once, and stays shared."""

    flows: Flows
    before: Session
    now: datetime
    known: dict[tuple[int, str, str], Frame] = field(default_factory=dict)

    def session(self) -> Session:
        before, memory = self.before, self.memory(self.before.memory)
        restart = self.restart()
        if restart is not None:
            return replace(before, frames=(), parked=(), past=(), memory=memory, arrival=restart)
        frames, parked = self.stack(before.frames), self.stack(before.parked)
        return replace(before, frames=frames, parked=parked, past=self.past(), memory=memory)

    def restart(self) -> str | None:
        """Return what is said to whoever must begin again, where a flow of the stack wants that."""
        for frame in (*self.before.frames, *self.before.parked):
            flow = self.flows.flows.get(frame.flow)
            if (
                flow is not None
                and flow.restart is not None
                and not _stays(self.flows, frame.flow, frame.version, self.now)
            ):
                return flow.restart
        return None

    def stack(self, frames: Sequence[Frame]) -> tuple[Frame, ...]:
        """Carry a stack of frames; each must fit the one that was called or interrupts above it."""
        pairs = zip(frames, (*frames[1:], None), strict=False)
        return tuple(self.frame(frame, above) for frame, above in pairs)

    def frame(self, frame: Frame, above: Frame | None) -> Frame:
        key = (id(frame), "" if above is None else above.kind, "" if above is None else above.flow)
        if key not in self.known:
            stays = _stays(self.flows, frame.flow, frame.version, self.now)
            self.known[key] = frame if stays else self._carry(frame, above)
        return self.known[key]

    def _carry(self, frame: Frame, above: Frame | None) -> Frame:
        flow = self.flows.flows.get(frame.flow)
        if flow is None:
            raise Homeless(f"flow {frame.flow!r} is gone")
        steps = steps_from(flow, frame.version)
        name, say = landing(frame.state, steps)
        state = _fitting(flow, name, above)
        fresh = state.waits and (say is not None or (name != frame.state and not _asks(state, frame.asked)))
        moved = Moved(self.before.turn, _former(frame, state, steps), fresh, say if fresh else None)
        return replace(
            frame,
            version=flow.version,
            state=name,
            since=frame.since if frame.moved is None else frame.moved.turn + 1,
            tries=0 if fresh else frame.tries,
            slots=_slots(frame, flow, steps),
            ends=_ends(frame, steps),
            asked=None if fresh else frame.asked,
            overdue=tuple(late for late in frame.overdue if any(late == one.id for one in state.timers)),
            offered=state.ids,
            moved=moved,
        )

    def past(self) -> tuple[Past, ...]:
        """Carry what `/back` restores, from the latest on, as far as there is a place for it."""
        kept: list[Past] = []
        for one in reversed(self.before.past):
            try:
                kept.append(replace(one, frames=self.stack(one.frames), memory=self.memory(one.memory)))
            except Homeless:
                break
        return tuple(reversed(kept))

    def memory(self, memory: Mapping[str, Value]) -> Mapping[str, Value]:
        """Keep what the memory of today can hold; the rest begins anew with its default."""
        slots = self.flows.globals.memory
        return {name: value for name, value in memory.items() if holds(slots.get(name), value)}


def steps_from(flow: Flow, version: int) -> list[Migration]:
    """Return the migrations from a version on, the oldest first."""
    return sorted((one for one in flow.migrate if one.source >= version), key=lambda one: one.source)


def landing(state: str, steps: Sequence[Migration]) -> tuple[str, str | None]:
    """Follow a state through the migrations; return where it is now and what is said on arrival."""
    say = None
    for one in steps:
        if state in one.states:
            state, words = one.states[state]
            say = words or say
    return state, say


def _fitting(flow: Flow, name: str, above: Frame | None) -> State:
    """Return the state to stand at, if it can carry what stands above it."""
    state = flow.states.get(name)
    if state is None:
        raise Homeless(f"there is no state {name!r} any more")
    if above is not None and above.kind == "call":
        if state.call is None or state.call.flow != above.flow:
            raise Homeless(f"state {name!r} does not call {above.flow!r} any more")
    elif not state.waits:
        raise Homeless(f"state {name!r} does not wait for an answer any more")
    return state


def _asks(state: State, asked: Spoken | None) -> bool:
    """Tell whether a state asks the question that was asked; one with fields is taken at its word."""
    return asked is None or any(line.fields or line.prompt == asked.prompt for line in state.say)


def _former(frame: Frame, state: State, steps: Sequence[Migration]) -> tuple[str, ...]:
    """Return what the buttons on the person's screen mean now, "" where that is gone."""
    found = []
    for option in frame.offered:
        for one in steps:
            option = one.options.get(option, option)  # noqa: PLW2901  it is followed from version to version
        found.append(option if state.option(option) is not None else "")
    return tuple(found)


def _slots(frame: Frame, flow: Flow, steps: Sequence[Migration]) -> dict[str, Value]:
    """Carry the slots; a value that none of today's slots can hold has no place."""
    slots: dict[str, Value] = dict(frame.slots)
    for one in steps:
        moving = {old: slots.pop(old) for old in one.slots if old in slots}
        for old, value in moving.items():
            new, values = one.slots[old]
            if new is not None:
                slots[new] = values.get(_written(value), value)
        slots = {**one.set, **slots}
    for name, value in slots.items():
        if not holds(flow.slots.get(name), value):
            raise Homeless(f"slot {name!r} cannot hold what it held")
    return {slot.id: slot.default for slot in flow.slots.values() if slot.default is not None} | slots


def _ends(frame: Frame, steps: Sequence[Migration]) -> dict[str, int]:
    """Let the ends of values go with them."""
    ends: dict[str | None, int] = dict(frame.ends.items())
    for one in steps:
        moving = {old: ends.pop(old) for old in one.slots if old in ends}
        ends |= {one.slots[old][0]: end for old, end in moving.items()}
    return {name: end for name, end in ends.items() if name is not None}


def _written(value: Value) -> str:
    """Return a value as `map:` names it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- before anything goes live -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Landing:
    """Say where whoever waits at a place lands; `to` is empty where nobody can, and `why` tells why."""

    flow: str
    version: int
    state: str
    to: str
    why: str = ""


def landings(flows: Flows, session: Session, now: datetime, needs: Needs) -> Iterator[Landing]:
    """Yield where the waits of a session land, the open one and the parked one, and every place there is not.

    `needs` tells which slots must be set at a state: those every way to it sets.
    """
    for frames in (session.frames, session.parked):
        if frames:
            yield _stack_landing(flows, session, frames, now, needs)
    for reminder in session.reminders:
        flow = flows.flows.get(reminder.flow)
        lacking = set() if flow is None else set(flow.needs) - reminder.slots.keys()
        if flow is None or lacking:
            why = "the flow is gone" if flow is None else f"slot {min(lacking)!r} is not given"
            yield Landing(reminder.flow, 0, "reminder", "", why)


def _stack_landing(
    flows: Flows, session: Session, frames: tuple[Frame, ...], now: datetime, needs: Needs
) -> Landing:
    top = frames[-1]
    carrier = _Carrier(flows, session, now)
    if carrier.restart() is not None:
        return Landing(top.flow, top.version, top.state, flows.globals.start)
    for frame, above in zip(reversed(frames), (None, *reversed(frames[1:])), strict=True):
        try:
            lands = carrier.frame(frame, above)
        except Homeless as error:
            return Landing(frame.flow, frame.version, frame.state, "", str(error))
        if lands is not frame:
            own = flows.flows[lands.flow].slots
            lacking = {one for one in needs(lands.flow, lands.state) if one in own} - lands.slots.keys()
            if lacking:
                why = (
                    f"slot {min(lacking)!r} is set by then; give it a `default:`, or `set:` it in `migrate:`"
                )
                return Landing(frame.flow, frame.version, frame.state, "", why)
    return Landing(top.flow, top.version, top.state, carrier.frame(top, None).state)
