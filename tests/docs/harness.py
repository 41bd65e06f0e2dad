"""Every command that a page shows, taken out of it and run: one after the other, in a clean folder a page."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bot.cli import main

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w./-]+/[\w.-]+\.\w+)")
"""The first line of a block that is a file: a comment with its path."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold one command as a page shows it, with the output below it; None where none is shown."""

    page: str
    line: int
    text: str
    output: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Written:
    """Hold a file as a page shows it."""

    path: str
    text: str


def told(page: Path) -> list[Shown | Written]:
    """List the commands and files of a page, in order."""
    text, found = page.read_text(), list[Shown | Written]()
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 2
        if fence[1] == "console":
            found += _console(str(page.relative_to(ROOT)), line, fence[2])
        elif fence[1] == "sh":
            found += _script(str(page.relative_to(ROOT)), line, fence[2])
        elif named := NAMED.match(fence[2]):
            found.append(Written(named[1], fence[2]))
    return found


def _console(page: str, first: int, block: str) -> list[Shown]:
    found: list[Shown] = []
    for line, text in enumerate(block.splitlines(), first):
        if text.startswith("$ "):
            found.append(Shown(page, line, _bare(text[2:])))
        elif found:
            last = found[-1]
            found[-1] = Shown(page, last.line, last.text, f"{last.output or ''}{text}\n")
    return found


def _script(page: str, first: int, block: str) -> list[Shown]:
    lines = enumerate(block.splitlines(), first)
    return [Shown(page, line, _bare(text)) for line, text in lines if _bare(text)]


def _bare(text: str) -> str:
    """Return a command without the comment behind it."""
    return re.sub(r"(^|\s+)#\s.*$", "", text).strip()


def ran(shown: Shown, folder: Path) -> tuple[int, str]:
    """Run a command in a folder; return its exit code and what it wrote, on either stream."""
    words, typed = shown.text, ""
    if piped := re.fullmatch(r"(printf .*?) \| (lowtide .*)", words):
        typed = subprocess.run(["sh", "-c", piped[1]], capture_output=True, text=True, check=True).stdout
        words = piped[2]
    if not words.startswith("lowtide"):
        done = subprocess.run(["sh", "-c", words], cwd=folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), patch("sys.stdin", io.StringIO(typed)):
        try:
            code = main(shlex.split(words)[1:])
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue()


def fits(shown: str, written: str) -> bool:
    """Tell whether a page shows what was written; `…` stands for anything, a blank line for nothing."""
    parts = [re.escape(" ".join(part.split())) for part in shown.split("…")]
    pattern = "(?s:.*?)".join(part.replace(r"\ ", r"\s+") for part in parts)
    return re.fullmatch(rf"\s*{pattern}\s*", " ".join(written.split())) is not None
