"""The player of `*.test.yaml`: it speaks a person's lines to the real thing and looks at what came back.

What is looked at are ids, states and outcomes, never prose, so that an edit of a text breaks no test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias

from bot.content.faults import Spot
from bot.content.filters import duration
from bot.content.rehearsals import Rehearsal, Step
from bot.dialogue.effects import Finish, Say
from bot.dialogue.events import TimerFired
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Address, Command, Message, Outgoing, Press, Text, Update, What, token
from bot.runtime.ports import Adapter, Moment, Witness

HERE = Address("rehearsal", "person")


class Stage(Protocol):
    """What the player needs of the running whole."""

    async def handle(self, update: Update) -> object:
        """Take an update."""

    async def begin(self, address: Address, flow: str, slots: Mapping[str, Any]) -> None:
        """Begin a flow."""

    async def settle(self) -> None:
        """Wait until everything due was done."""

    async def advance(self, clock: VirtualClock, by: timedelta) -> None:
        """Turn the clock."""

    async def session(self, address: Address) -> Session | None:
        """Read where the person stands."""


OpenStage: TypeAlias = Callable[[Adapter, VirtualClock, Witness], AbstractAsyncContextManager[Stage]]
"""Set the stage over the same store each time it is called."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Say what was expected, where, and what was there instead; `story` is the conversation up to it."""

    spot: Spot
    message: str
    story: tuple[str, ...]

    def __str__(self) -> str:
        """Write it as `file:line:col message`, the conversation indented under it."""
        return "\n".join((f"{self.spot} {self.message}", *(f"    {line}" for line in self.story)))


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one thing that was said or done: `by` a person's words or press, by us, or by the clock.

    `words` are in our markup where we speak; a press holds the option's id, and its label as `labels`.
    """

    by: Literal["words", "press", "us", "clock"]
    words: str
    labels: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Write it for an author, what we say indented."""
        if self.by == "us":
            shown = [f"  {line}" for line in self.words.split("\n")]
            return [*shown, f"  [{' · '.join(self.labels)}]"] if self.labels else shown
        mark = "·" if self.by == "clock" else ">"
        return [f"{mark} [{self.words}]" if self.by == "press" else f"{mark} {self.words}"]


@dataclass
class Player:
    """Play one rehearsal; `told` is what was said, `moments` what the last step brought about."""

    flows: Flows
    rehearsal: Rehearsal
    open_stage: OpenStage
    told: list[Told] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    moments: list[tuple[datetime, Moment]] = field(default_factory=list)
    number: int = 0

    async def send(self, message: Outgoing) -> None:
        """Note what the person is shown."""
        if isinstance(message, Message):
            self.buttons |= {button.token: button.label for button in message.buttons}
            self.told.append(Told("us", message.text, tuple(button.label for button in message.buttons)))

    @property
    def story(self) -> tuple[str, ...]:
        """Return what was said so far, line by line."""
        return tuple(line for told in self.told for line in told.lines())

    async def play(self) -> Miss | None:
        """Return the first expectation that was not met, or None."""
        clock = VirtualClock(self.rehearsal.now)

        def witness(moment: Moment) -> None:
            self.moments.append((clock.now(), moment))

        done, steps = 0, self.rehearsal.steps
        while done < len(steps):
            async with self.open_stage(self, clock, witness) as stage:
                if not done:
                    await stage.begin(HERE, self.rehearsal.flow, self.rehearsal.slots)
                    await stage.settle()
                for step in steps[done:]:
                    done += 1
                    if step.doing == "reload":
                        self.told.append(Told("clock", "to JSON and back"))
                    else:
                        await self._do(stage, clock, step)
                    miss = self._missed(step, await stage.session(HERE))
                    if miss:
                        return miss
                    if step.doing == "reload":
                        break  # the stage is set anew over the same store
        return None

    async def _do(self, stage: Stage, clock: VirtualClock, step: Step) -> None:
        if step.doing:
            self.moments.clear()
        if step.doing == "advance":
            self.told.append(Told("clock", f"{duration(int(step.value.total_seconds()))} later"))
            await stage.advance(clock, step.value)
        elif step.doing:
            self.number += 1
            what = self._what(step, await stage.session(HERE))
            await stage.handle(Update(str(self.number), HERE, None, what))
            await stage.settle()

    def _what(self, step: Step, session: Session | None) -> What:
        if step.doing == "press":
            pressed = self._token(step.value, session)
            self.told.append(Told("press", step.value["option"], (self.buttons.get(pressed, ""),)))
            return Press(pressed)
        self.told.append(Told("words", f"{'/' if step.doing == 'command' else ''}{step.value}"))
        if step.doing == "command":
            name, _, words = step.value.partition(" ")
            return Command(name, words)
        return Text(step.value)

    def _token(self, press: Mapping[str, Any], session: Session | None) -> str:
        """Find the button: at the turn that is named, or of the open question."""
        turn = press.get("turn", session.turn if session else 0)
        frames = session.frames if session else ()
        state = self.flows.flows[frames[-1].flow].states[frames[-1].state] if frames else None
        ids = [option.id for option in state.options] if state else []
        index = ids.index(press["option"]) if press["option"] in ids else 99
        return token(turn, index)

    def _missed(self, step: Step, session: Session | None) -> Miss | None:
        """Hold a step's expectations against what is there."""
        looked = Looked(self.flows, session or Session("nobody"), self.moments)
        for name, wanted in step.expect.items():
            found = looked.at(name, wanted)
            if found is not None:
                spot = step.spots[name]
                return Miss(spot, f"expected {name} {wanted!r}, found {found}", self.story)
        return None


