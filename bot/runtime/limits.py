"""How much a platform takes: over all, in one chat, in a group, and how fast new chats may be opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Pace:
    """Allow one message every so many seconds in a chat, and up to `burst` at once after a rest."""

    every: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Allow `most` messages in any `span` seconds (0: as many as we like) and a pace for each chat.

    A chat whose name begins with `group_mark` keeps the pace `group`. `opening` is how many seconds lie
    between two chats that a message opens.
    """

    most: int = 0
    span: float = 1.0
    chat: Pace | None = None
    group: Pace | None = None
    group_mark: str = ""
    opening: float = 0.0

    def pace(self, chat: str) -> Pace | None:
        """Give the pace of a chat."""
        return self.group if self.group and chat.startswith(self.group_mark) else self.chat


UNLIMITED = Limits()

LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        # core.telegram.org/bots/faq: 30 a second, one a second in a chat with short bursts (a turn says at
        # most three messages), 20 a minute in a group: five at once and fifteen in the minute after.
        "telegram": Limits(30, chat=Pace(1.0, 3), group=Pace(4.0, 5), group_mark="-"),
        # discord.com/developers/docs/topics/rate-limits: 50 a second; discord.py keeps the buckets of its
        # routes itself, of which a channel's is five in five seconds. Who opens many chats is quarantined.
        "discord": Limits(50, chat=Pace(1.0, 5), opening=2.0),
    }
)
"""The limits of each platform that has some, by its name as in `Address.platform`."""
