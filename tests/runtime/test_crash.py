"""A process that is killed loses nothing: what was committed is sent by the next one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.content.library import Content
from bot.runtime.messages import Text, Update
from bot.runtime.ports import Verdict
from bot.storage.sqlite import SqliteStore
from tests.runtime.conftest import running
from tests.runtime.little import little_world
from tests.runtime.worlds import ANNA, Platform


@pytest.mark.parametrize(("when", "heard"), [("before 1", 0), ("after 1", 1)])
async def test_a_process_killed_while_it_sends_leaves_the_message_for_the_next(
    tmp_path: Path, content: Content, when: str, heard: int
) -> None:
    code, sent = dying(tmp_path, when, "hello")
    platform = Platform()

    async with running(content, SqliteStore(tmp_path / "l.db"), platform) as world:
        await world.app.settle()
        repeated = await world.app.handle(Update("hello", ANNA, None, Text("hello")))
        session = await world.session()

    assert (code, len(sent)) == (-signal.SIGKILL, heard)
    assert platform.texts == ["Who is it?"]
    assert repeated is Verdict.DUPLICATE
    assert (session.turn, session.frames[-1].state) == (1, "open")
    assert all(line.split()[0] == platform.shown[0].key for line in sent)


async def test_a_conversation_goes_on_over_any_number_of_processes(tmp_path: Path, content: Content) -> None:
    first = dying(tmp_path, "after 1", "hello")
    second = dying(tmp_path, "after 2", "Sam")
    third = dying(tmp_path, "never", "go on")

    # Each sends again the one message that the one before sent and could not mark, and then its own.
    assert [code for code, _ in (first, second, third)] == [-signal.SIGKILL, -signal.SIGKILL, 0]
    assert [words(sent) for _, sent in (first, second, third)] == [
        ["Who is it?"],
        ["Who is it?", "You wrote Sam."],
        ["You wrote Sam.", "What now?", "Planned."],
    ]


def words(sent: list[str]) -> list[str]:
    return [line.split(" ", 1)[1] for line in sent]


def dying(folder: Path, when: str, text: str) -> tuple[int, list[str]]:
    if not (folder / "flows").exists():
        little_world(folder)
    command = [sys.executable, "-m", "tests.runtime.dying", str(folder / "l.db"), str(folder), when, text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()
