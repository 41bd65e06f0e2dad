"""How a message reaches a person on Discord: in their direct channel, or back the way they came."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from time import time_ns
from typing import Any

import discord

from bot.adapters.discord_buttons import shown
from bot.adapters.discord_clearing import cleared, removed
from bot.adapters.discord_commands import Words, line
from bot.adapters.discord_faults import sorted_faults
from bot.adapters.discord_forms import LAST, WriteButton
from bot.adapters.discord_openings import Opening
from bot.adapters.rendering import utf16
from bot.adapters.rendering_discord import LONGEST, pieces, quoted
from bot.adapters.signing import sign
from bot.content.markup import parse
from bot.errors import Unreachable
from bot.runtime.messages import Document, Message, Outgoing, Picture, Wording, token

_PATIENCE = 10.0
"""Seconds one message may take before the courier is told to try again."""
_LONGEST_ALT = 1024
"""Characters that Discord takes to say what a picture is."""
_REMEMBERED = 10_000
_NO_CHANNEL = 10003
_LOST = {10008, 10015, 10062, 50027}
"""What Discord answers on a way back that is closed."""


@dataclass(frozen=True, slots=True)
class Form:
    """Hold what the form of a question carries, and the words in it."""

    signed: str
    wording: Wording


class Speaking:
    """Speak through the client that `client` gives; buttons are signed with `key`."""

    def __init__(self, client: Callable[[], discord.Client | None], key: bytes, words: Words) -> None:
        self._client = client
        self._key = key
        self._words = words
        self._ways: dict[int, Opening] = {}
        self._channels: OrderedDict[int, int] = OrderedDict()
        self._turns: OrderedDict[int, int] = OrderedDict()
        self._forms: OrderedDict[int, Form] = OrderedDict()
        self._said: OrderedDict[str, None] = OrderedDict()
        self._cleared: OrderedDict[int, int] = OrderedDict()

    async def send(self, message: Outgoing) -> None:
        """Show a message, in as many pieces as it needs; the last one carries the buttons."""
        client = self._client()
        if client is None:
            raise Unreachable("there is no line to Discord now")
        person = int(message.address.chat)
        with sorted_faults():
            async with asyncio.timeout(_PATIENCE):
                for place, piece in enumerate(self._pieces(message)):
                    await self._show(client, person, piece, nonce(message.key, place))
        if isinstance(message, Message) and (message.buttons or message.edits):
            _keep(self._turns, person, message.turn)

    async def clear(self, person: int, text: str) -> None:
        """Say a line, and remove what else we said; what is on its way goes once it has landed."""
        client = self._client()
        if client is None:
            raise Unreachable("there is no line to Discord now")
        times = self._cleared.get(person, 0) + 1
        _keep(self._cleared, person, times)
        with sorted_faults():
            channel = await self._channel(client, person)
        line = {"content": text, "allowed_mentions": discord.AllowedMentions.none(), "suppress_embeds": True}
        saying = (
            self._say(client, person, line, f"clear:{person}:{times}:{time_ns()}") if text else _nothing()
        )
        said, _ = await asyncio.gather(saying, cleared(client, channel, text), return_exceptions=True)
        if isinstance(said, BaseException):
            raise said

    async def _say(self, client: discord.Client, person: int, line: dict[str, Any], name: str) -> None:
        with sorted_faults():
            async with asyncio.timeout(_PATIENCE):
                await self._show(client, person, line, nonce(name, 0))

    def way(self, person: int, opening: Opening | None) -> None:
        """Answer a person this way from now on; None says in their direct channel."""
        self._ways.pop(person, None)
        if opening:
            self._ways[person] = opening

    def met(self, person: int, channel: int) -> None:
        """Note a person's direct channel."""
        _keep(self._channels, person, channel)

    def asked(self, person: int) -> int | None:
        """Tell the turn of the question a person was shown last, if that is known."""
        return self._turns.get(person)

    def opens(self, person: int) -> bool:
        """Tell whether a message to a person would open their channel."""
        way = self._ways.get(person)
        return person not in self._channels and not (way and way.stands())

    def foresee(self, message: Outgoing) -> None:
        """Note the words of a question that may be changed."""
        if isinstance(message, Message) and message.edits:
            _keep(self._forms, int(message.address.chat), Form(self._signed(message), message.edits))

    def form(self, person: int) -> Form | None:
        """Return the form of the question that was last to have one, if that is known."""
        return self._forms.get(person)

    def _pieces(self, message: Outgoing) -> list[dict[str, Any]]:
        always = {"allowed_mentions": discord.AllowedMentions.none()}
        if isinstance(message, Document):
            file = discord.File(BytesIO(message.text.encode()), filename=message.name)
            return [{**always, "file": file}]
        texts = pieces(parse(message.text))
        content: list[dict[str, Any]] = [
            {**always, "content": text, "suppress_embeds": True} for text in texts
        ]
        if isinstance(message, Picture):
            alt = message.alt[:_LONGEST_ALT]
            content[-1]["file"] = discord.File(BytesIO(message.data), message.name, description=alt)
            return content
        hint = line(self._words, "choose", message.language)
        view = shown(message.buttons, message.address, self._key, hint)
        if message.edits:
            view.add_item(self._write_button(message, message.edits))
            _put_below(content, quoted(message.edits.text))
        if view.children:
            content[-1]["view"] = view
        return content

    def _write_button(self, message: Message, wording: Wording) -> WriteButton:
        label = line(self._words, "write", message.language) or "…"
        return WriteButton(self._signed(message), wording.most, label)

    def _signed(self, message: Message) -> str:
        return sign(token(message.turn, LAST), message.address, self._key)

    async def _show(self, client: discord.Client, person: int, piece: dict[str, Any], name: str) -> None:
        if name in self._said or await self._went_back(person, piece, name):
            return
        known = person in self._channels
        channel = client.get_partial_messageable(await self._channel(client, person))
        times = self._cleared.get(person)
        try:
            sent = await channel.send(nonce=name, **piece)
            if times != self._cleared.get(person):
                await removed(sent)
        except discord.NotFound as error:
            del self._channels[person]
            if known and error.code == _NO_CHANNEL:
                raise Unreachable("a channel is gone, and will be opened anew") from None
            raise

    async def _went_back(self, person: int, piece: dict[str, Any], name: str) -> bool:
        """Answer the way the person came; False if it is closed."""
        way = self._ways.get(person)
        if way is None or not way.stands():
            self._ways.pop(person, None)
            return False
        try:
            await way.say(piece)
        except discord.HTTPException as error:
            if error.code not in _LOST:
                raise
            self._ways.pop(person, None)
            return False
        _keep(self._said, name, None)  # no nonce keeps an answer from being given twice
        return True

    async def _channel(self, client: discord.Client, person: int) -> int:
        known = self._channels.get(person)
        if known is None:
            known = (await client.create_dm(discord.Object(person))).id
            self.met(person, known)
        return known


async def _nothing() -> None:
    """Say nothing."""


def _put_below(pieces: list[dict[str, Any]], quote: str) -> None:
    """Put a quote below a text, in a message of its own where both are too long for one."""
    both = f"{pieces[-1]['content']}\n\n{quote}"
    if utf16(both) <= LONGEST:
        pieces[-1]["content"] = both
    elif utf16(quote) <= LONGEST:
        pieces.append({**pieces[-1], "content": quote})


def nonce(key: str, place: int) -> str:
    """Return what tells a piece of a message from every other: the same when it is sent again, 24 signs."""
    return blake2b(f"{key}\0{place}".encode(), digest_size=12).hexdigest()


def _keep(kept: OrderedDict[Any, Any], name: object, value: object) -> None:
    kept[name] = value
    kept.move_to_end(name)
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
