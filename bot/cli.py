"""The command `lowtide`: talk, check, test and draw; every subcommand loads only what it needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import LowtideError, OperatorError
from bot.orders import add_orders

if TYPE_CHECKING:
    from typing import TypeAlias

    from bot.settings import Settings

    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, FAULTS, WRONG = 0, 1, 2
"""Exit codes: all is well, there are faults, the command or the machine is wrong."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # One thread for numpy: a text is too short for two to pay, and the second would spin beside the first.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:  # before anything is built: scripts ask this often
        print(f"lowtide {__version__}")
        return GOOD
    args = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except LowtideError as error:
        print(f"lowtide: {error}", file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        # Whoever read us has read enough; without this the interpreter complains once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        return 128 + 2


def parser() -> argparse.ArgumentParser:
    """Build the parser of every subcommand."""
    top = argparse.ArgumentParser(
        "lowtide", description="A private companion for the moment before you push someone away."
    )
    top.add_argument("--version", action="version", version=f"lowtide {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _chat_parser(commands)
    _run_parser(commands)
    add_orders(lambda name, words: _command(commands, name, words, _operate))
    _check_parser(commands)
    _test_parser(commands)
    _hear_parser(commands)
    _why_parser(commands)
    _transcripts_parser(commands)
    _graph_parser(commands)
    _lock_parser(commands)
    _release_parser(commands)
    _schema_parser(commands)
    _pages_parser(commands)
    return top


def _command(commands: Commands, name: str, words: str, run: object) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words.capitalize())
    command.set_defaults(run=run)
    return command


def _content_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", nargs="?", type=Path, help="a folder with flows/ and prompts/ (default: ours)"
    )
    command.add_argument("--flows", type=Path, metavar="DIR", help="the folder of the flows")
    command.add_argument("--prompts", type=Path, metavar="DIR", help="the folder of the prompts")


def _chat_parser(commands: Commands) -> None:
    chat = _command(commands, "chat", "talk with Lowtide in this terminal; a pipe works too", _chat)
    chat.add_argument("--db", type=Path, metavar="FILE", help="where to keep the conversation")
    chat.add_argument("--lang", help="the language to speak until another is chosen")
    chat.add_argument("--flow", help="begin with this flow")
    chat.add_argument("--new", action="store_true", help="begin anew; settings are kept")
    chat.add_argument("--flows", type=Path, metavar="DIR", help="the folder of the flows")
    chat.add_argument("--prompts", type=Path, metavar="DIR", help="the folder of the prompts")


def _run_parser(commands: Commands) -> None:
    run = _command(commands, "run", "serve Telegram and Discord with the tokens in the environment", _run)
    run.add_argument("--check", action="store_true", help="only look whether all is ready, and what to mend")
    run.add_argument("--db", type=Path, metavar="FILE", help="where to keep the conversations")
    run.add_argument("--lang", help="the language to speak until another is chosen")
    run.add_argument("--flows", type=Path, metavar="DIR", help="the folder of the flows")
    run.add_argument("--prompts", type=Path, metavar="DIR", help="the folder of the prompts")


def _check_parser(commands: Commands) -> None:
    check = _command(
        commands, "check", "report every fault in flows and prompts, each with its place", _check
    )
    _content_options(check)
    check.add_argument("--format", choices=("text", "json"), default="text")


def _test_parser(commands: Commands) -> None:
    test = _command(commands, "test", "play the *.test.yaml beside the flows", _test)
    _content_options(test)
    test.add_argument("-k", dest="only", metavar="WORDS", default="", help="only tests whose name holds this")


def _hear_parser(commands: Commands) -> None:
    hear = _command(commands, "hear", "show what is heard in a text, and what the bot would do", _hear)
    hear.add_argument("texts", nargs="*", metavar="TEXT", help="a text (default: each line of stdin is one)")
    hear.add_argument("--state", metavar="FLOW.STATE", help="what was asked (default: nothing yet)")
    hear.add_argument("--json", action="store_true", help="one JSON object a text, each on a line")
    hear.add_argument("--lang", help="the language to listen in")
    hear.add_argument("--flows", type=Path, metavar="DIR", help="the folder of the flows")
    hear.add_argument("--prompts", type=Path, metavar="DIR", help="the folder of the prompts")


def _why_parser(commands: Commands) -> None:
    why = _command(commands, "why", "show a page of /why with its source, or list them all", _why)
    why.add_argument(
        "topic", nargs="*", metavar="TOPIC", help="an id, a synonym, or a question in free words"
    )
    why.add_argument("--list", action="store_true", help="list every page (also without a topic)")
    why.add_argument("--lang", help="the language of the page")
    why.add_argument("--flows", type=Path, metavar="DIR", help="the folder of the flows")
    why.add_argument("--prompts", type=Path, metavar="DIR", help="the folder of the prompts")


def _transcripts_parser(commands: Commands) -> None:
    words = "write the whole conversations of *.test.yaml as pages to read aloud"
    transcripts = _command(commands, "transcripts", words, _transcripts)
    _content_options(transcripts)
    transcripts.add_argument("--to", type=Path, metavar="DIR", help="where to (default: docs/transcripts)")
    transcripts.add_argument("--check", action="store_true", help="only tell which pages are not as written")


