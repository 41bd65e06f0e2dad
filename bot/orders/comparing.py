"""Versions of the flows side by side, and the one layout in which their lines can be compared at all."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.orders.asking import Order, ended, folder_options, place_options, settings_of


def _diff_options(diff: ArgumentParser) -> None:
    diff.add_argument(
        "versions",
        nargs="+",
        metavar="VERSION",
        help="two folders or revisions: A B, A..B, or A alone to compare with what is here",
    )
    diff.add_argument("--json", action="store_true", help="all of it, with every word before and after")
    place_options(diff)


def _diff(args: Namespace) -> int:
    from bot.authoring.differing.command import diff  # noqa: PLC0415  only this command pays for it

    return ended(diff(settings_of(args), args.versions, as_json=args.json))


def _fmt_options(fmt: ArgumentParser) -> None:
    fmt.add_argument("paths", nargs="*", type=Path, help="files or folders (default: our flows and prompts)")
    fmt.add_argument("--check", action="store_true", help="only tell which are not in the one layout")
    place_options(fmt)


def _fmt(args: Namespace) -> int:
    from bot.authoring.layout.command import fmt  # noqa: PLC0415  only this command pays for it

    return ended(fmt(settings_of(args), args.paths, check=args.check))


def _replay_options(replay: ArgumentParser) -> None:
    folder_options(replay)
    replay.add_argument("--db", type=Path, metavar="FILE", help="the database with the event log")
    replay.add_argument("--person", metavar="WHO", help="step by step, for one in your own test database")


def _replay(args: Namespace) -> int:
    from bot.authoring.replaying.command import replay  # noqa: PLC0415  only this command pays for it

    return ended(replay(settings_of(args), args.person))


COMPARING = (
    Order(
        "replay",
        "do again what the event log tells, with these flows: where answers differ",
        _replay_options,
        _replay,
    ),
    Order(
        "fmt",
        "put flows, tests and words into the one layout; nothing that is read changes",
        _fmt_options,
        _fmt,
    ),
    Order("diff", "tell what changed for a person between two versions of the flows", _diff_options, _diff),
)
