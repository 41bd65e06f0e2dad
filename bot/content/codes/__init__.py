"""Every fault code, one small table a family; a new code is a new entry in its family's table."""

from __future__ import annotations

from bot.content.codes import calls, data, privacy, safety, structure, timers, types, versions, words, yaml
from bot.content.codes.code import FAMILIES, Code

_TABLES = (yaml, structure, types, calls, timers, words, safety, privacy, data, versions)

CODES: dict[str, Code] = {code.id: code for table in _TABLES for code in table.CODES}

__all__ = ["CODES", "FAMILIES", "Code"]
