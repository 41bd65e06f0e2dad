"""What asks for the quick exit, in any language, and the line it leaves on the screen: no store is asked."""

from __future__ import annotations

from datetime import datetime

from bot.content.library import Content
from bot.dialogue.flow import Line
from bot.runtime.leaving import Exit
from bot.understanding.spelling import authored_bare, bare, phrase

LONGEST = 60
"""Characters of a text that may be the exit in words: a longer one is not looked at."""


def way_out(content: Content, language: str) -> Exit:
    """Read the exit off the interrupts. Its line is in `language` where nobody says which they speak."""
    ways = [one for one in content.flows.globals.interrupts if one.do == "leave"]
    languages = content.prompts.languages
    says = [content.words.says(one.says, lang) for one in ways if one.says for lang in languages]
    phrases = frozenset(authored_bare(one) for some in says for one in some)
    said = next((one.say for one in ways if one.say), None)

    def in_words(text: str) -> bool:
        return len(text) <= LONGEST and bare(phrase(text).words) in phrases

    def line(speaks: str, now: datetime) -> str:
        spoken = speaks.partition("-")[0]
        return _said(content, said, spoken if spoken in languages else language, now)

    return Exit(frozenset(one.command for one in ways if one.command), in_words, line)


def _said(content: Content, line: Line | None, language: str, now: datetime) -> str:
    """Say it as of a day: who leaves twice in a day reads the same, as a forecast would be."""
    return content.prompts.render(line.prompt, now.toordinal(), {}, language) if line else ""
