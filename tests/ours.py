"""Our own content, read once for all tests of a process; none of them may change it."""

from __future__ import annotations

from functools import cache

from bot.content.library import Content, load_sound
from bot.settings import HOUSE


@cache
def content() -> Content:
    """Read flows and prompts as they are in this house."""
    return load_sound(HOUSE / "flows", HOUSE / "prompts")
