"""The C4xx codes: one flow running another."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = ()
