"""What is done with commands, presses and forms: kept first, then answered, within Discord's 3 seconds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import aiohttp
import discord

from bot.adapters.discord_buttons import label_of, unsigned
from bot.adapters.discord_client import Speech
from bot.adapters.discord_commands import line
from bot.adapters.discord_faults import sorted_faults
from bot.adapters.discord_forms import Form, shown_below, written
from bot.adapters.discord_openings import SOON, Opening, answering
from bot.adapters.discord_reading import commanded, filled_in, here, pressed
from bot.adapters.discord_speaking import Speaking
from bot.adapters.rendering_discord import LONGEST, escaped
from bot.errors import LowtideError
from bot.runtime.blame import describe
from bot.runtime.clearing import Glance, unmoved
from bot.runtime.doors import Doors
from bot.runtime.messages import Update, Wording, parse_token
from bot.runtime.ports import Room, Verdict
from bot.runtime.room import Boundless

log = logging.getLogger(__name__)

Handle: TypeAlias = Callable[[Update], Awaitable[Verdict | None]]
Interaction: TypeAlias = discord.Interaction[Any]


class Pressing:
    """Take interactions for `handle`; buttons were signed with `key`, `doors` lets one thing of each in."""

    def __init__(  # noqa: PLR0913, PLR0917  what it stands between
        self,
        handle: Handle,
        key: bytes,
        speech: Speech,
        speaking: Speaking,
        doors: Doors,
        glance: Glance = unmoved,
    ) -> None:
        self.room: Room = Boundless()
        self._glance = glance
        self._handle, self._key = handle, key
        self._speech, self._speaking, self._doors = speech, speaking, doors
        self._under_way: set[tuple[int, str]] = set()

    # --- commands ------------------------------------------------------------------------------------

    async def on_command(self, interaction: Interaction, name: str, text: str) -> None:
        """Take a slash command; on a server it is answered with where to find us, for one pair of eyes."""
        if interaction.guild_id is not None:
            await self._point(interaction)
            return
        opening = self._open(interaction, command=True)
        keeping = asyncio.create_task(opening.keep_open())
        update = commanded(interaction, name, text)
        self._glance(update)
        async with self._doors.through(update.address):
            await self._handle(update)
        with _forgiving(interaction):
            await keeping

    async def _point(self, interaction: Interaction) -> None:
        language = self._language(interaction)
        where = f"{escaped(line(self._speech.words, 'pointer', language))} <@{interaction.application_id}>"
        nobody = discord.AllowedMentions.none()
        with _forgiving(interaction):
            await interaction.response.send_message(where, ephemeral=True, allowed_mentions=nobody)

    def _language(self, interaction: Interaction) -> str:
        language = interaction.locale.value.partition("-")[0]
        return language if language in self._speech.languages else self._speech.language

    def _open(self, interaction: Interaction, command: bool) -> Opening:
        """Open the way back, which among other people is the only one; else note our own channel."""
        person, quiet = interaction.user.id, interaction.context.private_channel is True
        opening = Opening(interaction, quiet)
        self._speaking.way(person, opening if command or quiet else None)
        if not quiet and interaction.channel_id:
            self._speaking.met(person, interaction.channel_id)
        return opening

    # --- presses -------------------------------------------------------------------------------------

    async def on_press(self, interaction: Interaction, signed: str) -> None:
        """Take a press; a second tap while the first is being taken changes nothing."""
        tap = (interaction.message.id if interaction.message else 0, signed)
        if tap in self._under_way:
            with _forgiving(interaction):
                await interaction.response.defer()
            return
        self._under_way.add(tap)
        try:
            token = unsigned(signed, here(interaction.user.id), self._key)
            label = label_of(interaction.message, signed) if self._is_current(interaction, token) else None
            await self._take(interaction, pressed(interaction, token), label)
        finally:
            self._under_way.discard(tap)

    async def on_write(self, interaction: Interaction, signed: str, most: int) -> None:
        """Open the form of a question; one that is not open any more is a press on what is gone."""
        token = unsigned(signed, here(interaction.user.id), self._key)
        if not self._is_current(interaction, token):
            await self.on_press(interaction, signed)
            return
        form = self._speaking.form(interaction.user.id)
        known = form.wording if form and form.signed == signed else shown_below(interaction.message, most)
        with _forgiving(interaction):
            await self._show_form(interaction, signed, known)

    async def on_form(self, interaction: Interaction) -> None:
        """Take what was written into a form."""
        found = written(interaction)
        if found is not None:
            token = unsigned(found[0], here(interaction.user.id), self._key)
            await self._take(interaction, filled_in(interaction, token, found[1]), None)

    def _is_current(self, interaction: Interaction, token: str | None) -> bool:
        turn, asked = parse_token(token or ""), self._speaking.asked(interaction.user.id)
        return turn is not None and asked in (None, turn[0])

    async def _take(self, interaction: Interaction, update: Update, label: str | None) -> None:
        """Keep an update, then close its question; or open the form of the one that it led to."""
        opening = self._open(interaction, command=False)
        person = interaction.user.id
        before = self._speaking.form(person)
        async with self._doors.through(update.address), opening.busy:
            taking = asyncio.ensure_future(self._handle(update))
            await asyncio.wait({taking}, timeout=SOON)
            with _forgiving(interaction):
                if not taking.done():
                    await interaction.response.defer()
                kept = await taking is not None
                form = self._speaking.form(person)
                if form is None or form is before or not self._may_open(interaction):
                    await self._settle(interaction, label, kept)
                    return
                await self._show_form(interaction, form.signed, form.wording)
        await self._close_meanwhile(interaction, label)

    def _may_open(self, interaction: Interaction) -> bool:
        """Tell whether a form may be the answer: not to another form, and not to what was answered."""
        component = interaction.type is discord.InteractionType.component
        return component and not interaction.response.is_done()

    async def _show_form(self, interaction: Interaction, signed: str, wording: Wording) -> None:
        label = line(self._speech.words, "wording", self._language(interaction)) or "…"
        await interaction.response.send_modal(Form(signed, wording, label))

    # --- what was pressed ----------------------------------------------------------------------------

    async def _settle(self, interaction: Interaction, label: str | None, kept: bool) -> None:
        """Take the buttons away and show the choice; they stay where the press could not be kept."""
        if not kept or interaction.message is None:
            if not interaction.response.is_done():
                await interaction.response.defer()
        elif interaction.response.is_done():
            await interaction.edit_original_response(**_closed(interaction.message, label))
        else:
            await interaction.response.edit_message(**_closed(interaction.message, label))

    async def _close_meanwhile(self, interaction: Interaction, label: str | None) -> None:
        """Close a question whose press was answered by a form: by a call of its own, that counts."""
        message = interaction.message
        if message is None or message.flags.ephemeral:
            return
        try:
            async with self.room.aside():
                with sorted_faults():
                    await message.edit(**_closed(message, label))
        except LowtideError as error:
            log.info("a question stays open: %s", describe(error))


def _closed(message: discord.Message, label: str | None) -> dict[str, Any]:
    """Return how a message looks once it was answered."""
    edit: dict[str, Any] = {"view": None, "allowed_mentions": discord.AllowedMentions.none()}
    choice = f"{message.content}\n\n**› {escaped(label)}**" if label else ""
    return {**edit, "content": choice} if choice and len(choice) <= LONGEST else edit


@contextlib.contextmanager
def _forgiving(interaction: Interaction) -> Iterator[None]:
    """Let an answer to an interaction fail: what it was about is kept, and said in its own message."""
    try:
        with answering(interaction):
            yield
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("an interaction could not be answered: %s", describe(error))
