"""What goes out of the image before it is one, on small roots made for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.slim import builders, compile_all, remove, uninstall, unused
from tests.deploy.manifests import ROOT

LOCK = (ROOT / "requirements.lock").read_text()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Lay out a root with one package in it, and return the folder of its packages."""
    home = tmp_path / "opt/lowtide/lib/python3.11/site-packages"
    for name in ("sea/__init__.py", "sea/waves.py", "sea/tests/test_waves.py", "sea/waves.pyi", "sea/a.dll"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"PLACE = {name!r}\n")
    (home / "sea-1.0.dist-info").mkdir()
    (home / "sea-1.0.dist-info" / "RECORD").write_text(
        "sea/__init__.py,,\nsea/waves.py,,\nsea-1.0.dist-info/RECORD,,\n../../../bin/sea,,\n"
    )
    (tmp_path / "usr/lib/python3.11").mkdir(parents=True)
    return home


def left(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}


def test_what_only_the_build_needs_is_read_from_the_lock() -> None:
    found = builders(LOCK)

    assert {"hatchling", "pathspec", "pluggy", "trove-classifiers"} <= found
    assert not found & {"numpy", "aiohttp", "typing-extensions", "idna"}


def test_what_the_run_asks_for_too_is_not_only_the_builds() -> None:
    lock = "a==1 \\\n    --hash=sha256:00\n    # via lowtide (pyproject.toml:setup)\n"
    lock += (
        "b==1 \\\n    --hash=sha256:00\n    # via a, c\nc==1 \\\n    --hash=sha256:00\n    # via lowtide\n"
    )

    assert builders(lock) == {"a"}


def test_tests_types_and_other_systems_libraries_go_and_modules_stay(tmp_path: Path, home: Path) -> None:
    for path in list(unused(tmp_path)):
        remove(path)

    assert left(home) == {"sea/__init__.py", "sea/waves.py", "sea-1.0.dist-info/RECORD"}


def test_a_package_of_the_build_goes_whole(tmp_path: Path, home: Path) -> None:
    (home / "sky.py").write_text("")

    uninstall(tmp_path, "sea")

    assert left(home) == {"sky.py"}


def test_a_package_that_should_be_there_and_is_not_is_told(tmp_path: Path, home: Path) -> None:
    with pytest.raises(LookupError, match="moon is in the lock and not installed"):
        uninstall(tmp_path, "moon")


def test_compiled_modules_stand_in_for_their_sources_and_name_the_place_in_the_image(
    tmp_path: Path, home: Path
) -> None:
    (home / "sea/waves.py").write_text("def break_():\n    raise OSError('foam')\n")

    compile_all(tmp_path)

    code = "import sys; sys.path.insert(0, sys.argv[1]); import sea.waves; sea.waves.break_()"
    done = subprocess.run([sys.executable, "-c", code, home], capture_output=True, text=True, check=False)
    assert [path for path in left(home) if path.endswith(".py")] == []
    assert f'File "/{home.relative_to(tmp_path)}/sea/waves.py", line 2, in break_' in done.stderr
