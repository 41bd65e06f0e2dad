"""The slash commands as Discord is told of them, in every language we speak."""

from __future__ import annotations

from typing import Any

import discord
import simcord

from bot.adapters.discord import Discord
from bot.runtime.messages import Update

LINES = {
    ("command_start", "en"): "Begin, or go on",
    ("command_start", "de"): "Anfangen oder weitermachen",
    ("name_lowtide", "de"): "ebbe",
    ("command_why", "en"): "Why we do this",
    ("command_why", "fr"): "Pourquoi",
    ("name_why", "fr"): "pour quoi",
}


def words(key: str, language: str) -> str:
    return LINES[key, language]


async def nobody(_: Update) -> None:
    return None


async def registered(languages: tuple[str, ...], language: str = "en") -> dict[str, dict[str, Any]]:
    names = ("start", "why")
    adapter = Discord("t", None, nobody, words, b"k", commands=names, languages=languages, language=language)
    async with simcord.run(adapter.client()) as env:
        calls = [call.json for call in env.http_requests if call.method == "PUT" and "commands" in call.path]
        return {command["name"]: command for command in calls[0]}


async def test_the_start_is_called_lowtide() -> None:
    commands = await registered(("en",))

    assert set(commands) == {"lowtide", "why"}
    assert commands["lowtide"]["description"] == "Begin, or go on"


async def test_names_and_descriptions_are_localised_where_we_speak_the_language() -> None:
    commands = await registered(("en", "de"))

    assert commands["lowtide"]["name_localizations"]["de"] == "ebbe"
    assert commands["lowtide"]["description_localizations"]["de"] == "Anfangen oder weitermachen"
    assert "fr" not in commands["lowtide"]["description_localizations"]
    assert "de" not in (commands["why"].get("description_localizations") or {})


async def test_a_command_goes_wherever_a_person_takes_us() -> None:
    command = (await registered(("en",)))["why"]

    assert command["contexts"] == [0, 1, 2]
    assert command["integration_types"] == [0, 1]
    assert [(option["name"], option["required"]) for option in command["options"]] == [("about", False)]
    assert discord.AppCommandOptionType(command["options"][0]["type"]) is discord.AppCommandOptionType.string


async def test_a_name_that_discord_would_not_take_costs_no_command() -> None:
    command = (await registered(("en", "fr")))["why"]

    assert "fr" not in (command.get("name_localizations") or {})
    assert command["description_localizations"]["fr"] == "Pourquoi"
    assert command["options"][0]["description_localizations"]["fr"] == "Pourquoi"


async def test_all_others_are_told_in_the_operators_language() -> None:
    commands = await registered(("en", "de"), language="de")

    assert commands["lowtide"]["description"] == "Anfangen oder weitermachen"
    assert commands["lowtide"]["description_localizations"]["en-US"] == "Begin, or go on"
