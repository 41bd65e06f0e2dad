"""One person in two places: `/link` shows a code, and the code entered elsewhere joins that chat to them.

It stands before the conversation and never swallows words: only the bare command and a code are its own.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import StoreError
from bot.runtime.blame import describe
from bot.runtime.courier import Courier
from bot.runtime.doors import Doors
from bot.runtime.messages import Address, Command, Message, Update
from bot.runtime.places import language_of
from bot.runtime.ports import Clock, Joined, Store, Verdict
from bot.runtime.showing import Prompts

log = logging.getLogger(__name__)

COMMAND = "link"
GOOD_FOR = timedelta(minutes=10)
"""How long a code may be entered; as long as wrong ones from one address are counted."""
MOST_WRONG, MOST_WATCHED = 5, 10_000
_CODE = re.compile(r"([0-9]{4})[ -]?([0-9]{4})", re.ASCII)
_SAID = {Joined.YES: "link/joined", Joined.SAME: "link/same", Joined.UNKNOWN: "link/unknown"}

Handle = Callable[[Update], Awaitable[Verdict | None]]


@dataclass
class Linking:
    """Take what is about codes, and hand everything else on to `handle`."""

    handle: Handle
    store: Store
    clock: Clock
    courier: Courier
    prompts: Prompts
    language: str
    doors: Doors
    wrong: dict[Address, deque[datetime]] = field(default_factory=dict)

    async def take(self, update: Update) -> Verdict | None:
        """Take an update; None if it could not be kept."""
        code = entered(update)
        if code is None:
            return await self.handle(update)
        async with self.doors.through(update.address):
            try:
                name, slots = await (
                    self._enter(update.address, code) if code else self._show(update.address)
                )
            except StoreError as error:
                log.error("update %s failed: %s", update.fingerprint, describe(error))
                return None
        if not name:
            return await self.handle(update)
        self._say(update, name, slots)
        return Verdict.COMMITTED

    async def _show(self, address: Address) -> tuple[str, dict[str, str]]:
        """Make a code; a stranger has nothing to join, and is welcomed by the conversation."""
        code = f"{secrets.randbelow(10**8):08}"
        person = await self.store.load(address)
        known = person.revision and await self.store.offer(person.id, code, self.clock.now() + GOOD_FOR)
        return ("link/code", {"code": f"{code[:4]}-{code[4:]}"}) if known else ("", {})

    async def _enter(self, address: Address, code: str) -> tuple[str, dict[str, str]]:
        if self._tired(address):
            return "link/too_many", {}
        joined = await self.store.join(code, address, self.clock.now())
        if joined is Joined.UNKNOWN:
            self._count(address)
        return _SAID[joined], {}

    def _tired(self, address: Address) -> bool:
        """Tell whether too many wrong codes came from an address of late: nobody shall try them all."""
        times = self.wrong.get(address, deque())
        while times and times[0] <= self.clock.now() - GOOD_FOR:
            times.popleft()
        return len(times) >= MOST_WRONG

    def _count(self, address: Address) -> None:
        self.wrong.setdefault(address, deque()).append(self.clock.now())
        if len(self.wrong) > MOST_WATCHED:
            self.wrong.pop(next(iter(self.wrong)))

    def _say(self, update: Update, name: str, slots: dict[str, str]) -> None:
        text = self.prompts.render(name, 0, slots, language_of({}, self.language))
        self.courier.post([Message(f"link:{update.fingerprint}", update.address, text)])


def entered(update: Update) -> str | None:
    """Return the code of a `/link`, empty where a code is asked for; None for everything else."""
    what = update.what
    if not isinstance(what, Command) or what.name != COMMAND:
        return None
    code = _CODE.fullmatch(what.text.strip())
    return "".join(code.groups()) if code else None if what.text.strip() else ""