def _graph_parser(commands: Commands) -> None:
    graph = _command(commands, "graph", "draw flows as Mermaid, or as SVG files", _graph)
    graph.add_argument("flow", nargs="?", help="one flow (default: all, and how they call each other)")
    graph.add_argument("--svg", type=Path, metavar="FOLDER", help="write SVG files there instead")
    graph.add_argument("--flows", type=Path, metavar="DIR", help="the folder of the flows")
    graph.add_argument("--prompts", type=Path, metavar="DIR", help="the folder of the prompts")


def _lock_parser(commands: Commands) -> None:
    lock = _command(commands, "lock", "record the structure of each flow's version in flows.lock", _lock)
    _content_options(lock)
    lock.add_argument("--amend", action="store_true", help="allow a version nobody has met yet to change")


def _release_parser(commands: Commands) -> None:
    release = _command(
        commands, "release", "say where everybody who waits would land, and let the flows go live", _release
    )
    _content_options(release)
    release.add_argument("--db", type=Path, metavar="FILE", help="where the conversations are kept")
    release.add_argument("--dry-run", action="store_true", help="only say it; nothing goes live")


def _schema_parser(commands: Commands) -> None:
    schema = _command(commands, "schema", "print the JSON Schema that editors complete flows with", _schema)
    schema.add_argument("--write", action="store_true", help="write flows/flow.schema.json instead")


def _pages_parser(commands: Commands) -> None:
    pages = _command(commands, "pages", "write the safety, privacy and review pages of docs/", _pages)
    _content_options(pages)
    pages.add_argument(
        "--docs", type=Path, metavar="DIR", help="the folder docs/ (default: beside the flows)"
    )
    pages.add_argument("--check", action="store_true", help="only look whether they are what the flows say")


# --- the commands: each imports its parts when it runs ----------------------------------------------------


def _settings(args: argparse.Namespace) -> Settings:
    """Read the environment, then let the command line have the last word."""
    from dataclasses import replace  # noqa: PLC0415  only a command that runs pays for it

    from bot.settings import read_settings  # noqa: PLC0415  as above

    settings = read_settings(os.environ)
    folder: Path | None = getattr(args, "folder", None)
    for named in (folder, getattr(args, "flows", None), getattr(args, "prompts", None)):
        if named is not None and not named.is_dir():
            raise OperatorError(f"{named} is no folder; name the one that holds flows/ and prompts/")
    if folder is not None:
        inside = folder / "flows"
        flows = inside if inside.is_dir() else folder
        settings = replace(settings, flows=flows, prompts=flows.parent / "prompts")
    given = {name: getattr(args, name, None) for name in ("db", "lang", "flows", "prompts")}
    return replace(settings, **{name: value for name, value in given.items() if value is not None})


def _chat(args: argparse.Namespace) -> int:
    from bot.chat import chat  # noqa: PLC0415  only this command pays for it

    return chat(_settings(args), flow=args.flow, new=args.new)


def _run(args: argparse.Namespace) -> int:
    if args.check:
        from bot.readiness import ready  # noqa: PLC0415  only this command pays for it

        return GOOD if ready(_settings(args)) else FAULTS
    from bot.run import run  # noqa: PLC0415  only this command pays for it

    return run(_settings(args))


def _check(args: argparse.Namespace) -> int:
    from bot.commands import check  # noqa: PLC0415  only this command pays for it

    return GOOD if check(_settings(args), args.format) else FAULTS


def _test(args: argparse.Namespace) -> int:
    from bot.commands import rehearse  # noqa: PLC0415  only this command pays for it

    return GOOD if rehearse(_settings(args), args.only) else FAULTS


def _why(args: argparse.Namespace) -> int:
    from bot.pages import list_pages, show_page  # noqa: PLC0415  only this command pays for it

    if args.list or not args.topic:
        list_pages(_settings(args))
        return GOOD
    return GOOD if show_page(_settings(args), " ".join(args.topic)) else FAULTS


def _hear(args: argparse.Namespace) -> int:
    from bot.hear import hear  # noqa: PLC0415  only this command pays for it

    hear(_settings(args), args.texts, args.state, args.json)
    return GOOD


def _transcripts(args: argparse.Namespace) -> int:
    from bot.transcripts import transcripts  # noqa: PLC0415  only this command pays for it

    return GOOD if transcripts(_settings(args), args.to, check=args.check) else FAULTS


def _graph(args: argparse.Namespace) -> int:
    from bot.commands import graph  # noqa: PLC0415  only this command pays for it

    graph(_settings(args), args.flow, args.svg)
    return GOOD


def _lock(args: argparse.Namespace) -> int:
    from bot.commands import lock  # noqa: PLC0415  only this command pays for it

    return GOOD if lock(_settings(args), args.amend) else FAULTS


def _release(args: argparse.Namespace) -> int:
    from bot.release import release  # noqa: PLC0415  only this command pays for it

    return GOOD if release(_settings(args), args.dry_run) else FAULTS


def _schema(args: argparse.Namespace) -> int:
    from bot.commands import schema  # noqa: PLC0415  only this command pays for it

    schema(_settings(args), args.write)
    return GOOD


def _pages(args: argparse.Namespace) -> int:
    from bot.publishing.filling import write  # noqa: PLC0415  only this command pays for it

    settings = _settings(args)
    return GOOD if write(settings, args.docs or settings.flows.parent / "docs", args.check) else FAULTS


def _operate(args: argparse.Namespace) -> int:
    from bot.operating import ORDERS  # noqa: PLC0415  only these commands pay for it

    ORDERS[args.order](_settings(args), args)
    return GOOD
