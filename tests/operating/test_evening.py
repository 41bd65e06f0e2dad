"""An operator's evening, start to finish, as it is lived: empty folders, clean homes, real processes."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import bot
from tests.adapters.telegram_server import TOKEN, TelegramServer
from tests.operating.small import second_version, small_world
from tests.running import Running, running

HOUSE = Path(bot.__file__).parent.parent
"""Where the program lies: in the checkout, or where a wheel was installed."""
ANNA, NAME, HUSH = 11, "Zwirnfried", TOKEN.partition(":")[2]


@dataclass
class Machine:
    """Be a machine with a home, an empty folder to stand in, and nothing set but where Telegram is."""

    home: Path
    server: TelegramServer
    told: list[str] = field(default_factory=list)
    """Everything any command or log said."""

    def __post_init__(self) -> None:
        (self.home / "here").mkdir(parents=True)

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "lowtide"

    @property
    def variables(self) -> dict[str, str]:
        own = {"HOME": str(self.home), "PATH": os.environ["PATH"], "PYTHONPATH": str(HOUSE)}
        return own | {"LOWTIDE_TELEGRAM_URL": self.server.url, "LOWTIDE_LOG_LEVEL": "DEBUG"}

    async def does(self, *arguments: str, answers: str = "", code: int = 0) -> str:
        """Type a command, and return what it says."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            env=self.variables,
            cwd=self.home / "here",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate(answers.encode())
        self.told.append(out.decode())
        assert process.returncode == code, f"{arguments}: {out.decode()}"
        return out.decode()

    @asynccontextmanager
    async def serves(self) -> AsyncIterator[Running]:
        """Run the service for a while, and end it as an operator does."""
        async with running(self.variables, self.home / "here") as one:
            yield one
            assert await one.end() == 0
        self.told.append(one.log.decode())


async def said(server: TelegramServer, text: str, answer: str) -> None:
    """Say something as Anna, and wait until an answer holds these words."""
    before = len(server.shown(ANNA))
    server.say(ANNA, text)
    await server.until(lambda: any(answer in one["text"] for one in server.shown(ANNA)[before:]), 60)


async def test_an_evening_from_an_empty_folder_to_another_machine(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        first, second = Machine(tmp_path / "first", server), Machine(tmp_path / "second", server)
        mine, copy = tmp_path / "first" / "here" / "mine", tmp_path / "first" / "here" / "copy.db"

        await _begins(first, mine)
        async with first.serves():
            await said(server, "hello", "Who is it?")
            await said(server, NAME, "What now?")
            await first.does("backup", "copy.db")
        await _upgrades(first, mine)
        async with first.serves():
            await said(server, "hm", "Pick one of these.")
        await _moves(first, second, copy)
        async with second.serves():
            await said(server, "go on", "Planned anew.")

        assert not server.broken
    everything = "".join(first.told + second.told)
    assert NAME not in everything
    assert HUSH not in everything
    assert _holding(tmp_path, NAME.encode()) == []
    assert _holding(tmp_path, HUSH.encode()) == ["lowtide.env", "lowtide.env"]


async def _begins(machine: Machine, mine: Path) -> None:
    """Answer the six questions, with words of one's own, and have all looked at."""
    small_world(mine)
    told = await machine.does("init", answers=f"{TOKEN}\n\n\nmine\nen\nUS\n")
    assert told.endswith("  lowtide run\n")
    assert "all is well" in await machine.does("doctor")


async def _upgrades(machine: Machine, mine: Path) -> None:
    """Edit the flows while somebody waits in them, and go on to the second version."""
    second_version(mine)
    told = await machine.does("upgrade")
    assert "1 waits in little.choose (version 1) → pick" in told
    assert "lowtide restore" in told


async def _moves(first: Machine, second: Machine, copy: Path) -> None:
    """Carry the copy, the words and, apart from them, the key to another machine."""
    here = second.home / "here"
    shutil.copytree(first.home / "here" / "mine", here / "mine")
    shutil.copy(copy, here / "copy.db")
    second.data.mkdir(parents=True)
    shutil.copy(first.data / "lowtide.db.key", second.data)
    await second.does("init", answers=f"{TOKEN}\n\n\nmine\n\n\n")
    await second.does("restore", "copy.db")


def _holding(folder: Path, text: bytes) -> list[str]:
    """Name the files that hold a text."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and text in path.read_bytes())
