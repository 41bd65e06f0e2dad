"""The P7xx codes: the promises to the person."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = ()
