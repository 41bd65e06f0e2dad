"""The settings file that `lowtide init` writes: it names every setting, and is read as it was meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.operating.beginning.page import page
from bot.settings.envfile import quoted, read_file
from bot.settings.given import variable
from bot.settings.readers import ALIASES, PATHS, READERS

ROOT = Path(__file__).parent.parent.parent.parent
DAY = date(2026, 11, 30)


def written(file: Path, text: str) -> dict[str, str]:
    """Return what is read of a file with this text."""
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    found = read_file(file)
    assert found.faults == ()
    return {one.name: one.text for one in found.given}


def test_what_was_chosen_is_read_again_and_all_else_is_a_comment(tmp_path: Path) -> None:
    chosen = {"db": "/srv/low tide/l.db", "lang": "de", "telegram_token": "1:a-B_c", "country": ""}

    read = written(tmp_path / "l.env", page(chosen, DAY))

    assert read == {name: text for name, text in chosen.items() if text}


def test_every_setting_stands_there_with_an_example_that_can_be_read(tmp_path: Path) -> None:
    text = page({}, DAY).replace("\n#LOWTIDE_", "\nLOWTIDE_")

    read = written(tmp_path / "l.env", text)

    assert set(READERS) - set(read) == {"telegram_token", "discord_token", "db"}
    assert all(f"\n{variable(name)}=" in text for name in READERS)
    for name in set(read) - PATHS:
        READERS[name](read[name])


def test_every_setting_and_every_other_name_of_one_is_told_of_to_who_runs_it() -> None:
    pages = [page for folder in ("deploy", "docs") for page in (ROOT / folder).rglob("*.md")]
    told = "".join(page.read_text(encoding="utf-8") for page in pages)

    assert [name for name in (*READERS, *ALIASES) if f"`{variable(name)}`" not in told] == []


@pytest.mark.parametrize("text", ["it's", "back\\slash", "two\nlines", "bell\a"])
def test_what_not_all_read_alike_is_refused_before_it_is_written(text: str) -> None:
    with pytest.raises(OperatorError, match="cannot hold a quote"):
        quoted(text)


@pytest.mark.parametrize("text", ["a b", "cash$HOME", "# no comment", 'say "x"', " edge "])
def test_what_needs_quotes_has_them(tmp_path: Path, text: str) -> None:
    assert written(tmp_path / "l.env", f"LOWTIDE_LANG={quoted(text)}\n") == {"lang": text}
