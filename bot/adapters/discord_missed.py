"""What was written while nobody listened: Discord sends nothing again, so it is read where it stands."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.adapters.discord_faults import sorted_faults
from bot.adapters.discord_journal import Place
from bot.errors import DeliveryError, Unreachable
from bot.runtime.blame import describe
from bot.runtime.ports import Room

log = logging.getLogger(__name__)

MOST = 1_000
"""Messages of one channel that are read on."""
_AGAIN = (1.0, 4.0, 16.0)
"""Seconds before a channel that could not be read is tried again."""


async def missed(client: discord.Client, place: Place, room: Room) -> list[discord.Message]:
    """Read what was written behind a place; what cannot be read now waits for the next session."""
    channel, after = client.get_partial_messageable(place.channel), discord.Object(place.last)
    for wait in (*_AGAIN, None):
        try:
            async with room.aside():
                with sorted_faults():
                    return [m async for m in channel.history(after=after, oldest_first=True, limit=MOST)]
        except Unreachable as error:
            log.warning("a channel could not be read on: %s", describe(error))
            if wait is not None:
                await asyncio.sleep(max(wait, error.retry_after or 0))
        except DeliveryError:  # they left, or the channel is gone
            break
    return []
