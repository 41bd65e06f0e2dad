"""The wheel and the sdist: the same bytes each time, whole, and a conversation in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.settings import read_settings
from deploy.dist import build, sums
from tests.bench.wheel import FILTER
from tests.deploy.manifests import ROOT

ROOTS = ("bot", "flows", "prompts")
LITTER = ("__pycache__", ".pyc", ".npz.part")


@dataclass(frozen=True)
class Built:
    """Hold what was built of the checkout, what was built of the sdist, and both unpacked."""

    sdist: Path
    wheel: Path
    again: list[Path]
    source: Path
    installed: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    place = tmp_path_factory.mktemp("dist")
    sdist, wheel = build(ROOT, place / "first")
    with tarfile.open(sdist) as archive:
        archive.extractall(place / "source", **FILTER)
    (source,) = (place / "source").iterdir()
    again = build(source, place / "second")
    with ZipFile(wheel) as archive:
        archive.extractall(place / "installed")
    return Built(sdist, wheel, again, source, place / "installed")


def within(root: Path, *folders: str) -> set[str]:
    """List the files of some folders, without what running them leaves behind."""
    found = (path for folder in folders for path in (root / folder).rglob("*") if path.is_file())
    names = (str(path.relative_to(root)) for path in found)
    return {name for name in names if not any(part in name for part in LITTER)}


def test_what_is_built_of_the_sdist_is_what_was_built_of_the_checkout_byte_for_byte(built: Built) -> None:
    assert sums(built.again) == sums([built.sdist, built.wheel])
    assert len(built.again) == 2


def test_the_wheel_holds_the_program_and_its_words_and_nothing_else(built: Built) -> None:
    code, content = within(built.installed, "bot"), within(built.installed, "bot/_content")
    words = {name.removeprefix("bot/_content/") for name in content}

    assert words == within(ROOT, "flows", "prompts") - within(ROOT, "flows/danger")
    assert code - content == within(ROOT, "bot")
    assert {path.name.partition("-")[0] for path in built.installed.iterdir()} == {"bot", "lowtide"}


def test_the_sdist_holds_all_that_the_tests_read(built: Built) -> None:
    kept = (*ROOTS, "tests", "docs", "deploy", ".ci")

    assert within(ROOT, *kept) - within(built.source, *kept) == set()
    for name in ("Makefile", "requirements-dev.lock", ".dockerignore", ".gitignore", ".editorconfig"):
        assert (built.source / name).is_file(), name
    assert os.access(built.source / ".ci" / "run", os.X_OK)


def test_neither_holds_a_path_or_a_user_of_this_machine(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        owners = {(one.uid, one.gid, one.uname, one.gname, one.mtime) for one in archive}
    told = [path for path in built.installed.glob("*.dist-info/[A-Z]*") if str(ROOT) in path.read_text()]

    assert len(owners) == 1
    assert owners.pop()[:4] == (0, 0, "", "")
    assert told == []


def test_the_unpacked_wheel_has_a_conversation_in_an_empty_folder(built: Built, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    clean = {name: text for name, text in os.environ.items() if not name.startswith(("LOWTIDE_", "XDG_"))}
    learnt = str(read_settings(os.environ).kept_anew)  # of the same words, and learning takes a minute

    done = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "chat", "--new"],
        cwd=home,
        env={**clean, "HOME": str(home), "LOWTIDE_CACHE": learnt, "PYTHONPATH": str(built.installed)},
        input="hello\nquiet\n",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Lowtide" in done.stdout
    assert done.stdout.count("\n") > 5
