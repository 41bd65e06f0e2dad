"""Lowtide on Telegram: updates come in by long polling or a webhook, messages go out as HTML with keyboards.

An update is confirmed only after it was kept. In a group it says where to talk, once, and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias, assert_never

from bot.adapters.telegram_asides import Asides, Words
from bot.adapters.telegram_calls import Calls
from bot.adapters.telegram_clearing import Clearing
from bot.adapters.telegram_opening import ENGLISH, POLLING, Opening, Speech, Ways
from bot.adapters.telegram_reading import (
    PLATFORM,
    Called,
    Presence,
    Pressing,
    Purchase,
    Raw,
    Reading,
    Stray,
)
from bot.adapters.telegram_request import AiohttpRequest
from bot.adapters.telegram_sending import Sending
from bot.errors import DeliveryError, StoreError, Unreachable
from bot.runtime.blame import describe
from bot.runtime.clearing import Glance, unmoved
from bot.runtime.messages import Address, Outgoing, Unsupported, Update
from bot.runtime.ports import Room, Verdict
from bot.runtime.rescue import Tries

log = logging.getLogger(__name__)

Handle: TypeAlias = Callable[[Update], Awaitable[Verdict | None]]
Note: TypeAlias = Callable[[Address, bool], Awaitable[None]]
"""Hear that a person blocked the bot (False) or let it in again (True)."""
MOST_ALBUMS = 1000


class Telegram:
    """Speak for Telegram with a bot token, at a server's `url`, signing buttons with `key`.

    Every update goes to `handle`, every block to `presence`; `words` gives a label by key and language.
    """

    platform = PLATFORM

    def __init__(  # noqa: PLR0913  an adapter is given every part by name
        self,
        token: str,
        url: str,
        handle: Handle,
        words: Words,
        key: bytes,
        *,
        presence: Note | None = None,
        ways: Ways = POLLING,
        speech: Speech = ENGLISH,
        glance: Glance | None = None,
    ) -> None:
        # the library's own lines hold the token and what people write; what matters is told by ours
        logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
        self._requests = AiohttpRequest(), AiohttpRequest(connections=2)
        self._bot = Calls(
            token,
            base_url=f"{url.rstrip('/')}/bot",
            base_file_url=f"{url.rstrip('/')}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._handle, self._key, self._presence, self._speech = handle, key, presence, speech
        self._asides = Asides(self._bot, words, ways.patience)
        self._opening = Opening(self._bot, ways, speech, words, key, self.received, self.glimpsed)
        self._glance = glance or unmoved
        self._clearing = Clearing(self._bot, self._asides.beside)
        self._sending = Sending(self._bot, key, speech.commands, self._clearing)
        self._tries = Tries()
        self._albums: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    # --- coming and going --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to take updates; while Telegram cannot be reached, go on trying in the background.

        Raises:
            SettingsError: Telegram does not know the token.
        """
        for request in self._requests:
            await request.initialize()
        if not await self._opening.known():
            log.warning("Telegram cannot be reached yet; trying on")
        self._task = asyncio.create_task(self._opening.keep(), name="lowtide-telegram")

    async def stop(self) -> None:
        """Take no more updates, confirm those at hand, close every socket."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._opening.stop()
        await self._asides.close()
        for request in self._requests:
            await request.shutdown()

    async def ended(self) -> None:
        """Wait; raise a `SettingsError` once Telegram does not know the token any more."""
        await asyncio.shield(self._task or asyncio.get_running_loop().create_future())

    @property
    def opened(self) -> bool:
        """Tell whether updates can come in now."""
        return self._opening.opened

    # --- in ----------------------------------------------------------------------------------------------

    def glimpsed(self, raw: Raw) -> None:
        """See an update before those of the same chat that came before it are done with."""
        try:
            self._note(raw)
            heard = Reading(self._opening.name, self._key).heard(raw)
            if isinstance(heard, Update):
                self._glance(heard)
        except Exception as error:
            log.error("update %s cannot be read: %s", raw.get("update_id"), describe(error))

    async def received(self, raw: Raw) -> bool:
        """Take one update as Telegram wrote it; False if it could not be kept and must come again."""
        try:
            heard = Reading(self._opening.name, self._key).heard(raw)
        except Exception as error:
            log.error("update %s cannot be read: %s", raw.get("update_id"), describe(error))
            return True
        try:
            self._note(raw)
            if isinstance(heard, Update):
                return self._repeats(raw, heard) or await self._take(heard)
            return await self._attend(heard) if heard else True
        except StoreError as error:
            log.error("update %s waits: %s", raw.get("update_id"), describe(error))
            return False
        except Exception as error:
            log.error("update %s failed: %s", raw.get("update_id"), describe(error))
            return self._let_go(raw)

    def _note(self, raw: Raw) -> None:
        """Remember what stands in a private chat, whoever wrote it, so that it can be removed."""
        pressed = raw.get("callback_query")
        message = pressed.get("message") if isinstance(pressed, dict) else raw.get("message")
        match message:
            case {"message_id": number, "chat": {"id": int(chat), "type": "private"}}:
                self._clearing.note(str(chat), number)

    def _let_go(self, raw: Raw) -> bool:
        """Tell whether an update that fails has failed often enough, so that it holds up nobody any more."""
        spent = self._tries.spent(str(raw.get("update_id")))
        if spent:
            log.error("update %s is let go", raw.get("update_id"))
        return spent

    async def _attend(self, heard: Pressing | Stray | Presence | Called | Purchase) -> bool:
        """See to what is no text; False if it must come again."""
        match heard:
            case Pressing():
                return await self._pressed(heard)
            case Stray():
                self._asides.acknowledge(heard.query)
            case Presence():
                await self._noted(heard)
            case Called():
                self._asides.point(heard, self._opening.name, self._speech.spoken(heard.language))
            case Purchase():
                self._asides.decline(heard, self._speech.spoken(heard.language))
            case _:
                assert_never(heard)
        return True

    def _repeats(self, raw: Raw, update: Update) -> bool:
        """Tell whether this is one more picture of an album that was answered already."""
        message = raw.get("message")
        album = message.get("media_group_id") if isinstance(message, dict) else None
        if not isinstance(album, str) or not isinstance(update.what, Unsupported):
            return False
        first = self._albums.setdefault(album, update.id)
        if len(self._albums) > MOST_ALBUMS:
            del self._albums[next(iter(self._albums))]
        return first != update.id

    async def _take(self, update: Update) -> bool:
        self._asides.expect(update.address.chat)
        try:
            return await self._handle(update) is not None
        finally:
            self._asides.heard(update.address.chat)

    async def _pressed(self, pressing: Pressing) -> bool:
        """Hear a press, and close its question; the choice is shown where the question was the last one."""
        self._asides.acknowledge(pressing.query)
        chosen = self._sending.is_open(pressing.update.address.chat, pressing.turn)
        if not await self._take(pressing.update):
            return False
        self._asides.close_question(pressing, chosen)
        return True

    async def _noted(self, presence: Presence) -> None:
        if not presence.here:
            self._asides.answered(presence.address.chat)
        if self._presence:
            await self._presence(presence.address, presence.here)

    def foresee(self, message: Outgoing) -> None:
        """Note that somebody will be answered."""
        self._asides.coming(message.address.chat)

    async def clear(self, chat: str, text: str) -> None:
        """Say a text, and remove what we know of in a chat that is not two days old."""
        self._asides.answered(chat)
        await self._clearing.clear(chat, text)

    def keep_to(self, room: Room) -> None:
        """Keep Telegram's limits in what is no message, too."""
        self._asides.room = room

    async def send(self, message: Outgoing) -> None:
        """Show a message, or raise a `DeliveryError`; what was shown ends the waiting."""
        try:
            await self._sending.send(message)
        except Unreachable:
            raise
        except DeliveryError:
            self._asides.answered(message.address.chat)
            raise
        self._asides.answered(message.address.chat)
