"""The player of `*.test.yaml`: it speaks a person's lines to the real thing and looks at what came back.

What is looked at are ids, states and outcomes, never prose, so that an edit of a text breaks no test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from bot.adapters.rehearsal_looks import Difference, Look, Looked
from bot.adapters.rehearsal_story import Miss, Told
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


@dataclass(repr=False)  # asyncio writes out what a task gave, and this is a whole conversation
class Player:
    """Play one rehearsal; `told` is what was said, `moments` what the last step brought about.

    `past` holds what every step did, `answers` what came of each thing a person said, by its place in the
    test; `rescued` tells that one could not be answered.
    `shown` holds, for each turn, the place of every option that had a button; `refused` tells that the last
    release would have stranded the person. With `to_the_end` it goes on behind what is not as expected, and
    `misses` holds it all.
    """

    content: Content
    rehearsal: Rehearsal
    open_stage: OpenStage
    judge: Judge | None = None
    told: list[Told] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    moments: list[tuple[datetime, Moment]] = field(default_factory=list)
    past: list[tuple[datetime, Moment]] = field(default_factory=list)
    answers: dict[Spot, Moment] = field(default_factory=dict)
    shown: dict[int, dict[str, int]] = field(default_factory=dict)
    rescued: bool = False
    refused: bool = False
    begun: bool = False
    number: int = 0
    to_the_end: bool = False
    misses: list[Miss] = field(default_factory=list)

    async def send(self, message: Outgoing) -> None:
        """Note what the person is shown."""
        if isinstance(message, Message):
            self.rescued = self.rescued or message.key.startswith("rescue:")
            self.buttons |= {button.token: button.label for button in message.buttons}
            self.told.append(Told("us", message.text, tuple(button.label for button in message.buttons)))

    async def play(self) -> Miss | None:
        """Return the first step that did not go as expected, or None."""
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
                break
        return self.misses[0] if self.misses else None

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
            self.told.append(Told("clock", "to JSON and back", spot=step.spot))
        elif step.doing == "release":
            self.told.append(Told("clock", f"{step.value} goes live", spot=step.spot))
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
                if step.expect and (miss := self._missed(step, await stage.session(HERE), clock.now())):
                    self.misses.append(miss)
                    if not self.to_the_end:
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
            later = f"{duration(int(step.value.total_seconds()))} later"
            self.told.append(Told("clock", later, spot=step.spot))
            await stage.advance(clock, step.value)
        elif step.doing:
            self.number += 1
            what = self._what(step, await stage.session(HERE) if step.doing == "press" else None)
            await stage.handle(Update(str(self.number), HERE, None, what))
            await stage.settle()
            if self.moments:
                self.answers[step.spot] = self.moments[0][1]

    def _what(self, step: Step, session: Session | None) -> What:
        if step.doing == "press":
            pressed = self._token(step.value, session)
            label = self.buttons.get(pressed, "")
            self.told.append(Told("press", step.value["option"], (label,), step.spot))
            return Press(pressed)
        if isinstance(step.value, dict):
            self.told.append(Told("words", step.value["text"], spot=step.spot))
            return Text(step.value["text"], step.value["turn"])
        mark = "/" if step.doing == "command" else ""
        self.told.append(Told("words", f"{mark}{step.value}", spot=step.spot))
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
        looks = (
            (name, wanted, self._sound(now) if name == "sound" else looked.at(name, wanted))
            for name, wanted in step.expect.items()
        )
        found = tuple(
            Difference(step.spots[name], name, wanted, look.found)
            for name, wanted, look in looks
            if not look.fits
        )
        return Miss(found, tuple(self.told)) if found else None

    def _sound(self, now: datetime) -> Look:
        """Tell what of all that happened should not have; it fits where all is sound."""
        if self.rescued:
            return Look(False, "an update that could not be answered")
        wrong = self.judge(self.content, self.rehearsal.flow, self.past, now) if self.judge else None
        return Look(wrong is None, wrong)
