"""When Telegram has had enough: for how long it wants silence, wherever it says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from telegram.error import TelegramError

_SAID = re.compile(r"retry after (\d+)", re.IGNORECASE)
_UNSAID = 1.0
"""Seconds of silence where nobody says how many."""


class Flooded(TelegramError):
    """Say how many seconds Telegram wants no more calls from this bot."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


def wait(answer: Mapping[str, Any], header: str | None) -> float:
    """Return the seconds: of the parameters, else of the words, else of the header a proxy sent."""
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(seconds, int | float):
        return float(seconds)
    said = _SAID.search(str(answer.get("description", "")))
    return float(said[1]) if said else float(header) if header and header.isdigit() else _UNSAID
