"""What Telegram sent, in our own types: an update for the core, or one of the few things it never hears of.

Every kind has its way: typed text, captions and forwards are heard (and screened for danger); an edited text
is heard as of when it was first written, so that it never answers a question asked since; a forwarded command
is a text; what holds no words is `Unsupported`; service notes, reactions and polls' tallies pass in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

import telegram
from telegram.constants import ChatMemberStatus, ChatType, MessageAttachmentType, MessageType

from bot.adapters.signing import verified
from bot.runtime.messages import Address, Command, Press, Text, Unsupported, Update, What

PLATFORM = "telegram"
KINDS = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "pre_checkout_query",
    "shipping_query",
]
"""The kinds of update we ask Telegram for."""
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_FIRST = ("animation", "venue")
"""Kinds that come together with a plainer one: an animation is a document too, a venue a location."""
_CONTENT = tuple(
    dict.fromkeys([*_FIRST, *(str(kind.value) for kind in MessageAttachmentType), "checklist", "giveaway"])
)
_NOTES = frozenset(str(kind.value) for kind in MessageType) - set(_CONTENT)
"""What Telegram itself notes in a chat: a pinned message, a new timer, a gift."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """Carry the press of a button with what is needed to answer it and to show the choice."""

    update: Update
    query: telegram.CallbackQuery = field(repr=False)
    turn: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Say that a person blocked the bot, or let it in again."""

    address: Address
    here: bool


@dataclass(frozen=True, slots=True)
class Called:
    """Say that somebody gave a command in a group, where we do not talk."""

    chat: int
    thread: int | None
    person: int
    language: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """Name a question of the payment desk, which waits ten seconds for a no."""

    query: telegram.PreCheckoutQuery | telegram.ShippingQuery = field(repr=False)


Heard: TypeAlias = Update | Pressing | Presence | Called | Purchase


@dataclass(frozen=True, slots=True)
class Reading:
    """Read updates as the bot called `name`, with the key its buttons are signed with."""

    name: str
    key: bytes = field(repr=False)

    def heard(self, update: telegram.Update) -> Heard | None:
        """Return what an update means; None for what passes in silence."""
        if update.callback_query:
            return self._pressed(update.update_id, update.callback_query)
        if update.my_chat_member:
            return _presence(update.my_chat_member)
        if query := update.pre_checkout_query or update.shipping_query:
            return Purchase(query)
        message = update.message or update.edited_message
        return self._said(update.update_id, message) if message else None

    def _said(self, id: int, message: telegram.Message) -> Heard | None:
        if message.chat.type != ChatType.PRIVATE:
            return self._called(message)
        what = self._what(message)
        if what is None or (message.from_user and message.from_user.is_bot):
            return None
        return Update(str(id), here(message.chat.id), end_of_second(message.date), what)

    def _what(self, message: telegram.Message) -> What | None:
        text = message.text or message.caption
        if text is None:
            kind = _kind(message)
            return Unsupported(kind) if kind else None
        command = None if message.forward_origin or message.caption else self._command(text)
        return command or Text(text)

    def _command(self, text: str) -> Command | None:
        match = _COMMAND.fullmatch(text.strip())
        if match is None or (match[2] and match[2].lower() != self.name.lower()):
            return None
        return _linked(Command(match[1].lower(), (match[3] or "").strip()))

    def _called(self, message: telegram.Message) -> Called | None:
        """Hear a command in a group, unless it is edited, forwarded or for another bot."""
        person = message.from_user
        if message.edit_date or message.forward_origin or person is None or person.is_bot:
            return None
        if self._command(message.text or "") is None:
            return None
        thread = message.message_thread_id if message.is_topic_message else None
        return Called(message.chat.id, thread, person.id, person.language_code or "")

    def _pressed(self, id: int, query: telegram.CallbackQuery) -> Pressing | None:
        """Hear a press; one that is not ours to trust is a press of nothing."""
        if query.message and query.message.chat.type != ChatType.PRIVATE:
            return None
        address = here(query.message.chat.id if query.message else query.from_user.id)
        token = verified(query.data or "", address, self.key) or ""
        turn = int(token.partition(":")[0] or -1)
        return Pressing(Update(str(id), address, None, Press(token)), query, turn)


def here(chat: int) -> Address:
    """Return the address of a private chat."""
    return Address(PLATFORM, str(chat))


def end_of_second(date: datetime) -> datetime:
    """Return the last moment of a second, in UTC: Telegram tells whole seconds only."""
    return date.astimezone(UTC).replace(microsecond=999_999)


def _linked(command: Command) -> Command:
    """Read the payload of a deep link: `/start why-ghosting` asks why about ghosting."""
    asked = re.fullmatch(r"why-([\w-]+)", command.text)
    if command.name == "start" and asked:
        return Command("why", asked[1].replace("-", " ").replace("_", " "))
    return command


def _kind(message: telegram.Message) -> str | None:
    """Name what a message without words holds; None for a note of Telegram's own."""
    held = [name for name in _CONTENT if getattr(message, name, None)]
    if held:
        return "forward" if message.forward_origin else held[0]
    noted = any(getattr(message, name, None) for name in _NOTES)
    return "message" if message.api_kwargs and not noted else None  # a kind the library does not know yet


def _presence(change: telegram.ChatMemberUpdated) -> Presence | None:
    if change.chat.type != ChatType.PRIVATE:
        return None
    gone = {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}
    return Presence(here(change.chat.id), change.new_chat_member.status not in gone)
