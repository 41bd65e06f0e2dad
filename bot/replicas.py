"""Several `lowtide run` on one PostgreSQL: who polls, who sends and who nudges, and who takes over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Protocol

from bot.app import App
from bot.errors import OperatorError, SettingsError
from bot.runtime.blame import describe
from bot.runtime.claiming import LOOK, Claiming, Fence
from bot.runtime.leases import NUDGER, Duties, Duty
from bot.runtime.nudger import Nudger
from bot.runtime.ports import Adapter
from bot.runtime.releasing import versions
from bot.runtime.standing import release_of
from bot.storage.postgres import PostgresStore

log = logging.getLogger(__name__)


class Lasting(Protocol):
    """Last, as a platform does, until it can never be served again."""

    async def ended(self) -> None:
        """Wait; raise an `OperatorError` once this platform can never be served, whatever is tried."""


class Door(Adapter, Lasting, Protocol):
    """Speak for one platform that takes updates by itself."""

    @property
    def opened(self) -> bool:
        """Tell whether updates can come in now."""

    async def start(self) -> None:
        """Begin to take updates."""

    async def stop(self) -> None:
        """Take no more, and let go."""


class Replica:
    """Be one of several: `alone` names the platforms that only one replica may hear, by polling or a gateway.

    `fences` stand before the platforms; the app speaks through them. Where other flows go live it gives all
    back and takes nothing, until these are live again or somebody ends it: then it is `retired`.
    """

    def __init__(self, store: PostgresStore, platforms: Mapping[str, Door], alone: Collection[str]) -> None:
        self._store = store
        self._platforms = platforms
        self._alone = frozenset(alone)
        self.fences = {name: Fence(platform, Proof(store, name)) for name, platform in platforms.items()}
        self.lone_shifts = {name: LoneShift(platforms[name]) for name in platforms if name in self._alone}
        self.retired = False
        self._duties: Duties | None = None
        self._released = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    def hears(self, platform: str) -> bool:
        """Tell whether a platform is heard by every replica, whoever sends."""
        return platform not in self._alone

    def duties(self) -> Mapping[str, bool]:
        """Tell of everything there can be only one of whether it is ours to do now."""
        names = (*self._platforms, NUDGER)
        return {name: self._store.leases.epoch(name) is not None for name in names}

    async def start(self, app: App) -> None:
        """Begin to try for what there can be only one of."""
        claims = {
            name: Claiming(name, self._store, app.courier, self.fences[name]) for name in self._platforms
        }
        shifts: dict[str, Duty] = {**claims}
        for name, lone in self.lone_shifts.items():
            lone.claiming = claims[name]
            shifts[name] = lone
        wakes = {name: claiming.wake for name, claiming in claims.items()} | {NUDGER: app.nudger.wake}
        self._store.news.heard = lambda name: wakes[name]() if name in wakes else None
        self._store.news.released = self._released.set
        self._store.release = release_of(versions(app.conversations.flows))
        shifts[NUDGER] = Watch(app.nudger)
        self._duties = Duties(self._store.leases, shifts)
        await self._duties.start()
        self._watching = asyncio.create_task(self._watch(self._duties), name="lowtide-releases")

    async def stop(self) -> None:
        """Give everything to the others."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._duties:
            await self._duties.stop()

    async def _watch(self, duties: Duties) -> None:
        """Retire when other flows go live, and come back when ours do."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._released.wait()
            self._released.clear()
            try:
                if await self._store.superseded() != self.retired:
                    await (self._come_back(duties) if self.retired else self._retire(duties))
            except Exception as error:  # what is committed asks the database anyway
                log.warning("nobody knows which flows are live: %s", describe(error))

    async def _retire(self, duties: Duties) -> None:
        log.warning("other flows are live: this replica takes nothing any more; start it again with them")
        self.retired = True
        await duties.stop()

    async def _come_back(self, duties: Duties) -> None:
        log.warning("our flows are live again: this replica goes on")
        await duties.start()
        self.retired = False


class Proof:
    """Tell whether a lease is proven to be ours."""

    def __init__(self, store: PostgresStore, name: str) -> None:
        self._store = store
        self._name = name

    def __call__(self) -> bool:
        """Tell it as of this moment."""
        return self._store.leases.epoch(self._name) is not None


class LoneShift:
    """Hear one platform, where only one replica may, besides sending what is claimed for it."""

    def __init__(self, door: Door) -> None:
        self.claiming: Claiming | None = None
        self._door = door
        self._watching: asyncio.Task[None] | None = None
        self._fault: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def begin(self, epoch: int) -> None:
        """Open the door, then begin to claim."""
        try:
            await self._door.start()
        except SettingsError as error:
            self._fail(error)
            raise
        self._watching = asyncio.create_task(self._watch())
        if self.claiming:
            await self.claiming.begin(epoch)

    async def end(self) -> None:
        """Send no more, then close the door."""
        if self.claiming:
            await self.claiming.end()
        if self._watching:
            self._watching.cancel()
        await self._door.stop()

    async def ended(self) -> None:
        """Wait; raise an `OperatorError` once this platform can never be served: a closed door is no end."""
        await asyncio.shield(self._fault)

    async def _watch(self) -> None:
        try:
            await self._door.ended()
        except OperatorError as error:
            self._fail(error)

    def _fail(self, error: OperatorError) -> None:
        if not self._fault.done():
            self._fault.set_exception(error)


class Watch:
    """Watch the timers while that is ours to do."""

    def __init__(self, nudger: Nudger) -> None:
        self._nudger = nudger

    async def begin(self, epoch: int) -> None:
        """Begin to watch."""
        del epoch
        await self._nudger.start()

    async def end(self) -> None:
        """Watch no more."""
        await self._nudger.stop()
