"""What Telegram sent, in our own types: an update for the core, or one of the few things it never hears of.

Every kind has its way: typed text, captions and forwards are heard (and screened for danger); an edited text
is heard as of when it was first written, so that it never answers a question asked since; a forwarded command
is a text; what holds no words is `Unsupported`; service notes, reactions and polls' tallies pass in silence.

Only the fields that matter are looked at: a kind Telegram changes or adds cannot hide a person's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from telegram.constants import MessageAttachmentType, MessageType

from bot.adapters.signing import verified
from bot.runtime.messages import Address, Command, Press, Text, Unsupported, Update, What, legible

Raw: TypeAlias = Mapping[str, Any]
"""What Telegram wrote, as it came."""
PLATFORM = "telegram"
KINDS = [
    *("message", "edited_message", "callback_query", "my_chat_member"),
    *("pre_checkout_query", "shipping_query"),
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
_FRAME = frozenset("message_id from chat date edit_date sender_chat reply_to_message via_bot quote".split())
_FORWARDED = frozenset(
    "forward_origin forward_date forward_from forward_from_chat forward_sender_name".split()
)
_KEPT = timedelta(days=2)
_GONE = frozenset(("kicked", "left"))


@dataclass(frozen=True, slots=True)
class Pressing:
    """Carry the press of a button: its query's id, what it carried, and the message it stood under."""

    update: Update
    query: str
    turn: int
    data: str = field(repr=False)
    message: Raw = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stray:
    """Name a press outside a private chat, which is answered and not heard."""

    query: str


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
    """Name a question of the payment desk, about shipping or else about paying, that waits for a no."""

    query: str
    shipping: bool
    language: str


Heard: TypeAlias = Update | Pressing | Stray | Presence | Called | Purchase


@dataclass(frozen=True, slots=True)
class Reading:
    """Read updates as the bot called `name`, with the key its buttons are signed with."""

    name: str
    key: bytes = field(repr=False)

    def heard(self, raw: Raw) -> Heard | None:
        """Return what an update means; None for what passes in silence.

        Of what was edited only words are heard again: a location shared live is edited every few seconds.
        """
        match raw:
            case {"update_id": int(id), "message": {"chat": {"id": int(chat)} as place} as message}:
                said = self._said(id, chat, message) if _private(place) else None
                return _in_time(said) if said else None if _private(place) else self._called(chat, message)
            case {"update_id": int(id), "edited_message": {"chat": {"id": int(chat)} as place} as message}:
                return self._said(id, chat, message) if _private(place) and _words(message) else None
            case {"update_id": int(id), "callback_query": {"id": str(), "from": {"id": int()}} as query}:
                return self._pressed(id, query)
            case {"my_chat_member": {"chat": {"id": int(chat), "type": "private"}} as change}:
                return Presence(here(chat), change["new_chat_member"]["status"] not in _GONE)
        return _purchase(raw)

    def _said(self, id: int, chat: int, message: Raw) -> Update | None:
        what = None if _robot(message) else self._what(message)
        if what is None:
            return None
        speaks = (message.get("from") or {}).get("language_code") or ""
        return Update(str(id), here(chat), _written_at(message.get("date")), what, speaks)

    def _what(self, message: Raw) -> What | None:
        text = _words(message)
        if not text:
            kind = _kind(message)
            return Unsupported(kind) if kind else None
        command = None if "caption" in message or _forwarded(message) else self._command(text)
        return command or Text(text)

    def _command(self, text: str) -> Command | None:
        match = _COMMAND.fullmatch(text.strip())
        if match is None or (match[2] and match[2].lower() != self.name.lower()):
            return None
        return _linked(Command(match[1].lower(), (match[3] or "").strip()))

    def _called(self, chat: int, message: Raw) -> Called | None:
        """Hear a command in a group, unless it is forwarded or for another bot."""
        person = message.get("from")
        if _robot(message) or _forwarded(message) or not person or not self._command(message.get("text", "")):
            return None
        thread = message.get("message_thread_id") if message.get("is_topic_message") else None
        return Called(chat, thread, person["id"], person.get("language_code") or "")

    def _pressed(self, id: int, query: Raw) -> Pressing | Stray:
        """Hear a press; one that is not ours to trust is a press of nothing."""
        message = query.get("message") or {}
        chat = message.get("chat") or query["from"]
        if not _private(chat):
            return Stray(query["id"])
        address, data = here(chat["id"]), query.get("data") or ""
        token = verified(data, address, self.key) or ""
        turn = int(token.partition(":")[0] or -1)
        return Pressing(Update(str(id), address, None, Press(token)), query["id"], turn, data, message)


def _private(chat: Raw) -> bool:
    """Tell whether a chat is one person's: their numbers are positive, where nothing else is said."""
    return bool(chat.get("type", "private" if chat["id"] > 0 else "group") == "private")


def _in_time(update: Update) -> Update:
    """Take a time at its word, if it can be true: Telegram keeps what waits for us for a day."""
    oldest = datetime.now(UTC) - _KEPT
    return replace(update, sent_at=None) if update.sent_at and update.sent_at < oldest else update


def _purchase(raw: Raw) -> Purchase | None:
    for kind in ("pre_checkout_query", "shipping_query"):
        if kind in raw:
            query = raw[kind]
            return Purchase(query["id"], kind == "shipping_query", query["from"].get("language_code") or "")
    return None


def here(chat: int) -> Address:
    """Return the address of a private chat."""
    return Address(PLATFORM, str(chat))


def _written_at(date: object) -> datetime | None:
    """Tell when a message was written; None where nobody says so, or says what is no time."""
    try:
        return end_of_second(date) if isinstance(date, int) and date else None
    except (ValueError, OverflowError, OSError):
        return None


def end_of_second(date: int) -> datetime:
    """Return the last moment of a second, in UTC: Telegram tells whole seconds only."""
    return datetime.fromtimestamp(date, UTC).replace(microsecond=999_999)


def _linked(command: Command) -> Command:
    """Read the payload of a deep link: `/start why-ghosting` begins with the page about ghosting.

    A payload is no word of theirs: one that says nothing to us is left out.
    """
    payload = re.fullmatch(r"(why-)?([A-Za-z0-9_-]{1,64})", command.text)
    if command.name != "start" or payload is None:
        return command
    return Command("start", about=re.sub("[-_]", " ", payload[2]) if payload[1] else "")


def _words(message: Raw) -> str:
    return legible(message.get("text") or message.get("caption") or "")


def _robot(message: Raw) -> bool:
    return bool((message.get("from") or {}).get("is_bot"))


def _forwarded(message: Raw) -> bool:
    return not _FORWARDED.isdisjoint(message)


def _kind(message: Raw) -> str | None:
    """Name what a message without words holds; None for a note of Telegram's own."""
    held = next((name for name in _CONTENT if name in message), None)
    if held:
        return "forward" if _forwarded(message) else held
    unknown = message.keys() - _FRAME - _FORWARDED
    return "message" if unknown and _NOTES.isdisjoint(message) else None