@dataclass(frozen=True, slots=True)
class Looked:
    """Look at where a conversation stands; each look returns None if it is as wanted, else what it is."""

    flows: Flows
    session: Session
    moments: list[tuple[datetime, Moment]]

    def at(self, name: str, wanted: Any) -> str | None:
        """Hold one expectation."""
        if name == "slots":
            return self._slots(wanted)
        if name in {"said", "not_said"}:
            return self._said(wanted, name == "said")
        looks: dict[str, Callable[[], object]] = {
            "state": self._state,
            "tries": lambda: self.session.frames[-1].tries if self.session.frames else 0,
            "timer": lambda: next(self._timers(), (None, None))[1],
            "at": lambda: next(self._timers(), (None, None))[0],
            "stale": lambda: self._stale() is not None,
            "outcome": self._outcome,
            "options": self._options,
            "parked": lambda: bool(self.session.parked),
            "careful": lambda: self.session.careful > 0,
        }
        found = looks[name]()
        meant = datetime.fromisoformat(wanted) if name == "at" else wanted
        return None if found == meant else repr(found)

    def _state(self) -> str:
        top = self.session.frames[-1] if self.session.frames else None
        return f"{top.flow}.{top.state}" if top else ""

    def _says(self) -> Iterator[Say]:
        for _, moment in self.moments:
            yield from (effect for effect in moment.effects if isinstance(effect, Say))

    def _slots(self, wanted: Mapping[str, Any]) -> str | None:
        own = self.session.frames[-1].slots if self.session.frames else {}
        kept = {**self.session.memory, **own}
        found = {name: kept.get(name) for name in wanted}
        alike = {name: tuple(one) if isinstance(one, list) else one for name, one in wanted.items()}
        return None if found == alike else repr(found)

    def _said(self, wanted: Any, should: bool) -> str | None:
        heard = [line.prompt for say in self._says() for line in say.lines]
        names = wanted if isinstance(wanted, list) else [wanted]
        return None if all((name in heard) is should for name in names) else repr(heard)

    def _timers(self) -> Iterator[tuple[datetime, str]]:
        """Yield what fired: when, and the timer, or the flow a reminder began."""
        for when, moment in self.moments:
            if isinstance(moment.event, TimerFired):
                for due in moment.event.due:
                    yield when, due.timer.split(":")[1] if due.timer.startswith("remind:") else due.timer

    def _stale(self) -> Say | None:
        line = self.flows.globals.lines.get("stale")
        prompts = {line.prompt} if line else set()
        return next((say for say in self._says() if say.lines[0].prompt in prompts), None)

    def _outcome(self) -> str | None:
        ends = [
            one.outcome for _, moment in self.moments for one in moment.effects if isinstance(one, Finish)
        ]
        return ends[-1] if ends else None

    def _options(self) -> list[str]:
        says = [say for say in self._says() if say.choices]
        return [choice.option for choice in says[-1].choices] if says else []
