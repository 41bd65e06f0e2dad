"""The frame keeps its promises: pinned locks, two commands, a reason beside every ignore."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bot import __version__

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
IGNORE = re.compile(
    r"#\s*(noqa|type:\s*ignore|pragma:\s*no (?:cover|branch))"  # what is silenced
    r"(:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*|\[[\w, -]+\])?"  # its rules
    r"(.*)"  # the reason
)


def pins(lock: str) -> dict[str, str]:
    """Return each pinned package of a lock with the text that follows it, its hashes."""
    text = (ROOT / lock).read_text()
    return {
        match[1]: match[2]
        for match in re.finditer(
            r"^([a-z0-9][a-z0-9._-]*)(?:\[\S+\])?==\S+(.*?)(?=^[a-z0-9]|\Z)", text, re.M | re.S
        )
    }


def wanted(names: list[str]) -> set[str]:
    """Return the names of requirements, as a lock spells them."""
    return {re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", name)[0]).lower() for name in names}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock: str) -> None:
    bare = [name for name, rest in pins(lock).items() if not re.search(r"--hash=sha256:[0-9a-f]{64}", rest)]

    assert len(pins(lock)) > 20
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_hashes_and_reasons_and_names_no_host(lock: str) -> None:
    line = re.compile(
        r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==[\w.]+( ; [^/]+)? \\"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?|    # via [^/:]+.*"
    )

    odd = [text for text in (ROOT / lock).read_text().splitlines() if not line.fullmatch(text)]

    assert odd == []
    assert "//" not in (ROOT / lock).read_text()


def test_the_locks_hold_everything_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]

    assert set(pins("requirements.lock")) >= wanted(PROJECT["project"]["dependencies"] + groups["setup"])
    assert set(pins("requirements-dev.lock")) >= wanted(groups["dev"])


def test_an_extra_that_a_package_asks_for_is_pinned_with_it() -> None:
    """Old pips take the newest of `name[extra]` where a lock pins `name` alone, and then refuse it."""
    asked = [
        (need.name, extra)
        for package in distributions()
        for need in map(Requirement, package.requires or [])
        if need.marker is None or need.marker.evaluate({"extra": ""})
        for extra in need.extras
    ]

    lock = (ROOT / "requirements-dev.lock").read_text()

    assert asked
    assert [one for one in asked if not re.search(rf"^{one[0]}\[\S*{one[1]}\S*\]==", lock, re.M)] == []


def test_the_package_and_the_project_file_tell_the_same_version() -> None:
    assert __version__ == PROJECT["project"]["version"]


def test_both_locks_agree_so_that_a_test_runs_what_a_person_runs() -> None:
    run, dev = (re.sub(r"\[\S+\]==", "==", (ROOT / lock).read_text()) for lock in LOCKS)

    pinned = re.findall(r"^\S+==\S+", run, re.M)

    assert [pin for pin in pinned if pin not in dev] == []


def test_the_makefile_has_every_command_it_promises() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))

    assert targets >= {"chat", "test", "check", "lint", "bench", "lock", "graph", "help"}


def test_continuous_integration_runs_the_second_command_of_the_readme_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text().splitlines()

    orders = [line for line in script if line and not line.startswith("#")]

    assert orders == ["set -eu", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_a_set_up_that_is_current_says_nothing_and_takes_nothing_from_stdin(tmp_path: Path) -> None:
    home = checkout(tmp_path)
    set_up(home)

    again = sh(home, "sh deploy/setup.sh requirements.lock; cat", stdin="meant for the chat")

    assert (again.stdout, again.stderr) == ("meant for the chat", "")


def test_a_set_up_installs_only_what_has_a_hash_and_then_the_project_alone(tmp_path: Path) -> None:
    home = checkout(tmp_path)

    done = set_up(home)

    assert done.stdout == ""
    assert asked(home) == [
        "install --require-hashes -r requirements.lock",
        "install --no-deps --no-build-isolation -e .",
    ]


def test_the_tests_set_up_serves_the_chat_as_well(tmp_path: Path) -> None:
    home = checkout(tmp_path)
    set_up(home, "requirements-dev.lock")

    again = set_up(home, "requirements.lock")

    assert again.stderr == ""
    assert asked(home)[0] == "install --require-hashes -r requirements-dev.lock"
    assert len(asked(home)) == 2


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_set_up_again(tmp_path: Path, file: str) -> None:
    home = checkout(tmp_path)
    set_up(home)
    (home / file).write_text((home / file).read_text() + "\n# changed\n")

    again = set_up(home)

    assert "setting up .venv" in again.stderr
    assert len(asked(home)) == 4


def test_a_set_up_that_failed_is_begun_anew_and_not_believed(tmp_path: Path) -> None:
    home = checkout(tmp_path)

    failed = set_up(home, FAKE_PIP="fails")
    again = set_up(home, PYTHON=NOWHERE)

    assert failed.returncode == 1
    assert "could not be installed" in failed.stderr
    assert "Python 3.11 or newer is needed" in again.stderr, "it meant to build the environment from nothing"


def test_a_broken_environment_is_built_anew(tmp_path: Path) -> None:
    home = checkout(tmp_path)
    set_up(home)
    (home / ".venv" / "bin" / "python").unlink()

    again = set_up(home, PYTHON=NOWHERE)

    assert "Python 3.11 or newer is needed" in again.stderr


def test_a_machine_without_a_new_enough_python_is_told_so_kindly(tmp_path: Path) -> None:
    home = checkout(tmp_path)
    shutil.rmtree(home / ".venv")

    done = set_up(home, PYTHON=NOWHERE)

    assert (done.returncode, done.stdout) == (1, "")
    assert "say where it is: make chat PYTHON=/path/to/python3" in done.stderr


def test_every_ignore_in_the_code_names_its_rule_and_its_reason() -> None:
    bare = [f"{where}: {text}" for where, text, rule, reason in ignores() if not rule or len(reason) < 3]

    assert not bare, "write it as `# noqa: PLR2004  a reason`:\n" + "\n".join(bare)


def test_every_ignore_in_the_project_file_has_its_reason_beside_it() -> None:
    table = (ROOT / "pyproject.toml").read_text().partition("\nignore = [")[2].partition("[tool.mypy]")[0]

    bare = [line for line in table.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",', line) and "#" not in line]

    assert table
    assert bare == []


NOWHERE = "/nowhere/python3"
FAKE_PIP = """
import os, sys
if __name__ == "__main__":
    with open("asked", "a") as asked:
        print(*sys.argv[sys.argv.index("install"):], file=asked)
    sys.exit("no network" if os.environ.get("FAKE_PIP") else 0)
