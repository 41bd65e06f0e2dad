"""Lowtide on Telegram: updates come in by long polling or a webhook, messages go out as HTML with keyboards.

An update is confirmed only after it was kept. In a group it says where to talk, once, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never
from urllib.parse import urlsplit

from telegram import BotCommandScopeAllPrivateChats
from telegram.error import InvalidToken, TelegramError

from bot.adapters.telegram_asides import PATIENCE, Asides, Words
from bot.adapters.telegram_calls import Calls
from bot.adapters.telegram_faults import fault
from bot.adapters.telegram_polling import Poller
from bot.adapters.telegram_reading import (
    KINDS,
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
from bot.adapters.telegram_webhook import Webhook
from bot.errors import SettingsError
from bot.runtime.blame import describe
from bot.runtime.messages import Address, Outgoing, Unsupported, Update
from bot.runtime.ports import Verdict

log = logging.getLogger(__name__)

Handle: TypeAlias = Callable[[Update], Awaitable[Verdict | None]]
Note: TypeAlias = Callable[[Address, bool], Awaitable[None]]
"""Hear that a person blocked the bot (False) or let it in again (True)."""
MOST_ALBUMS = 1000


@dataclass(frozen=True, slots=True)
class Ways:
    """Choose how updates come in and how long things may take, in seconds.

    With `webhook`, the public address Telegram calls, the adapter listens at `listen`; `secret` is made from
    the key where none is given. `poll` is how long an empty poll is held, `waits` the least and most between
    tries after a failure, `patience` what an answer may take before typing is shown.
    """

    webhook: str | None = None
    secret: str | None = None
    listen: str = "127.0.0.1:8443"
    poll: int = 30
    waits: tuple[float, float] = (1.0, 30.0)
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Speech:
    """Choose the language of whoever has none we speak, those we speak, and the commands that exist."""

    language: str = "en"
    languages: Sequence[str] = ("en",)
    commands: Sequence[str] = ()

    def spoken(self, code: str) -> str:
        """Return the language we speak that is nearest to a code such as `pt-BR`."""
        return next((one for one in (code, code.partition("-")[0]) if one in self.languages), self.language)


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
        ways: Ways = Ways(),
        speech: Speech = Speech(),
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
        self._handle, self._words, self._key, self._presence = handle, words, key, presence
        self._ways, self._speech = ways, speech
        self._asides = Asides(self._bot, words, ways.patience)
        self._reading = Reading("", key)
        self._sending = Sending(self._bot, key, speech.commands)
        self._albums: dict[str, str] = {}
        self._doors: Poller | Webhook | None = None
        self._opening: asyncio.Task[None] | None = None

    # --- coming and going --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to take updates; while Telegram cannot be reached, go on trying in the background.

        Raises:
            SettingsError: Telegram does not know the token.
        """
        for request in self._requests:
            await request.initialize()
        if not await self._known():
            log.warning("Telegram cannot be reached yet; trying on")
        self._opening = asyncio.create_task(self._open(), name="lowtide-telegram")

    async def stop(self) -> None:
        """Take no more updates, confirm those at hand, close every socket."""
        if self._opening:
            self._opening.cancel()
            await asyncio.wait([self._opening])
        if self._doors:
            await self._doors.stop()
        await self._asides.close()
        for request in self._requests:
            await request.shutdown()

    async def _known(self) -> bool:
        try:
            name = await self._bot.me()
        except InvalidToken:
            raise SettingsError(
                ["LOWTIDE_TELEGRAM_TOKEN is not known to Telegram; copy it again from @BotFather"]
            ) from None
        except TelegramError:
            return False
        self._reading = Reading(name, self._key)
        return True

    async def _open(self) -> None:
        """Open the way in, however often it takes."""
        wait, most = self._ways.waits
        while True:
            try:
                if await self._known():
                    await self._open_way()
                    return
            except TelegramError as error:
                log.error("Telegram cannot be opened yet: %s", fault(error))
            except OSError as error:
                log.error("%s cannot be listened at: %s", self._ways.listen, error.strerror)
            except Exception as error:
                log.error("Telegram cannot be opened yet: %s", describe(error))
            await asyncio.sleep(wait)
            wait = min(wait * 2, most)

    async def _open_way(self) -> None:
        ways = self._ways
        if ways.webhook is None:
            await self._unhook()
            poller = Poller(self._bot.updates, self.received, ways.poll, ways.waits)
            self._doors = poller
            poller.start()
        else:
            secret = ways.secret or hmac.digest(self._key, b"telegram webhook", "sha256").hex()
            if self._doors is None:
                webhook = Webhook(ways.listen, urlsplit(ways.webhook).path, secret, self.received)
                await webhook.start()
                self._doors = webhook
            await self._bot.set_webhook(ways.webhook, allowed_updates=KINDS, secret_token=secret)
        await self._announce()

    async def _unhook(self) -> None:
        """Take away the webhook of an earlier run; a server that knows of none is taken at its word."""
        with contextlib.suppress(InvalidToken):  # what is not found: the token was just found good
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def _announce(self) -> None:
        """Register the commands in every language; without them the menu is old, and nothing else."""
        try:
            for language in dict.fromkeys([self._speech.language, *self._speech.languages]):
                said = [
                    (name, self._words(f"platform/command_{name}", language))
                    for name in self._speech.commands
                ]
                code = None if language == self._speech.language else language.partition("-")[0]
                scope = BotCommandScopeAllPrivateChats()
                await self._bot.set_my_commands(said, scope, code)
        except TelegramError as error:
            log.warning("the menu of commands was not registered: %s", fault(error))

    # --- in ----------------------------------------------------------------------------------------------

    async def received(self, raw: Raw) -> bool:
        """Take one update as Telegram wrote it; False if it could not be kept and must come again."""
        try:
            heard = self._reading.heard(raw)
        except Exception as error:
            log.error("update %s cannot be read: %s", raw.get("update_id"), describe(error))
            return True
        try:
            if isinstance(heard, Update):
                return self._repeats(raw, heard) or await self._take(heard)
            return await self._attend(heard) if heard else True
        except Exception as error:
            log.error("update %s failed: %s", raw.get("update_id"), describe(error))
            return False

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
                self._asides.point(heard, self._reading.name, self._speech.spoken(heard.language))
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
        verdict = None
        try:
            verdict = await self._handle(update)
        finally:
            if verdict is not Verdict.COMMITTED:
                self._asides.answered(update.address.chat)
        return verdict is not None

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

    async def send(self, message: Outgoing) -> None:
        """Show a message, or raise a `DeliveryError`; what was shown ends the waiting."""
        await self._sending.send(message)
        self._asides.answered(message.address.chat)
