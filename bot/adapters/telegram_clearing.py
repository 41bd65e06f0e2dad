"""Which messages a chat on Telegram holds, for two days and in this process alone: what is to be removed.

A bot may remove its own messages and, in a private chat, those of the person, for 48 hours. It cannot ask
what there is: what an earlier process showed, or another replica, stays. Numbers are never guessed, for the
chats of a bot share one row of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import BadRequest

from bot.adapters.telegram_calls import Calls
from bot.adapters.telegram_faults import sorted_faults
from bot.errors import DeliveryError
from bot.runtime.blame import describe

log = logging.getLogger(__name__)

YOUNG = 47.5 * 3600
"""Seconds for which we may remove a message, with some to spare."""
MOST_AT_ONCE = 100
"""Messages that Telegram removes with one call."""
MOST_OF_ONE, MOST_WATCHED = 200, 5_000
"""Messages that are remembered of a chat, and chats."""

Deed = Callable[[], Awaitable[object]]
Beside = Callable[[Deed], None]


class Clearing:
    """Remember the messages of chats, and remove them with a bot; what can wait is done `beside`."""

    def __init__(self, bot: Calls, beside: Beside) -> None:
        self._bot = bot
        self._beside = beside
        self._held: OrderedDict[str, dict[int, float]] = OrderedDict()
        """When each message was met, by its number, in the order in which they were met."""
        self._cleared: OrderedDict[str, int] = OrderedDict()

    def times(self, chat: str) -> int:
        """Tell how often a chat was cleared; what is sent across one is removed once it has landed."""
        return self._cleared.get(chat, 0)

    def note(self, chat: str, message: object, since: int | None = None) -> None:
        """Remember a message; `since` is how often its chat had been cleared when its sending began."""
        if not isinstance(message, int):
            return
        if since is not None and since != self.times(chat):
            self._beside(lambda: self._remove(chat, [message]))
            return
        held = self._held.setdefault(chat, {})
        held.setdefault(message, _now())
        self._held.move_to_end(chat)
        self._forget(held)

    def _forget(self, held: dict[int, float]) -> None:
        """Forget what cannot be removed any more, and the chat that was quiet longest."""
        while len(held) > MOST_OF_ONE or (held and next(iter(held.values())) < _now() - YOUNG):
            del held[next(iter(held))]
        quietest = next(iter(self._held))
        latest = next(reversed(self._held[quietest].values()), 0.0)
        if len(self._held) > MOST_WATCHED or latest < _now() - YOUNG:
            del self._held[quietest]

    async def clear(self, chat: str, text: str) -> None:
        """Say a text and remove everything else, the latest first; the older of it follows beside."""
        held = self._held.pop(chat, {})
        ids = [id for id, at in reversed(held.items()) if at > _now() - YOUNG]
        self._cleared[chat] = self.times(chat) + 1
        self._cleared.move_to_end(chat)
        if len(self._cleared) > MOST_WATCHED:
            self._cleared.popitem(last=False)
        first, rest = ids[:MOST_AT_ONCE], ids[MOST_AT_ONCE:]
        for place in range(0, len(rest), MOST_AT_ONCE):
            self._later(chat, rest[place : place + MOST_AT_ONCE])
        told = self._say(chat, text)
        _, said = await asyncio.gather(self._at_once(chat, first), told, return_exceptions=True)
        if isinstance(said, BaseException):
            raise said

    async def _say(self, chat: str, text: str) -> None:
        if text:
            with sorted_faults():
                self.note(chat, await self._bot.show(chat, text, html=False))

    async def _at_once(self, chat: str, ids: Sequence[int]) -> None:
        """Remove the latest, past every line; once more behind it where that failed."""
        try:
            with sorted_faults():
                await self._remove(chat, ids)
        except DeliveryError as error:
            log.warning("messages could not be removed at once: %s", describe(error))
            self._later(chat, ids)

    def _later(self, chat: str, ids: Sequence[int]) -> None:
        self._beside(lambda: self._remove(chat, ids))

    async def _remove(self, chat: str, ids: Sequence[int]) -> bool:
        """Remove messages, the latest first; tell whether all of them are gone.

        One that is too old spoils a whole call: so what fails is halved, and behind the first that stays
        there are only older ones.
        """
        if not ids:
            return True
        try:
            await self._bot.remove(chat, ids)
        except BadRequest as error:
            if len(ids) == 1:
                return "not found" in error.message
            half = len(ids) // 2
            return await self._remove(chat, ids[:half]) and await self._remove(chat, ids[half:])
        return True


def _now() -> float:
    return asyncio.get_running_loop().time()
