"""The small HTTP server that Telegram calls: it says 200 only after an update was kept.

A call is believed for its secret token alone, so nothing of it is read before that was compared.
"""

from __future__ import annotations

import asyncio
import json
from hmac import compare_digest
from typing import Any

from aiohttp import web

from bot.adapters.telegram_polling import Receive

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes a call may bring; Telegram's own stay far below."""
SLOWEST = 10.0
"""Seconds a call may take to arrive."""


class Webhook:
    """Listen at `listen` (`host:port`; port 0 takes a free one) for calls to `path` that know the secret."""

    def __init__(self, listen: str, path: str, secret: str, receive: Receive) -> None:
        host, _, port = listen.rpartition(":")
        self._host, self._port = host.strip("[]") or "127.0.0.1", int(port)
        self._secret = secret.encode()
        self._receive = receive
        app = web.Application(client_max_size=LARGEST)
        app.router.add_get("/healthz", self._health)
        app.router.add_post(path or "/", self._call)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> int:
        """Begin to listen; return the port. Raises OSError where somebody else listens."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Finish the calls at hand."""
        await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _call(self, request: web.Request) -> web.Response:
        if not compare_digest(request.headers.get(HEADER, "").encode(errors="replace"), self._secret):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(SLOWEST):
                update = _update(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        return web.Response(status=200 if await self._receive(update) else 503)


def _update(body: bytes) -> dict[str, Any]:
    """Read an update; raise ValueError for anything else, RecursionError for what is nested without end."""
    found = json.loads(body)
    if not isinstance(found, dict) or not isinstance(found.get("update_id"), int):
        raise ValueError("no update")
    return found
