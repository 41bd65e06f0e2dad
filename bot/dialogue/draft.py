"""A draft: one step in the making, from a session that was to the session and effects that will be.

It is the only mutable thing of the core and lives no longer than one call of `step`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVarTuple
from zlib import crc32

from bot.dialogue.effects import Edit, Effect, Lane, Spoken, new_say, spoken
from bot.dialogue.flow import Choice, Flow, Line, Option, Setter, Slot, State, Value
from bot.dialogue.flows import Flows
from bot.dialogue.session import Frame, Moved, Past, Session, new_past, new_session
from bot.dialogue.values import clamp
from bot.errors import FlowFault

MOST_MESSAGES, MOST_PAST = 3, 8
"""How many messages one step sends, and how many answers `/back` can undo."""
MORNING, EVENING = 6, 22
"""Local hours between which it is not `night`, as flows/README.md says."""

Fields = TypeVarTuple("Fields")


class Saying:
    """Hold one message while it is put together."""

    __slots__ = ("choices", "edits", "lines", "slots")

    def __init__(self, spoken: Spoken, slots: Mapping[str, Value]) -> None:
        self.lines: tuple[Spoken, ...] = (spoken,)
        self.slots = slots
        self.choices: tuple[Choice, ...] = ()
        self.edits: Edit | None = None


class Draft:
    """Collect what one step does. Attributes named as fields of the session are the session's, to change."""

    __slots__ = (
        "_values", "arrival", "asides", "asking", "away", "careful", "denied", "ending", "ends", "flows",
        "frames", "lane", "last", "memory", "messages", "met", "noticed", "now", "nudged", "opening",
        "orders", "parked", "past", "pressed", "reminders", "said", "session", "turn", "unanswered", "visits",
        "warned",
    )  # fmt: skip

    def __init__(self, flows: Flows, session: Session, now: datetime) -> None:
        self.flows, self.session, self.now = flows, session, now
        self.turn = session.turn + 1
        self.frames = list(session.frames)
        self.memory = session.memory
        if not flows.globals.defaults.keys() <= session.memory.keys():
            self.memory = {**flows.globals.defaults, **session.memory}
        self.said, self.past, self.parked = session.said, session.past, session.parked
        self.reminders, self.pressed, self.last = session.reminders, session.pressed, session.last
        self.asides, self.careful, self.arrival = session.asides, session.careful, session.arrival
        self.visits, self.unanswered = session.visits, session.unanswered
        self.asking, self.denied = session.asking, session.denied
        self.met, self.noticed, self.nudged = session.met, session.noticed, session.nudged
        self.ends, self.ending, self.warned = session.ends, session.ending, session.warned
        self.away = session.away
        self.orders: list[tuple[Callable[..., Effect], tuple[Any, ...]]] = []
        """Effects but for their keys, which they get when the step is finished."""
        self.messages: list[Saying] = []
        self.opening: list[Spoken] = []
        """Lines to put before the first message."""
        self.lane: Lane = "reply"
        self._values: dict[str, Value] | None = None

    # --- reading -------------------------------------------------------------------------------------

    @property
    def top(self) -> Frame:
        """Return the frame whose turn it is."""
        return self.frames[-1]

    def flow(self, frame: Frame) -> Flow:
        """Return a frame's flow."""
        found = self.flows.of(frame.flow, frame.version)
        if found is None:
            raise FlowFault(f"a session stands in flow {frame.flow!r}, which does not exist")
        return found

    def state(self, frame: Frame) -> State:
        """Return the state a frame stands at."""
        try:
            return self.flow(frame).states[frame.state]
        except KeyError:
            raise FlowFault(
                f"a session stands at {frame.flow}.{frame.state}, which is no state of that flow"
            ) from None

    def values(self) -> dict[str, Value]:
        """Return every slot the topmost frame can read: its own, memory and the engine's names."""
        if self._values is None:
            values = {**self.frames[-1].slots, **self.memory} if self.frames else dict(self.memory)
            values["careful"] = self.careful > 0
            values["parked"] = bool(self.parked)
            values["first_visit"] = self.visits <= 1
            values["recurring"] = any(one.again is not None for one in self.reminders)
            values["night"] = not MORNING <= self.now.hour < EVENING
            self._values = values
        return self._values

    def slot(self, name: str) -> Slot | None:
        """Return the declaration of a slot the topmost frame can read."""
        return self.flow(self.frames[-1]).slots.get(name) or self.flows.globals.memory.get(name)

    # --- changing ------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Note that what the topmost frame can read is no longer the same."""
        self._values = None

    def change_top(self, **fields: Any) -> None:
        """Replace fields of the topmost frame."""
        self.frames[-1] = replace(self.frames[-1], **fields)
        self._values = None

    def put(self, slot: str, value: Value | None, end: int | None = None) -> None:
        """Give a slot a value, in memory or in the topmost frame; None clears it.

        `end` is when the value ends that this one was made of: it ends then too, if not before.
        """
        known = self.flows.globals.memory.get(slot)
        own = known is None
        slots = dict(self.frames[-1].slots if own else self.memory)
        if value is None:
            slots.pop(slot, None)
        else:
            slots[slot] = value
        ends = self.frames[-1].ends if own else self.ends
        end = None if value is None else self.end_of(known or self.flow(self.frames[-1]).slots.get(slot), end)
        if end is not None or slot in ends:
            ends = {**ends, slot: end} if end is not None else {k: v for k, v in ends.items() if k != slot}
        if own:
            self.frames[-1] = self.frames[-1].holding(slots, ends)
        else:
            self.memory, self.ends = slots, ends
        self._values = None

    def end_of(self, slot: Slot | None, end: int | None) -> int | None:
        """Tell when a value that is put now ends, in unix seconds, and see that we look then; None: never."""
        if slot is not None and slot.keep is not None:
            latest = int(self.now.timestamp()) + slot.keep
            end = latest if end is None else min(end, latest)
        if end is not None and (not self.ending or end < self.ending):
            self.ending = end
        return end

    def end_known(self, names: Iterable[str]) -> int | None:
        """Tell when the first of some slots of the topmost frame ends; None where none does."""
        ends = {**self.frames[-1].ends, **self.ends} if self.frames else self.ends
        return min((ends[name] for name in names if name in ends), default=None)

    def apply(self, setters: Iterable[Setter]) -> None:
        """Carry out setters, one after the other, in the topmost frame."""
        for setter in setters:
            given = setter.value if setter.expr is None else self.computed(setter, self.flow(self.top))
            self.put(setter.slot, given, self.end_given(setter))

    def end_given(self, setter: Setter) -> int | None:
        """Tell when what a setter gives ends, for it is made of what was said before."""
        return None if setter.expr is None else self.end_known(setter.expr.names)

    def computed(self, setter: Setter, flow: Flow) -> Value | None:
        """Return what a setter gives, a computed number moved within the bounds of the flow's slot."""
        if setter.expr is None:
            return setter.value
        value: Value | None = setter.expr.value(self.values())
        slot = flow.slots.get(setter.slot) or self.flows.globals.memory.get(setter.slot)
        return value if slot is None or value is None else clamp(slot, value)

    def remember(self) -> None:
        """Keep the session as it was before this step, for `/back`."""
        past = new_past(self.session.frames, self.session.memory, self.session.reminders, self.session.ends)
        self.past = (*self.past, past)[-MOST_PAST:]

    def emit(self, kind: Callable[[int, int, *Fields], Effect], *fields: *Fields) -> None:
        """Give an order by the fields after its key, which is completed when the step is finished."""
        self.orders.append((kind, fields))

    def restore(self, past: Past) -> None:
        """Stand where the session stood; its timers and reminders are still to be armed."""
        self.frames, self.memory, self.ends = list(past.frames), past.memory, past.ends
        self._values = None

    # --- saying --------------------------------------------------------------------------------------

    def spoken(self, line: Line) -> Spoken:
        """Choose the words of a line: fields filled in, and the variant that was said least recently."""
        prompt = line.prompt
        if line.fields:
            values = self.values()
            for name in line.fields:
                prompt = prompt.replace(f"{{{name}}}", str(values.get(name)))
        count = self.flows.variants.get(prompt, 1)
        if count == 1:
            return spoken(prompt)
        times = self.said.get(prompt, 0)
        self.said = {**self.said, prompt: times + 1}
        # Where to begin differs from person to person, without chance.
        return spoken(prompt, (crc32(f"{self.session.id}{prompt}".encode()) + times) % count)

    def say(self, line: Line) -> Spoken:
        """Say a line as a message of its own; past the bound it joins the last message."""
        return self.utter(self.spoken(line))

    def utter(self, spoken: Spoken) -> Spoken:
        """Say words that are chosen already."""
        if len(self.messages) >= MOST_MESSAGES:
            self.messages[-1].lines += (spoken,)
        else:
            self.messages.append(Saying(spoken, self.values()))
        return spoken

    def core_line(self, name: str) -> None:
        """Say one of the core's own lines, if globals.yaml has it."""
        line = self.flows.globals.lines.get(name)
        if line is not None:
            self.say(line)

    def offer(self, state: State) -> None:
        """Hang the options that hold now under the last message, and what is there to be changed."""
        if self.messages and state.options:
            self.messages[-1].choices = self.choices(state)
        if self.messages and state.ask is not None and state.ask.edits is not None:
            slot = self.slot(state.ask.slot)
            self.messages[-1].edits = Edit(state.ask.edits, None if slot is None else slot.max)

    def offers(self, option: Option) -> bool:
        """Tell whether an option may be chosen now."""
        return option.when is None or option.when.holds(self.values())

    def shows(self, option: Option) -> bool:
        """Tell whether an option has a button now."""
        held = option.button is None or option.button.holds(self.values())
        return held and not option.typed and self.offers(option)

    def choices(self, state: State) -> tuple[Choice, ...]:
        """Return the options of a state whose guards hold; those the last answer was near to come first."""
        near, found = self.frames[-1].near, state.choices
        if state.guarded:
            found = tuple(one for one in found if self.shows(state.options[one.index]))
        return tuple(sorted(found, key=lambda one: one.option not in near)) if near else found

    def again(self) -> None:
        """Ask the open question again, without costing a try or touching a timer."""
        if not self.frames:
            return
        state = self.state(self.top)
        if self.top.moved is not None and self.top.moved.fresh:
            self.arrive(state, self.top.moved)
        elif self.top.asked is not None:
            self.utter(self.top.asked)
        self.offer(state)

    def arrive(self, state: State, moved: Moved) -> None:
        """Ask a question that the person has not seen yet, where another version of the flow has led them."""
        if moved.say is not None:
            self.say(Line(moved.say))
        asked = None
        for line in state.say:
            asked = self.say(line)
        self.change_top(asked=asked, moved=replace(moved, fresh=False))

    # --- the end -------------------------------------------------------------------------------------

    def finish(self) -> tuple[Session, tuple[Effect, ...]]:
        """Return the session that will be and the effects, keyed in order; messages come first."""
        if self.opening and not self.messages:
            self.messages.append(Saying(self.opening.pop(), self.values()))
        if self.opening:
            self.messages[0].lines = (*self.opening, *self.messages[0].lines)
        effects: list[Effect] = []
        for said in self.messages:
            effects.append(
                new_say(self.turn, len(effects), said.lines, said.slots, said.choices, self.lane, said.edits)
            )
        for kind, fields in self.orders:
            effects.append(kind(self.turn, len(effects), *fields))
        asides = self.asides if self.frames else ()  # what was late goes with its conversation
        session = new_session(
            self.session.id, self.turn, tuple(self.frames), self.memory, self.said, self.past, self.parked,
            self.reminders, self.pressed, self.last, asides, self.careful, self.visits, self.unanswered,
            self.met, self.noticed, self.nudged, self.arrival, self.asking, self.denied, self.ends,
            self.ending, self.warned, self.away,
        )  # fmt: skip
        return session, tuple(effects)
