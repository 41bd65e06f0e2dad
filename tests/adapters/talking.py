"""One person at each platform's own end of the wire, to have one conversation through all of them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.utils import time_snowflake

from bot.adapters.console import HERE, Console
from bot.app import App, build
from bot.content.library import Content
from bot.dialogue.expect import expected
from bot.dialogue.session import Session
from bot.platforms import Parts, platforms
from bot.runtime.clocks import VirtualClock
from bot.runtime.keeping import Cause
from bot.runtime.messages import Address, Update
from bot.runtime.places import local_time
from bot.runtime.ports import Adapter, Person, Verdict
from bot.settings import Secret, Settings
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SqliteStore
from tests.adapters import discord_server, telegram_server
from tests.adapters.discord_server import DiscordServer
from tests.adapters.telegram_server import TelegramServer

MONDAY = datetime(2026, 1, 5, 18, 10, tzinfo=UTC)
CHAT = 77


class End(Protocol):
    """Be the person's end: what they type, and the buttons they see."""

    address: Address

    async def type(self, text: str) -> None:
        """Write a line."""

    async def press(self, label: str) -> None:
        """Press the button with this label that was shown last."""


@dataclass
class World:
    """Hold the app, the person's end of the line, and how many updates were heard."""

    content: Content
    clock: VirtualClock
    app: App = field(init=False)
    end: End = field(init=False)
    heard: int = 0

    async def handle(self, update: Update) -> Verdict | None:
        verdict = await self.app.handle(update)
        self.heard += 1
        return verdict

    async def present(self, address: Address, here: bool) -> None:
        await (self.app.welcome(address) if here else self.app.part(address))

    async def say(self, text: str) -> None:
        await self._done(self.end.type, text)

    async def press(self, option: str) -> None:
        """Press the button of an option by its id."""
        session = await self.session()
        now = local_time(self.clock.now(), session.memory)
        offered = expected(self.content.flows, session, now).options
        label = next(one.label for one in offered if one.id == option)
        await self._done(self.end.press, self.content.words.label(label))

    async def session(self) -> Session:
        session = await self.app.session(self.end.address)
        assert session
        return session

    async def _done(self, act: Callable[[str], Any], what: str) -> None:
        before = self.heard
        await act(what)
        async with asyncio.timeout(10):
            while self.heard == before:  # noqa: ASYNC110  the update comes over a socket
                await asyncio.sleep(0.002)
        await self.app.settle()


@dataclass
class Terminal:
    world: World
    console: Console = field(default_factory=lambda: Console(io.StringIO()))
    address: Address = HERE

    async def type(self, text: str) -> None:
        await self.world.handle(self.console.update(text))

    async def press(self, label: str) -> None:
        labels = [button.label for button in self.console.buttons]
        await self.type(str(labels.index(label) + 1))


@dataclass
class OnTelegram:
    server: TelegramServer
    address: Address = field(default_factory=lambda: Address("telegram", str(CHAT)))

    async def type(self, text: str) -> None:
        self.server.say(CHAT, text)

    async def press(self, label: str) -> None:
        shown = next(one for one in reversed(self.server.shown(CHAT)) if "reply_markup" in one)
        buttons = [button for row in shown["reply_markup"]["inline_keyboard"] for button in row]
        data = next(one["callback_data"] for one in buttons if one["text"] == label)
        self.server.press(CHAT, shown, data)


@dataclass
class OnDiscord:
    server: DiscordServer
    address: Address = field(default_factory=lambda: Address("discord", str(CHAT)))

    async def type(self, text: str) -> None:
        await self.server.say(text)

    async def press(self, label: str) -> None:
        shown = next(one for one in reversed(self.server.messages) if one["components"])
        parts = [part for row in shown["components"] for part in row["components"]]
        for part in parts:
            if part.get("label") == label:
                await self.server.press(part["custom_id"])
            for entry in part.get("options", ()):
                if entry["label"] == label:
                    data = {"custom_id": part["custom_id"], "component_type": 3, "values": [entry["value"]]}
                    await self.server._interact(3, data, 1, message=shown)


@asynccontextmanager
async def terminal(content: Content, folder: Path) -> AsyncIterator[World]:
    world = World(content, VirtualClock(MONDAY))
    end = Terminal(world)
    async with _open(world, end, Settings(folder / "l.db"), {HERE.platform: end.console}):
        yield world


@asynccontextmanager
async def on_telegram(content: Content, folder: Path) -> AsyncIterator[World]:
    async with TelegramServer() as server:
        token = Secret(telegram_server.TOKEN)
        settings = Settings(folder / "l.db", telegram_token=token, telegram_url=server.url)
        async with _serving(content, settings, OnTelegram(server)) as world:
            server.person(CHAT)
            yield world
            assert not server.broken


@asynccontextmanager
async def on_discord(content: Content, folder: Path) -> AsyncIterator[World]:
    own = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        # a message's number tells when it was written: after everything that is said here
        async with DiscordServer(_next=time_snowflake(MONDAY + timedelta(days=7))) as server:
            settings = Settings(
                folder / "l.db",
                discord_token=Secret(discord_server.TOKEN),
                discord_url=server.url,
                discord_gateway=server.gateway,
            )
            async with _serving(content, settings, OnDiscord(server)) as world:
                await server.until(lambda: bool(server.lines))
                yield world
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = own


@asynccontextmanager
async def _serving(content: Content, settings: Settings, end: End) -> AsyncIterator[World]:
    """Run the platform of the settings, composed as `lowtide run` composes it."""
    world, store = World(content, VirtualClock(MONDAY)), SqliteStore(settings.db)
    served = platforms(Parts(settings, content, store, b"k" * 32, world.handle, world.present))
    async with _open(world, end, settings, served, store):
        for platform in served.values():
            await platform.start()
        try:
            yield world
        finally:
            for platform in served.values():
                await platform.stop()


@asynccontextmanager
async def _open(
    world: World,
    end: End,
    settings: Settings,
    adapters: Any,
    store: SqliteStore | MemoryStore | None = None,
) -> AsyncIterator[None]:
    named: dict[str, Adapter] = dict(adapters)
    kept = store or MemoryStore()
    world.end = end
    world.app = build(settings, world.content, kept, named, clock=world.clock, limits={})
    async with world.app:
        # the same id everywhere: which wording is said first depends on it
        known = Session("person", memory={"language": settings.lang})
        await world.app.conversations.keeping.put(Person(known.id, end.address), known, Cause())
        yield
