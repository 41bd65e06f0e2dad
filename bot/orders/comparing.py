"""Two versions of the flows side by side: what changed for a person."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from bot.orders.asking import Order, ended, place_options, settings_of


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


COMPARING = (
    Order("diff", "tell what changed for a person between two versions of the flows", _diff_options, _diff),
)
