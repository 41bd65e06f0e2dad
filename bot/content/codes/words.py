"""The W6xx codes: prompts, labels and phrases."""

from __future__ import annotations

from bot.content.codes.code import Code

CODES: tuple[Code, ...] = ()
