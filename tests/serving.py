"""The whole bot in this process, over real sockets, for tests that look at it from both ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import listener
from bot.listening import Listener
from bot.platforms import Tempo
from bot.run import Service
from bot.runtime.desk import Habits
from bot.settings import Secret, Settings
from bot.storage.keyfile import Keyring
from tests.adapters import discord_server, telegram_server
from tests.adapters.discord_server import DiscordServer
from tests.adapters.telegram_server import TelegramServer
from tests.ours import content

HELP = "/back one question back"
HURRIED = Tempo(Habits(waits=(0.02, 0.2)))
"""Tries follow each other as they do in life, in a small part of the time."""


@cache
def ear() -> Listener:
    """Learn our words once for all services in this process."""
    return listener(Settings(Path("unused")), content(), patient=False)


def settings(
    folder: Path, telegram: TelegramServer | None = None, discord: DiscordServer | None = None, **more: Any
) -> Settings:
    """Choose a file in a folder, and the servers there are."""
    if telegram:
        more = {
            "telegram_token": Secret(telegram_server.TOKEN),
            "telegram_url": telegram.url,
            **more,
        }
    if discord:
        more = {
            "discord_token": Secret(discord_server.TOKEN),
            "discord_url": discord.url,
            "discord_gateway": discord.gateway,
            **more,
        }
    return Settings(folder / "l.db", **more)


@asynccontextmanager
async def serving(settings: Settings, tempo: Tempo = HURRIED, **more: Any) -> AsyncIterator[Service]:
    """Serve, without limits unless some are given; discord.py is sent home in the end."""
    own = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    service = Service(
        settings, content(), Keyring((b"k" * 32,)), tempo=tempo, **{"limits": {}, "ear": ear(), **more}
    )
    try:
        await service.start()
        try:
            yield service
        finally:
            await service.stop()
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = own
