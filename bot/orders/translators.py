"""Translating: how languages stand, out to translators' tools and back, and a language to test with."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.orders.asking import GOOD, Order, ended, place_options, settings_of


def _i18n_options(command: ArgumentParser) -> None:
    kinds = command.add_subparsers(title="what to do", metavar="DO", required=True, dest="do")
    status = kinds.add_parser("status", help="count what is translated, missing, stale or short of phrases")
    status.add_argument("language", nargs="?", metavar="LANG", help="one language (default: all)")
    status.add_argument("--list", action="store_true", help="name each that is missing, stale or short")
    status.add_argument("--fail", action="store_true", help="exit with 1 if anything is missing or stale")
    export = kinds.add_parser("export", help="write a language as a PO file, in the order of conversation")
    export.add_argument("language", metavar="LANG")
    export.add_argument("--to", type=Path, metavar="FILE", help="where to (default: stdout)")
    take = kinds.add_parser("import", help="write what a PO file brings back: all of it, or nothing")
    take.add_argument("file", type=Path)
    take.add_argument("--lang", dest="language", metavar="LANG", help="where the file does not say it")
    stamp = kinds.add_parser("stamp", help="note that what carries no hash was made from today's English")
    stamp.add_argument("language", metavar="LANG")
    pseudo = kinds.add_parser("pseudo", help="tell what will be too long, in a language nobody speaks")
    pseudo.add_argument("--to", type=Path, metavar="DIR", help="write that language there")
    for one in (status, export, take, stamp, pseudo):
        place_options(one)


def _i18n(args: Namespace) -> int:
    from bot.authoring.i18n import command  # noqa: PLC0415  only this command pays for it

    settings = settings_of(args)
    if args.do == "status":
        return ended(command.status(settings, args.language, names=args.list) or not args.fail)
    if args.do == "import":
        return ended(command.take(settings, args.file, args.language))
    if args.do == "pseudo":
        return ended(command.stretch(settings, args.to))
    if args.do == "stamp":
        command.stamp(settings, args.language)
    else:
        command.send(settings, args.language, args.to)
    return GOOD


TRANSLATING = (
    Order(
        "i18n", "translate: status, export, import, stamp, and a language to test with", _i18n_options, _i18n
    ),
)
