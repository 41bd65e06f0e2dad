"""What an operator runs beside the service, as commands: what they print, and what they refuse."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli import main
from bot.storage.sqlite import SqliteStore
from tests.storage.keeping import ANNA, change

CANARY = "canary-9f31-zirpt"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a database with Anna in it."""
    path = tmp_path / "lowtide.db"
    asyncio.run(_anna(path))
    return path


async def _anna(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    await store.commit(change(await store.load(ANNA), f'{{"said": "{CANARY}"}}'))
    await store.close()


def test_everything_of_a_person_is_printed_and_after_forgetting_nothing_is_there(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["console:anna", "--db", str(database)]

    codes = [main(["export", *asked]), main(["forget", *asked])]
    told = capsys.readouterr()
    codes += [main(["export", *asked]), main(["forget", *asked])]

    assert codes == [0, 0, 2, 2]
    assert f"said: {CANARY}" in told.out
    assert "forgotten: the key is destroyed" in told.out
    assert "nobody is kept at this address; give the id, or platform:chat" in capsys.readouterr().err


def test_a_copy_is_made_and_put_back_by_command(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, there = database.with_name("copy.db"), ["--db", str(database)]

    codes = [main(["backup", str(copy), *there]), main(["forget", "console:anna", *there])]
    codes += [main(["restore", str(copy), *there]), main(["restore", str(copy), "--replace", *there])]
    codes += [main(["export", "console:anna", *there])]

    told = capsys.readouterr()
    assert codes == [0, 0, 2, 0, 0]
    assert "1 person, sealed. Keep the key somewhere else" in told.out
    assert "Whoever was forgotten since then is in it again" in told.out
    assert CANARY.encode() not in copy.read_bytes()


def test_a_copy_is_not_put_back_under_the_key_of_another_machine(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, there = tmp_path / "copy.db", ["--db", str(tmp_path / "elsewhere.db")]
    key = tmp_path / "elsewhere.db.key"
    key.write_bytes(b"n" * 32)
    key.chmod(0o600)

    codes = [main(["backup", str(copy), "--db", str(database)]), main(["restore", str(copy), *there])]
    told = capsys.readouterr().err
    key.write_bytes(database.with_name("lowtide.db.key").read_bytes())
    codes += [main(["restore", str(copy), *there]), main(["export", "console:anna", *there])]

    assert codes == [0, 2, 0, 0]
    assert f"{copy}: it was made under another key than {key}; put the key of the machine" in told


def test_the_key_is_changed_by_command(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = database.with_name("lowtide.db.key")
    before = key.read_bytes()

    code = main(["rotate-key", "--db", str(database)])

    assert code == 0
    assert "a new key; the old ones are gone. Back it up." in capsys.readouterr().out
    assert key.read_bytes() != before
    assert main(["export", "console:anna", "--db", str(database)]) == 0


@pytest.mark.parametrize("order", ["forget", "export"])
def test_orders_on_a_database_that_is_not_there_make_none(
    tmp_path: Path, order: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([order, "console:anna", "--db", str(tmp_path / "no.db")])

    assert code == 2
    assert "there is no such database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_key_in_the_environment_is_told(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOWTIDE_KEY", "ab" * 32)
    wrong = main(["export", "console:anna", "--db", str(database)])
    monkeypatch.setenv("LOWTIDE_KEY", "secret")
    none = main(["export", "console:anna", "--db", str(database)])

    told = capsys.readouterr().err
    assert (wrong, none) == (2, 2)
    assert "the key does not fit what is kept" in told
    assert "LOWTIDE_KEY is no key; make one by `openssl rand -hex 32`" in told
    assert "secret" not in told
