"""What an operator does with the database and with one person."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.orders.asking import GOOD, Order, settings_of


def _database(command: ArgumentParser) -> None:
    command.add_argument("--db", type=Path, metavar="FILE", help="the database")
    command.set_defaults(order=command.prog.rpartition(" ")[2])


def _copy(command: ArgumentParser) -> None:
    command.add_argument("file", type=Path)
    _database(command)


def _restore(command: ArgumentParser) -> None:
    command.add_argument("--replace", action="store_true", help="lose the database that is there")
    _copy(command)


def _person(command: ArgumentParser) -> None:
    command.add_argument("who", help="an id, or platform:chat such as telegram:12345")
    _database(command)


def _operate(args: Namespace) -> int:
    from bot.operating import ORDERS  # noqa: PLC0415  only these commands pay for it

    ORDERS[args.order](settings_of(args), args)
    return GOOD


OPERATING = (
    Order("backup", "copy the database, while it is in use, to a new file", _copy, _operate),
    Order("restore", "put a copy in the place of a database nobody uses", _restore, _operate),
    Order("rotate-key", "seal under a new key, while the service runs", _database, _operate),
    Order("forget", "forget a person: their key and every row", _person, _operate),
    Order("export", "print everything that is kept of a person", _person, _operate),
)
