"""The T3xx codes: slots and guards."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = ()
