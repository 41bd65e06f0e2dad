"""What an operator does with the database and with one person."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.orders.asking import GOOD, Order, ended, place_options, settings_of


def _database(command: ArgumentParser) -> None:
    command.add_argument("--db", type=Path, metavar="FILE", help="the database")


def _copy(command: ArgumentParser) -> None:
    command.add_argument("file", type=Path)
    _database(command)


def _restore(command: ArgumentParser) -> None:
    command.add_argument("--replace", action="store_true", help="lose the database that is there")
    _copy(command)


def _person(command: ArgumentParser) -> None:
    command.add_argument("who", help="an id, or platform:chat such as telegram:12345")
    _database(command)


def _back_up(args: Namespace) -> int:
    from bot.operating.copies import back_up  # noqa: PLC0415  only this command pays for it

    back_up(settings_of(args), args.file)
    return GOOD


def _put_back(args: Namespace) -> int:
    from bot.operating.copies import restore  # noqa: PLC0415  only this command pays for it

    restore(settings_of(args), args.file, args.replace)
    return GOOD


def _rotate(args: Namespace) -> int:
    from bot.operating.copies import rotate_key  # noqa: PLC0415  only this command pays for it

    rotate_key(settings_of(args))
    return GOOD


def _forget(args: Namespace) -> int:
    from bot.operating.persons import forget  # noqa: PLC0415  only this command pays for it

    forget(settings_of(args), args.who)
    return GOOD


def _export(args: Namespace) -> int:
    from bot.operating.persons import hand_over  # noqa: PLC0415  only this command pays for it

    hand_over(settings_of(args), args.who)
    return GOOD


def _upgrade_options(command: ArgumentParser) -> None:
    command.add_argument(
        "--check",
        action="store_true",
        help="change nothing; exits 0 if nothing stands in the way, 1 if somebody has no place, else 2",
    )
    command.add_argument("--backed-up", action="store_true", help="there is a dump of the PostgreSQL")
    place_options(command)
    _database(command)


def _upgrade(args: Namespace) -> int:
    from bot.authoring.release import faultless  # noqa: PLC0415  only this command pays for it
    from bot.operating.upgrading import check, upgrade  # noqa: PLC0415  as above

    settings = settings_of(args)
    content = faultless(settings)
    return ended(check(settings, content) if args.check else upgrade(settings, content, args.backed_up))


def _stats_options(command: ArgumentParser) -> None:
    command.add_argument("--flow", metavar="ID", help="state by state, for one flow")
    command.add_argument(
        "--since", metavar="DAY", help="only what was since a day (2026-11-01), or 30d, or 4w"
    )
    command.add_argument("--json", action="store_true", help="for a program; below five there is null")
    command.add_argument("--svg", type=Path, metavar="FILE", help="draw it as well")
    _database(command)


def _stats(args: Namespace) -> int:
    from bot.operating.stats import stats  # noqa: PLC0415  only this command pays for it

    stats(settings_of(args), args.flow, args.since, args.json, args.svg)
    return GOOD


OPERATING = (
    Order("stats", "tell how far people come in each flow, in whole fives", _stats_options, _stats),
    Order("backup", "copy the database, while it is in use, to a new file", _copy, _back_up),
    Order("upgrade", "go on to this release, with a copy made before", _upgrade_options, _upgrade),
    Order("restore", "put a copy in the place of a database nobody uses", _restore, _put_back),
    Order("rotate-key", "seal under a new key, while the service runs", _database, _rotate),
    Order("forget", "forget a person: their key and every row", _person, _forget),
    Order("export", "print everything that is kept of a person", _person, _export),
)
