"""Words a person typed to the real process can be read nowhere: not in its files, copies, log or output."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.app import build
from bot.content.library import Content, load
from bot.dialogue.flow import Value
from bot.operating.persons import hand_over
from bot.runtime.messages import Address
from bot.settings import Settings
from bot.storage import custody
from bot.storage.keyfile import keyring
from bot.storage.sqlite import SqliteStore
from tests.adapters.telegram_server import Json, TelegramServer
from tests.running import PATIENCE, environment, running
from tests.runtime.worlds import Platform

HOUSE = Path(__file__).parents[1]
CHAT, DRAFTING, NOTING = CHATS = (777_001_999, 777_002_999, 777_003_999)
CANARY = "zirpelbaum"
SAID = (
    "/start",
    f"it's {CANARY}",
    f"i am going quiet on {CANARY}",
    f"/why {CANARY}",
    f"/{CANARY}",
    "/export",
)


BEGUN: dict[int, tuple[str, dict[str, Value]]] = {
    DRAFTING: ("ladder", {"driver": "low_capacity", "slope": "quiet", "energy": 2, "person": CANARY}),
    NOTING: ("check_in", {}),
}
"""Where two more people stand when the process starts: before a draft, and before a note."""


async def test_nothing_that_was_typed_can_be_read_anywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, content = tmp_path / "home", load(HOUSE / "flows", HOUSE / "prompts")
    await begun(home / "l.db", content)
    async with TelegramServer() as server:
        where = f"127.0.0.1:{free_port()}"
        told = {"LOWTIDE_LOG_LEVEL": "DEBUG", "LOWTIDE_HEALTH_LISTEN": where}
        variables = environment(home / "l.db", server, **told)
        async with running(variables) as one:
            talking = Talking(server, home / "l.db", content)
            await asyncio.gather(talking.chat(), talking.draft(), talking.note())
            for chat in CHATS:
                await asyncio.to_thread(hand_over, Settings(home / "l.db"), f"telegram:{chat}")
            kept = capsys.readouterr().out
            person = person_of(home / "l.db")
            await asyncio.to_thread(custody.backup, home / "l.db", home / "copy.db")
            there = everything(home)
            server.say(CHAT, "/delete")
            await server.until(lambda: last(server, "Delete everything"), PATIENCE)
            server.press_first(CHAT)
            await server.until(lambda: last(server, "is gone. Take care"), PATIENCE)
            pages = await asked(where, "/metrics", "/readyz")
            await one.end(signal.SIGTERM)
        log = one.log

    assert b"lowtide_updates_total" in pages
    assert [json.loads(line)["level"] for line in log.splitlines()]

    assert f"chat: {CHAT}" in kept
    for words in (f"person: {CANARY}", f"draft: hey {CANARY}", f"check_in closeness=0 energy=1 · {CANARY}"):
        assert words in kept
    for place in (there, everything(home), log, pages):
        assert CANARY.encode() not in place
        for chat in CHATS:
            assert str(chat).encode() not in place
    (home / "copy.db").unlink()
    assert person.encode() not in everything(home)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def asked(where: str, *paths: str) -> bytes:
    """Ask a process for what it tells of itself."""
    pages = []
    async with ClientSession() as web:
        for path in paths:
            async with web.get(f"http://{where}{path}") as answer:
                assert answer.status == 200
                pages.append(await answer.read())
    return b"".join(pages)


async def begun(database: Path, content: Content) -> None:
    """Let people stand where a conversation takes days to lead to."""
    adapters = {"telegram": Platform()}
    async with build(Settings(database), content, SqliteStore(database), adapters) as app:
        for chat, (flow, slots) in BEGUN.items():
            await app.begin(Address("telegram", str(chat)), flow, slots)
        await app.settle()


@dataclass
class Talking:
    """Talk with the process as people do, each time once everything it says is there and known to be."""

    server: TelegramServer
    database: Path
    content: Content

    async def chat(self) -> None:
        """Begin, and say the word wherever one may say something."""
        for text in SAID:
            await self.say(text)

    async def draft(self) -> None:
        """Have a line drafted with the name, and put one's own words in its place."""
        await self.say("/start", DRAFTING)  # the question is asked again: its buttons are shown here
        for option in ("ladder.choose.l2", "ladder.relation.friend", "ladder.script.change"):
            await self.tap(option, DRAFTING)
        await self.say(f"hey {CANARY}, seen this", DRAFTING)

    async def note(self) -> None:
        """Answer a check-in, with a note."""
        await self.say("/start", NOTING)
        for option in ("check_in.hello.go", "check_in.closeness.far", "check_in.energy.low"):
            await self.tap(option, NOTING)
        await self.say(CANARY, NOTING)

    async def tap(self, option: str, chat: int) -> None:
        """Press the button of an option that is shown, and wait for what comes of it."""
        flow, state, name = option.split(".")
        chosen = self.content.flows.flows[flow].states[state].option(name)
        assert chosen
        label = self.content.words.label(chosen.label, "en")
        shown, data = next(self.buttons(chat, label))
        await self.do(lambda: self.server.press(chat, shown, data), chat)

    async def say(self, text: str, chat: int = CHAT) -> None:
        """Say something and wait for the answer."""
        await self.do(lambda: self.server.say(chat, text), chat)

    async def do(self, deed: Callable[[], object], chat: int) -> None:
        before = len(self.server.shown(chat))
        deed()
        await self.server.until(lambda: len(self.server.shown(chat)) > before and self.is_still(), PATIENCE)

    def is_still(self) -> bool:
        """Tell whether everything was taken, and everything said is known to have arrived."""
        with closing(sqlite3.connect(self.database)) as file:
            ((waiting,),) = file.execute("SELECT count(*) FROM outbox").fetchall()
        return not self.server.updates and not waiting

    def buttons(self, chat: int, label: str) -> Iterator[tuple[Json, str]]:
        """Find a button by its label, the latest first: the message it is under, and what it holds."""
        for shown in reversed(self.server.shown(chat)):
            for button in chain(*shown.get("reply_markup", {}).get("inline_keyboard", ())):
                if button["text"] == label:
                    yield shown, button["callback_data"]


def last(server: TelegramServer, words: str) -> bool:
    return not server.updates and words in str(server.shown(CHAT)[-1])


def person_of(database: Path) -> str:
    with custody.visiting(database, keyring(database)) as pen:
        person = custody.find(pen, f"telegram:{CHAT}")
    assert person
    return person


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
