"""The G8xx codes: globals, why pages, helplines and the lexicon."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = ()
