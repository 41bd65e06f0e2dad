"""Lowtide on Discord: it hears direct messages, commands and presses, and speaks in direct messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any, NoReturn, TypeAlias

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters.discord_client import Listener, Speech, listening, silence
from bot.adapters.discord_commands import Words
from bot.adapters.discord_journal import Journal, Memory, Place
from bot.adapters.discord_line import Line
from bot.adapters.discord_missed import missed
from bot.adapters.discord_pressing import Pressing
from bot.adapters.discord_reading import PLATFORM, heard, here
from bot.adapters.discord_speaking import Speaking
from bot.errors import LowtideError
from bot.runtime.blame import describe
from bot.runtime.doors import Doors
from bot.runtime.messages import Outgoing, Update
from bot.runtime.ports import Room, Verdict
from bot.runtime.room import Boundless

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction[Any]
COMMANDS = ("start", "why", "back", "stop", "pause", "settings", "export", "delete", "human", "help")
"""The commands offered where nobody says otherwise, by the names the core knows."""
_FIRST = 5.0
"""Seconds we wait at the start for the first word of Discord about the token."""
_READERS = 4
"""Channels that are read on at the same time after a break."""
_AGAIN = (1.0, 30.0)
"""The least and most seconds between two tries to keep what was written."""


class Discord:
    """Hear and speak. `handle` keeps an update before it returns; `words` gives the adapter's own lines.

    `url` is the base of the REST calls and `gateway` of the socket, Discord's own where None. `shards` is the
    number of lines to keep, one where None. `patience` is in seconds.
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
        journal: Journal | None = None,
        patience: float = 45.0,
    ) -> None:
        redirect(url, gateway)
        self._handle = handle
        self._speech = Speech(words, commands, languages)
        self._shards = shards
        self._journal = journal or Memory()
        self._line = Line(self._make, token, patience)
        self._speaking = Speaking(lambda: self._line.client, key, words)
        self._doors = Doors()
        self._pressing = Pressing(handle, key, self._speech, self._speaking, self._doors)
        self._readers = asyncio.Semaphore(_READERS)
        self._room: Room = Boundless()
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
        await self._remember()
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

    # --- what is said --------------------------------------------------------------------------------

    async def send(self, message: Outgoing) -> None:
        """Show a message, or raise a `DeliveryError` that says whether to try again."""
        await self._speaking.send(message)

    def opens(self, chat: str) -> bool:
        """Tell whether a message to a person would open their channel."""
        return self._speaking.opens(int(chat))

    def foresee(self, message: Outgoing) -> None:
        """Note what will be said: a press may be answered with the form of the question it leads to."""
        self._speaking.foresee(message)

    def keep_to(self, room: Room) -> None:
        """Keep Discord's limits in what is no message, too; answers to interactions do not count there."""
        self._room = self._pressing.room = room

    # --- what is heard -------------------------------------------------------------------------------

    async def on_message(self, message: discord.Message) -> None:
        """Take a message that was written to us."""
        update = heard(message, self._speech.commands)
        if update:
            async with self._doors.through(update.address):
                await self._take_message(update, message)

    async def _take_message(self, update: Update, message: discord.Message) -> None:
        """Hand a message over until it is kept; what follows waits; after a crash it is read again."""
        person, channel = message.author.id, message.channel.id
        self._speaking.met(person, channel)
        self._speaking.way(person, None)
        await self._note(Place(person, channel, message.id - 1))
        wait, most = _AGAIN
        while await self._handle(update) is None:
            if self._ending:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, most)
        await self._note(Place(person, channel, message.id))

    async def _note(self, place: Place) -> None:
        try:
            await self._journal.note(place)
        except LowtideError as error:
            log.error("how far a channel was heard could not be kept: %s", describe(error))

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
        """Read every channel on from where it was heard; what is written now waits behind it."""
        client = self._line.client
        if client is not None:
            places = await self._journal.recent()
            await asyncio.gather(*(self._read_on(client, place) for place in places))

    async def _read_on(self, client: discord.Client, place: Place) -> None:
        async with self._doors.through(here(place.person)):
            async with self._readers:
                found = await missed(client, place, self._room)
            for message in found:
                if update := heard(message, self._speech.commands):
                    await self._take_message(update, message)

    async def _remember(self) -> None:
        """Know the channels of those who wrote before: they need not be opened again."""
        try:
            for place in await self._journal.recent():
                self._speaking.met(place.person, place.channel)
        except LowtideError as error:
            log.error("where people wrote before could not be read: %s", describe(error))


def redirect(url: str | None, gateway: str | None) -> None:
    """Reach Discord at other addresses than its own, in this whole process."""
    if url:
        base = yarl.URL(url.rstrip("/"))
        Route.BASE = str(base if base.path.strip("/") else base / "api" / "v10")
    if gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
