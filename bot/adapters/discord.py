"""Lowtide on Discord: it hears direct messages, commands and presses, and speaks in direct messages."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator
from typing import Any, NoReturn, TypeAlias

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters.discord_buttons import label_of, unsigned
from bot.adapters.discord_client import Listener, Speech, listening, silence
from bot.adapters.discord_commands import Words, line
from bot.adapters.discord_faults import sorted_faults
from bot.adapters.discord_journal import Journal, Memory, Place
from bot.adapters.discord_line import Line
from bot.adapters.discord_openings import SOON, Opening, answering
from bot.adapters.discord_reading import PLATFORM, commanded, heard, here, pressed
from bot.adapters.discord_speaking import Speaking
from bot.adapters.rendering_discord import LONGEST, escaped
from bot.errors import DeliveryError, LowtideError, Unreachable
from bot.runtime.blame import describe
from bot.runtime.doors import Doors
from bot.runtime.messages import Outgoing, Update, parse_token
from bot.runtime.ports import Verdict

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction[Any]
COMMANDS = ("start", "why", "back", "stop", "pause", "settings", "export", "delete", "human", "help")
"""The commands offered where nobody says otherwise, by the names the core knows."""
_FIRST = 5.0
"""Seconds we wait at the start for the first word of Discord about the token."""
_READERS = 4
"""Channels that are read on at the same time after a break."""
_MOST = 1_000
"""Messages of one channel that are read on."""
_AGAIN = (1.0, 4.0, 16.0)
"""Seconds before a channel that could not be read is tried again."""


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
        self._key = key
        self._speech = Speech(words, commands, languages)
        self._shards = shards
        self._journal = journal or Memory()
        self._line = Line(self._make, token, patience)
        self._speaking = Speaking(lambda: self._line.client, key, words)
        self._doors = Doors()
        self._readers = asyncio.Semaphore(_READERS)
        self._pressing: set[tuple[int, str]] = set()
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
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def send(self, message: Outgoing) -> None:
        """Show a message, or raise a `DeliveryError` that says whether to try again."""
        await self._speaking.send(message)

    # --- what is heard -------------------------------------------------------------------------------

    async def on_message(self, message: discord.Message) -> None:
        """Take a message that was written to us."""
        update = heard(message, self._speech.commands)
        if update:
            async with self._doors.through(update.address):
                await self._take_message(update, message)

    async def _take_message(self, update: Update, message: discord.Message) -> None:
        """Hand a message over; only then is it marked as heard: after a crash it is read again."""
        person, channel = message.author.id, message.channel.id
        self._speaking.met(person, channel)
        self._speaking.way(person, None)
        await self._note(Place(person, channel, message.id - 1))
        if await self._handle(update) is not None:
            await self._note(Place(person, channel, message.id))

    async def _note(self, place: Place) -> None:
        try:
            await self._journal.note(place)
        except LowtideError as error:
            log.error("how far a channel was heard could not be kept: %s", describe(error))

    async def on_command(self, interaction: Interaction, name: str, text: str) -> None:
        """Take a slash command; on a server it is answered with where to find us, for one pair of eyes."""
        if interaction.guild_id is not None:
            await self._point(interaction)
            return
        opening = self._open(interaction, command=True)
        keeping = asyncio.create_task(opening.keep_open())
        update = commanded(interaction, name, text)
        async with self._doors.through(update.address):
            await self._handle(update)
        with _forgiving(interaction):
            await keeping

    async def _point(self, interaction: Interaction) -> None:
        language = interaction.locale.value.partition("-")[0]
        language = language if language in self._speech.languages else "en"
        where = f"{escaped(line(self._speech.words, 'pointer', language))} <@{interaction.application_id}>"
        nobody = discord.AllowedMentions.none()
        with _forgiving(interaction):
            await interaction.response.send_message(where, ephemeral=True, allowed_mentions=nobody)

    def _open(self, interaction: Interaction, command: bool) -> Opening:
        """Open the way back, which among other people is the only one; else note our own channel."""
        person, quiet = interaction.user.id, interaction.context.private_channel is True
        opening = Opening(interaction, quiet)
        self._speaking.way(person, opening if command or quiet else None)
        if not quiet and interaction.channel_id:
            self._speaking.met(person, interaction.channel_id)
        return opening

    async def on_press(self, interaction: Interaction, signed: str) -> None:
        """Take a press; a second tap while the first is being taken changes nothing."""
        tap = (interaction.message.id if interaction.message else 0, signed)
        if tap in self._pressing:
            with _forgiving(interaction):
                await interaction.response.defer()
            return
        self._pressing.add(tap)
        try:
            await self._take_press(interaction, signed)
        finally:
            self._pressing.discard(tap)

    async def _take_press(self, interaction: Interaction, signed: str) -> None:
        token = unsigned(signed, here(interaction.user.id), self._key)
        current = self._is_current(interaction.user.id, token)
        opening = self._open(interaction, command=False)
        update = pressed(interaction, token)
        async with self._doors.through(update.address), opening.busy:
            taking = asyncio.ensure_future(self._handle(update))
            await asyncio.wait({taking}, timeout=SOON)
            with _forgiving(interaction):
                if not taking.done():
                    await interaction.response.defer()
                kept = await taking is not None
                await self._settle(
                    interaction, label_of(interaction.message, signed) if current else None, kept
                )

    def _is_current(self, person: int, token: str | None) -> bool:
        turn, asked = parse_token(token or ""), self._speaking.asked(person)
        return turn is not None and asked in (None, turn[0])

    async def _settle(self, interaction: Interaction, label: str | None, kept: bool) -> None:
        """Take the buttons away and show the choice; they stay where the press could not be kept."""
        if not kept:
            if not interaction.response.is_done():
                await interaction.response.defer()
            return
        edit: dict[str, Any] = {"view": None, "allowed_mentions": discord.AllowedMentions.none()}
        text = interaction.message.content if interaction.message else ""
        choice = f"{text}\n\n**› {escaped(label)}**" if label else text
        if label and len(choice) <= LONGEST:
            edit["content"] = choice
        if interaction.response.is_done():
            await interaction.edit_original_response(**edit)
        else:
            await interaction.response.edit_message(**edit)

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
                missed = await _missed(client, place)
            for message in missed:
                if update := heard(message, self._speech.commands):
                    await self._take_message(update, message)


async def _missed(client: discord.Client, place: Place) -> list[discord.Message]:
    """Read what was written behind a place; what cannot be read now waits for the next session."""
    channel, after = client.get_partial_messageable(place.channel), discord.Object(place.last)
    for wait in (*_AGAIN, None):
        try:
            with sorted_faults():
                return [m async for m in channel.history(after=after, oldest_first=True, limit=_MOST)]
        except Unreachable as error:
            log.warning("a channel could not be read on: %s", describe(error))
            if wait is not None:
                await asyncio.sleep(max(wait, error.retry_after or 0))
        except DeliveryError:  # they left, or the channel is gone
            break
    return []


@contextlib.contextmanager
def _forgiving(interaction: Interaction) -> Iterator[None]:
    """Let an answer to an interaction fail: what it was about is kept, and said in its own message."""
    try:
        with answering(interaction):
            yield
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("an interaction could not be answered: %s", describe(error))


def redirect(url: str | None, gateway: str | None) -> None:
    """Reach Discord at other addresses than its own, in this whole process."""
    if url:
        base = yarl.URL(url.rstrip("/"))
        Route.BASE = str(base if base.path.strip("/") else base / "api" / "v10")
    if gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
