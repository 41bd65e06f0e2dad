"""The six questions of `lowtide init`, and how each answer is looked at before the next one is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.adapters.checkup import Finding, discord, telegram
from bot.content.library import Content, load_sound
from bot.operating.doctor import kept, words
from bot.settings import HOUSE, Settings


@dataclass(frozen=True, slots=True)
class Question:
    """Hold a question: the setting it is about, its words, and how an answer is looked at.

    A fault of what is in `grave` makes an answer no answer; any other is told, and the answer stands. Where
    `none` is not empty, the answer may be left out, and that is what is said then.
    """

    name: str
    words: str
    look: Callable[[Settings], list[Finding]]
    grave: frozenset[str] = frozenset()
    none: str = ""
    secret: bool = False
    path: bool = False

    def written(self, answer: str) -> str:
        """Return an answer as a settings file holds it: a path is whole."""
        if not self.path or not answer:
            return answer
        return str(Path(answer).expanduser().absolute()) + "/" * answer.endswith("/")


@cache
def _loaded(flows: Path, prompts: Path) -> Content:
    return load_sound(flows, prompts)


def _of(settings: Settings) -> Content:
    return _loaded(settings.flows, settings.prompts)


def guess(name: str, environment: Mapping[str, str], settings: Settings) -> str:
    """Guess an answer by what the machine says of its user."""
    local = next((environment[one] for one in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(one)), "")
    language, _, country = local.partition(".")[0].partition("_")
    if name == "lang":
        return language if language in _of(settings).prompts.languages else settings.lang
    if name == "country":
        return country if country in _of(settings).helplines.countries else ""
    return str(settings.db) if name == "db" else ""


def _telegram(settings: Settings) -> list[Finding]:
    return asyncio.run(telegram(settings)) if settings.telegram_token else []


def _discord(settings: Settings) -> list[Finding]:
    return asyncio.run(discord(settings)) if settings.discord_token else []


def _kept(settings: Settings) -> list[Finding]:
    key = kept.key(settings)
    return [kept.database(settings), *([] if key.good else [key])]


def _content(settings: Settings) -> list[Finding]:
    whose = "that came along" if settings.flows.parent == HOUSE else f"of {settings.flows.parent}"
    return [Finding("flows", True, f"{len(_of(settings).flows.flows)} flows {whose} load")]


def _language(settings: Settings) -> list[Finding]:
    return [words.language(_of(settings), settings)]


def _country(settings: Settings) -> list[Finding]:
    return [words.country(_of(settings), settings)] if settings.country else []


QUESTIONS = (
    Question(
        "telegram_token",
        "Telegram: your bot's token, from @BotFather",
        _telegram,
        frozenset(("telegram token",)),
        none="none",
        secret=True,
    ),
    Question(
        "discord_token",
        "Discord: your bot's token, from discord.com/developers",
        _discord,
        frozenset(("discord token",)),
        none="none",
        secret=True,
    ),
    Question("db", "The file to keep conversations in", _kept, frozenset(("database", "key")), path=True),
    Question(
        "content",
        "A folder with flows and prompts of your own",
        _content,
        none="those that came along",
        path=True,
    ),
    Question("lang", "The language of whoever has chosen none", _language, frozenset(("language",))),
    Question("country", "The country you serve first, in two letters", _country, none="none"),
)
"""What is asked, in this order: the later ones are looked at by the answers of those before."""
