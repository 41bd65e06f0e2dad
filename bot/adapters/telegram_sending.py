"""How a message is shown on Telegram: as HTML, its choices as a keyboard, in several texts if it is long."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Collection, Sequence
from html import escape

from telegram.error import BadRequest

from bot.adapters.rendering import harmless, split, to_html, utf16
from bot.adapters.signing import sign
from bot.adapters.telegram_calls import Calls
from bot.adapters.telegram_clearing import Clearing
from bot.adapters.telegram_faults import fault, sorted_faults
from bot.adapters.telegram_reading import Raw
from bot.content.markup import Span, parse
from bot.errors import Refused
from bot.runtime.messages import Document, Message, Outgoing, Picture

log = logging.getLogger(__name__)

LONGEST = 4096
"""UTF-16 units that a text may have on Telegram."""
_ROOM = LONGEST - 128
"""How many of them we use, escapes counted: a server that counts the marks as well takes it, too."""
LONGEST_CAPTION = 1024
"""UTF-16 units that may stand under a picture."""
MOST_REMEMBERED = 10_000


class Sending:
    """Show messages with a bot; buttons are signed with `key`, and only these `commands` can be tapped."""

    def __init__(self, bot: Calls, key: bytes, commands: Collection[str], clearing: Clearing) -> None:
        self._bot = bot
        self._clearing = clearing
        self._key = key
        self._commands = commands
        self._shown: dict[str, int] = {}
        self._asked: dict[str, int] = {}

    async def send(self, message: Outgoing) -> None:
        """Show a message; what this process has shown of it already, under the same key, is not repeated."""
        with sorted_faults():
            if isinstance(message, Document):
                chat = message.address.chat
                await self._noted(chat, self._bot.hand(chat, message.name, message.text))
            elif isinstance(message, Picture):
                await self._depict(message)
            else:
                await self._show(message)

    def is_open(self, chat: str, turn: int) -> bool:
        """Tell whether no question was shown after that of `turn`, as far as this process knows."""
        return turn >= self._asked.get(chat, 0)

    async def _show(self, message: Message) -> None:
        pieces = split(self._spans(message), _ROOM, _size)
        for number, piece in enumerate(pieces, 1):
            if number > self._shown.get(message.key, 0):
                keyboard = self._keyboard(message) if number == len(pieces) else None
                await self._show_piece(message.address.chat, piece, keyboard)
                _remember(self._shown, message.key, number)
        if message.buttons:
            _remember(self._asked, message.address.chat, message.turn)

    async def _show_piece(self, chat: str, piece: Sequence[Span], keyboard: Raw | None) -> None:
        """Show a piece as it was meant, or else without its marks: words come before their looks."""
        try:
            await self._noted(chat, self._bot.show(chat, to_html(piece), keyboard))
        except BadRequest as error:
            if not isinstance(fault(error), Refused):
                raise
            log.error("a message was refused with its marks, and is shown without: %s", fault(error))
            text = "".join(span.text for span in piece)
            await self._noted(chat, self._bot.show(chat, text, keyboard, html=False))

    async def _depict(self, message: Picture) -> None:
        """Show a picture; words that are too many to stand under it follow."""
        spans = self._spans(message)
        short = utf16("".join(span.text for span in spans)) <= LONGEST_CAPTION
        if not self._shown.get(message.key):
            caption = to_html(spans) if short else ""
            chat = message.address.chat
            await self._noted(chat, self._bot.picture(chat, message.name, message.data, caption))
            _remember(self._shown, message.key, 1)
        for number, piece in enumerate([] if short else split(spans, _ROOM, _size), 2):
            if number > self._shown.get(message.key, 0):
                chat = message.address.chat
                await self._noted(chat, self._bot.show(chat, to_html(piece)))
                _remember(self._shown, message.key, number)

    async def _noted(self, chat: str, sending: Awaitable[object]) -> None:
        """Send, and remember what is there to remove; what lands in a chat cleared meanwhile goes again."""
        since = self._clearing.times(chat)
        self._clearing.note(chat, await sending, since)

    def _spans(self, message: Message | Picture) -> tuple[Span, ...]:
        return harmless(parse(message.text), self._commands)

    def _keyboard(self, message: Message) -> Raw | None:
        """Give each choice a row of its own: labels are sentences, and thumbs are wide."""
        rows = [
            [{"text": one.label, "callback_data": sign(one.token, message.address, self._key)}]
            for one in message.buttons
        ]
        return {"inline_keyboard": rows} if rows else None


def _size(text: str) -> int:
    return utf16(escape(text, quote=False))


def _remember(book: dict[str, int], key: str, number: int) -> None:
    """Note a number, and forget the oldest where there are too many."""
    book.pop(key, None)
    book[key] = number
    if len(book) > MOST_REMEMBERED:
        del book[next(iter(book))]
