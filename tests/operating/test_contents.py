"""`lowtide content new`: a copy of the words to make one's own, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.orders.asking import GOOD, WRONG
from tests.runtime.little import little_world


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bring a small content along, whose files are read-only."""
    little_world(tmp_path / "ours")
    for path in (tmp_path / "ours").rglob("*.*"):
        path.chmod(0o444)
    monkeypatch.setenv("LOWTIDE_CONTENT", str(tmp_path / "ours"))
    return tmp_path / "ours"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_copy_is_whole_can_be_written_and_is_used_at_once(
    ours: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "of my own" / "words"

    made = main(["content", "new", str(own)])
    told = capsys.readouterr().out

    assert made == GOOD
    assert files(own) == files(ours)
    assert f"lowtide --content '{own}' chat" in told
    assert told.endswith(f"LOWTIDE_CONTENT='{own}'\n")
    assert all(path.stat().st_mode & 0o200 for path in own.rglob("*"))
    assert main(["--content", str(own), "lock"]) == GOOD
    assert (own / "flows" / "flows.lock").exists()


def test_an_empty_folder_is_filled_and_one_that_holds_something_is_let_be(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    full.mkdir()
    (full / "letter.txt").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(empty)

    codes = [main(["content", "new", one]) for one in (".", str(full), str(full / "letter.txt"))]

    told = capsys.readouterr().err
    assert codes == [GOOD, WRONG, WRONG]
    assert f"{full} is not empty; name a new folder (nothing was changed)" in told
    assert "letter.txt: cannot be written (file exists); name another folder" in told
    assert files(empty) == files(ours)
    assert files(full) == {"letter.txt": b"mine"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "full", "ours"]
