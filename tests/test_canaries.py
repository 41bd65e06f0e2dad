"""Words a person typed to the real process can be read nowhere: not in its files, copies, log or output."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from bot.operating import hand_over
from bot.settings import Settings
from bot.storage import custody
from bot.storage.keyfile import keyring
from tests.adapters.telegram_server import TelegramServer
from tests.running import PATIENCE, environment, running

CHAT = 777_001_999
CANARY = "zirpelbaum"
SAID = (
    "/start",
    f"it's {CANARY}",
    f"i am going quiet on {CANARY}",
    f"/why {CANARY}",
    f"/{CANARY}",
    "/export",
)


async def test_nothing_that_was_typed_can_be_read_anywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    async with TelegramServer() as server:
        variables = environment(home / "l.db", server, LOWTIDE_LOG_LEVEL="DEBUG")
        async with running(variables) as one:
            for text in SAID:
                await said(server, text)
            await asyncio.to_thread(hand_over, Settings(home / "l.db"), f"telegram:{CHAT}")
            kept = capsys.readouterr().out
            person = person_of(home / "l.db")
            await asyncio.to_thread(custody.backup, home / "l.db", home / "copy.db")
            there = everything(home)
            server.say(CHAT, "/delete")
            await server.until(lambda: last(server, "Delete everything"), PATIENCE)
            server.press_first(CHAT)
            await server.until(lambda: last(server, "is gone. Take care"), PATIENCE)
            await one.end(signal.SIGTERM)
        log = one.log

    assert f"chat: {CHAT}" in kept
    for place in (there, everything(home), log):
        assert CANARY.encode() not in place
        assert str(CHAT).encode() not in place
    (home / "copy.db").unlink()
    assert person.encode() not in everything(home)


async def said(server: TelegramServer, text: str) -> None:
    """Say something and wait for the answer."""
    before = len(server.shown(CHAT))
    server.say(CHAT, text)
    await server.until(lambda: not server.updates and len(server.shown(CHAT)) > before, PATIENCE)


def last(server: TelegramServer, words: str) -> bool:
    return not server.updates and words in str(server.shown(CHAT)[-1])


def person_of(database: Path) -> str:
    with custody.visiting(database, keyring(database)) as pen:
        person = custody.find(pen, f"telegram:{CHAT}")
    assert person
    return person


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
