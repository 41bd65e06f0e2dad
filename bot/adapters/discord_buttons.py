"""A question's options as Discord shows them: buttons, or menus beyond five, that outlive every restart.

What a button carries is all there is to know of it, so nothing is remembered between showing and pressing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import discord
from discord import ui

from bot.adapters.signing import sign, verified
from bot.runtime.messages import Address, Button

MOST_BUTTONS, MOST_IN_MENU = 5, 25
LONGEST_BUTTON, LONGEST_ENTRY = 80, 100
_BUTTON, _MENU = "lowtide:", "lowtide-menu:"

Interaction: TypeAlias = discord.Interaction[discord.Client]
Base: TypeAlias = ui.View | ui.LayoutView


class Ear(Protocol):
    """Hear presses."""

    async def on_press(self, interaction: Interaction, signed: str) -> None:
        """Take what the pressed button carried."""


class PressButton(ui.DynamicItem[ui.Button[ui.View]], template=re.compile(f"{_BUTTON}(?P<signed>.+)")):
    """Be one option."""

    def __init__(self, signed: str, label: str = "…") -> None:
        style = discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"{_BUTTON}{signed}"))
        self.signed = signed

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Base], match: re.Match[str], /
    ) -> PressButton:
        """Make the button again from what it carries."""
        del interaction, item
        return cls(match["signed"])

    async def callback(self, interaction: Interaction) -> None:
        """Hand the press on."""
        await _ear(interaction).on_press(interaction, self.signed)


class PressMenu(ui.DynamicItem[ui.Select[ui.View]], template=re.compile(rf"{_MENU}(?P<place>\d+)")):
    """Be up to 25 options; each entry carries what a button would."""

    def __init__(self, place: int, entries: Sequence[discord.SelectOption], hint: str) -> None:
        menu = ui.Select[ui.View](custom_id=f"{_MENU}{place}", placeholder=hint, options=list(entries))
        super().__init__(menu)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: ui.Item[Base], match: re.Match[str], /
    ) -> PressMenu:
        """Make the menu again, as it was shown."""
        del interaction
        entries = item.options if isinstance(item, ui.Select) else []
        return cls(int(match["place"]), entries, "…")

    async def callback(self, interaction: Interaction) -> None:
        """Hand the choice on."""
        for signed in self.item.values[:1]:
            await _ear(interaction).on_press(interaction, signed)


def _ear(interaction: Interaction) -> Ear:
    return interaction.client.ear  # type: ignore[attr-defined, no-any-return]  # the client is one of ours


def shown(buttons: Sequence[Button], address: Address, key: bytes, hint: str) -> ui.View:
    """Lay out options for one person."""
    view = ui.View(timeout=None)
    if len(buttons) <= MOST_BUTTONS:
        for button in buttons:
            view.add_item(PressButton(sign(button.token, address, key), _cut(button.label, LONGEST_BUTTON)))
        return view
    entries = [
        discord.SelectOption(label=_cut(b.label, LONGEST_ENTRY), value=sign(b.token, address, key))
        for b in buttons
    ]
    for place in range(0, len(entries), MOST_IN_MENU):
        view.add_item(PressMenu(place, entries[place : place + MOST_IN_MENU], hint))
    return view


def unsigned(signed: str, address: Address, key: bytes) -> str | None:
    """Return the token a person may press; None for anything that was not shown to them."""
    return verified(signed, address, key)


def label_of(message: discord.Message | None, signed: str) -> str | None:
    """Return the words of the option in a shown message that carries this."""
    for row in message.components if message else ():
        for item in row.children if isinstance(row, discord.ActionRow) else ():
            if isinstance(item, discord.Button) and item.custom_id == f"{_BUTTON}{signed}":
                return item.label
            if isinstance(item, discord.SelectMenu):
                found = (entry.label for entry in item.options if entry.value == signed)
                if (label := next(found, None)) is not None:
                    return label
    return None


def _cut(label: str, limit: int) -> str:
    return label if len(label) <= limit else label[: limit - 1] + "…"
