"""The discord.py client: it listens, hands on what it hears and keeps no work of its own."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.adapters.discord_buttons import PressButton, PressMenu
from bot.adapters.discord_commands import Localised, Words, slash_commands
from bot.adapters.discord_faults import impatience, sorted_faults
from bot.adapters.discord_forms import WriteButton
from bot.errors import DeliveryError
from bot.runtime.blame import describe

log = logging.getLogger(__name__)


def silence() -> None:
    """Keep discord.py from logging: its lines hold what people write, and malformed frames whole."""
    logger = logging.getLogger("discord")
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)


class Ears(Protocol):
    """Hear everything."""

    async def on_message(self, message: discord.Message) -> None:
        """Take a message."""

    async def on_command(self, interaction: discord.Interaction[Any], name: str, text: str) -> None:
        """Take a slash command."""

    async def on_press(self, interaction: discord.Interaction[Any], signed: str) -> None:
        """Take a press."""

    async def on_write(self, interaction: discord.Interaction[Any], signed: str, most: int) -> None:
        """Open a form."""

    async def on_form(self, interaction: discord.Interaction[Any]) -> None:
        """Take a form."""

    async def on_new_session(self) -> None:
        """Look for what was said while nobody listened."""

    def on_line(self, shard: int, up: bool) -> None:
        """Note that a shard's line to Discord came up or went down."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Name the commands there are, the languages we speak (one is for all others) and the adapter's lines."""

    words: Words
    commands: Collection[str]
    languages: Collection[str] = ("en",)
    language: str = "en"


class Listener(discord.Client):
    """Hand every event on. It needs no privileged intent: a bot may read what is written to it."""

    def __init__(self, ear: Ears, speech: Speech, **options: Any) -> None:
        intents = discord.Intents(dm_messages=True)
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            http_trace=impatience(),
            **options,
        )
        self.ear = ear
        self._speech = speech
        self.tree = app_commands.CommandTree(self, fallback_to_global=True)
        for command in slash_commands(speech.commands, speech.words, ear.on_command, speech.language):
            self.tree.add_command(command)
        self.tree.error(_failed)

    async def setup_hook(self) -> None:
        """Register buttons and commands; without its commands a bot still talks."""
        self.add_dynamic_items(PressButton, PressMenu, WriteButton)
        await self.tree.set_translator(Localised(self._speech.words, self._speech.languages))
        try:
            with sorted_faults():  # at once: nobody waits to be heard until the menu is there
                await self.tree.sync()
        except (discord.DiscordException, DeliveryError) as error:
            log.error("the slash commands could not be registered: %s", describe(error))

    async def on_message(self, message: discord.Message) -> None:
        """Hear a message."""
        await self.ear.on_message(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Hear what was changed in a text, but not that Discord added a preview to it."""
        if event.message.edited_at is not None:
            await self.ear.on_message(event.message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Hear what was written into a form, also one that an earlier process opened."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.ear.on_form(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell that something failed, and nothing of what it was about."""
        del args, kwargs
        log.exception("%s failed", event_method, exc_info=False)


class OneLine(Listener):
    """Listen on one line."""

    async def on_connect(self) -> None:
        """Note a new session."""
        self.ear.on_line(0, True)
        await self.ear.on_new_session()

    async def on_resumed(self) -> None:
        """Note that the old session goes on: Discord sends what was missed."""
        self.ear.on_line(0, True)

    async def on_disconnect(self) -> None:
        """Note that the line is gone."""
        self.ear.on_line(0, False)


class ManyLines(Listener, discord.AutoShardedClient):
    """Listen on a line for each shard; people write on the first."""

    async def on_shard_connect(self, shard: int) -> None:
        """Note a new session."""
        self.ear.on_line(shard, True)
        if shard == 0:
            await self.ear.on_new_session()

    async def on_shard_resumed(self, shard: int) -> None:
        """Note that the old session goes on."""
        self.ear.on_line(shard, True)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Note that the line is gone."""
        self.ear.on_line(shard, False)


def listening(ear: Ears, speech: Speech, shards: int | None) -> Listener:
    """Make a client; with a number of shards it keeps as many lines."""
    return ManyLines(ear, speech, shard_count=shards) if shards else OneLine(ear, speech)


async def _failed(interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
    del interaction
    log.error("a slash command failed: %s", describe(error))
