"""Who keeps the line to Discord: a client that broke is replaced, one that went deaf is noticed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

import discord

from bot.runtime.blame import describe

log = logging.getLogger(__name__)

_LONG = 60.0
"""Seconds a client must have lived for its end to count as a first one."""


class Line:
    """Keep a client listening. `patience` is how many seconds a line may be down, or a resume unanswered.

    `waits` are the least and most seconds between two clients.
    """

    def __init__(
        self,
        make: Callable[[], discord.Client],
        token: str,
        patience: float = 45.0,
        waits: tuple[float, float] = (0.5, 60.0),
    ) -> None:
        self.client: discord.Client | None = None
        self._make = make
        self._token = token
        self._patience = patience
        self._waits = waits
        self._down: dict[int, float] = {}

    def note(self, shard: int, up: bool) -> None:
        """Note that a shard's session goes on, or that its line is gone."""
        if up:
            self._down.pop(shard, None)
        else:
            self._down.setdefault(shard, asyncio.get_running_loop().time())

    async def run(self) -> None:
        """Keep one client after another until cancelled."""
        least, most = self._waits
        wait, clock = least, asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                await self._once()
                log.warning("the line to Discord ended; a new one is made")
            except (discord.LoginFailure, discord.PrivilegedIntentsRequired):
                log.error("Discord does not know the bot token; mend LOWTIDE_DISCORD_TOKEN")
                wait = most
            except Exception as error:
                log.warning("the line to Discord broke, a new one is made: %s", describe(error))
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
            await self._listen(client)
        finally:
            self.client = None
            with contextlib.suppress(Exception):  # what broke may be too broken to be closed in order
                await client.close()

    async def _listen(self, client: discord.Client) -> None:
        listening = asyncio.create_task(client.connect(), name="lowtide-discord")
        try:
            while not listening.done() and not self._deaf():
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
