"""A slash command or a press opens a way back, for 15 minutes if it is used or kept open within 3 seconds.

In direct messages only the first answer to a command goes this way; all else are messages of their own.
Among other people everything does, seen by nobody else, for as long as the way is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord

_OPEN = 14 * 60.0
SOON = 2.0
"""Seconds after which we ask for more time; Discord waits for three."""
_ANSWERED = 40060


@contextmanager
def answering(interaction: discord.Interaction[Any]) -> Iterator[None]:
    """Take an answer as given when it was, even if discord.py stumbles over the receipt for it."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code != _ANSWERED:
            raise
    except (TypeError, KeyError):
        if not interaction.response.is_done():
            raise


class Opening:
    """Answer one interaction; `quiet` is among other people, where only the person may see it."""

    def __init__(self, interaction: discord.Interaction[Any], quiet: bool = False) -> None:
        self.quiet = quiet
        self.busy = asyncio.Lock()
        self._interaction = interaction
        self._used = asyncio.Event()
        self._since = asyncio.get_running_loop().time()

    def stands(self) -> bool:
        """Tell whether this way is still to be gone."""
        young = asyncio.get_running_loop().time() - self._since < _OPEN
        return young and (self.quiet or not self._used.is_set())

    async def say(self, content: dict[str, Any]) -> None:
        """Answer, fill in the answer that was promised, or follow up; raises what discord.py raises."""
        async with self.busy:
            response = self._interaction.response
            if not response.is_done():
                with answering(self._interaction):
                    await response.send_message(ephemeral=self.quiet, **content)
            elif response.type is discord.InteractionResponseType.deferred_channel_message and self._fresh:
                await self._interaction.edit_original_response(**_edited(content))
            else:
                await self._interaction.followup.send(ephemeral=self.quiet, wait=True, **content)
            self._used.set()

    @property
    def _fresh(self) -> bool:
        return not self._used.is_set()

    async def keep_open(self, seconds: float = SOON) -> None:
        """Promise an answer if there is none within some seconds."""
        try:
            await asyncio.wait_for(self._used.wait(), seconds)
        except TimeoutError:
            async with self.busy:
                if not self._interaction.response.is_done():
                    with answering(self._interaction):
                        await self._interaction.response.defer(thinking=True, ephemeral=self.quiet)


def _edited(content: dict[str, Any]) -> dict[str, Any]:
    """Return a message's parts as an edit takes them."""
    taken = {"content": content.get("content"), "allowed_mentions": content["allowed_mentions"]}
    if "view" in content:
        taken["view"] = content["view"]
    if "file" in content:
        taken["attachments"] = [content["file"]]
    return taken
