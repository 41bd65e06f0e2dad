"""The tests, run against the installed wheel: nothing of the checkout is in reach.

    python -m tests.bench.wheel [what pytest shall run, and its options]

The sdist and the wheel are built, the sdist is unpacked into an empty folder, and a clean environment is made
of requirements-dev.lock and the wheel. `bot` comes from there: the sources beside the tests are only read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from deploy.dist import build

ROOT = Path(__file__).parent.parent.parent

FILTER = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python 3.11 learnt it with 3.11.4; newer ones warn without."""


def main(arguments: list[str]) -> int:
    """Build, install, run; return pytest's exit code."""
    with tempfile.TemporaryDirectory(prefix="lowtide-wheel-") as folder:
        place = Path(folder)
        sdist, wheel = build(ROOT, place / "dist")
        source = unpacked(sdist, place / "source")
        environment = installed(source, wheel, place / "venv")
        come_from(environment, source)
        return run(environment, source, arguments or ["tests"])


def unpacked(sdist: Path, place: Path) -> Path:
    """Unpack an sdist and return its one folder."""
    with tarfile.open(sdist) as archive:
        archive.extractall(place, **FILTER)
    (source,) = place.iterdir()
    return source


def installed(source: Path, wheel: Path, place: Path) -> Path:
    """Make an environment with the packages of the lock and the wheel; return the folder of its programs."""
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip = [place / "bin" / "python", "-m", "pip", "-q", "--disable-pip-version-check", "install"]
    lock = source / "requirements-dev.lock"
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)
    (packages,) = place.glob("lib/*/site-packages")
    shutil.rmtree(packages / "tests", ignore_errors=True)  # some of them leave theirs there
    (packages / "tests.pth").write_text(f"{source}\n")  # behind the packages: `tests` is found, `bot` is not
    return place / "bin"


def come_from(environment: Path, source: Path) -> None:
    """See that what will be tested is what was installed.

    Raises:
        SystemExit: it is not.
    """
    line = "import bot, bot.settings, tests; print(bot.__file__, bot.settings.HOUSE, tests.__file__)"
    done = subprocess.run(
        [environment / "python", "-c", line], cwd=source, env=calm(), text=True, stdout=-1, check=True
    )
    told = done.stdout.split()
    if [Path(one).is_relative_to(environment.parent) for one in told] != [True, True, False]:
        raise SystemExit(f"this would not test the wheel: {told}")
    print("testing {}\n   with {}\n     by {}".format(*told), flush=True)


def run(environment: Path, source: Path, arguments: list[str]) -> int:
    """Run pytest there, on two cores."""
    command = [environment / "pytest", "-q", "-n", "2", "-o", "pythonpath=", *arguments]
    return subprocess.run(command, cwd=source, env=calm(), check=False).returncode


def calm() -> dict[str, str]:
    """Return the variables of a run in which the folder one stands in is no place to import from."""
    return {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": ""}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
