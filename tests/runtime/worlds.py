"""Fakes of the outside world that go through the real app: a platform that keeps what it is shown."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.runtime.messages import Address, Document, Message, Outgoing

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
ANNA = Address("test", "anna")
BEN = Address("test", "ben")


@dataclass
class Platform:
    """Keep what is sent, in order; `troubles` are raised first, one a send. While `shut`, sends wait."""

    shown: list[Outgoing] = field(default_factory=list)
    troubles: deque[Exception] = field(default_factory=deque)
    tried: int = 0
    shut: asyncio.Event | None = None

    async def send(self, message: Outgoing) -> None:
        self.tried += 1
        if self.shut:
            await self.shut.wait()
        if self.troubles:
            raise self.troubles.popleft()
        self.shown.append(message)

    @property
    def messages(self) -> list[Message]:
        return [one for one in self.shown if isinstance(one, Message)]

    @property
    def documents(self) -> list[Document]:
        return [one for one in self.shown if isinstance(one, Document)]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.messages]

    def said_to(self, address: Address) -> list[str]:
        return [one.text for one in self.messages if one.address == address]
