"""What an operator does first: answer a few questions, have all looked at, take a copy of the words."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.errors import SettingsError
from bot.orders.asking import GOOD, Order, ended, place_options, settings_of


def _content_options(command: ArgumentParser) -> None:
    kinds = command.add_subparsers(title="what to do", metavar="DO", required=True)
    new = kinds.add_parser("new", help="copy the flows and prompts into a folder, to make them your own")
    new.add_argument("target", type=Path, metavar="DIR", help="a folder that is empty, or is not there yet")


def _content(args: Namespace) -> int:
    from bot.operating.contents import begin  # noqa: PLC0415  only this command pays for it

    begin(settings_of(args), args.target)
    return GOOD


def _doctor_options(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="tell it as JSON")
    command.add_argument("--db", type=Path, metavar="FILE", help="the database")
    place_options(command)


def _doctor(args: Namespace) -> int:
    from bot.operating.doctor.examining import doctor, unread  # noqa: PLC0415  only this command pays for it

    try:
        settings = settings_of(args)
    except SettingsError as error:
        return ended(unread(error.faults, args.json))
    return ended(doctor(settings, args.json))


def _init_options(command: ArgumentParser) -> None:
    command.add_argument(
        "--replace", action="store_true", help="write a settings file anew that is there; the old one is kept"
    )


def _init(args: Namespace) -> int:
    from bot.operating.beginning.beginning import init  # noqa: PLC0415  only this command pays for it

    init(os.environ, getattr(args, "settings", None), args.replace)
    return GOOD


SETTING_UP = (
    Order(
        "init", "answer six questions, and have the settings file and the key written", _init_options, _init
    ),
    Order("doctor", "look at all a run hangs on, and say what to mend", _doctor_options, _doctor),
    Order("content", "begin flows and prompts of your own", _content_options, _content),
)
