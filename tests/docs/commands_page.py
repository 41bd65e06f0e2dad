"""Every command with its options as a page, written from the parser: `python -m tests.docs.commands_page`."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.cli import ORDERS, parser

PAGE = Path(__file__).parent.parent.parent / "docs" / "commands.md"
HEAD = """<!-- Written by `make pages` from the commands themselves; change those. -->

# Every command

`lowtide COMMAND --help` says the same.
Exit codes: 0 all is well, 1 there are faults, 2 the command or the machine is wrong.
Every command takes `--settings FILE`, the settings file, and `--content DIR`, a folder with `flows/` and
`prompts/` of your own.
"""
EVERYWHERE = {"--help", "--version", "--settings", "--content"}


def page() -> str:
    """Write the page."""
    known = _commands(parser())
    return "\n".join([HEAD, *_overview(), *(line for name in known for line in _section(name, known[name]))])


def _commands(top: ArgumentParser) -> Mapping[str, ArgumentParser]:
    for action in top._actions:
        if isinstance(action, _SubParsersAction):
            return dict(action.choices)
    return {}


def _overview() -> Iterator[str]:
    yield from ("| command | does |", "| --- | --- |")
    yield from (f"| [`{one.name}`](#lowtide-{one.name}) | {_cell(one.words)} |" for one in ORDERS)
    yield ""


def _section(name: str, command: ArgumentParser) -> Iterator[str]:
    yield from (f"## lowtide {name}", "", f"{command.description}.", "")
    yield from _options(command)
    inner = next((one for one in command._actions if isinstance(one, _SubParsersAction)), None)
    words = {one.dest: one.help for one in inner._choices_actions} if inner else {}
    for inside, its in _commands(command).items():
        yield from (f"**`lowtide {name} {inside}`**: {words.get(inside) or its.description}.", "")
        yield from _options(its)


def _options(command: ArgumentParser) -> Iterator[str]:
    rows = [f"| `{_shown(one)}` | {_cell(one.help or '')} |" for one in command._actions if _tells(one)]
    if rows:
        yield from ("| option | |", "| --- | --- |", *rows, "")


def _tells(action: Action) -> bool:
    ours = not EVERYWHERE.intersection(action.option_strings)
    return ours and action.help != SUPPRESS and not isinstance(action, _SubParsersAction)


def _shown(action: Action) -> str:
    choices = "|".join(map(str, action.choices)) if action.choices else ""
    name = action.metavar if isinstance(action.metavar, str) else choices or action.dest
    if not action.option_strings:
        return f"[{name}]" if action.nargs in {"?", "*"} else name
    return action.option_strings[-1] + ("" if action.nargs == 0 else f" {name}")


def _cell(text: str) -> str:
    return text.replace("%%", "%").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"{PAGE} written\n")
