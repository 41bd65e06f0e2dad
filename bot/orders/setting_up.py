"""What an operator does first: answer a few questions, have all looked at, take a copy of the words."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.orders.asking import GOOD, Order, settings_of


def _content_options(command: ArgumentParser) -> None:
    kinds = command.add_subparsers(title="what to do", metavar="DO", required=True)
    new = kinds.add_parser("new", help="copy the flows and prompts into a folder, to make them your own")
    new.add_argument("target", type=Path, metavar="DIR", help="a folder that is empty, or is not there yet")


def _content(args: Namespace) -> int:
    from bot.operating.contents import begin  # noqa: PLC0415  only this command pays for it

    begin(settings_of(args), args.target)
    return GOOD


SETTING_UP = (Order("content", "begin flows and prompts of your own", _content_options, _content),)
