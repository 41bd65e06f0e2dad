"""People who go step by step through a flow of two versions, whichever replica takes what they say.

Each step has a number of its own: what was lost, answered twice or out of order shows in what they read.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout

from bot.settings import Settings
from tests.adapters.telegram_server import TelegramServer
from tests.replicas.crowd import PATIENCE, taken
from tests.runtime.little import little_world

_STEP = re.compile(r"Step ([0-9]+), version ([0-9]+)\.")


def names(version: int) -> tuple[str, ...]:
    """Return what the three steps of the circle are called in a version."""
    return tuple(f"{name}_{version}" for name in ("low", "middle", "high"))


def settled(folder: Path, version: int) -> Settings:
    """Write the flows of a version; each has other names for the same places."""
    little_world(folder)
    here = names(version)
    circle = "".join(
        f"""
  {name}:
    set: {{step: {{expr: "step + 1"}}}}
    say: little/step
    options:
      - {{id: on, label: little/go, to: {here[(place + 1) % 3]}}}
      - {{id: off, label: little/unsaid, to: planned}}
    other: {{reprompt: [little/again], max_tries: 3, give_up: lapsed}}
    timers: [{{id: lapse, after: 72h, to: lapsed}}]"""
        for place, name in enumerate(here)
    )
    migrate = f"migrate: [{', '.join(map(_moved, range(1, version)))}]\n" if version > 1 else ""
    (folder / "flows/little.yaml").write_text(f"""
schema: flow/1
flow: little
version: {version}
entry: {here[0]}
outcomes: [planned, lapsed]
slots: {{step: {{type: int, min: 0, max: 100000, default: 0}}}}
{migrate}states:{circle}
""")
    (folder / "prompts/en/little/step.j2").write_text(f"Step {{{{ step }}}}, version {version}.")
    return Settings(folder.parent / "l.db", folder / "flows", folder / "prompts")


def _moved(version: int) -> str:
    """Say where everybody goes from a version."""
    pairs = zip(names(version), names(version + 1), strict=True)
    return f"{{from: {version}, states: {{{', '.join(f'{old}: {new}' for old, new in pairs)}}}}}"


def house(settings: Settings) -> Mapping[str, str]:
    """Return the variables that let a replica run these flows."""
    return {"LOWTIDE_FLOWS": str(settings.flows), "LOWTIDE_PROMPTS": str(settings.prompts)}


@dataclass
class Climbers:
    """Let `chats` go on and on; those who are `still` wait where they are until they are woken."""

    server: TelegramServer
    chats: Sequence[int]
    ports: Sequence[int]
    still: dict[int, int] = field(default_factory=dict)
    said: Counter[int] = field(default_factory=Counter)
    over: bool = False
    longest: float = 0.0
    """Seconds that the slowest answer took."""
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    @asynccontextmanager
    async def climbing(self) -> AsyncIterator[None]:
        """Let everybody go on until the end of the block; then each has read every answer."""
        async with ClientSession(timeout=ClientTimeout(10)) as session:
            await asyncio.gather(*(self._begin(session, chat) for chat in (*self.chats, *self.still)))
            tasks = [asyncio.create_task(self._climb(session, chat)) for chat in self.chats]
            try:
                yield
                self.over = True
                await asyncio.gather(*tasks)
                await asyncio.gather(*(self.go_on(session, chat) for chat in self.still))
            finally:
                for task in tasks:
                    task.cancel()

    async def _begin(self, session: ClientSession, chat: int) -> None:
        self.server.say(chat, "hello")
        await self._bring(session, chat)
        for _ in range(self.still.get(chat, 0)):
            await self.go_on(session, chat)

    async def _climb(self, session: ClientSession, chat: int) -> None:
        while not self.over:
            await self.go_on(session, chat)

    async def go_on(self, session: ClientSession, chat: int) -> None:
        """Press the first button of what was shown last; whoever writes so fast would write too early."""
        self.server.press_first(chat)
        await self._bring(session, chat)

    async def _bring(self, session: ClientSession, chat: int) -> None:
        """Bring an update to replicas until one takes it, and wait for the answer."""
        update = self.server.updates.pop()
        self.said[chat] += 1
        start = time.monotonic()
        while not await taken(session, self.chance.choice(self.ports), update):  # noqa: ASYNC110  as Telegram
            await asyncio.sleep(0.05)
        await self.server.until(lambda: self.said[chat] in self.read(chat, 2), PATIENCE)
        self.longest = max(self.longest, time.monotonic() - start)

    def read(self, chat: int, last: int = 0) -> list[int]:
        """Return the numbers of the (`last`) steps somebody was shown, and -1 for anything else."""
        found = (_STEP.match(message["text"]) for message in self.server.shown(chat)[-last:])
        return [int(one[1]) if one else -1 for one in found]

    def wrong(self) -> list[str]:
        """Name everybody who was not answered exactly once to everything they said, in order."""
        return [
            f"{chat}: said {said}, read {self.read(chat)}"
            for chat, said in self.said.items()
            if self.read(chat) != list(range(1, said + 1))
        ]

    def version(self, chat: int) -> int:
        """Tell of which version the last is that somebody was shown."""
        found = _STEP.match(self.server.shown(chat)[-1]["text"])
        return int(found[2]) if found else 0

    def all_in(self, version: int) -> bool:
        """Tell whether everybody who goes on is answered by a version."""
        return all(self.version(chat) == version for chat in self.chats)
