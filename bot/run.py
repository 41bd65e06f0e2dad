"""Lowtide for other people: every platform with a token is served, until the process is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn, TypeAlias

from bot.app import App, build, listener, set_aside
from bot.content.library import Content, load_sound
from bot.errors import LowtideError, OperatorError, SettingsError
from bot.replicas import Door as Platform
from bot.replicas import Lasting, Replica
from bot.runtime.blame import describe
from bot.runtime.desk import USUAL, Habits
from bot.runtime.discretion import Discreet
from bot.runtime.limits import LIMITS, Limits
from bot.runtime.messages import Address, Update
from bot.runtime.ports import Store, Verdict
from bot.sensing.loading import sense
from bot.settings import Secret, Settings
from bot.storage.keyfile import Keyring
from bot.storage.opening import operator_keys
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SqliteStore

log = logging.getLogger(__name__)

LAST_WORDS = 5.0
"""Seconds that replies at hand may take once we were told to stop; what is left goes at the next start."""
_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"

UNSEEN = 3600.0
"""Seconds before typing is shown where another replica may send the answer: never."""

OURS = ("link",)
"""Commands that are no interrupt of any flow."""

Handle: TypeAlias = Callable[[Update], Awaitable[Verdict | None]]
Note: TypeAlias = Callable[[Address, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Tempo:
    """Say how hard things are tried, and for how many seconds a line to Discord may be silent."""

    habits: Habits = USUAL
    silence: float = 45.0


def run(settings: Settings) -> int:
    """Serve every platform that has a token until SIGTERM or SIGINT; return an exit code.

    Raises:
        OperatorError: settings, tokens or files are wrong.
        ContentError: the flows or prompts have faults.
    """
    listen_to_log(settings)
    unwilling(settings)
    content = load_sound(settings.flows, settings.prompts)
    keys = operator_keys(settings.db, settings.keys())
    try:
        asyncio.run(_serve(settings, content, keys))
    except LowtideError:
        raise
    except Exception as error:  # its own words may hold a token or what a person wrote
        raise OperatorError(f"stopped by {describe(error)}") from None
    return 0


def listen_to_log(settings: Settings) -> None:
    """Send the log to stderr, with every secret taken out."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(settings.secrets(), _LINE))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)


def unwilling(settings: Settings) -> None:
    """Refuse to run where there is nobody to serve, or a setting that nothing would use.

    Raises:
        SettingsError: carries a sentence for each.
    """
    faults = []
    if not settings.telegram_token and not settings.discord_token:
        faults.append(
            "no platform has a token; set LOWTIDE_TELEGRAM_TOKEN (from @BotFather) or LOWTIDE_DISCORD_TOKEN"
            " (from discord.com/developers), or both"
        )
    if settings.telegram_webhook_secret and not settings.telegram_webhook_url:
        faults.append("LOWTIDE_TELEGRAM_WEBHOOK_SECRET needs LOWTIDE_TELEGRAM_WEBHOOK_URL; set both or none")
    if faults:
        raise SettingsError(faults)


