"""What Discord sent, in our own types: an update for the core, or nothing where there is nothing to hear.

Typed text, captions and forwards are heard (and screened for danger); an edited text is heard as of when it
was first written, so that it never answers a question asked since; what holds no words is `Unsupported`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import discord

from bot.runtime.messages import (
    Address,
    Command,
    Press,
    Text,
    Unsupported,
    Update,
    What,
    legible,
    parse_token,
)

PLATFORM = "discord"
_COMMAND = re.compile(r"/([A-Za-z0-9_-]{1,32})(?:\s+(.*))?", re.DOTALL)
_DISCORD_BEGAN = datetime(2016, 1, 1, tzinfo=UTC)
"""No message of a bot is older; a number that says so is from a server that counts otherwise."""
_SPOKEN = {discord.MessageType.default, discord.MessageType.reply, discord.MessageType.chat_input_command}


def here(person: int) -> Address:
    """Return the address of a person: their own id, the same wherever they speak from."""
    return Address(PLATFORM, str(person))


def heard(message: discord.Message, commands: Collection[str]) -> Update | None:
    """Return what a direct message means; None for what passes in silence."""
    if message.guild is not None or message.author.bot or message.type not in _SPOKEN:
        return None
    what = _what(message, commands)
    return Update(_id(message), here(message.author.id), _written_at(message), what) if what else None


def commanded(interaction: discord.Interaction, name: str, text: str) -> Update:
    """Return a slash command as an update."""
    return Update(
        str(interaction.id),
        here(interaction.user.id),
        None,
        Command(name, legible(text)),
        interaction.locale.value,
    )


def pressed(interaction: discord.Interaction, token: str | None) -> Update:
    """Return a press as an update; one that is not ours to trust is a press of nothing."""
    return Update(
        str(interaction.id), here(interaction.user.id), None, Press(token or ""), interaction.locale.value
    )


def filled_in(interaction: discord.Interaction, token: str | None, text: str) -> Update:
    """Return what was written into a form; of one that is not ours to trust it is only heard."""
    turn, _ = parse_token(token or "") or (-1, 0)
    return Update(str(interaction.id), here(interaction.user.id), None, Text(text, turn))


def start_of(command: str) -> str:
    """Return the name the core knows a command by."""
    return "start" if command == "lowtide" else command


def _written_at(message: discord.Message) -> datetime | None:
    """Tell when a message was written, by its number; None where that cannot be true."""
    soonest, latest = _DISCORD_BEGAN, datetime.now(UTC) + timedelta(days=1)
    return message.created_at if soonest < message.created_at < latest else None


def _id(message: discord.Message) -> str:
    """Name a message, or one version of it: an edit is another update, and the same when it comes again."""
    return f"{message.id}:{message.edited_at.timestamp():.3f}" if message.edited_at else str(message.id)


def _what(message: discord.Message, commands: Collection[str]) -> What | None:
    forwarded = [part.content for part in message.message_snapshots if part.content]
    text = legible(message.content or "\n\n".join(forwarded))
    if not text:
        return Unsupported(_kind(message))
    typed = None if forwarded else _COMMAND.fullmatch(text.strip())
    if typed and (name := start_of(typed[1].lower())) in commands:
        return Command(name, (typed[2] or "").strip())
    return Text(text)


def _kind(message: discord.Message) -> str:
    """Name what a message without words holds."""
    if message.message_snapshots:
        return "forward"
    if message.flags.voice:
        return "voice"
    if message.stickers:
        return "sticker"
    if message.poll:
        return "poll"
    kinds = [(file.content_type or "").partition("/")[0] for file in message.attachments]
    return next((kind for kind in kinds if kind in {"image", "audio", "video"}), "file" if kinds else "other")
