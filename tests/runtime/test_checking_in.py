"""A check-in is posted once for each day, wherever the process dies of it, and the next day has its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.content.library import Content
from bot.storage.sqlite import SqliteStore
from tests.runtime.checking_in import Mortal, give, house
from tests.runtime.worlds import ANNA

MOMENTS = [f"{when} {what}" for what in ("claim", "commit_all", "send") for when in ("before", "after")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def content(folder: Path) -> Content:
    return house(folder)


def died(database: Path, folder: Path, when: str) -> list[str]:
    """Let a process die; return what it had sent."""
    command = [sys.executable, "-m", "tests.runtime.checking_in", str(database), str(folder), when]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    return done.stdout.split()


async def lived(database: Path, content: Content, day: int) -> list[str]:
    mortal = Mortal()
    await give(database, content, day, mortal)
    return mortal.sent


@pytest.mark.parametrize("when", MOMENTS)
async def test_a_check_in_that_somebody_died_of_is_given_by_the_next_and_set_for_tomorrow(
    tmp_path: Path, folder: Path, content: Content, when: str
) -> None:
    database = tmp_path / "l.db"

    given = died(database, folder, when) + await lived(database, content, 0)

    assert sorted(set(turns(given))) == [1, 2]  # the promise, and one check-in
    assert len(given) - len(set(given)) == (1 if when == "after send" else 0)
    assert await next_day(database) == date(2026, 1, 6)


async def test_every_day_has_one_of_its_own_until_nobody_answers(tmp_path: Path, content: Content) -> None:
    database = tmp_path / "l.db"

    given = [turns(await lived(database, content, day)) for day in (0, 0, 1, 1, 2, 2)]

    assert [len(one) for one in given] == [
        2,
        0,
        1,
        0,
        0,
        0,
    ]  # a promise and two; nobody answers


def turns(keys: list[str]) -> list[int]:
    return [int(key.split(":")[1]) for key in keys]


async def next_day(database: Path) -> date:
    """Tell the day of the next check-in."""
    store = SqliteStore(database)
    await store.open()
    person = await store.load(ANNA)
    await store.close()
    assert person.session
    (promise,) = json.loads(person.session)["reminders"]
    return datetime.fromtimestamp(promise[5], UTC).date()
