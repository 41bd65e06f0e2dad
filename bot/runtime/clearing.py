"""What it takes to clear a screen: an adapter that can, and silence for whoever is leaving just then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeAlias, runtime_checkable

from bot.runtime.messages import Address, Update

Glance: TypeAlias = Callable[[Update], None]
"""See an update before its turn: the quick exit waits behind nothing that the same person wrote before."""


def unmoved(_: Update) -> None:
    """See an update, and let it wait for its turn."""


@runtime_checkable
class Clearing(Protocol):
    """Take back, as an adapter may, what a chat shows."""

    async def clear(self, chat: str, text: str) -> None:
        """Show a text at once, and remove what else can be removed, the latest first.

        Raises what `send` raises where the text could not be shown.
        """


class Hush:
    """Keep who is leaving just now: what is on its way to them would show."""

    def __init__(self) -> None:
        self._leaving: dict[Address, int] = {}

    @contextmanager
    def over(self, address: Address) -> Iterator[None]:
        """Say nothing to a person meanwhile."""
        self._leaving[address] = self._leaving.get(address, 0) + 1
        try:
            yield
        finally:
            self._leaving[address] -= 1
            if not self._leaving[address]:
                del self._leaving[address]

    def __contains__(self, address: Address) -> bool:
        """Tell whether a person is leaving just now."""
        return address in self._leaving
