"""Prompts: each says one thing, in several wordings and languages; what a person typed in it stays text.

`prompts/<lang>/<folder>/<name>.j2` is the prompt `folder/name`; a line `---` parts its variants. A prompt
that a language lacks is said in the source language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content.faults import Fault
from bot.content.folders import SOURCE
from bot.content.helplines import Helplines
from bot.content.sources import Sources
from bot.content.words import Words
from bot.dialogue.flow import Value

APOLOGY = "common/apology"
SLOW_DOWN = "common/slow_down"
OURS = (APOLOGY, SLOW_DOWN)
"""What the runtime says by itself, outside all flows."""
PICTURE, WEEK, ALT = "weeks/picture", "weeks/week", "weeks/alt"
"""What stands beside a picture of a person's weeks: a heading, a line for each week, what the picture is."""

if TYPE_CHECKING:
    from bot.content.templates import Look, Templates


class Prompts:
    """Hold every prompt; a language is read and a template compiled when it is first needed."""

    def __init__(self, root: Path, words: Words | None = None, helplines: Helplines | None = None) -> None:
        self.sources = Sources(root)
        self._words = words or Words(root)
        self._helplines = helplines or Helplines()

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages there are, the source language first."""
        return self.sources.languages

    def names(self, lang: str = SOURCE) -> frozenset[str]:
        """Return the names of all prompts a language has of its own."""
        return frozenset(self.sources.of(lang))

    def variants(self, name: str, lang: str = SOURCE) -> int:
        """Return how many wordings a prompt has, 0 where there is no such prompt."""
        source = self.sources.find(name, lang)
        return 0 if source is None else len(source.variants)

    def counts(self) -> dict[str, int]:
        """Return how many wordings each prompt of the source language has."""
        return {name: len(source.variants) for name, source in self.sources.of(SOURCE).items()}

    def render(self, name: str, variant: int, slots: Mapping[str, Value], lang: str = SOURCE) -> str:
        """Say a prompt, in our markup. `variant` counts from 0; past the last it begins again.

        Raises:
            FlowFault: there is no such prompt, or it fails with these slots; no value is in the message.
        """
        country = slots.get("country")
        helpline = self._helplines.of(country if isinstance(country, str) else None, lang)
        return self.templates.say(name, variant, {**slots, "helpline": helpline, "_lang": lang}, lang)

    def compile_all(self, look: Look | None = None) -> list[Fault]:
        """Compile every variant of every language, and return what is wrong with them.

        `look` gives what somebody has parsed already.
        """
        found = (
            self.templates.fault(name, variant, lang, look)
            for lang in self.languages
            for name, source in self.sources.of(lang).items()
            for variant in range(len(source.variants))
        )
        return [fault for fault in found if fault is not None]

    @cached_property
    def templates(self) -> Templates:
        """Return what compiles and says prompts."""
        from bot.content.templates import Templates  # noqa: PLC0415  Jinja2 takes 70 ms; not all need it

        return Templates(self.sources, self._words)
