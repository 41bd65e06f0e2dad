"""The log of a service, for eyes or for machines: one line for each thing, and nobody in any of them."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal, TextIO, TypeAlias

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.observing.lines import part_of, told
from bot.runtime.blame import describe
from bot.runtime.discretion import Discreet

log = logging.getLogger(__name__)

Form: TypeAlias = Literal["pretty", "json"]
Counted: TypeAlias = Callable[[str, str], None]
"""Hear the level of a line and the part of the house it comes from."""


def listen_to_log(level: str, form: str | None, secrets: Sequence[str], stream: TextIO | None = None) -> None:
    """Send the log of everything in this process to stderr; with no form, pretty where that is a terminal."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter(form or ("pretty" if out.isatty() else "json"), secrets, out.isatty()))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.raiseExceptions = False  # a line that cannot be written would be quoted with all that is in it
    listen_to_strays()


def formatter(
    form: str, secrets: Sequence[str], colours: bool = False
) -> structlog.stdlib.ProcessorFormatter:
    """Make what writes a record: `json` for machines, anything else for eyes."""
    mask = Discreet(secrets, "")

    def fields(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        record: logging.LogRecord = event["_record"]
        # structlog takes these out of the record, and wants them to be out of it afterwards
        record.args, record.exc_info = event.get("positional_args", ()), event.get("exc_info")
        found = told(record, mask)
        record.args, record.exc_info = (), None
        return dict(found)

    last: Processor = structlog.processors.JSONRenderer()
    if form != "json":
        last = structlog.dev.ConsoleRenderer(colors=colours, timestamp_key="time", pad_event_to=0)
    return structlog.stdlib.ProcessorFormatter(
        processors=[fields, last], pass_foreign_args=True, use_get_message=False
    )


class Counting(logging.Handler):
    """Count the lines of the log, by level and part."""

    def __init__(self, counted: Counted) -> None:
        super().__init__()
        self._counted = counted

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line."""
        self._counted(record.levelname.lower(), part_of(record.name))


# --- what would be written past the log ----------------------------------------------------------------


def listen_to_strays() -> None:
    """Let errors of threads, and those nobody could catch, be told as all others; Python quotes them."""
    threading.excepthook = lambda stray: _tell("a thread ended with an error", stray.exc_value)
    sys.unraisablehook = lambda stray: _tell("an error could not be raised", stray.exc_value)


def listen_to_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Let errors of tasks that nobody waits for be told as all others; asyncio quotes them."""
    loop.set_exception_handler(_of_loop)


def _of_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _tell("an error reached the event loop", context.get("exception"))


def _tell(what: str, error: BaseException | None) -> None:
    log.error("%s: %s", what, describe(error) if error else "of no kind")
