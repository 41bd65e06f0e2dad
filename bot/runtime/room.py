"""Room for calls that are no message, such as the answer to a press: they count, and stand behind replies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

from bot.errors import Unreachable
from bot.runtime.meter import Slowed
from bot.runtime.pacer import Pacer, Send


class Boundless:
    """Be the room of an adapter that stands alone."""

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Give room at once."""
        yield


class Room:
    """Stand in a pacer's line for whoever asks; `call` says that somebody new stands there.

    `slowed` hears of silences that a platform asks for.
    """

    def __init__(self, pacer: Pacer, call: Callable[[], None], slowed: Slowed = lambda _: None) -> None:
        self._pacer = pacer
        self._call = call
        self._slowed = slowed
        self._waiting: dict[str, asyncio.Future[Send]] = {}
        self._numbers = count()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Wait for room for one call; a silence it is told of is kept by every message too."""
        send, clock = await self._turn(), asyncio.get_running_loop().time
        try:
            yield
        except Unreachable as error:
            if error.retry_after is not None:
                self._slowed(error.retry_after)
                if error.anybody:
                    self._pacer.halt(None, error.retry_after, clock())
            raise
        finally:
            self._pacer.landed(send, clock())

    def grant(self, name: str, now: float) -> bool:
        """Let in whoever stands in line under a name; False if that is the name of a chat."""
        waiting = self._waiting.get(name)
        if waiting is None:
            return False
        send = self._pacer.take(name, now)
        if not waiting.done():
            waiting.set_result(send)
        return True

    async def _turn(self) -> Send:
        name = f"aside {next(self._numbers)}"
        self._waiting[name] = asyncio.get_running_loop().create_future()
        self._pacer.ask(name, "aside")
        self._call()
        try:
            return await self._waiting[name]
        finally:
            self._pacer.leave(name)
            del self._waiting[name]
