"""The slash commands: for servers, for our own direct messages and for wherever a person took us along."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeAlias

import discord
from discord import app_commands

Words: TypeAlias = Callable[[str, str], str]
"""Give a line of the adapter's own by its key and a language."""
Taker: TypeAlias = Callable[[discord.Interaction[Any], str, str], Awaitable[None]]
"""Take a command: the interaction, the command's name and what was written behind it."""

_WORDED = {"why": "about", "link": "code"}
"""Commands that take words, with the name of their field."""
_LONGEST = 100
_NAME = re.compile(r"[-'\w]{1,32}")
"""What Discord takes for a name; for one that it does not take, it takes none of the commands."""


def slash_commands(
    names: Collection[str], words: Words, take: Taker, language: str = "en"
) -> list[app_commands.Command[Any, ..., None]]:
    """Make the commands; what the core calls `start` is `/lowtide` here. `language` is for all others."""
    return [_command(name, words, take, language) for name in names]


def _command(name: str, words: Words, take: Taker, language: str) -> app_commands.Command[Any, ..., None]:
    called = "lowtide" if name == "start" else name
    field, key = _WORDED.get(name), f"command_{name}"
    description = app_commands.locale_str(line(words, key, language) or called, key=key)

    async def plain(interaction: discord.Interaction[Any]) -> None:
        await take(interaction, name, "")

    async def worded(interaction: discord.Interaction[Any], text: str = "") -> None:
        await take(interaction, name, text)

    if field:
        worded = app_commands.rename(text=field)(worded)
        worded = app_commands.describe(text=description)(worded)
    return app_commands.Command(
        name=app_commands.locale_str(called, key=f"name_{called}"),
        description=description,
        callback=worded if field else plain,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )


class Localised(app_commands.Translator):
    """Give names and descriptions in the languages we speak."""

    def __init__(self, words: Words, languages: Collection[str]) -> None:
        self._words = words
        self._languages = languages

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a line in a locale's language; None where we have none, and Discord shows the English."""
        del context
        language, key = locale.value.partition("-")[0], string.extras.get("key")
        if language not in self._languages or not isinstance(key, str):
            return None
        found = line(self._words, key, language)
        nameable = not key.startswith("name_") or (_NAME.fullmatch(found) and found == found.lower())
        return found if found and nameable else None


def line(words: Words, key: str, language: str) -> str:
    """Return a line, no longer than a label may be; empty where nobody wrote one."""
    try:
        return words(key, language)[:_LONGEST]
    except LookupError:
        return ""
