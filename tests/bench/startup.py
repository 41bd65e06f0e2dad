"""How long somebody waits for a first sign of life: `lowtide --version`, and the first words of a chat.

Everything is compiled first: some machines forbid Python to keep what it compiled, and would time that.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LOWTIDE = (sys.executable, "-m", "bot")


def compile_all() -> None:
    """Compile the package, as an installation does."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "bot"], cwd=ROOT, check=True)


def version() -> float:
    """Return the seconds until `lowtide --version` has ended."""
    started = time.perf_counter()
    subprocess.run([*LOWTIDE, "--version"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def first_words() -> float:
    """Return the seconds until `lowtide chat`, new and in a pipe, has said its first letter."""
    with tempfile.TemporaryDirectory() as home:
        line = [*LOWTIDE, "chat", "--db", str(Path(home) / "chat.db")]
        surroundings = {**os.environ, "HOME": home}
        started = time.perf_counter()
        with subprocess.Popen(
            line, cwd=ROOT, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        ) as chat:
            letter = chat.stdout.read(1) if chat.stdout else b""
            waited = time.perf_counter() - started
            chat.communicate()
    if not letter or chat.returncode:
        raise SystemExit(f"`lowtide chat` said nothing, or failed (exit code {chat.returncode})")
    return waited


ROWS: dict[str, tuple[Callable[[], float], float]] = {
    "lowtide --version": (version, 0.12),
    "lowtide chat, first words": (first_words, 0.7),
}
"""What is timed, and the seconds we aim at."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args(arguments).runs
    compile_all()
    print(f"start-up, median of {runs} runs after one that warms the disk")
    print(f"{'':34}{'seconds':>10}{'aim':>9}")
    for name, (run, aim) in ROWS.items():
        run()
        print(f"{name:34}{statistics.median(run() for _ in range(runs)):10.3f}{aim:9.2f}", flush=True)


if __name__ == "__main__":
    main()
