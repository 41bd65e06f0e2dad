"""The quick exit, heard at the door: the screen is cleared before anything is loaded, kept or understood.

It waits for no store, no model and no earlier answer, and passes the floodgate. What it leads to in the
conversation is kept afterwards, as for any other command.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from bot.runtime.blame import describe
from bot.runtime.courier import Courier
from bot.runtime.flood import Allowance
from bot.runtime.messages import Address, Command, Text, Update, What
from bot.runtime.ports import Clock, Verdict

log = logging.getLogger(__name__)

AT_ONCE, EVERY = 3, 5.0
"""Times a screen is cleared at once for one person, and seconds for each further time: it costs calls."""
MOST_WATCHED = 10_000
LAST = 3.0
"""Seconds that clearing may still take once we stop."""

Key = TypeVar("Key")
Value = TypeVar("Value")
Handle = Callable[[Update], Awaitable[Verdict | None]]


@dataclass(frozen=True, slots=True)
class Exit:
    """Tell what asks for the exit, by command or in words, and what is left on the screen.

    `line` gives that from the language of somebody's app, and the time.
    """

    commands: frozenset[str]
    in_words: Callable[[str], bool]
    line: Callable[[str, datetime], str]

    def asked(self, what: What) -> Command | None:
        """Return what was sent as the command, if it asks for the exit."""
        if isinstance(what, Command) and what.name in self.commands:
            return what
        if isinstance(what, Text) and self.commands and self.in_words(what.text):
            return Command(min(self.commands))
        return None


@dataclass
class Leaving:
    """Stand before the door. `direct` takes an update past the floodgate, `usual` through it."""

    usual: Handle
    direct: Handle
    exit: Exit
    courier: Courier
    clock: Clock
    _cleared: OrderedDict[str, bool] = field(default_factory=OrderedDict)
    _allowed: OrderedDict[Address, Allowance] = field(default_factory=OrderedDict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, update: Update) -> Verdict | None:
        """Take an update; None if it could not be kept. One that comes again clears nothing twice."""
        asked = self.exit.asked(update.what)
        if asked is None:
            return await self.usual(update)
        with self.courier.hush.over(update.address):
            self.glance(update)
            await asyncio.sleep(0)  # what clears goes first
            # who floods us with exits has had theirs, and stands in the flood's line again
            handle = self.direct if self._cleared.get(update.fingerprint) else self.usual
            return await handle(replace(update, what=asked))

    def glance(self, update: Update) -> None:
        """Clear the screen where an update asks for it, before its turn has come."""
        if self.exit.asked(update.what) and update.fingerprint not in self._cleared:
            _note(self._cleared, update.fingerprint, self.clear(update.address, self._line(update)))

    def left(self, address: Address, text: str) -> None:
        """Clear a screen once the exit was kept, where nobody did at the door."""
        if address not in self.courier.hush:
            self.clear(address, text)

    def clear(self, address: Address, text: str) -> bool:
        """Begin to clear a screen, down to a text; False where that was done often enough just now."""
        allowed = self._allowed.get(address) or Allowance(AT_ONCE, EVERY)
        _note(self._allowed, address, allowed)
        if not allowed.take(self.clock.now()):
            return False
        task = asyncio.create_task(self._clear(address, text), name="lowtide-clearing")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _line(self, update: Update) -> str:
        try:
            return self.exit.line(update.speaks, self.clock.now())
        except Exception as error:  # a screen with nothing on it is better than one that stays as it was
            log.error("there is no line to leave: %s", describe(error))
            return ""

    async def settle(self) -> None:
        """Wait until every screen that is being cleared is clear."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Finish what is being cleared, for a moment, and let go of the rest."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST)
        for task in self._tasks:
            task.cancel()

    async def _clear(self, address: Address, text: str) -> None:
        try:
            await self.courier.clear(address, text)
        except Exception as error:
            log.error("a screen could not be cleared: %s", describe(error))


def _note(book: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    """Note a value, and forget the oldest where there are too many."""
    book[key] = value
    book.move_to_end(key)
    if len(book) > MOST_WATCHED:
        book.popitem(last=False)
