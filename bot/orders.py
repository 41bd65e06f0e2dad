"""The command line of what an operator does with the database and with one person."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path


def add_orders(command: Callable[[str, str], ArgumentParser]) -> None:
    """Add the commands; `command` makes the parser of one, from its name and what it does."""
    backup = command("backup", "copy the database, while it is in use, to a new file")
    restore = command("restore", "put a copy in the place of a database nobody uses")
    rotate = command("rotate-key", "seal under a new key, while the service runs")
    forget = command("forget", "forget a person: their key and every row")
    export = command("export", "print everything that is kept of a person")
    restore.add_argument("--replace", action="store_true", help="lose the database that is there")
    for one in (backup, restore):
        one.add_argument("file", type=Path)
    for one in (forget, export):
        one.add_argument("who", help="an id, or platform:chat such as telegram:12345")
    for one in (backup, restore, rotate, forget, export):
        one.add_argument("--db", type=Path, metavar="FILE", help="the database")
        one.set_defaults(order=one.prog.rpartition(" ")[2])
