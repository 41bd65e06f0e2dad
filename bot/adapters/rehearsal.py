"""The player of `*.test.yaml`: it speaks a person's lines to the real thing and looks at what came back.

What is looked at are ids, states and outcomes, never prose, so that an edit of a text breaks no test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from bot.adapters.rehearsal_looks import Looked
from bot.content.faults import Spot
from bot.content.filters import duration
from bot.content.library import Content, with_flow
from bot.content.rehearsals import Rehearsal, Step
from bot.dialogue.effects import Say
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.errors import Stranded
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


OpenStage: TypeAlias = Callable[[Content, Adapter, VirtualClock, Witness], AbstractAsyncContextManager[Stage]]
"""Set the stage over the same store each time it is called."""
Judge: TypeAlias = Callable[[Content, str, Sequence[tuple[datetime, Moment]], datetime], str | None]
"""Tell what is not sound in what a person went through since they began a flow, None where all is."""
AGAIN = ("reload", "release")
"""Steps after which the stage is set anew."""


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
    """Play one rehearsal; `told` is what was said, `moments` what the last step brought about.

    `past` holds what every step did, `rescued` tells that one could not be answered.
    `shown` holds, for each turn, the place of every option that had a button; `refused` tells that the last
    release would have stranded the person.
    """

    content: Content
    rehearsal: Rehearsal
    open_stage: OpenStage
    judge: Judge | None = None
    told: list[Told] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    moments: list[tuple[datetime, Moment]] = field(default_factory=list)
    past: list[tuple[datetime, Moment]] = field(default_factory=list)
    shown: dict[int, dict[str, int]] = field(default_factory=dict)
    rescued: bool = False
    refused: bool = False
    begun: bool = False
    number: int = 0

    async def send(self, message: Outgoing) -> None:
        """Note what the person is shown."""
        if isinstance(message, Message):
            self.rescued = self.rescued or message.key.startswith("rescue:")
            self.buttons |= {button.token: button.label for button in message.buttons}
            self.told.append(Told("us", message.text, tuple(button.label for button in message.buttons)))

    @property
    def story(self) -> tuple[str, ...]:
        """Return what was said so far, line by line."""
        return tuple(line for told in self.told for line in told.lines())

    async def play(self) -> Miss | None:
        """Return the first expectation that was not met, or None."""
        clock = VirtualClock(self.rehearsal.now)
        for act in self._acts():
            before = self.content
            self._change(act[0])
            try:
                miss = await self._act(clock, act)
            except Stranded:
                self.refused, self.content = True, before
                miss = await self._act(clock, act)
            if miss:
                return miss
        return None

    def _acts(self) -> Iterator[tuple[Step, ...]]:
        """Part the steps where the stage is set anew over the same store."""
        act: list[Step] = []
        for step in self.rehearsal.steps:
            if act and step.doing in AGAIN:
                yield tuple(act)
                act = []
            act.append(step)
        yield tuple(act)

    def _change(self, step: Step) -> None:
        """Change what is to be changed before the stage is set."""
        if step.doing == "reload":
            self.told.append(Told("clock", "to JSON and back"))
        elif step.doing == "release":
            self.told.append(Told("clock", f"{step.value} goes live"))
            self.content, self.refused = (
                with_flow(self.content, Path(step.spot.file).parent / step.value),
                False,
            )

    async def _act(self, clock: VirtualClock, act: tuple[Step, ...]) -> Miss | None:
        def witness(moment: Moment) -> None:
            self._note(clock.now(), moment)

        async with self.open_stage(self.content, self, clock, witness) as stage:
            if not self.begun:
                self.begun = True
                await stage.begin(HERE, self.rehearsal.flow, self.rehearsal.slots)
                await stage.settle()
            for step in act:
                await self._do(stage, clock, step)
                if miss := self._missed(step, await stage.session(HERE), clock.now()):
                    return miss
        return None

    def _note(self, now: datetime, moment: Moment) -> None:
        self.moments.append((now, moment))
        self.past.append((now, moment))
        for say in moment.effects:
            if isinstance(say, Say):
                self.shown[say.turn] = {choice.option: choice.index for choice in say.choices}

    async def _do(self, stage: Stage, clock: VirtualClock, step: Step) -> None:
        if step.doing in AGAIN:
            return
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
        if isinstance(step.value, dict):
            self.told.append(Told("words", step.value["text"]))
            return Text(step.value["text"], step.value["turn"])
        self.told.append(Told("words", f"{'/' if step.doing == 'command' else ''}{step.value}"))
        if step.doing == "command":
            name, _, words = step.value.partition(" ")
            return Command(name, words)
        return Text(step.value)

    def _token(self, press: Mapping[str, Any], session: Session | None) -> str:
        """Find the button: at the turn that is named, or of the open question."""
        turn = press.get("turn", session.turn if session else 0)
        shown = self.shown.get(turn, {})
        frames = session.frames if session else ()
        state = self.flows.flows[frames[-1].flow].states[frames[-1].state] if frames else None
        ids = {option: index for index, option in enumerate(state.ids)} if state else {}
        return token(turn, shown.get(press["option"], ids.get(press["option"], 99)))

    @property
    def flows(self) -> Flows:
        """Return the flows as they are now."""
        return self.content.flows

    def _missed(self, step: Step, session: Session | None, now: datetime) -> Miss | None:
        """Hold a step's expectations against what is there."""
        there, gone = session or Session("nobody"), session is None
        looked = Looked(self.flows, there, self.moments, self.refused, gone)
        for name, wanted in step.expect.items():
            found = self._unsound(now) if name == "sound" else looked.at(name, wanted)
            if found is not None:
                spot = step.spots[name]
                return Miss(spot, f"expected {name} {wanted!r}, found {found}", self.story)
        return None

    def _unsound(self, now: datetime) -> str | None:
        """Tell what of all that happened should not have; None where all is sound."""
        if self.rescued:
            return "an update that could not be answered"
        return self.judge(self.content, self.rehearsal.flow, self.past, now) if self.judge else None
