"""A vault that remembers: with many messages a second, most of its work is the same as a moment ago."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.runtime.messages import Address
from bot.storage.rows import enclose
from bot.storage.sealing import REMEMBERED, Seal, Vault


class Remembering(Vault):
    """Hold the operator's keys, and in memory the sealed addresses of those seen last."""

    def __init__(self, keys: Sequence[bytes], again: Callable[[], Sequence[bytes]] | None = None) -> None:
        super().__init__(keys, again)
        self._addresses: dict[tuple[str, Address], bytes] = {}

    def address(self, person: str, address: Address, seal: Seal) -> bytes:
        """Return the address of a person, sealed: once is as good as every time."""
        known = self._addresses.get((person, address))
        if known is None:
            known = self._addresses[person, address] = seal.seal("address", enclose(address))
            if len(self._addresses) > REMEMBERED:
                del self._addresses[next(iter(self._addresses))]
        return known
