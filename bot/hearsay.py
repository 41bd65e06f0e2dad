"""Up to where Discord's channels were heard, kept so that a crash loses nothing said meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from bot.adapters.discord_journal import Place
from bot.adapters.discord_reading import PLATFORM
from bot.runtime.messages import Address
from bot.runtime.ports import Store

_WHOLE = 1 << 64


class Hearsay:
    """Keep the places of Discord's channels in a store.

    A place comes twice: with the message before the one that is being taken, and with that one when it is
    kept. Only the first is kept of somebody we do not know: whoever asked to be forgotten stays forgotten.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._begun: dict[int, int] = {}

    async def note(self, place: Place) -> None:
        """Keep a place, unless a later one is kept already."""
        handled = self._begun.pop(place.person, None) == place.last - 1
        if not handled:
            self._begun[place.person] = place.last
        address = Address(PLATFORM, str(place.person))
        await self._store.note(address, place.channel, _kept(place.last), handled)

    async def recent(self) -> Sequence[Place]:
        """Give the places worth reading on from, the latest first."""
        found = await self._store.heard(PLATFORM)
        return [Place(int(chat), channel, last % _WHOLE) for chat, channel, last in found]


def _kept(number: int) -> int:
    """Return a number of Discord's as a database keeps it: theirs have no sign, and ours have one."""
    return number if number < _WHOLE // 2 else number - _WHOLE
