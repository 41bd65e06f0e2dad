"""A watch over one conversation: it sees every turn, and tells what should not have been."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.authoring.walking.breaches import Breach
from bot.authoring.walking.gates import Gates
from bot.authoring.walking.lines import Lines
from bot.authoring.walking.terrain import MOST_LENGTH, Terrain
from bot.authoring.walking.timers import Timers
from bot.authoring.walking.walker import Turn
from bot.dialogue.codec import from_json, to_json
from bot.dialogue.draft import MOST_MESSAGES
from bot.dialogue.effects import Forget
from bot.dialogue.events import Answered, Commanded, Concern, TimerFired
from bot.dialogue.flow import Slot, Value
from bot.dialogue.flows import Danger, Interrupt
from bot.dialogue.session import Session
from bot.dialogue.values import holds
from bot.dialogue.walk import MOST_FRAMES
from bot.errors import LowtideError


@dataclass
class Watch:
    """Watch. `honest` tells that the conversation begins as conversations do."""

    terrain: Terrain
    honest: bool = True
    gates: Gates = field(init=False)
    lines: Lines = field(init=False)
    timers: Timers = field(init=False)

    def __post_init__(self) -> None:
        self.gates = Gates(self.terrain, self.honest)
        self.lines = Lines(self.terrain)
        self.timers = Timers(self.terrain)
        known = self.terrain.flows.globals
        self._stops = {one.id: one for one in known.interrupts if one.do == "stop"}
        self._commands = {one.command: one for one in known.interrupts if one.command}

    def fork(self) -> Watch:
        """Return another that has seen the same."""
        twin = object.__new__(Watch)
        twin.__dict__.update(self.__dict__)
        twin.gates, twin.lines, twin.timers = self.gates.fork(), self.lines.fork(), self.timers.fork()
        return twin

    def see(self, turn: Turn) -> Iterator[Breach]:
        """Look at one turn and yield what is wrong with it."""
        if turn.fault is not None:
            yield self._fault(turn, turn.fault)
            return
        if turn.after is turn.before:  # a second tap, which changes nothing
            return
        yield from self._said(turn)
        yield from self._wait(turn)
        yield from self._bounds(turn)
        yield from self._slots(turn)
        yield from self._stop(turn)
        yield from self._danger(turn)
        yield from self.timers.see(turn)
        yield from self.gates.see(turn)
        yield from self.lines.see(turn)

    def round_trip(self, session: Session) -> Iterator[Breach]:
        """Write a session to JSON, read it, and tell whether it became another."""
        if from_json(json.loads(json.dumps(to_json(session)))) != session:
            yield Breach("json", place(session), "the session that is read is not the one that was written")

    # --- one thing each ------------------------------------------------------------------------------

    def _fault(self, turn: Turn, fault: Exception) -> Breach:
        told = str(fault) if isinstance(fault, LowtideError) else type(fault).__name__
        return Breach("speech" if turn.unspoken else "fault", place(turn.before), told)

    def _said(self, turn: Turn) -> Iterator[Breach]:
        """Look at what is read: how much, how long, and whether there is anything."""
        if not turn.read:
            if _wants_an_answer(turn):
                where = place(turn.after) or place(turn.before)
                yield Breach("silence", where, "nothing is said to who wrote")
            return
        if len(turn.read) > MOST_MESSAGES:
            yield Breach("crowd", place(turn.after), f"{len(turn.read)} messages come at once")
        for say, lines in turn.read:
            size = sum([line.size for line in lines]) + 2 * len(lines) - 2
            if size > MOST_LENGTH or not all(line.size for line in lines):
                names = ", ".join(line.prompt for line in say.lines)
                yield Breach("speech", place(turn.after), f"{names} make a message of {size} characters")
            for choice in say.choices:
                if told := self.terrain.label_fault(choice.label):
                    yield Breach("speech", place(turn.after), told)

    def _wait(self, turn: Turn) -> Iterator[Breach]:
        """Look whether the person can go on; who left sees no question until they are back."""
        if not turn.after.frames or turn.after.away:
            return
        state = self.terrain.state(turn.after.frames[-1])
        if state is None or not state.waits:
            yield Breach("options", place(turn.after), "the conversation stands where nobody is asked")
        elif state.ask is None and state.choices and turn.read and not self._shown(turn):
            yield Breach("options", place(turn.after), "no option is shown, and no text is asked for")

    def _shown(self, turn: Turn) -> bool:
        """Tell whether something can be tapped; an early text or a timer that only speaks leaves it there."""
        before, event = turn.before.frames, turn.event
        stays = bool(before) and before[-1].since == turn.after.frames[-1].since
        early = isinstance(event, Answered) and event.seen is not None
        return bool(turn.read[-1][0].choices) or (stays and (early or isinstance(event, TimerFired)))

    def _bounds(self, turn: Turn) -> Iterator[Breach]:
        if turn.after.turn != turn.before.turn + 1:
            yield Breach("bounds", place(turn.after), f"turn {turn.after.turn} follows {turn.before.turn}")
        if len(turn.after.frames) > MOST_FRAMES:
            yield Breach("bounds", place(turn.after), f"{len(turn.after.frames)} flows are stacked")

    def _slots(self, turn: Turn) -> Iterator[Breach]:
        """Look at the slots that changed: whether each holds a value of its type."""
        before, after = turn.before, turn.after
        if after.memory is not before.memory:
            memory = self.terrain.flows.globals.memory
            yield from self._typed(after.memory, before.memory, memory, "memory")
        for depth, frame in enumerate(after.frames):
            old = before.frames[depth] if depth < len(before.frames) else None
            if old is frame or (old is not None and old.slots is frame.slots):
                continue
            flow = self.terrain.flow(frame)
            known = {} if flow is None else flow.slots
            same = old.slots if old is not None and old.flow == frame.flow else {}
            yield from self._typed(frame.slots, same, known, frame.flow)

    def _typed(
        self, slots: Mapping[str, Value], same: Mapping[str, Value], known: Mapping[str, Slot], where: str
    ) -> Iterator[Breach]:
        for name, value in slots.items():
            if same.get(name) is not value and not holds(known.get(name), value):
                slot = known.get(name)
                kind = "is not declared" if slot is None else f"holds what is no {slot.type} of its bounds"
                yield Breach("slots", f"{where}.{name}", f"slot {name!r} {kind}")

    def _stop(self, turn: Turn) -> Iterator[Breach]:
        """Look whether a stop was honoured."""
        which = self._stopping(turn)
        if which is None:
            return
        left = turn.after
        if left.frames or left.parked or left.reminders:
            yield Breach("stop", place(turn.before), "something goes on after stop")
        elif len(turn.read) > 1:
            yield Breach("stop", place(turn.before), f"stop is answered by {len(turn.read)} messages")

    def _stopping(self, turn: Turn) -> Interrupt | None:
        """Return the stop that a turn asks for; a danger in the same words goes before it."""
        event = turn.event
        if isinstance(event, Answered) and event.concern is None:
            return self._stops.get(event.reading.interrupt or "")
        if isinstance(event, Commanded) and event.concern is None:
            known = self._commands.get(event.name)
            return known if known is not None and known.do == "stop" else None
        return None

    def _danger(self, turn: Turn) -> Iterator[Breach]:
        """Look whether a danger was answered: its flow runs, or a graver one, and its words came first."""
        event = turn.event
        concern = event.concern if isinstance(event, Answered | Commanded) else None
        if concern is None:
            return
        dangers = self.terrain.flows.globals.dangers
        which = next((one for one in dangers if (one.gate, one.tier) == (concern.gate, concern.tier)), None)
        if which is None or self._denied(turn.before, concern) or self._in_care(turn.before, which):
            return
        running = any(frame.flow == which.call for frame in turn.after.frames)
        gone = any(isinstance(effect, Forget) for effect in turn.effects)
        told = f"a {concern.tier} sign of {concern.gate!r}"
        if not running and not gone:
            yield Breach("danger", place(turn.before), f"{told} does not lead to {which.call!r}")
        elif not turn.read or turn.read[0][0].lines[0].prompt not in self.terrain.cares[which.call]:
            yield Breach(
                "danger", place(turn.before), f"{told} is not answered by the words of {which.call!r}"
            )

    def _denied(self, session: Session, concern: Concern) -> bool:
        """Tell whether a sign was a figure of speech in this visit."""
        return concern.tier == "soft" and not session.careful and concern.figure in session.denied

    def _in_care(self, session: Session, which: Danger) -> bool:
        """Tell whether the person is in the care for this danger already, or for a graver one."""
        dangers = self.terrain.flows.globals.dangers
        running = {frame.flow for frame in session.frames}
        inside = [one for one in dangers if one.call in running]
        if not inside:
            return False
        graver = dangers.index(inside[0]) <= dangers.index(which)
        return which.call in running or (graver and (inside[0].tier, which.tier) != ("soft", "hard"))


def _wants_an_answer(turn: Turn) -> bool:
    """Tell whether something is to be said.

    Not to a timer, nor to a text whose question is on its way, nor to who leaves by the quick exit.
    """
    event = turn.event
    late = isinstance(event, Answered) and event.seen is not None
    return event is not None and not late and not isinstance(event, TimerFired) and turn.after.away != 1


def place(session: Session) -> str:
    """Name where a session stands."""
    return ".".join((session.frames[-1].flow, session.frames[-1].state)) if session.frames else ""
