"""Lowtide for other people: every platform with a token is served, until the process is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from bot.app import App, build, listener, set_aside
from bot.content.library import Content, load_sound
from bot.dialogue.flows import Flows
from bot.errors import LowtideError, OperatorError, SettingsError
from bot.health import Health
from bot.listening import Listener
from bot.observing.logs import listen_to_log, listen_to_loop
from bot.platforms import USUAL_TEMPO, Parts, Tempo, platforms
from bot.replicas import Door as Platform
from bot.replicas import Lasting, Replica
from bot.runtime.blame import describe
from bot.runtime.limits import LIMITS, Limits
from bot.runtime.messages import Address, Update
from bot.runtime.meter import UNCOUNTED
from bot.runtime.ports import Verdict
from bot.sensing.loading import sense
from bot.settings import Settings
from bot.storage.keyfile import Keyring
from bot.storage.opening import operator_keys
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from bot.observing.lookout import Lookout

log = logging.getLogger(__name__)

LAST_WORDS = 5.0
"""Seconds that replies at hand may take once we were told to stop; what is left goes at the next start."""


def run(settings: Settings) -> int:
    """Serve every platform that has a token until SIGTERM or SIGINT; return an exit code.

    Raises:
        OperatorError: settings, tokens or files are wrong.
        ContentError: the flows or prompts have faults.
    """
    listen_to_log(settings.log_level, settings.log_format, settings.secrets())
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


def unwilling(settings: Settings) -> None:
    """Refuse to run where there is nobody to serve, or a setting that nothing would use.

    Raises:
        SettingsError: carries a sentence for each.
    """
    faults = []
    if not settings.telegram_token and not settings.discord_token:
        faults.append(
            "no platform has a token; set LOWTIDE_TELEGRAM_TOKEN (from @BotFather) or LOWTIDE_DISCORD_TOKEN"
            " (from discord.com/developers), or both; `lowtide init` asks for them"
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
    listen_to_loop(loop)
    service, stopping = Service(settings, content, keys), asyncio.create_task(told.wait())
    if not await _started(service, stopping):
        log.warning("told to stop before anybody was served")
        return
    set_aside()
    log.warning("serving %s", " and ".join(service.platforms))
    ended = asyncio.create_task(service.ended())
    await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
    log.warning("told to stop; finishing what is at hand" if told.is_set() else "nobody is left to serve")
    ended.cancel()
    stopping.cancel()
    await service.stop()
    with suppress(asyncio.CancelledError):
        await ended


async def _started(service: Service, stopping: asyncio.Task[bool]) -> bool:
    """Start, unless we are told to stop meanwhile: what was opened by then is closed again."""
    starting = asyncio.create_task(service.start())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
    try:
        await starting
    except asyncio.CancelledError:
        return False
    return True


class Service:
    """Hold the app and the platforms it serves, which find each other here."""

    def __init__(  # noqa: PLR0913  as the root it calls
        self,
        settings: Settings,
        content: Content,
        keys: Keyring,
        *,
        limits: Mapping[str, Limits] = LIMITS,
        tempo: Tempo = USUAL_TEMPO,
        ear: Listener | None = None,
    ) -> None:
        store = chosen(settings, keys)
        key, hear = keys.signing, self.handle
        parts = Parts(settings, content, store, key, hear, self.presence, tempo, self.glance)
        self.platforms = platforms(parts)
        self.replica = (
            Replica(store, self.platforms, alone(settings)) if isinstance(store, PostgresStore) else None
        )
        adapters = self.replica.fences if self.replica else self.platforms
        self._ear = ear or listener(settings, content, patient=False)
        self.lookout = lookout(settings.health_listen, content.flows, self.platforms)
        meter = self.lookout.metrics if self.lookout else UNCOUNTED
        make = partial(build, settings, content, store, adapters, limits=limits, habits=tempo.habits)
        self.app: App = make(shared=bool(self.replica), sense=sense(), listening=self._ear, meter=meter)
        self.health = Health(self.app, self.platforms, self.replica)
        self._open: list[Platform] = []

    async def handle(self, update: Update) -> Verdict | None:
        """Pass on what a platform sent; a replica that is retired leaves it to the others."""
        return None if self.replica and self.replica.retired else await self.app.handle(update)

    def glance(self, update: Update) -> None:
        """See what a platform sent before its turn."""
        self.app.leaving.glance(update)

    async def presence(self, address: Address, here: bool) -> None:
        """Let what is due to a person wait while their door is shut, and go on when it is open again."""
        await (self.app.welcome(address) if here else self.app.part(address))

    async def start(self) -> None:
        """Open the store, then the doors; what was opened is closed again where one of them cannot be."""
        if self.lookout:
            await self.lookout.start(self.health.look)
        self._ear.warm_beside()
        try:
            await self.app.start()
        except BaseException:
            await self._look_away()
            raise
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
        """Hand over, send what is at hand, close the doors, then the store; the rest goes next time."""
        self.health.stopping = True
        try:
            async with asyncio.timeout(LAST_WORDS):
                await (self.replica.stop() if self.replica else asyncio.sleep(0))
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
        await self._look_away()

    async def _look_away(self) -> None:
        if self.lookout:
            await self.lookout.stop()


def chosen(settings: Settings, keys: Keyring) -> SqliteStore | PostgresStore:
    """Choose the store: a PostgreSQL where its address is given, else a file."""
    if settings.db_url:
        return PostgresStore(settings.db_url.reveal(), keys, lease=settings.lease)
    return SqliteStore(settings.db, keys)


def lookout(listen: str | None, flows: Flows, platforms: Iterable[str]) -> Lookout | None:
    """Make what tells health and metrics, where the operator wants it."""
    if listen is None:
        return None
    from bot.observing.lookout import Lookout  # noqa: PLC0415  only who is watched pays for it

    return Lookout(listen, flows, platforms)


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
