"""`lowtide upgrade`: what it would do is said first and changes nothing, and there is always a way back."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

from bot.cli import main
from bot.content.library import load
from bot.operating import upgrading
from bot.operating.looking import look
from bot.settings import Secret, Settings
from bot.storage import postgres_opening
from bot.storage.keyfile import Keyring
from bot.storage.opening import migrations, version_of
from bot.storage.postgres_sealing import Remembering
from tests.operating.newer import lowtide, newer_release
from tests.runtime.released import CANARY, MIGRATED, RENAMED, app_on, edit, live_through, settled
from tests.runtime.worlds import Platform
from tests.storage.postgres_server import Cluster

NOW = len(migrations())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give a house in which two people wait in the first version of a flow."""
    here = settled(tmp_path)
    asyncio.run(live_through(here))
    return here


def flags(settings: Settings) -> Sequence[str]:
    folders = ("--flows", str(settings.flows), "--prompts", str(settings.prompts))
    return (*folders, "--db", str(settings.db))


def upgrade(settings: Settings, *words: str) -> int:
    return main(["upgrade", *words, *flags(settings)])


def age(settings: Settings) -> None:
    """Make a file of the release before out of one of this."""
    with closing(sqlite3.connect(settings.db)) as file:
        file.execute("ALTER TABLE log DROP COLUMN mark")
        file.execute(f"PRAGMA user_version = {NOW - 1}")


def everything(settings: Settings) -> dict[str, str]:
    """Return what is in the folder of the database, by name; what SQLite needs to read it is nothing."""
    with closing(sqlite3.connect(settings.db)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = (one for one in settings.db.parent.iterdir() if not one.name.endswith(("-wal", "-shm", ".lock")))
    return {one.name: sha256(one.read_bytes()).hexdigest() for one in kept}


def test_the_check_says_what_would_become_of_the_database_and_of_everybody_and_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    age(settings)
    edit(settings, *RENAMED, MIGRATED)
    before = everything(settings)

    code = upgrade(settings, "--check")

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        f"database: version {NOW - 1} → {NOW}, tried on a copy: it can be upgraded",
        "little: version 1 → version 2",
        "1 waits in little.choose (version 1) → pick",
        "1 waits in little.open (version 1) → open",
        "everybody has a place",
    ]
    assert everything(settings) == before


def test_the_check_fails_where_somebody_has_no_place_and_the_upgrade_does_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    age(settings)
    edit(settings, *RENAMED)
    before = everything(settings)

    codes = [upgrade(settings, "--check"), upgrade(settings)]

    assert codes == [1, 1]
    assert "1 waits in little.choose (version 1) → no place: there is no state 'choose'" in (
        capsys.readouterr().out
    )
    assert everything(settings) == before


def test_a_database_that_cannot_be_upgraded_is_told_apart_from_people_without_a_place(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(settings.db)) as file:
        file.execute(f"PRAGMA user_version = {NOW - 1}")  # the column of the last migration is there already

    assert upgrade(settings, "--check") == 2
    assert "the database refused an order" in capsys.readouterr().err


