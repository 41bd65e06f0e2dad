"""How the doors of Telegram are opened and kept open: the token known, the way in, the menu of commands.

What cannot be done yet is tried again; only a token that Telegram does not know ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import BotCommandScopeAllPrivateChats
from telegram.error import InvalidToken, TelegramError

from bot.adapters.telegram_asides import PATIENCE, Words
from bot.adapters.telegram_calls import Calls
from bot.adapters.telegram_faults import fault
from bot.adapters.telegram_polling import Poller, Receive
from bot.adapters.telegram_reading import KINDS, Raw
from bot.adapters.telegram_webhook import Webhook
from bot.errors import SettingsError
from bot.runtime.blame import describe

log = logging.getLogger(__name__)

UNKNOWN = (
    "LOWTIDE_TELEGRAM_TOKEN is not known to Telegram; copy it again from @BotFather (/mybots, API Token)"
)


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


POLLING, ENGLISH = Ways(), Speech()


class Opening:
    """Open the way in for a bot, and hand every update to `receive`. `name` is the bot's, once known."""

    def __init__(  # noqa: PLR0913, PLR0917  an adapter hands on every part it was given
        self,
        bot: Calls,
        ways: Ways,
        speech: Speech,
        words: Words,
        key: bytes,
        receive: Receive,
        glimpse: Callable[[Raw], None] | None = None,
    ) -> None:
        self.name = ""
        self._bot, self._ways, self._speech, self._words = bot, ways, speech, words
        self._key, self._receive, self._glimpse = key, receive, glimpse
        self._doors: Poller | Webhook | None = None
        self._called = False

    @property
    def opened(self) -> bool:
        """Tell whether updates can come in now."""
        return self._doors.hears if isinstance(self._doors, Poller) else self._called

    async def known(self) -> bool:
        """Ask Telegram who we are; False while it cannot be reached.

        Raises:
            SettingsError: Telegram does not know the token.
        """
        try:
            self.name = await self._bot.me()
        except InvalidToken:
            raise SettingsError([UNKNOWN]) from None
        except TelegramError:
            return False
        return True

    async def keep(self) -> None:
        """Open the way in, however often it takes; then look again whenever a call was told of no such bot.

        Raises:
            SettingsError: Telegram does not know the token, or knows it no more.
        """
        await self._open()
        while True:
            await self._bot.doubted.wait()
            self._bot.doubted.clear()
            await self.known()
            await asyncio.sleep(self._ways.waits[0])

    async def stop(self) -> None:
        """Take no more updates, and confirm those at hand."""
        if self._doors:
            await self._doors.stop()

    async def _open(self) -> None:
        wait, most = self._ways.waits
        while True:
            try:
                if await self.known():
                    await self._open_way()
                    return
            except SettingsError:
                raise
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
            poller = Poller(self._bot.updates, self._receive, ways.poll, ways.waits, self._glimpse)
            self._doors = poller
            poller.start()
        else:
            secret = ways.secret or hmac.digest(self._key, b"telegram webhook", "sha256").hex()
            if self._doors is None:
                webhook = Webhook(ways.listen, urlsplit(ways.webhook).path, secret, self._receive)
                await webhook.start()
                self._doors = webhook
            await self._bot.set_webhook(ways.webhook, allowed_updates=KINDS, secret_token=secret)
            self._called = True
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
