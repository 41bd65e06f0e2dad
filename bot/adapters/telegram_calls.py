"""The bot of python-telegram-bot, with its main calls made plainly: no answer is read beyond what is needed.

The library builds an object of everything Telegram says, and fails on what it does not expect. For updates
that would let one that cannot be read hide the others; for a message it would take what was shown for a
failure, and show it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import telegram
from telegram.error import InvalidToken

from bot.adapters.telegram_reading import KINDS, Raw

WINDOW = 100
"""Updates Telegram gives at once."""
SLACK = 10.0
"""Seconds an answer to an empty poll may come late."""


UNSEEN = {"is_disabled": True}
"""Show no preview of a link."""


class Calls(telegram.Bot):
    """Call Telegram; every call may raise a `TelegramError`.

    `doubted` is set when one was told that there is no such bot: the token was revoked, or a server has no
    such method.
    """

    def __init__(self, token: str, **options: Any) -> None:
        super().__init__(token, **options)
        self._doubted = asyncio.Event()

    @property
    def doubted(self) -> asyncio.Event:
        """Tell whether the token is in doubt."""
        return self._doubted

    async def _do_post(self, *args: Any, **options: Any) -> Any:
        try:
            return await super()._do_post(*args, **options)
        except InvalidToken:
            self._doubted.set()
            raise

    async def me(self) -> str:
        """Ask for the bot's own name."""
        found = await self._post("getMe")
        return str(found.get("username") or "")

    async def updates(self, offset: int, seconds: int) -> list[Raw]:
        """Ask for updates from an offset on, waiting so many seconds for the first."""
        data = {"timeout": seconds, "offset": offset or None, "limit": WINDOW, "allowed_updates": KINDS}
        found = await self._post("getUpdates", data, read_timeout=seconds + SLACK)
        return [one for one in found if isinstance(one, dict) and isinstance(one.get("update_id"), int)]

    async def show(
        self,
        chat: str | int,
        text: str,
        keyboard: Raw | None = None,
        thread: int | None = None,
        html: bool = True,
    ) -> object:
        """Send a text, with a keyboard below it; return its number. `thread` is a topic of a group."""
        data: dict[str, Any] = {"chat_id": chat, "text": text, "parse_mode": "HTML" if html else None}
        data |= {"link_preview_options": UNSEEN, "reply_markup": keyboard, "message_thread_id": thread}
        return _number(await self._post("sendMessage", data))

    async def hand(self, chat: str, name: str, text: str) -> object:
        """Send a file of plain text; return its number."""
        file = telegram.InputFile(text.encode(), filename=name)
        sent = await self._post("sendDocument", {"chat_id": chat, "document": file}, read_timeout=60.0)
        return _number(sent)

    async def picture(self, chat: str, name: str, data: bytes, caption: str) -> object:
        """Send a picture with a caption in HTML, or with none; return its number."""
        fields: dict[str, Any] = {"chat_id": chat, "photo": telegram.InputFile(data, filename=name)}
        if caption:
            fields |= {"caption": caption, "parse_mode": "HTML"}
        return _number(await self._post("sendPhoto", fields, read_timeout=60.0))

    async def remove(self, chat: str, messages: Sequence[int]) -> None:
        """Remove at most a hundred messages of a chat; those that are gone already are passed over."""
        await self._post("deleteMessages", {"chat_id": chat, "message_ids": list(messages)})

    async def redraw(self, chat: str, message: int, html: str) -> None:
        """Put a text in the place of a message and its keyboard."""
        data: dict[str, Any] = {"chat_id": chat, "message_id": message, "text": html, "parse_mode": "HTML"}
        await self._post("editMessageText", {**data, "link_preview_options": UNSEEN})

    async def strip(self, chat: str, message: int) -> None:
        """Take the keyboard of a message away."""
        await self._post("editMessageReplyMarkup", {"chat_id": chat, "message_id": message})


def _number(sent: object) -> object:
    """Return the number of a message that was sent, if what Telegram says of it holds one."""
    return sent.get("message_id") if isinstance(sent, dict) else None