def test_an_upgrade_makes_a_copy_first_and_says_how_to_go_back(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    age(settings)
    edit(settings, *RENAMED, MIGRATED)

    code = upgrade(settings)

    told = capsys.readouterr().out
    (copy,) = settings.db.parent.glob("l.db.before-*")
    assert code == 0
    assert f"{copy}: the copy of before, 2 persons, sealed" in told
    assert f"lowtide restore {copy} --replace --db {settings.db}" in told
    assert (version_of(copy), version_of(settings.db)) == (NOW - 1, NOW)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert CANARY not in told


def test_where_nothing_is_to_be_upgraded_no_copy_is_made(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [upgrade(settings, "--check"), upgrade(settings)]

    assert codes == [0, 0]
    assert capsys.readouterr().out.count("nothing is to be upgraded") == 2
    assert list(settings.db.parent.glob("*before*")) == []


def test_where_nobody_is_kept_the_first_start_makes_the_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settled(tmp_path)

    assert [upgrade(here, "--check"), upgrade(here)] == [0, 0]
    told = "nobody is kept yet: there is nothing to upgrade, the first start makes the database\n"
    assert capsys.readouterr().out == told * 2
    assert not here.db.exists()


async def test_changed_flows_may_be_made_ready_while_a_service_runs_but_not_an_older_database(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first = load(settings.flows, settings.prompts)
    async with app_on(settings, first, Platform()):
        edit(settings, *RENAMED, MIGRATED)
        ready = await asyncio.to_thread(upgrade, settings)
        await asyncio.to_thread(age, settings)
        refused = await asyncio.to_thread(upgrade, settings)

    told = capsys.readouterr()
    assert (ready, refused) == (0, 2)
    assert "the flows go live when the service starts with them" in told.out
    assert "a service uses this database" in told.err
    assert version_of(settings.db) == NOW - 1


async def test_an_older_release_on_a_newer_database_says_what_to_do_and_that_brings_everybody_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settled(tmp_path / "here")
    await live_through(here)
    ahead = newer_release(tmp_path / "ahead")

    code, told = await lowtide(ahead, "upgrade", *flags(here))
    (copy,) = here.db.parent.glob("l.db.before-*")
    refused = await asyncio.to_thread(upgrade, here, "--check")
    back = await asyncio.to_thread(main, ["restore", str(copy), "--replace", "--db", str(here.db)])

    said = capsys.readouterr()
    assert (code, refused, back) == (0, 2, 0), told
    assert f"the database has version {NOW + 1} now" in told
    assert f"the database has version {NOW + 1}, this lowtide knows {NOW}" in said.err
    assert "lowtide restore COPY --replace" in said.err
    async with app_on(here, load(here.flows, here.prompts), Platform()) as app:
        assert len(await app.store.sessions()) == 2


# --- PostgreSQL ------------------------------------------------------------------------------------------

KEY = "6b" * 32


async def older(url: str) -> None:
    """Make the tables of the release before."""
    line = await asyncpg.connect(url)
    await line.execute("CREATE TABLE lowtide (version integer NOT NULL)")
    steps = postgres_opening.migrations()[:-1]
    await line.execute(f"INSERT INTO lowtide VALUES ({len(steps)})")
    for step in steps:
        await line.execute(step)
    keys = Keyring((bytes.fromhex(KEY),))
    await line.execute("INSERT INTO vault VALUES ('root', $1)", Remembering(keys.keys).found())
    await line.close()


async def schema(url: str) -> object:
    line = await asyncpg.connect(url)
    try:
        return await line.fetchval("SELECT version FROM lowtide")
    finally:
        await line.close()


async def test_postgresql_is_upgraded_on_trial_and_in_earnest_only_with_a_dump(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settled(tmp_path)
    now = len(postgres_opening.migrations())
    async with postgres.database() as url:
        await older(url)
        monkeypatch.setenv("LOWTIDE_DB_URL", url)
        monkeypatch.setenv("LOWTIDE_KEY", KEY)

        codes, versions = [], []
        for words in (("--check",), (), ("--backed-up",), ("--check",)):
            codes.append(await asyncio.to_thread(upgrade, here, *words))
            versions.append(await schema(url))

    told = capsys.readouterr()
    assert codes == [0, 2, 0, 0]
    assert versions == [now - 1, now - 1, now, now]
    assert f"database: version {now - 1} → {now}, tried on a copy: it can be upgraded" in told.out
    assert "pg_dump --format=custom" in told.err
    assert "pg_restore --no-owner" in told.out


async def test_the_commands_that_are_told_bring_a_postgresql_back_and_it_can_be_upgraded_again(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if postgres.ours is None:
        pytest.skip("the programs of a real server may be elsewhere")
    here = settled(tmp_path)
    async with postgres.database() as url:
        await older(url)
        monkeypatch.setenv("LOWTIDE_DB_URL", url)
        monkeypatch.setenv("LOWTIDE_KEY", KEY)
        monkeypatch.setenv("PATH", f"{postgres.ours.bin_path}:{os.environ['PATH']}")
        await typed(tmp_path, upgrading.DUMP)
        codes = [await asyncio.to_thread(upgrade, here, "--backed-up")]

        for command in re.findall("^  (.+)$", capsys.readouterr().out, re.MULTILINE):
            await typed(tmp_path, command)

        back = await schema(url)
        codes.append(await asyncio.to_thread(upgrade, here, "--backed-up"))
    assert codes == [0, 0]
    assert back == len(postgres_opening.migrations()) - 1


async def typed(folder: Path, command: str) -> None:
    """Type a command into a shell, as an operator would."""
    process = await asyncio.create_subprocess_shell(command, cwd=folder, stderr=asyncio.subprocess.PIPE)
    _, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()


async def test_an_empty_postgresql_stays_empty_under_a_look(tmp_path: Path, postgres: Cluster) -> None:
    here = settled(tmp_path)
    async with postgres.database() as url:
        with_url = Settings(here.db, here.flows, here.prompts, db_url=Secret(url), key=Secret(KEY))

        seen = await look(with_url, load(here.flows, here.prompts))

        line = await asyncpg.connect(url)
        tables = await line.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        await line.close()
    assert (seen.schema, seen.sound, tables) == (0, True, 0)
