"""The M5xx codes: lapses and nudges."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = ()