"""


def checkout(place: Path) -> Path:
    """Lay out what the set-up reads, and an environment whose pip only writes down what it was asked."""
    (place / "deploy").mkdir()
    for name in ("deploy/setup.sh", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, place / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / ".venv"], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (place / ".venv" / "lib" / version / "site-packages" / "pip.py").write_text(FAKE_PIP)
    return place


def set_up(home: Path, lock: str = "requirements.lock", **more: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up there."""
    return sh(home, f"sh deploy/setup.sh {lock}", **more)


def sh(home: Path, line: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run a shell line there and return what came of it."""
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(home), **more}
    return subprocess.run(
        ["sh", "-c", line],
        cwd=home,
        env=surroundings,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def asked(home: Path) -> list[str]:
    """Return what pip was asked for."""
    return (home / "asked").read_text().splitlines()


def ignores() -> Iterator[tuple[str, str, str, str]]:
    """List every comment that silences a tool: where, the comment, its rule and its reason.

    Types in tests are checked by an editor at most, so what silences that needs no reason.
    """
    for path in sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("tests/**/*.py")]):
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = IGNORE.search(line)
            if match and not (path.is_relative_to(ROOT / "tests") and match[1].startswith("type")):
                rule = "coverage" if match[1].startswith("pragma") else match[2] or ""
                yield f"{path.relative_to(ROOT)}:{number}", match[0], rule, match[3].strip(" #")
