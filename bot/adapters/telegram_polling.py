"""Asking Telegram for updates so that none is lost: one is confirmed only after it was kept.

Telegram drops an update when a later offset is asked for. So the offset moves only past what was kept; an
update that was not is asked for again, and those behind it that were kept are passed over until it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from telegram.error import Conflict, TelegramError

from bot.adapters.telegram_calls import WINDOW
from bot.adapters.telegram_faults import fault
from bot.adapters.telegram_floods import Flooded
from bot.adapters.telegram_reading import Raw
from bot.runtime.blame import describe

log = logging.getLogger(__name__)

Receive: TypeAlias = Callable[[Raw], Awaitable[bool]]
"""Take one update; False if it must come again."""
Fetch: TypeAlias = Callable[[int, int], Awaitable[Sequence[Raw]]]
"""Ask for updates from an offset on, waiting so many seconds for the first."""

END_WAIT = 10.0
DEAF = 3
"""Failures in a row after which nobody would call a door open."""
BREATH = 0.2
"""Seconds before we ask again where nothing was told at once: a server that holds no poll is not overrun."""


class Poller:
    """Ask again and again; `waits` are the least and most seconds between tries after a failure.

    `glimpse` sees each update at once, as often as it comes; it may be waiting for another to be kept.
    """

    def __init__(
        self,
        fetch: Fetch,
        receive: Receive,
        seconds: int,
        waits: tuple[float, float],
        glimpse: Callable[[Raw], None] | None = None,
    ) -> None:
        self._fetch = fetch
        self._receive = receive
        self._glimpse = glimpse
        self._seconds = seconds
        self._waits = waits
        self._offset = 0
        self._kept: set[int] = set()
        self._failures = 0
        self._asking = False
        self._ending = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to ask."""
        self._task = asyncio.create_task(self._run(), name="lowtide-telegram-poll")

    @property
    def hears(self) -> bool:
        """Tell whether updates come in, as far as we know: the last tries did not all fail."""
        return self._task is not None and not self._task.done() and self._failures < DEAF

    async def stop(self) -> None:
        """Finish the updates at hand and confirm them."""
        self._ending = True
        if self._task is None:
            return
        if self._asking:
            self._task.cancel()
        await asyncio.wait([self._task], timeout=END_WAIT)
        self._task.cancel()
        if self._offset:
            try:
                await self._fetch(self._offset, 0)
            except TelegramError:
                log.info("the last updates could not be confirmed; they will be recognised")

    async def _run(self) -> None:
        while not self._ending:
            try:
                whole = await self._take(await self._ask())
            except TelegramError as error:
                await self._pause(self._told(error))
            except Exception as error:
                log.error("polling failed: %s", describe(error))
                await self._pause(None)
            else:
                if not whole:
                    await self._pause(None)
                else:
                    self._failures = 0

    async def _ask(self) -> Sequence[Raw]:
        self._asking = True
        now = asyncio.get_running_loop().time
        soon = now() + BREATH
        try:
            found = await self._fetch(self._offset, self._seconds)
            if not found and now() < soon:
                await asyncio.sleep(BREATH)
            return found
        finally:
            self._asking = False

    async def _take(self, batch: Sequence[Raw]) -> bool:
        """Take updates, people side by side and those of one in order; tell whether all were kept."""
        lines: dict[object, list[Raw]] = {}
        for raw in batch:
            lines.setdefault(_chat(raw), []).append(raw)
            if self._glimpse:
                self._glimpse(raw)
        before = len(self._kept)
        whole = all(await asyncio.gather(*map(self._line, lines.values())))
        if len(self._kept) > before or len(batch) >= WINDOW:
            self._failures = 0  # who can be served does not wait for who cannot
        self._confirm([raw["update_id"] for raw in batch])
        return whole

    async def _line(self, updates: Sequence[Raw]) -> bool:
        """Take updates of one chat, up to the first that was not kept; tell whether all were."""
        for raw in updates:
            id = raw["update_id"]
            if id not in self._kept:
                if not await self._receive(raw):
                    return False
                self._kept.add(id)
        return True

    def _confirm(self, ids: Sequence[int]) -> None:
        """Move the offset up to the first update that was not kept."""
        if not ids:
            return
        self._offset = min((id for id in ids if id not in self._kept), default=max(ids) + 1)
        self._kept = {id for id in self._kept if id >= self._offset}

    def _told(self, error: TelegramError) -> float | None:
        """Say what is wrong, once a streak; return how long Telegram wants to be left alone."""
        if isinstance(error, Flooded):
            return error.seconds
        if not self._failures:
            log.error("no updates from Telegram: %s", _reason(error))
        return None

    async def _pause(self, seconds: float | None) -> None:
        least, most = self._waits
        wait = min(least * 2**self._failures, most) if seconds is None else seconds
        self._failures = min(self._failures + 1, 16)
        self._asking = True
        await asyncio.sleep(wait)
        self._asking = False


def _reason(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "another process polls with this token, or has set a webhook; end one of the two"
    return str(fault(error))


def _chat(raw: Raw) -> object:
    """Return whose line an update stands in."""
    for part in raw.values():
        if isinstance(part, dict):
            message = part.get("message") if isinstance(part.get("message"), dict) else part
            chat = message.get("chat") if isinstance(message, dict) else None
            if isinstance(chat, dict):
                return chat.get("id")
    return raw.get("update_id")
