"""A field on Discord with words in it that are there to be changed; it outlives every restart.

The words stand below their question as well, as a quote: a button carries too little to hold them, and what
is read back from there needs no memory of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import discord
from discord import ui

from bot.adapters.rendering_discord import unquoted
from bot.runtime.messages import Wording, legible

LAST = 999
"""The index in the token of a button that opens a form: no option has it."""
LONGEST_FIELD, LONGEST_TITLE = 4000, 45
_WRITE, _FORM = "lowtide-write:", "lowtide-form:"
_OPEN_FOR = 15 * 60.0
_TEXT_INPUT = 4


class Ear(Protocol):
    """Hear presses."""

    async def on_write(self, interaction: discord.Interaction[Any], signed: str, most: int) -> None:
        """Open the form of the pressed button."""


class WriteButton(
    ui.DynamicItem[ui.Button[ui.View]],
    template=re.compile(rf"{_WRITE}(?P<most>[0-9]{{1,5}}):(?P<signed>.+)"),
):
    """Open a form for what may have at most so many characters."""

    def __init__(self, signed: str, most: int, label: str = "…") -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"{_WRITE}{most}:{signed}"))
        self.signed, self.most = signed, most

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> WriteButton:
        """Make the button again from what it carries."""
        del interaction, item
        return cls(match["signed"], int(match["most"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        ear: Ear = interaction.client.ear
        await ear.on_write(interaction, self.signed, self.most)


class Form(ui.Modal):
    """Be the field. What is written comes back as an event of its own, in this process or the next."""

    def __init__(self, signed: str, wording: Wording, label: str) -> None:
        super().__init__(title=label[:LONGEST_TITLE], custom_id=f"{_FORM}{signed}", timeout=_OPEN_FOR)
        most = min(wording.most, LONGEST_FIELD)
        style = discord.TextStyle.paragraph
        self.add_item(
            ui.TextInput(
                label=label[:LONGEST_TITLE],
                custom_id="words",
                style=style,
                default=wording.text[:most],
                max_length=most,
            )
        )


def shown_below(message: discord.Message | None, most: int) -> Wording:
    """Read back the words that stand as a quote below a question; none where there are none."""
    return Wording(unquoted(message.content if message else ""), most)


def written(interaction: discord.Interaction[Any]) -> tuple[str, str] | None:
    """Return what a form carried and what was written into it; None for what is no form of ours."""
    data: Mapping[str, Any] = interaction.data or {}
    carried = str(data.get("custom_id", ""))
    if interaction.type is not discord.InteractionType.modal_submit or not carried.startswith(_FORM):
        return None
    return carried.removeprefix(_FORM), legible("\n".join(_values(data.get("components"))).strip())


def _values(part: object) -> Iterator[str]:
    """Yield what every text field holds, in rows, in labels, or wherever Discord will put them."""
    if isinstance(part, list):
        for one in part:
            yield from _values(one)
    elif isinstance(part, Mapping):
        if part.get("type") == _TEXT_INPUT and isinstance(part.get("value"), str):
            yield part["value"]
        yield from _values(part.get("components"))
        yield from _values(part.get("component"))
