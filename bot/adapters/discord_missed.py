"""What was written while nobody listened: Discord sends nothing again, so it is read where it stands.

A place in the journal says that everything up to it was heard. So no place moves on while what lies before
it may be unread: not before a new session knows where to read on, and not where that could not be done.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import discord

from bot.adapters.discord_faults import sorted_faults
from bot.adapters.discord_journal import Journal, Place
from bot.adapters.discord_reading import here
from bot.errors import DeliveryError, LowtideError, Unreachable
from bot.runtime.blame import describe
from bot.runtime.doors import Doors
from bot.runtime.ports import Room
from bot.runtime.room import Boundless

log = logging.getLogger(__name__)

MOST = 1_000
"""Messages of one channel that are read on."""
_READERS = 4
"""Channels that are read at the same time."""
_AGAIN = (1.0, 4.0, 16.0)
"""Seconds before a channel that could not be read is tried again."""
_PATIENCE = 5.0
"""Seconds a message waits for what came before it; somebody may be in danger."""

Take: TypeAlias = Callable[[discord.Message], Awaitable[None]]


class Missed:
    """Read on behind the places of a journal; each message goes to `take`, one person's in order."""

    def __init__(self, journal: Journal, doors: Doors, take: Take) -> None:
        self.room: Room = Boundless()
        self._journal, self._doors, self._take = journal, doors, take
        self._readers = asyncio.Semaphore(_READERS)
        self._known = asyncio.Event()
        self._known.set()
        self._behind: set[int] = set()
        self._sessions = 0

    async def places(self) -> Sequence[Place]:
        """Give the places that are kept, none where they cannot be read."""
        try:
            return await self._journal.recent()
        except LowtideError as error:
            log.error("how far channels were heard cannot be read: %s", describe(error))
            return ()

    async def note(self, place: Place) -> None:
        """Keep a place, if all before it was heard."""
        if not self._known.is_set() or place.person in self._behind:
            return
        try:
            await self._journal.note(place)
        except LowtideError as error:
            log.error("how far a channel was heard could not be kept: %s", describe(error))

    async def known(self) -> None:
        """Wait until what was missed stands before what comes now."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._known.wait()

    async def read_on(self, client: discord.Client) -> None:
        """Read every channel on in a new session; what is written now waits behind it."""
        self._sessions += 1
        mine = self._sessions
        self._known.clear()
        places = await self._whence(mine)
        reading = [asyncio.create_task(self._read(client, place)) for place in places]
        await asyncio.sleep(0)  # so that each stands at its person's door
        if mine == self._sessions:
            self._known.set()
        await asyncio.gather(*reading)

    async def _whence(self, session: int) -> Sequence[Place]:
        """Read the places, however often it takes while no later session does the same."""
        while session == self._sessions:
            try:
                return await self._journal.recent()
            except LowtideError as error:
                log.error("what was missed cannot be read yet: %s", describe(error))
                await asyncio.sleep(_AGAIN[0])
        return ()

    async def _read(self, client: discord.Client, place: Place) -> None:
        async with self._doors.through(here(place.person)):
            async with self._readers:
                found = await self._behind_place(client, place)
            if found is None:
                self._behind.add(place.person)
                return
            self._behind.discard(place.person)
            for message in found:
                await self._take(message)

    async def _behind_place(self, client: discord.Client, place: Place) -> list[discord.Message] | None:
        """Read what was written behind a place; None where it cannot be read in this session."""
        channel, after = client.get_partial_messageable(place.channel), discord.Object(place.last)
        for wait in (*_AGAIN, None):
            try:
                async with self.room.aside():
                    with sorted_faults():
                        return [m async for m in channel.history(after=after, oldest_first=True, limit=MOST)]
            except Unreachable as error:
                log.warning("a channel could not be read on: %s", describe(error))
                if wait is not None:
                    await asyncio.sleep(max(wait, error.retry_after or 0))
            except DeliveryError:  # they left, or the channel is gone
                return []
            except Exception as error:  # discord.py fails at what it does not know
                log.error("a channel cannot be read: %s", describe(error))
                break
        return None
