"""`lowtide stats`: read beside a running service, from either database, and no word or name in it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.library import load
from bot.errors import OperatorError
from bot.operating.stats import day
from bot.runtime.messages import Address, Text, Update
from bot.runtime.ports import Store
from bot.settings import Settings
from bot.storage.keyfile import Keyring
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SqliteStore
from tests.runtime.released import app_on, settled
from tests.runtime.worlds import NOON, Platform
from tests.storage.postgres_server import Cluster

CANARY = "zirpt-0815"
KEY = "6b" * 32


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Prepare a file with six people in it, whichever test comes first."""
    chosen = settled(tmp_path_factory.mktemp("stats"))
    asyncio.run(told(chosen, SqliteStore(chosen.db)))
    return chosen


async def told(settings: Settings, store: Store, *words: str) -> int:
    """Let six people come, one of them further, and run the command while the service runs."""
    async with app_on(settings, load(settings.flows, settings.prompts), Platform(), store) as app:
        for number in range(6):
            who = Address("test", f"{CANARY}{number}")
            for nth, text in enumerate(("hello", CANARY, "go on")[: 3 if number == 5 else 2]):
                await app.handle(Update(f"{number}.{nth}", who, None, Text(text)))
        return await asyncio.to_thread(main, ["stats", "--db", str(settings.db), *words])


def rows(said: str) -> list[list[str]]:
    return [line.split()[:5] for line in said.splitlines()[:3]]


HEAD = ["flow", "version", "entered", "answered", "asked"]


async def test_the_funnel_of_a_running_service_is_told_from_its_file(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = settings.db.with_name("funnel.svg")

    code = await told(settings, SqliteStore(settings.db), "--svg", str(drawn))

    said = capsys.readouterr().out
    assert code == 0
    assert rows(said)[:2] == [HEAD, ["little", "1", "5", "5", "·"]]
    assert "people, in whole fives, as far back as the log goes; · is fewer than 5, be it none" in said
    assert ">little 1</text>" in drawn.read_text()
    assert CANARY not in said + drawn.read_text()


async def test_the_funnel_of_running_replicas_is_told_from_their_postgresql(
    settings: Settings,
    postgres: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with postgres.database() as url:
        monkeypatch.setenv("LOWTIDE_DB_URL", url)
        monkeypatch.setenv("LOWTIDE_KEY", KEY)

        code = await told(
            settings, PostgresStore(url, Keyring((bytes.fromhex(KEY),))), "--flow", "little", "--json"
        )

    found = json.loads(capsys.readouterr().out)["rows"]
    assert code == 0
    assert [(row["state"], row["asked"], row["answered"]) for row in found] == [
        ("choose", 5, None),
        ("open", 5, 5),
    ]


def test_a_flow_nobody_was_in_is_told_with_those_there_are(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats", "--db", str(settings.db), "--flow", "lttle"]) == 2
    assert "or nobody, were in a flow called 'lttle'; what can be told: little" in capsys.readouterr().err


def test_a_flow_that_few_were_in_is_told_like_one_that_is_not_there(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    since = ("stats", "--db", str(settings.db), "--since", "0d", "--flow")

    codes = [main([*since, flow]) for flow in ("little", "lttle")]

    first, second = capsys.readouterr().err.splitlines()
    assert codes == [2, 2]
    assert first.replace("little", "lttle") == second


def test_only_what_was_since_a_day_is_counted(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    codes = [main(["stats", "--db", str(settings.db), "--since", when]) for when in ("2026-01-05", "0d")]

    first, second = capsys.readouterr().out.split("be it none\n")[:2]
    assert codes == [0, 0]
    assert rows(first)[1] == ["little", "1", "5", "5", "·"]
    assert "little" not in second


@pytest.mark.parametrize(
    ("words", "found"),
    [("2026-01-02", (2026, 1, 2)), ("3d", (2026, 1, 2)), ("1w", (2025, 12, 29)), ("0d", (2026, 1, 5))],
)
def test_a_day_is_read_as_a_date_or_as_how_long_ago(words: str, found: tuple[int, int, int]) -> None:
    assert day(words, NOON) == datetime(*found, tzinfo=UTC)


@pytest.mark.parametrize("words", ["yesterday", "2026-13-01", "d", "-3d", ""])
def test_a_day_that_is_none_is_told_with_what_one_is(words: str) -> None:
    with pytest.raises(OperatorError, match=r"give a day such as 2026-11-01, or 30d, or 4w"):
        day(words, NOON)


def test_a_file_of_an_older_release_is_to_be_upgraded_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settled(tmp_path)
    store = SqliteStore(here.db)
    asyncio.run(_open(store))
    with closing(sqlite3.connect(here.db)) as file:
        file.execute("PRAGMA user_version = 6")

    assert main(["stats", "--db", str(here.db)]) == 2
    assert "of an older release; run `lowtide upgrade`" in capsys.readouterr().err


async def _open(store: Store) -> None:
    await store.open()
    await store.close()


def test_who_is_forgotten_is_not_counted_any_more(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    there = ["--db", str(settings.db)]

    codes = [main(["forget", f"test:{CANARY}{number}", *there]) for number in (0, 1)]
    codes.append(main(["stats", *there]))

    assert codes == [0, 0, 0]
    assert "little" not in capsys.readouterr().out


def test_a_picture_that_cannot_be_written_is_told(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats", "--db", str(settings.db), "--svg", str(settings.flows)]) == 2
    assert "it cannot be written" in capsys.readouterr().err
