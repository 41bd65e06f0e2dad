"""What is done beside a conversation: presses answered, choices shown, typing, a pointer in a group.

None of it holds an update up, none of it is worth more than a few tries, and all of it counts against what
Telegram takes, behind the messages themselves.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from html import escape
from typing import TypeAlias

import telegram
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated

from bot.adapters.rendering import utf16
from bot.adapters.telegram_calls import Calls
from bot.adapters.telegram_faults import sorted_faults
from bot.adapters.telegram_reading import Called, Pressing, Purchase
from bot.adapters.telegram_sending import LONGEST
from bot.errors import DeliveryError, Unreachable
from bot.runtime.blame import describe
from bot.runtime.ports import Room
from bot.runtime.room import Boundless

log = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds an answer may take before the person is shown that one is coming."""
LASTS, LONGEST_TYPING = 4.5, 60.0
"""Seconds after which the sign is shown again, as it goes out after five, and when it is given up."""
TRIES, PAUSE = 3, 1.0
MOST_POINTED = 1000

Deed: TypeAlias = Callable[[], Awaitable[object]]
Words: TypeAlias = Callable[[str, str], str]
"""Give a line of the adapter's own by its key and a language."""


class Asides:
    """Do small things in the background with a bot; `patience` as `PATIENCE`."""

    def __init__(self, bot: Calls, words: Words, patience: float = PATIENCE) -> None:
        self._bot = bot
        self._words = words
        self._patience = patience
        self.room: Room = Boundless()
        self._typing: dict[str, asyncio.TimerHandle] = {}
        self._late: set[str] = set()
        self._coming: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pointed: dict[tuple[int, int], None] = {}

    async def close(self, seconds: float = 2.0) -> None:
        """Finish what was begun, for a moment, and let the rest go."""
        for chat in list(self._typing):
            self.answered(chat)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()

    # --- typing ------------------------------------------------------------------------------------------

    def expect(self, chat: str) -> None:
        """Show that an answer is coming, unless it is there in time."""
        self.answered(chat)
        self._wait_for(chat, self._patience, LONGEST_TYPING)

    def coming(self, chat: str) -> None:
        """Note that there is an answer, and that it will be sent."""
        self._coming.add(chat)

    def heard(self, chat: str) -> None:
        """Note that what was said is dealt with: where no answer is coming, none is shown to come."""
        if chat not in self._coming:
            self.answered(chat)

    def answered(self, chat: str) -> None:
        """Note that an answer is there, or that none will come."""
        self._coming.discard(chat)
        self._late.discard(chat)
        waiting = self._typing.pop(chat, None)
        if waiting:
            waiting.cancel()

    def _wait_for(self, chat: str, seconds: float, left: float) -> None:
        loop = asyncio.get_running_loop()
        self._typing[chat] = loop.call_later(seconds, self._show_typing, chat, left)

    def _show_typing(self, chat: str, left: float) -> None:
        self._typing.pop(chat, None)
        self._late.add(chat)
        self._spawn(lambda: self._type(chat), tries=1)
        if left > 0:
            self._wait_for(chat, LASTS, left - LASTS)

    async def _type(self, chat: str) -> None:
        if chat in self._late:  # there may have been no room until the answer was there
            self._late.discard(chat)
            await self._bot.send_chat_action(chat, ChatAction.TYPING)

    # --- presses -----------------------------------------------------------------------------------------

    def acknowledge(self, query: str) -> None:
        """Answer a press, so that the button stops turning."""
        self._spawn(lambda: self._bot.answer_callback_query(query))

    def close_question(self, pressing: Pressing, chosen: bool) -> None:
        """Take the keyboard away, and show what was chosen where something was."""
        if "message_id" in pressing.message:
            self._spawn(lambda: self._close(pressing, chosen))

    async def _close(self, pressing: Pressing, chosen: bool) -> None:
        chat, id = pressing.update.address.chat, pressing.message["message_id"]
        text = _with_choice(pressing) if chosen else None
        try:
            if text is not None:
                await self._bot.redraw(chat, id, text)
                return
        except BadRequest as error:
            if "not modified" in error.message:
                return
        await self._bot.strip(chat, id)

    # --- where we do not talk ----------------------------------------------------------------------------

    def point(self, called: Called, name: str, language: str) -> None:
        """Answer a person's first command in a group with the way to a private chat."""
        if (called.chat, called.person) in self._pointed:
            return
        self._pointed[called.chat, called.person] = None
        if len(self._pointed) > MOST_POINTED:
            self._pointed.pop(next(iter(self._pointed)))
        text = escape(f"{self._words('platform/pointer', language)}\nhttps://t.me/{name}", quote=False)
        self._spawn(lambda: self._point(called, text))

    async def _point(self, called: Called, text: str) -> None:
        try:
            await self._bot.show(called.chat, text, thread=called.thread)
        except ChatMigrated as moved:
            await self._bot.show(moved.new_chat_id, text)

    def decline(self, purchase: Purchase, language: str) -> None:
        """Tell a payment desk that nothing is for sale."""
        reason = self._words("platform/nothing_for_sale", language)
        answer = self._bot.answer_shipping_query if purchase.shipping else self._bot.answer_pre_checkout_query
        self._spawn(lambda: answer(purchase.query, False, error_message=reason))

    # --- the background ----------------------------------------------------------------------------------

    def beside(self, deed: Deed) -> None:
        """Do something of another's in the background, behind replies."""
        self._spawn(deed)

    def _spawn(self, deed: Deed, tries: int = TRIES) -> None:
        task = asyncio.create_task(self._done(deed, tries), name="lowtide-telegram-aside")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(self, deed: Deed, tries: int) -> None:
        """Do a small thing; what Telegram refuses is let go, a full line or a broken one is tried again."""
        for left in reversed(range(tries)):
            try:
                async with self.room.aside():
                    with sorted_faults():
                        await deed()
                return
            except Unreachable as error:
                wait = error.retry_after or PAUSE
            except DeliveryError:
                return
            except Exception as error:
                log.error("an aside failed: %s", describe(error))
                return
            if left:
                await asyncio.sleep(wait)


def _with_choice(pressing: Pressing) -> str | None:
    """Return a question in HTML with the choice below it; None where it cannot be known or does not fit."""
    message = pressing.message
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    label = next(
        (one["text"] for row in rows for one in row if one.get("callback_data") == pressing.data), None
    )
    text = message.get("text")
    if label is None or not text or utf16(f"{text}\n\n› {label}") > LONGEST:
        return None
    shown = {"text": text, "entities": message.get("entities", [])}
    drawn = telegram.Message.de_json(_ANY | shown, None).text_html
    return f"{drawn}\n\n<b>› {escape(label, quote=False)}</b>"


_ANY = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
"""What the library wants of a message besides its text."""
