"""Lowtide on Discord: it hears direct messages, commands and presses, and speaks in direct messages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any, NoReturn, TypeAlias

import discord

from bot.adapters.discord_addresses import redirect
from bot.adapters.discord_client import Listener, Speech, listening, silence
from bot.adapters.discord_commands import Words
from bot.adapters.discord_journal import Journal, Memory, Place
from bot.adapters.discord_line import Line
from bot.adapters.discord_missed import Missed
from bot.adapters.discord_pressing import Pressing
from bot.adapters.discord_reading import PLATFORM, heard, here
from bot.adapters.discord_speaking import Speaking
from bot.runtime.clearing import Glance, unmoved
from bot.runtime.doors import Doors
from bot.runtime.messages import Outgoing, Update
from bot.runtime.ports import Room, Verdict

Interaction: TypeAlias = discord.Interaction[Any]
COMMANDS = ("start", "why", "back", "stop", "pause", "settings", "export", "delete", "human", "help")
"""The commands offered where nobody says otherwise, by the names the core knows."""
_FIRST = 5.0
"""Seconds we wait at the start for the first word of Discord about the token."""
_AGAIN = (1.0, 30.0)
"""The least and most seconds between two tries to keep what was written."""


class Discord:
    """Hear and speak. `handle` keeps an update before it returns; `words` gives the adapter's own lines.

    `url` is the base of the REST calls and `gateway` of the socket, Discord's own where None. `shards` is the
    number of lines to keep, one where None. `patience` is in seconds. `language` is for whoever has none of
    the `languages` we speak.
    """

    platform = PLATFORM

    def __init__(  # noqa: PLR0913  each is a setting of its own
        self,
        token: str,
        url: str | None,
        handle: Callable[[Update], Awaitable[Verdict | None]],
        words: Words,
        key: bytes,
        *,
        gateway: str | None = None,
        shards: int | None = None,
        commands: Collection[str] = COMMANDS,
        languages: Collection[str] = ("en",),
        language: str = "en",
        journal: Journal | None = None,
        patience: float = 45.0,
        glance: Glance | None = None,
    ) -> None:
        redirect(url, gateway)
        self._handle, self._glance = handle, glance or unmoved
        self._speech = Speech(words, commands, languages, language)
        self._shards = shards
        self._line = Line(self._make, token, patience)
        self._speaking = Speaking(lambda: self._line.client, key, words)
        self._doors = Doors()
        self._pressing = Pressing(handle, key, self._speech, self._speaking, self._doors, self._glance)
        self._missed = Missed(journal or Memory(), self._doors, self._take)
        self._ending = False
        self._task: asyncio.Task[NoReturn] | None = None

    def client(self) -> Listener:
        """Make a client that hears for this adapter, and speak through it from now on."""
        self._line.client = client = self._make()
        return client

    def _make(self) -> Listener:
        return listening(self, self._speech, self._shards)

    async def start(self) -> None:
        """Begin to listen; while Discord cannot be reached, go on trying in the background.

        Raises:
            SettingsError: Discord does not know the token.
        """
        silence()
        self._ending = False
        for place in await self._missed.places():  # their channels need not be opened again
            self._speaking.met(place.person, place.channel)
        self._task = asyncio.create_task(self._line.run(), name="lowtide-discord-line")
        tried = asyncio.create_task(self._line.tried.wait())
        await asyncio.wait({self._task, tried}, timeout=_FIRST, return_when=asyncio.FIRST_COMPLETED)
        tried.cancel()
        if self._task.done():
            self._task.result()

    async def ended(self) -> None:
        """Wait; raise a `SettingsError` once Discord will never take what the operator set."""
        await asyncio.shield(self._task or asyncio.get_running_loop().create_future())

    async def stop(self) -> None:
        """Stop listening and let go of the line."""
        self._ending = True
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def opened(self) -> bool:
        """Tell whether updates can come in now."""
        return self._line.stands

    # --- what is said --------------------------------------------------------------------------------

    async def send(self, message: Outgoing) -> None:
        """Show a message, or raise a `DeliveryError` that says whether to try again."""
        await self._speaking.send(message)

    async def clear(self, chat: str, text: str) -> None:
        """Say a text, and remove what else we said lately; what they wrote is not ours to remove."""
        await self._speaking.clear(int(chat), text)

    def opens(self, chat: str) -> bool:
        """Tell whether a message to a person would open their channel."""
        return self._speaking.opens(int(chat))

    def foresee(self, message: Outgoing) -> None:
        """Note what will be said: a press may be answered with the form of the question it leads to."""
        self._speaking.foresee(message)

    def keep_to(self, room: Room) -> None:
        """Keep Discord's limits in what is no message, too; answers to interactions do not count there."""
        self._missed.room = self._pressing.room = room

    # --- what is heard -------------------------------------------------------------------------------

    async def on_message(self, message: discord.Message) -> None:
        """Take a message that was written to us."""
        if update := heard(message, self._speech.commands):
            self._speaking.met(message.author.id, message.channel.id)
            self._glance(update)
            await self._missed.known()
            async with self._doors.through(here(message.author.id)):
                await self._take(message)

    async def _take(self, message: discord.Message) -> None:
        """Hand a message over until it is kept; what follows waits; after a crash it is read again."""
        update = heard(message, self._speech.commands)
        if update is None:
            return
        person, channel = message.author.id, message.channel.id
        self._speaking.met(person, channel)
        self._speaking.way(person, None)
        await self._missed.note(Place(person, channel, message.id - 1))
        wait, most = _AGAIN
        while await self._handle(update) is None:
            if self._ending:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, most)
        await self._missed.note(Place(person, channel, message.id))

    async def on_command(self, interaction: Interaction, name: str, text: str) -> None:
        """Take a slash command."""
        await self._pressing.on_command(interaction, name, text)

    async def on_press(self, interaction: Interaction, signed: str) -> None:
        """Take a press."""
        await self._pressing.on_press(interaction, signed)

    async def on_write(self, interaction: Interaction, signed: str, most: int) -> None:
        """Open a form."""
        await self._pressing.on_write(interaction, signed, most)

    async def on_form(self, interaction: Interaction) -> None:
        """Take a form."""
        await self._pressing.on_form(interaction)

    # --- what was missed -----------------------------------------------------------------------------

    def on_line(self, shard: int, up: bool) -> None:
        """Note that a line to Discord came up or went down."""
        self._line.note(shard, up)

    async def on_new_session(self) -> None:
        """Read every channel on from where it was heard."""
        client = self._line.client
        if client is not None:
            await self._missed.read_on(client)
