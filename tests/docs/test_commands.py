"""The commands that the pages show do what the pages say, and what they say of the commands is so."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.cli import ORDERS
from tests.docs.commands_page import PAGE, page
from tests.docs.harness import ROOT, Shown, Written, fits, ran, told

PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "flows/README.md", "prompts/README.md")),
    *sorted((ROOT / "deploy").glob("*.md")),
]
GUIDE = ("start", "talk", "write", "translate", "run", "upgrade")
"""Pages whose commands run one after the other, in one folder each."""

CACHE = Path.home() / ".cache" / "lowtide"

NOT_RUN = {
    r"make \w+": "sets up a .venv of its own; tests/test_frame.py follows the Makefile",
    r"\. \.venv/bin/activate": "changes the reader's own shell",
    r"lowtide run\b": "serves until it is told to stop; tests/test_run.py runs it",
    r"lowtide (init|doctor)$": "asks a person, or looks at their machine; tests/operating runs both",
    r"lowtide (test --watch|walk\b|cover\b|diff HEAD|replay --db FILE|graph tea|chat --flow tea|fmt$|check$)":
        "in a page that lists what there is; the guide runs what is quick, tests/authoring the rest",
    r"lowtide i18n status$": "as above; translate.md runs it",
    r"lowtide upgrade( --check)?$": "takes the reader's own database; tests/operating runs it",
    r"(systemctl|journalctl|useradd|runuser|install|docker|kubectl|createdb|/opt/lowtide/bin/\S+)\b":
        "needs root, a service manager, an engine or a server that no test machine has",
    r"lowtide hear ": "learns every phrase first, for half a minute; tests/test_hear.py runs it",
    r"LOWTIDE_\w+=\S+$": "is a line of a settings file",
    r"(python3 -m venv /opt|cd deploy|export (POSTGRES_PASSWORD|LOWTIDE_\w+=\S*…|LOWTIDE_DB_URL))":
        "prepares the reader's machine for one of these",
}  # fmt: skip
"""The closed list of commands that are shown and not run, with the reason of each."""


def not_run(shown: Shown) -> bool:
    """Tell whether a command stands on the list."""
    return any(re.match(pattern, shown.text) for pattern in NOT_RUN)


@pytest.mark.parametrize("name", GUIDE)
def test_what_a_page_of_the_guide_shows_is_what_happens(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(
        "LOWTIDE_CACHE", os.environ.get("LOWTIDE_CACHE") or str(CACHE)
    )  # learnt once is enough
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    wrong = []
    for step in told(ROOT / f"docs/{name}.md"):
        if isinstance(step, Written):
            Path(step.path).parent.mkdir(parents=True, exist_ok=True)
            Path(step.path).write_text(step.text)
        elif chosen := re.fullmatch(r"export (LOWTIDE_\w+)=(\S+)", step.text):
            monkeypatch.setenv(chosen[1], chosen[2])
        elif not not_run(step):
            wrong += _wrong(step, tmp_path)

    assert not wrong, "\n\n".join(wrong)


def _wrong(step: Shown, folder: Path) -> list[str]:
    code, written = ran(step, folder)
    faulty = step.output is not None and re.search(r"\berror|FAULT", step.output)
    if code != (1 if faulty else 0):
        return [f"{step}\nended with {code}:\n{written}"]
    if step.output is not None and not fits(step.output, written):
        return [f"{step}\nwrote what is not shown:\n{written}"]
    return []


def test_every_other_command_is_run_elsewhere_or_stands_on_the_list() -> None:
    elsewhere = [one for path in PAGES if path.stem not in GUIDE for one in told(path)]
    shown = [one for one in elsewhere if isinstance(one, Shown)]

    unknown = [str(one) for one in shown if not not_run(one) and one.text not in _ran_in_the_guide()]
    assert not unknown, "\n".join(unknown)


def test_every_entry_of_the_list_is_needed() -> None:
    shown = [one.text for path in PAGES for one in told(path) if isinstance(one, Shown)]

    idle = [pattern for pattern in NOT_RUN if not any(re.match(pattern, text) for text in shown)]
    assert not idle


def _ran_in_the_guide() -> set[str]:
    pages = (ROOT / f"docs/{name}.md" for name in GUIDE)
    return {one.text for path in pages for one in told(path) if isinstance(one, Shown)}


def test_the_page_of_commands_is_fresh() -> None:
    assert PAGE.read_text() == page(), "write it anew with `make pages`"


def test_every_command_that_is_named_anywhere_exists() -> None:
    names = {one.name for one in ORDERS}

    odd = [
        f"{path.relative_to(ROOT)}: lowtide {name}"
        for path in PAGES
        for name in re.findall(r"`lowtide ([a-z][a-z0-9-]*)", path.read_text())
        if name not in names
    ]
    assert not odd, "\n".join(odd)


def test_every_page_and_picture_that_is_linked_is_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in PAGES
        for link in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", path.read_text())
        if not (path.parent / link).exists()
    ]
    assert not missing, "\n".join(missing)


def test_what_is_left_out_may_be_anything_and_what_is_shown_may_not() -> None:
    assert fits("a … d\n", "a b\nc d\n")
    assert fits("…\nb\n", "a\n\nb")
    assert not fits("a … d", "a b c")
    assert not fits("a", "a b")
