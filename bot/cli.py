"""The command `lowtide`: talk, check, test and draw; every subcommand loads only what it needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from bot import __version__
from bot.errors import LowtideError
from bot.orders.asking import GOOD, WRONG, Order, everywhere
from bot.orders.authors import LOOKING, WRITING
from bot.orders.comparing import COMPARING
from bot.orders.operators import OPERATING
from bot.orders.people import LISTENING, TALKING
from bot.orders.setting_up import SETTING_UP
from bot.orders.translators import TRANSLATING

ORDERS: tuple[Order, ...] = (
    *TALKING,
    *SETTING_UP,
    *OPERATING,
    *LOOKING,
    *LISTENING,
    *WRITING,
    *TRANSLATING,
    *COMPARING,
)
"""Every command, in the order of `lowtide --help`."""


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
    everywhere(top)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for order in ORDERS:
        command = commands.add_parser(
            order.name, help=order.words, description=order.words[:1].upper() + order.words[1:]
        )
        command.set_defaults(run=order.run)
        order.options(command)
        everywhere(command)
    return top
