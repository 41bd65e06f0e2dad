"""What one message to Telegram costs this process: through our request, and through the library's own.

The server is another process on loopback and answers at once, so that what is left is the client's own.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

from aiohttp import web
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.adapters.telegram_request import AiohttpRequest

IN_FLIGHT = 8
ME = '{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"L","username":"l_bot"}}'
SENT = '{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}'
REQUESTS: dict[str, Callable[[], BaseRequest]] = {
    "ours, on aiohttp": AiohttpRequest,
    "python-telegram-bot's own, on httpx": HTTPXRequest,
}


def serve(pipe: Connection) -> None:
    """Answer every call until the process is ended; tell the port through the pipe."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        text = ME if request.path.endswith("getMe") else SENT
        return web.Response(text=text, content_type="application/json")

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


async def cost(make: Callable[[], BaseRequest], port: int, sends: int) -> tuple[float, float]:
    """Return milliseconds of CPU a message, and messages a second."""
    bot = Bot("1:x", base_url=f"http://127.0.0.1:{port}/bot", request=make(), get_updates_request=make())
    async with bot:
        await send(bot, IN_FLIGHT)
        cpu, clock = time.process_time(), time.perf_counter()
        await send(bot, sends)
        spent, passed = time.process_time() - cpu, time.perf_counter() - clock
    return 1000 * spent / sends, sends / passed


async def send(bot: Bot, sends: int) -> None:
    """Send so many messages, a few at a time."""
    left = iter(range(sends))

    async def hand() -> None:
        for _ in left:
            await bot.send_message(1, "One small step: a line to her, no explaining.", parse_mode="HTML")

    await asyncio.gather(*(hand() for _ in range(IN_FLIGHT)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sends", type=int, default=2000, help="messages a row")
    chosen = parser.parse_args(arguments)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        port = ours.recv()
        print(f"{'one message through':<38}{'ms of CPU':>10}{'a second':>10}")
        for name, make in REQUESTS.items():
            spent, rate = asyncio.run(cost(make, port, chosen.sends))
            print(f"{name:<38}{spent:>10.3f}{rate:>10.0f}")
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
