"""What Telegram refuses, in the courier's words; its own are never passed on, they may quote a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError, TimedOut

from bot.adapters.telegram_floods import Flooded
from bot.errors import DeliveryError, PersonGone, Refused, Unreachable

_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
)
_REASONS = {
    "message is too long": "the text is too long",
    "message text is empty": "the text is empty",
    "can't parse entities": "the markup cannot be read",
    "button_data_invalid": "a button carries more than 64 bytes",
    "message is not modified": "it is shown already",
}
"""What Telegram says of a message it will never take, and how we say it."""


_BY_KIND: Mapping[type[TelegramError], tuple[type[DeliveryError], str]] = {
    Forbidden: (PersonGone, "they blocked the bot, left, or never began to talk"),
    ChatMigrated: (PersonGone, "the chat became a group, and we speak to one person only"),
    InvalidToken: (Unreachable, "Telegram does not know the bot token; mend LOWTIDE_TELEGRAM_TOKEN"),
    TimedOut: (Unreachable, "Telegram gave no answer in time"),
}


@contextmanager
def sorted_faults() -> Iterator[None]:
    """Turn whatever Telegram says into a `DeliveryError`."""
    try:
        yield
    except TelegramError as error:
        raise fault(error) from None


def fault(error: TelegramError) -> DeliveryError:
    """Sort an error by what the courier should do about it."""
    if isinstance(error, Flooded):
        return Unreachable(f"Telegram asks for {error.seconds:g} seconds of silence", error.seconds)
    if isinstance(error, BadRequest):
        return _bad(error.message.lower())
    known = (ours for kind, ours in _BY_KIND.items() if isinstance(error, kind))
    sort, words = next(known, (Unreachable, "Telegram cannot be reached, or has trouble of its own"))
    return sort(words)


def _bad(words: str) -> DeliveryError:
    if any(sign in words for sign in _GONE):
        return PersonGone("there is no such chat any more")
    known = (ours for theirs, ours in _REASONS.items() if theirs in words)
    return Refused(f"Telegram will not take it: {next(known, 'a bad request')}")
