"""A walk: the topmost frame moves from state to state until somebody must speak or nothing is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.dialogue.effects import Count, Draw, Finish, Forget, new_arm, new_disarm
from bot.dialogue.flow import Call, Flow, State, Transition, Value
from bot.dialogue.promising import Promising
from bot.dialogue.records import MOST_LINES, added
from bot.dialogue.session import Frame, Kind
from bot.dialogue.timing import timer_due
from bot.dialogue.values import holds
from bot.errors import FlowFault

MOST_STATES, MOST_FRAMES = 25, 8
"""Bounds: states entered in one step, frames stacked."""
NO_ENDS: Mapping[str, int | None] = MappingProxyType({})
MOST_DENIED = 20
"""Figures of speech that are remembered; the oldest is asked about again."""


class Walk(Promising):
    """Move through the flows."""

    __slots__ = ()

    # --- moving --------------------------------------------------------------------------------------

    def push(
        self,
        flow_id: str,
        kind: Kind,
        slots: Mapping[str, Value],
        ends: Mapping[str, int | None] = NO_ENDS,
    ) -> str:
        """Stack a frame for a flow and return the state to begin at; `ends` is when what is given ends."""
        flow = self.flows.flows.get(flow_id)
        if flow is None:
            raise FlowFault(f"flow {flow_id!r} is called, and does not exist")
        if len(self.frames) >= MOST_FRAMES:
            raise FlowFault(f"more than {MOST_FRAMES} flows are stacked at {flow_id!r}")
        defaults = {slot.id: slot.default for slot in flow.slots.values() if slot.default is not None}
        entry = self.entry(flow)
        wrong = [name for name in slots if name in flow.slots and not holds(flow.slots[name], slots[name])]
        given = slots if not wrong else {name: slots[name] for name in slots if name not in wrong}
        end = {name: self.end_of(flow.slots.get(name), ends.get(name)) for name in given}
        kept = {name: one for name, one in end.items() if one is not None}
        new = Frame(flow_id, flow.version, entry, self.turn, kind, slots={**defaults, **given}, ends=kept)
        self.frames.append(new)
        self.changed()
        return entry

    def entry(self, flow: Flow) -> str:
        """Return where a flow begins: in the visit of a crisis the ladder rests."""
        return flow.careful if flow.careful and self.careful > 1 else flow.entry

    def choose(self, transitions: tuple[Transition, ...]) -> str:
        """Return the target of the first transition that holds."""
        for transition in transitions:
            if transition.when is None or transition.when.holds(self.values()):
                return transition.to
        raise FlowFault(f"no way out of {self.top.flow}.{self.top.state} holds; give the list an `else`")

    def go(self, target: str | None) -> None:
        """Move on to a target, and on from there, until somebody must speak or the stack is empty."""
        self.disarm(self.frames[-1])
        for _ in range(MOST_STATES + 1):
            if target is None:
                return
            state = self.flow(self.frames[-1]).states.get(target)
            target = self.leave(target) if state is None else self.enter(state)
        raise FlowFault(f"more than {MOST_STATES} states in one step, at {self.top.flow}.{self.top.state}")

    def enter(self, state: State) -> str | None:
        """Do what a state does and return the next target, or None when it waits."""
        if state.marks:
            self.mark(state)
        if state.set:
            self.apply(state.set)
        asked = None
        for line in state.say:
            asked = self.say(line)
        for remind in state.remind:
            self.remind(remind)
        self.frames[-1] = frame = self.frames[-1].at(state.id, self.turn, asked, state.ids)
        if state.waits:
            if state.first is not None:
                self.change_top(near=(str(self.values().get(state.first)),))
                frame = self.top
            self.offer(state)
            self.arm(frame, state)
            return None
        if state.call is not None:
            return self.call(state.call)
        return state.end if state.end is not None else self.choose(state.goto)

    def mark(self, state: State) -> None:
        """Carry out what a state does to the whole session."""
        if state.careful:
            self.careful = 2
            self.changed()
        if state.careful or state.cancel is True:
            self.cancel_reminders()
        elif state.cancel:
            self.cancel_reminders(state.cancel)
        if state.no_back:
            self.past = ()
        self.note(state)
        if state.forget:
            self.forget()

    def note(self, state: State) -> None:
        """Count what happened for everybody together, note it for the person, draw what was noted."""
        if state.count:
            self.emit(Count, state.count)
        if state.record is not None:
            slot = self.flows.globals.memory[state.record.into]
            lines = self.memory.get(slot.id, ())
            kept = lines if isinstance(lines, tuple) else ()
            most = slot.max or MOST_LINES
            self.put(slot.id, added(kept, state.record, self.values(), self.now.date(), most))
        if state.picture:
            self.emit(Draw, state.picture)

    def forget(self) -> None:
        """Let go of everything that is known of the person; the rows go with the effect."""
        self.cancel_reminders()
        self.memory, self.said, self.past, self.parked = {}, {}, (), ()
        self.asides, self.last, self.pressed, self.asking, self.denied = (), None, None, "", ()
        self.careful, self.visits, self.met, self.noticed, self.nudged, self.unanswered = 0, 0, 0, 0, 0, 0
        self.ends, self.ending, self.warned, self.away = {}, 0, 0, 0
        # Nothing below is gone back to: the farewell is all that is left to say.
        self.frames = [replace(one, kind="root", slots={}, ends={}) for one in self.frames[-1:]]
        self.changed()
        self.emit(Forget)

    def arm(self, frame: Frame, state: State) -> None:
        """Arm the timers of the state a frame waits at."""
        for timer in state.timers:
            due = timer_due(timer, frame.slots, self.memory, self.now)
            if due is not None:
                self.emit(new_arm, timer.id, frame.since, due)

    def stand_again(self, live: frozenset[int] = frozenset()) -> None:
        """Take up a restored stack: the open wait begins anew, and what is not `live` is armed again."""
        self.change_top(since=self.turn, tries=0, overdue=())
        for frame in self.frames:
            if frame.since not in live:
                self.arm(frame, self.state(frame))
        self.again()

    def disarm(self, frame: Frame) -> None:
        """Drop the timers of the wait a frame leaves."""
        if self.state(frame).timers and frame.since < self.turn:
            self.emit(new_disarm, frame.since, None)

    def forget_waits(self) -> None:
        """Take back the timers of waits that began in this very step: nobody was ever asked there."""
        self.orders = [
            (kind, fields) for kind, fields in self.orders if kind is not new_arm or fields[1] != self.turn
        ]

    def call(self, call: Call) -> str:
        """Begin a called flow and return its entry."""
        flow = self.flows.flows.get(call.flow)
        given = {} if flow is None else {give.slot: self.computed(give, flow) for give in call.give}
        ends = {give.slot: self.end_given(give) for give in call.give}
        return self.push(
            call.flow, "call", {slot: value for slot, value in given.items() if value is not None}, ends
        )

    def leave(self, outcome: str) -> str | None:
        """End the topmost flow and return where its caller goes on."""
        done = self.frames.pop()
        self.changed()
        self.settle(done.flow, outcome)
        if outcome not in self.flows.globals.resume and self.lets_go(done.flow):
            self.parked = ()
        if done.kind == "call" and self.frames:
            return self.returned(done, outcome)
        if done.kind == "interrupt" and self.frames:
            self.come_back()
        else:
            self.emit(Finish, done.flow, outcome)
            if outcome in self.flows.globals.resume:
                self.resume()
        return None

    def returned(self, done: Frame, outcome: str) -> str:
        """Take a called flow's slots and return the target for its outcome."""
        call = self.state(self.top).call
        if call is None or outcome not in call.returns:
            raise FlowFault(
                f"{self.top.flow}.{self.top.state} does not handle outcome {outcome!r} of {done.flow}"
            )
        for ours, theirs in call.take:
            self.put(ours, done.slots.get(theirs), done.ends.get(theirs))
        return call.returns[outcome]

    def come_back(self) -> None:
        """Go on after an interrupt: with a timer that fired meanwhile, or with the same question."""
        frame = self.top
        timers = {timer.id: timer for timer in self.state(frame).timers}
        lapse = next((timers[late].to for late in frame.overdue if timers[late].to), None)
        self.change_top(overdue=())
        if lapse is None:
            self.again()
        else:
            self.go(lapse)

    # --- parking -------------------------------------------------------------------------------------

    def drop_timers(self, live: frozenset[int] = frozenset()) -> None:
        """Disarm what the whole stack has armed, but for the waits entered at `live` turns."""
        for frame in self.frames:
            if frame.since not in live:
                self.disarm(frame)

    def park(self) -> None:
        """Set the conversation aside for something more urgent."""
        self.drop_timers()
        # Who is only asked at the door whether to take up what is parked has begun nothing that outdates it.
        at_the_door = len(self.frames) == 1 and self.top.flow == self.flows.globals.start
        if self.frames and not (self.parked and at_the_door):
            self.parked = tuple(self.frames)
        self.frames = []
        self.changed()

    def cut(self, depth: int) -> None:
        """Let go of the frames from a depth on."""
        self.drop_timers(frozenset(frame.since for frame in self.frames[:depth]))
        del self.frames[depth:]
        self.changed()

    def settle(self, flow: str, outcome: str) -> None:
        """Remember a sign of danger as a figure of speech, when the question about it ends with that."""
        soft = any(danger.call == flow and danger.tier == "soft" for danger in self.flows.globals.dangers)
        if soft and self.asking:
            if outcome in self.flows.globals.resume and not self.careful:
                self.denied = (*self.denied, self.asking)[-MOST_DENIED:]
            self.asking = ""

    def lets_go(self, flow: str) -> bool:
        """Tell whether a flow answers a danger after which nothing parked is kept."""
        return any(danger.call == flow and not danger.keep for danger in self.flows.globals.dangers)

    def resume(self) -> None:
        """Stand where the parked conversation stood and ask its question again."""
        if not self.parked:
            return
        # What led here is not gone back to: the offer to go on there would have nothing left to offer.
        self.frames, self.parked, self.past = list(self.parked), (), ()
        self.changed()
        rests = self.rest()
        if rests is not None:
            self.go(rests)
            return
        self.stand_again()

    def rest(self) -> str | None:
        """Unwind to the outermost flow that has a careful state, when the session asks for care."""
        if self.careful > 1:
            for depth, frame in enumerate(self.frames):
                careful = self.flow(frame).careful
                if careful is not None:
                    del self.frames[depth + 1 :]
                    return careful
        return None
