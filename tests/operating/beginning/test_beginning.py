"""`lowtide init`: six answers, by hand or through a pipe, and all that a run needs is written."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import resource
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.operating.beginning.questions import QUESTIONS
from bot.orders.asking import GOOD, WRONG
from bot.settings import Secret, Settings, read_settings
from bot.settings.envfile import read_file
from tests.adapters.telegram_server import TOKEN, TelegramServer
from tests.operating.test_readiness import discord
from tests.runtime.little import little_world

HUSH = TOKEN.partition(":")[2]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin on a machine where nothing is set, with a small content."""
    for name in [one for one in os.environ if one.startswith(("LOWTIDE_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    little_world(tmp_path / "mine")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as one:
        monkeypatch.setenv("LOWTIDE_TELEGRAM_URL", one.url)
        yield one


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "lowtide.env"


def answered(file: Path, *answers: str, more: tuple[str, ...] = ()) -> int:
    """Put answers into a pipe, and Enter for what is left of the six; return the exit code."""
    entered = ("",) * (len(QUESTIONS) - len(answers))
    return piped(file, "".join(f"{one}\n" for one in (*answers, *entered)), more)


def piped(file: Path, text: str, more: tuple[str, ...] = ()) -> int:
    """Put a text into a pipe, and return the exit code."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stdin", io.StringIO(text))
        return main(["init", "--settings", str(file), *more])


def read(file: Path) -> Settings:
    return read_settings({}, read_file(file))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_six_answers_through_a_pipe_become_settings_and_a_key_that_others_cannot_read(
    server: TelegramServer, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db, mine = tmp_path / "kept" / "l.db", tmp_path / "mine"

    code = await asyncio.to_thread(answered, file, TOKEN, "", str(db), str(mine), "en", "us")

    told, found = capsys.readouterr().out, read(file)
    assert code == GOOD
    assert (found.telegram_token, found.discord_token, found.db) == (Secret(TOKEN), None, db)
    assert (found.flows, found.lang, found.country) == (mine / "flows", "en", "US")
    key = tmp_path / "kept" / "l.db.key"
    assert [mode(one) for one in (file, file.parent, key, key.parent)] == [0o600, 0o700, 0o600, 0o700]
    assert len(key.read_bytes()) == 32
    assert "telegram token: it is @lowtide_test_bot's" in told
    assert HUSH not in told
    assert told.endswith(f"  lowtide --settings {file} doctor\n  lowtide --settings {file} run\n")


async def test_a_token_that_telegram_does_not_know_is_no_answer(
    server: TelegramServer, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await asyncio.to_thread(answered, file, "1000:hush")

    told = capsys.readouterr()
    assert code == WRONG
    assert "@BotFather" in told.out
    assert "question 1 has no answer that will do; nothing was written" in told.err
    assert "hush" not in told.out + told.err
    assert not file.parent.exists()


async def test_a_token_of_discord_is_looked_at_too(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with discord() as url:
        monkeypatch.setenv("LOWTIDE_DISCORD_URL", url)
        wrong = await asyncio.to_thread(answered, file, "", "hush")
        code = await asyncio.to_thread(answered, file, "", "right", "", str(tmp_path / "mine"))

    assert (wrong, code) == (WRONG, GOOD)
    assert "discord token: it is lowtide's" in capsys.readouterr().out
    assert read(file).discord_token == Secret("right")


def test_what_the_environment_says_otherwise_wins_and_that_is_told(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOWTIDE_DB", str(tmp_path / "theirs.db"))

    code = answered(file, "", "", str(tmp_path / "mine.db"), str(tmp_path / "mine"))

    assert code == GOOD
    assert "LOWTIDE_DB of the environment is another, and wins: unset it there" in capsys.readouterr().out


def test_a_platform_that_cannot_be_reached_does_not_stand_in_the_way(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOWTIDE_TELEGRAM_URL", "http://127.0.0.1:9")

    code = answered(file, TOKEN, "", "", str(tmp_path / "mine"))

    assert code == GOOD
    assert "the answer stands; `lowtide doctor` looks again" in capsys.readouterr().out
    assert read(file).telegram_token == Secret(TOKEN)


def test_enter_takes_what_the_machine_suggests_and_without_a_token_there_is_the_chat(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LOWTIDE_CONTENT", str(tmp_path / "mine"))
    monkeypatch.setenv("LOWTIDE_SETTINGS", str(file))

    code = answered(file)

    found = read(file)
    assert code == GOOD
    assert (found.lang, found.country, found.telegram_token) == ("en", "US", None)
    assert found.db == tmp_path / "data" / "lowtide" / "lowtide.db"
    assert capsys.readouterr().out.endswith("\n  lowtide chat\n")


@pytest.mark.parametrize(
    ("answers", "number", "why"),
    [
        (("", "", "{tmp}"), 3, "is a folder"),
        (("", "", "{tmp}/new/"), 3, "is a folder"),
        (("", "", "none"), 3, "this one cannot be left out"),
        (("", "", "{tmp}/it's.db"), 3, "cannot hold a quote"),
        (("", "", "{tmp}/mine/flows/little.yaml"), 3, "is not a database"),
        (("", "", "", "{tmp}/none"), 4, "is no folder"),
        (("", "", "", "{tmp}"), 4, "has no flows/ in it"),
        (("", "", "", "{tmp}/mine", "fr"), 5, "there are no words in 'fr'"),
        (("", "", "", "{tmp}/mine", "", "Germany"), 6, "give the two letters of a country"),
    ],
)
def test_a_wrong_answer_through_a_pipe_ends_it_and_nothing_is_written(
    file: Path, capsys: pytest.CaptureFixture[str], answers: tuple[str, ...], number: int, why: str
) -> None:
    tmp_path = file.parent.parent
    code = answered(file, *(one.replace("{tmp}", str(tmp_path)) for one in answers))

    told = capsys.readouterr()
    assert code == WRONG
    assert why in told.out
    assert f"question {number} has no answer that will do" in told.err
    assert {one.name for one in tmp_path.iterdir()} == {"mine"}


@pytest.mark.parametrize("text", ["", "\n\n\n{mine}\n", "\n\n\n{mine}\nen\n", "\n\n"])
def test_a_pipe_that_ends_before_the_last_answer_is_no_enter_and_nothing_is_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    code = piped(file, text.replace("{mine}", str(tmp_path / "mine")))

    assert code == WRONG
    assert capsys.readouterr().err == "lowtide: no more answers came; nothing was written\n"
    assert {one.name for one in tmp_path.iterdir()} == {"mine"}


def test_the_last_answer_needs_no_enter(file: Path, tmp_path: Path) -> None:
    code = piped(file, f"\n\n\n{tmp_path / 'mine'}\n\nus")

    assert (code, read(file).country) == (GOOD, "US")


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced_and_then_it_is_the_default(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    before = (
        f"LOWTIDE_DB={tmp_path}/old.db\nLOWTIDE_LEASE=9\nLOWTIDE_COUNTRY=US\n"
        f"LOWTIDE_FLOWS={tmp_path}/mine/flows\nLOWTIDE_DISCORD_BASE_URL=http://d\n"
    )
    file.write_text(before, encoding="utf-8")

    refused = answered(file)
    kept = file.read_text(encoding="utf-8")
    code = answered(file, "", "", "", str(tmp_path / "mine"), "", "none", more=("--replace",))

    found = read(file)
    assert (refused, kept, code) == (WRONG, before, GOOD)
    assert (found.db, found.lease, found.country) == (tmp_path / "old.db", 9.0, None)
    assert (found.discord_url, found.prompts) == ("http://d", tmp_path / "mine" / "prompts")
    assert file.with_name("lowtide.env.old").read_text(encoding="utf-8") == before
    assert "say --replace to write it anew" in capsys.readouterr().err


def test_the_settings_of_before_stand_where_they_were_if_the_disk_takes_no_new_ones(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    file.write_text(before := f"LOWTIDE_DB={tmp_path}/old.db\n", encoding="utf-8")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    try:
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (1000, limits[1])
        )  # a key fits, a page of settings does not
        code = answered(file, "", "", "", str(tmp_path / "mine"), more=("--replace",))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert code == WRONG
    assert file.read_text(encoding="utf-8") == before
    assert f"{file}: cannot be written" in capsys.readouterr().err


async def test_in_a_terminal_a_token_is_not_shown_and_a_wrong_answer_is_asked_again(
    server: TelegramServer, file: Path, tmp_path: Path
) -> None:
    lines = ["not a token", TOKEN, "", str(tmp_path / "l.db"), str(tmp_path / "mine"), "fr", "en", ""]

    code, shown = await asyncio.to_thread(typed, ["init", "--settings", str(file)], lines)

    assert code == GOOD
    assert HUSH not in shown
    assert "not a token" not in shown
    assert shown.count("1/6") == shown.count("5/6") == 2
    assert str(tmp_path / "l.db") in shown  # what is no secret is seen as it is typed
    assert read(file).telegram_token == Secret(TOKEN)


def typed(arguments: list[str], lines: list[str]) -> tuple[int, str]:
    """Run a command in a terminal, answer its questions, and return its exit code and what was shown."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", *arguments]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown, answers = "", iter(lines)
    try:
        while True:
            shown += os.read(ours, 4096).decode(errors="replace")
            if shown.rstrip(" ").endswith(":") and "/6  " in shown.rpartition("\n")[2]:
                os.write(ours, f"{next(answers)}\n".encode())
                shown += " "
    except OSError:  # the terminal is closed when its last process ends
        return process.wait(30), shown
    finally:
        os.close(ours)
        process.kill()