async def _serve(settings: Settings, content: Content, keys: Keyring) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    service = Service(settings, content, keys)
    await service.start()
    set_aside()
    log.warning("serving %s", " and ".join(service.platforms))
    ended, stopping = asyncio.create_task(service.ended()), asyncio.create_task(told.wait())
    await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
    log.warning("told to stop; finishing what is at hand" if told.is_set() else "nobody is left to serve")
    ended.cancel()
    stopping.cancel()
    await service.stop()
    with suppress(asyncio.CancelledError):
        await ended


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold what an adapter is made of."""

    settings: Settings
    content: Content
    store: Store
    key: bytes = field(repr=False)
    handle: Handle
    presence: Note
    tempo: Tempo = Tempo()

    def line(self, key: str, language: str) -> str:
        """Give a line of an adapter's own.

        Raises:
            LookupError: nobody wrote it.
        """
        entry = self.content.words.entry(key, language)
        if entry is None:
            raise LookupError(key)
        return entry.label

    def commands(self) -> tuple[str, ...]:
        """Return the commands that exist and have a description, as the menus of the platforms show them."""
        found = (one.command for one in self.content.flows.globals.interrupts if one.command)
        described = self.content.words.entries()
        return tuple(name for name in (*found, *OURS) if f"platform/command_{name}" in described)


class Service:
    """Hold the app and the platforms it serves, which find each other here."""

    def __init__(
        self,
        settings: Settings,
        content: Content,
        keys: Keyring,
        limits: Mapping[str, Limits] = LIMITS,
        tempo: Tempo = Tempo(),
    ) -> None:
        store = chosen(settings, keys)
        parts = Parts(settings, content, store, keys.signing, self.handle, self.presence, tempo)
        self.platforms = platforms(parts)
        self.replica = (
            Replica(store, self.platforms, alone(settings)) if isinstance(store, PostgresStore) else None
        )
        adapters = self.replica.fences if self.replica else self.platforms
        self._ear = listener(settings, content, patient=False)
        make = partial(build, settings, content, store, adapters, limits=limits, habits=tempo.habits)
        self.app: App = make(shared=bool(self.replica), sense=sense(), listening=self._ear)
        self._open: list[Platform] = []

    async def handle(self, update: Update) -> Verdict | None:
        """Pass on what a platform sent; a replica that is retired leaves it to the others."""
        return None if self.replica and self.replica.retired else await self.app.handle(update)

    async def presence(self, address: Address, here: bool) -> None:
        """Let what is due to a person wait while their door is shut, and go on when it is open again."""
        await (self.app.welcome(address) if here else self.app.part(address))

    async def start(self) -> None:
        """Open the store, then the doors; what was opened is closed again where one of them cannot be."""
        self._ear.warm_beside()
        await self.app.start()
        try:
            for name, platform in self.platforms.items():
                if self.replica is None or self.replica.hears(name):
                    self._open.append(platform)
                    await platform.start()
            if self.replica:
                await self.replica.start(self.app)
        except BaseException:
            await self._close()
            raise

    async def ended(self) -> NoReturn:
        """Wait until no platform can be served any more; raise what ended the last of them."""
        doors: dict[str, Lasting] = {**self.platforms, **(self.replica.lone_shifts if self.replica else {})}
        ends = asyncio.as_completed([_end(*one) for one in doors.items()])
        faults = [await fault for fault in ends]
        raise faults[-1]

    async def stop(self) -> None:
        """Send what is at hand, close the doors, then the store; what was not sent goes next time."""
        try:
            async with asyncio.timeout(LAST_WORDS):
                await self.app.courier.settle()
        except TimeoutError:
            log.warning("some messages wait for the next start")
        await self._close()

    async def _close(self) -> None:
        if self.replica:
            await self.replica.stop()
        for platform in reversed(self._open):
            try:
                await platform.stop()
            except Exception as error:
                log.error("a platform did not close: %s", describe(error))
        await self.app.stop()


def chosen(settings: Settings, keys: Keyring) -> SqliteStore | PostgresStore:
    """Choose the store: a PostgreSQL where its address is given, else a file."""
    if settings.db_url:
        return PostgresStore(settings.db_url.reveal(), keys, lease=settings.lease)
    return SqliteStore(settings.db, keys)


def alone(settings: Settings) -> frozenset[str]:
    """Name the platforms that only one replica may hear: Telegram hangs up on the older of two polls."""
    return frozenset({"discord"} if settings.telegram_webhook_url else {"discord", "telegram"})


async def _end(name: str, platform: Lasting) -> OperatorError:
    """Wait for the end of one platform, and tell it: others are served on."""
    try:
        await platform.ended()
    except OperatorError as error:
        log.error("%s cannot be served any more: %s", name, describe(error))
        return error
    return OperatorError(f"{name} ended")


# --- the platforms: each is imported only where it is served -----------------------------------------------


def platforms(parts: Parts) -> Mapping[str, Platform]:
    """Make an adapter for every platform that has a token."""
    settings, made = parts.settings, dict[str, Platform]()
    if settings.telegram_token:
        made["telegram"] = _telegram(parts, settings.telegram_token)
    if settings.discord_token:
        made["discord"] = _discord(parts, settings.discord_token)
    return made


def _telegram(parts: Parts, token: Secret) -> Platform:
    from bot.adapters.telegram import Telegram  # noqa: PLC0415  see above
    from bot.adapters.telegram_asides import PATIENCE  # noqa: PLC0415  see above
    from bot.adapters.telegram_opening import Speech, Ways  # noqa: PLC0415  see above

    settings, secret = parts.settings, parts.settings.telegram_webhook_secret
    return Telegram(
        token.reveal(),
        settings.telegram_url,
        parts.handle,
        parts.line,
        parts.key,
        presence=parts.presence,
        ways=Ways(
            settings.telegram_webhook_url,
            secret.reveal() if secret else None,
            settings.telegram_listen,
            patience=UNSEEN if settings.db_url else PATIENCE,
        ),
        speech=Speech(settings.lang, parts.content.prompts.languages, parts.commands()),
    )


def _discord(parts: Parts, token: Secret) -> Platform:
    from bot.adapters.discord import Discord  # noqa: PLC0415  see above
    from bot.hearsay import Hearsay  # noqa: PLC0415  it belongs to Discord

    settings = parts.settings
    return Discord(
        token.reveal(),
        settings.discord_url,
        parts.handle,
        lambda key, language: parts.line(f"platform/{key}", language),
        parts.key,
        gateway=settings.discord_gateway,
        shards=settings.discord_shards,
        commands=parts.commands(),
        languages=parts.content.prompts.languages,
        language=settings.lang,
        journal=Hearsay(parts.store),
        patience=parts.tempo.silence,
    )
