"""Who keeps the line to Discord: a client that broke is replaced, one that went deaf is noticed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from time import perf_counter
from types import MappingProxyType
from typing import NoReturn

import discord
from discord.gateway import KeepAliveHandler

from bot.errors import SettingsError
from bot.runtime.blame import describe

log = logging.getLogger(__name__)

_LONG = 60.0
"""Seconds a client must have lived for its end to count as a first one."""
_UNKNOWN = (
    "LOWTIDE_DISCORD_TOKEN is not known to Discord; make a new one at discord.com/developers"
    " (Bot, Reset Token)"
)
_SHARDS = "LOWTIDE_DISCORD_SHARDS is a number Discord does not take; unset it, and Discord chooses"
_FATAL: Mapping[int, str] = MappingProxyType({4004: _UNKNOWN, 4010: _SHARDS, 4011: _SHARDS})
"""Codes with which Discord closes a line that will never stand, and what mends it."""


class Line:
    """Keep a client listening. `patience` is how many seconds a line may be down, or a resume unanswered.

    `waits` are the least and most seconds between two clients. `tried` is set once the first one stood, or
    did not.
    """

    def __init__(
        self,
        make: Callable[[], discord.Client],
        token: str,
        patience: float = 45.0,
        waits: tuple[float, float] = (0.5, 60.0),
    ) -> None:
        self.client: discord.Client | None = None
        self.tried = asyncio.Event()
        self._make = make
        self._token = token
        self._patience = patience
        self._waits = waits
        self._down: dict[int, float] = {}

    @property
    def stands(self) -> bool:
        """Tell whether there is a client, and every one of its lines is up."""
        return self.client is not None and not self._down

    def note(self, shard: int, up: bool) -> None:
        """Note that a shard's session goes on, or that its line is gone."""
        if up:
            self._down.pop(shard, None)
        else:
            self._down.setdefault(shard, asyncio.get_running_loop().time())

    async def run(self) -> NoReturn:
        """Keep one client after another until cancelled.

        Raises:
            SettingsError: Discord will never take what the operator set.
        """
        least, most = self._waits
        wait, clock = least, asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                await self._once()
                log.warning("the line to Discord ended; a new one is made")
            except Exception as error:
                if mend := _mend(error):
                    raise SettingsError([mend]) from None
                log.warning("the line to Discord broke, a new one is made: %s", describe(error))
            self.tried.set()
            wait = least if clock() - began > _LONG else wait
            await asyncio.sleep(wait)
            wait = min(wait * 2, most)

    async def _once(self) -> None:
        """Log in and listen until the client breaks or goes deaf."""
        self._down = {0: asyncio.get_running_loop().time()}
        client = self._make()
        try:
            async with asyncio.timeout(self._patience):
                await client.login(self._token)
            self.client = client
            self.tried.set()
            await self._listen(client)
        finally:
            self.client = None
            with contextlib.suppress(Exception):  # what broke may be too broken to be closed in order
                await client.close()
            _hush()

    async def _listen(self, client: discord.Client) -> None:
        listening = asyncio.create_task(client.connect(), name="lowtide-discord")
        try:
            while not listening.done() and not self._deaf() and not self._unanswered(client):
                await asyncio.wait({listening}, timeout=min(1.0, self._patience / 4))
            if listening.done():
                listening.result()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    def _deaf(self) -> bool:
        """Tell whether a line has been down for too long, whatever discord.py believes."""
        now = asyncio.get_running_loop().time()
        return any(now - since > self._patience for since in self._down.values())

    def _unanswered(self, client: discord.Client) -> bool:
        """Tell whether a heartbeat was not answered: discord.py looks again after a minute without a word."""
        grace = self._patience / 3
        return any(beat._last_ack + (beat.interval or 0) + grace < perf_counter() for beat in _beats(client))


def _beats(client: discord.Client) -> list[KeepAliveHandler]:
    """Return what keeps the lines of a client alive; discord.py shows it to nobody."""
    threads = (one for one in threading.enumerate() if isinstance(one, KeepAliveHandler))
    return [one for one in threads if one.ws._connection is client._connection]


def _hush() -> None:
    """End the heartbeats of lines that are gone: discord.py leaves the thread of one that broke running."""
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler):
            thread.stop()


def _mend(error: Exception) -> str | None:
    """Tell what mends an end that no other client would escape; None where another may."""
    if isinstance(error, discord.LoginFailure):
        return _UNKNOWN
    return _FATAL.get(error.code) if isinstance(error, discord.ConnectionClosed) else None
