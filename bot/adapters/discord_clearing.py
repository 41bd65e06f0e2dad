"""What is removed of a direct channel on Discord: our own messages, one by one, the latest first.

A bot may not remove what the person wrote, and no call removes several. What there is, the channel itself
tells: nothing is remembered for this, and what an earlier process showed goes as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from bot.adapters.discord_faults import sorted_faults
from bot.errors import DeliveryError, Unreachable
from bot.runtime.blame import describe

log = logging.getLogger(__name__)

MOST_READ = 100
"""Messages of a channel that are looked at: one page of it."""
TRIES, PAUSE = 3, 1.0

Got = TypeVar("Got")


async def cleared(client: discord.Client, channel: int, text: str) -> None:
    """Remove what we said last in a channel, but for the line `text`."""
    me = client.user.id if client.user else 0
    place = client.get_partial_messageable(channel)

    async def page() -> list[discord.Message]:
        return [one async for one in place.history(limit=MOST_READ) if one.author.id == me]

    for message in await _tried(page) or ():
        if message.content != text:
            await removed(message)


async def removed(message: discord.Message) -> None:
    """Remove one message of ours, if it is still there."""
    await _tried(message.delete)


async def _tried(deed: Callable[[], Awaitable[Got]]) -> Got | None:
    """Do what Discord may ask us to do later; None where it will not be done."""
    for left in reversed(range(TRIES)):
        try:
            with sorted_faults():
                return await deed()
        except Unreachable as error:
            wait = error.retry_after or PAUSE
        except DeliveryError:  # it is gone already, or never was ours to remove
            return None
        except Exception as error:  # discord.py fails at what it does not know
            log.error("something could not be removed: %s", describe(error))
            return None
        if left:
            await asyncio.sleep(wait)
    return None
