"""The small HTTP server an operator's tools ask: `/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from aiohttp import web

from bot.dialogue.flows import Flows
from bot.errors import OperatorError
from bot.observing.labels import labels
from bot.observing.logs import Counting
from bot.observing.look import Look, Looking
from bot.observing.metrics import Metrics
from bot.observing.pulse import Pulse
from bot.runtime.blame import describe

log = logging.getLogger(__name__)

FORM = "text/plain; version=0.0.4; charset=utf-8"
"""The content type that Prometheus knows its text form by."""


class Lookout:
    """Answer at `listen` (`host:port`; port 0: a free one) about a service of these flows and platforms."""

    def __init__(self, listen: str, flows: Flows, platforms: Iterable[str]) -> None:
        self.metrics = Metrics(flows, labels(flows, platforms))
        self.port = 0
        self._listen = listen
        self._look: Looking = _nothing
        self._pulse = Pulse()
        self._counting = Counting(self.metrics.logged)
        self._runner: web.AppRunner | None = None

    async def start(self, look: Looking) -> None:
        """Begin to listen, and to tell what `look` sees.

        Raises:
            OperatorError: somebody else listens there, or the address is not this machine's.
        """
        self._look = look
        app = web.Application()
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        host, _, port = self._listen.rpartition(":")
        self._runner = runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            await runner.cleanup()
            mend = "free that port, or set LOWTIDE_HEALTH_LISTEN to another"
            raise OperatorError(f"{self._listen} cannot be listened at ({error.strerror}); {mend}") from None
        self.port = int(runner.addresses[0][1])
        self._pulse.start()
        logging.getLogger().addHandler(self._counting)

    async def stop(self) -> None:
        """Answer no more."""
        logging.getLogger().removeHandler(self._counting)
        await self._pulse.stop()
        if self._runner:
            await self._runner.cleanup()

    async def _alive(self, _: web.Request) -> web.Response:
        """Say that the event loop turns: a stuck one says nothing, and whoever asks gives up on it."""
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        look = await self._look()
        parts = {part: lack or "ready" for part, lack in look.parts.items()}
        return web.json_response({"ready": look.ready, "parts": parts}, status=200 if look.ready else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            body = self.metrics.written(await self._look(), self._pulse.worst)
        except Exception as error:
            log.error("the metrics could not be written: %s", describe(error))
            return web.Response(status=500)
        return web.Response(body=body, headers={"Content-Type": FORM})


async def _nothing() -> Look:
    return Look({"process": "not started yet"})
