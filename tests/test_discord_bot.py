"""The whole bot on Discord: what people do on one side, and what they are shown on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.run import Service
from bot.runtime.messages import Address
from tests.adapters.discord_server import DiscordServer
from tests.serving import content, serving, settings

ANN = Address("discord", "77")
LADDER = {
    **{"driver": "low_capacity", "slope": "quiet", "energy": 1, "country": "GB", "consented": True},
    **{"relation": "friend", "related": True},
}


@dataclass
class World:
    server: DiscordServer
    service: Service

    async def press(self, key: str) -> dict[str, Any]:
        """Press the button with a label, and return how the press was answered."""
        seen = len(self.server.answers)
        await self.server.press(self.server.component(content().words.label(key)))
        await self.server.until(lambda: len(self.server.answers) > seen)
        return self.server.answers[seen][1]

    async def shown(self, label: str) -> str:
        """Wait for a question with an option of this label, and return its text."""
        wanted = content().words.label(label)

        def there() -> bool:
            last = self.server.messages[-1:]
            return any(wanted in str(message["components"]) for message in last)

        await self.server.until(there)
        return self.server.shown[-1]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with DiscordServer() as server, serving(settings(tmp_path, discord=server)) as service:
        await server.until(lambda: bool(server.lines))
        yield World(server, service)


async def test_a_draft_is_changed_in_a_field_that_holds_it(world: World) -> None:
    await world.service.app.begin(ANN, "ladder", LADDER)
    await world.shown("rung/L1")
    await world.press("rung/L1")
    offered = await world.shown("ladder/change")

    form = await world.press("ladder/change")
    await world.shown("ladder/keep")
    held = form["data"]["components"][0]["components"][0]["value"]
    await world.server.submit(form["data"], "Quiet week. Not gone.")
    again = await world.shown("ladder/change")

    assert form["type"] == 9
    assert held
    assert held in offered
    assert "Quiet week. Not gone." in again


async def test_one_line_of_a_draft_is_changed_in_a_field_that_holds_that_line(world: World) -> None:
    await world.service.app.begin(ANN, "ladder", LADDER)
    await world.shown("rung/L3")
    await world.press("rung/L3")
    offered = await world.shown("ladder/change")

    await world.press("ladder/change")
    await world.shown("ladder/second_line")
    form = await world.press("ladder/second_line")
    held = form["data"]["components"][0]["components"][0]["value"]

    assert held
    assert held in offered
    assert held != offered


async def test_a_form_that_was_left_open_answers_no_later_question(world: World) -> None:
    await world.service.app.begin(ANN, "ladder", LADDER)
    await world.shown("rung/L1")
    await world.press("rung/L1")
    await world.shown("ladder/change")
    form = await world.press("ladder/change")
    await world.shown("ladder/keep")
    await world.press("ladder/keep")
    await world.shown("ladder/change")
    seen = len(world.server.answers)

    await world.server.submit(form["data"], "use this")
    await world.server.until(lambda: len(world.server.answers) > seen)

    session = await world.service.app.session(ANN)
    assert session
    assert session.frames[-1].state == "script"
