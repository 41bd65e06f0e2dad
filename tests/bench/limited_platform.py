"""A platform on the loopback that takes so many messages in any sliding second, and answers after a while.

It speaks as much of Telegram's and Discord's HTTP as a send needs, and tells what it saw at `/seen`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import time
from collections import deque

from aiohttp import web


class Platform:
    """Take `most` messages in any second that slides; refuse the rest, and say when to come back."""

    def __init__(self, most: int, latency: float) -> None:
        self.most, self.latency = most, latency
        self.taken = 0
        self.refused = 0
        self.first = self.last = 0.0
        self._window: deque[float] = deque()

    def app(self) -> web.Application:
        """Give the server."""
        app = web.Application()
        app.router.add_post("/bot{token}/sendMessage", self._telegram)
        app.router.add_post("/channels/{channel}/messages", self._discord)
        app.router.add_get("/users/@me", self._me)
        app.router.add_get("/seen", self._seen)
        return app

    def wait(self) -> float:
        """Take a message that arrived now, or tell how long its sender should wait."""
        now = time.monotonic()
        while self._window and self._window[0] <= now - 1:
            self._window.popleft()
        if len(self._window) >= self.most:
            self.refused += 1
            return self._window[0] + 1 - now
        self._window.append(now)
        self.taken += 1
        self.first, self.last = self.first or now, now
        return 0.0

    async def _telegram(self, request: web.Request) -> web.Response:
        wait = self.wait()
        await asyncio.sleep(self.latency)
        if wait:
            told = {"retry_after": math.ceil(wait)}
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": told}
            return answer(body, status=429)
        chat = {"id": 1, "type": "private"}
        return answer({"ok": True, "result": {"message_id": self.taken, "date": 0, "chat": chat}})

    async def _discord(self, request: web.Request) -> web.Response:
        wait = self.wait()
        await asyncio.sleep(self.latency)
        if wait:
            body = {"message": "slow down", "retry_after": round(wait, 3), "global": True}
            return answer(body, status=429)
        return answer({"id": str(self.taken)})

    async def _me(self, request: web.Request) -> web.Response:
        return answer({"id": "1", "username": "x", "discriminator": "0", "avatar": None, "bot": True})

    async def _seen(self, request: web.Request) -> web.Response:
        seconds = self.last - self.first
        used = (self.taken - 1) / max(seconds, 1.0) / self.most
        return answer({"refused": self.refused, "seconds": seconds, "used": used})


def answer(body: object, status: int = 200) -> web.Response:
    """Answer in JSON; discord.py reads it only under this very type, and believes a 429 only with a `Via`."""
    headers = {"Content-Type": "application/json", "Via": "1.1 loopback"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


async def serve(most: int, latency: float) -> None:
    """Serve on a free port until ended, after printing the address."""
    runner = web.AppRunner(Platform(most, latency).app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Serve as told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, required=True)
    parser.add_argument("--latency", type=float, required=True)
    asyncio.run(serve(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
