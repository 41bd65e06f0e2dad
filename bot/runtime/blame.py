"""An error told without what anyone wrote: its kind and its place; its words only where they are ours."""

from __future__ import annotations

from pathlib import Path

from bot.errors import LowtideError


def describe(error: BaseException) -> str:
    """Name an error for a log. Words of errors that are not ours may quote a person, and are left out."""
    words = f": {error}" if isinstance(error, LowtideError) else ""
    return f"{type(error).__name__} at {_place(error)}{words}"


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "nowhere"
