"""The event log says what happened in ids and numbers, enough to follow a conversation, and no word of it."""

from __future__ import annotations

from typing import Any

from tests.runtime.conftest import World
from tests.runtime.worlds import ANNA

CANARY = "zirpelbaum"


async def logged(world: World) -> list[Any]:
    kept = await world.store.export((await world.store.load(ANNA)).id)
    rows = kept["what happened"]
    assert isinstance(rows, list)
    return rows


async def test_a_conversation_can_be_followed_from_state_to_state(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")
    await world.press("Go on")

    rows = await logged(world)

    told = [(one["kind"], one["what"], one["flow"], one["state"], one["lands"]) for one in rows]
    assert told == [
        ("answered", "", "", "", "little.open"),
        ("entered", "", "little", "open", ""),
        ("answered", "", "little", "open", "little.choose"),
        ("pressed", "go", "little", "choose", ""),
        ("finished", "planned", "little", "", ""),
    ]
    assert [one["version"] for one in rows[2:4]] == [1, 1]


async def test_a_timer_and_a_try_are_told(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")
    await world.text("no idea at all")
    await world.wait(hours=80)

    rows = await logged(world)

    assert [(one["kind"], one["what"], one["tries"]) for one in rows[3:5]] == [
        ("answered", "", 0),
        ("timer", "lapse", 1),
    ]


async def test_what_was_typed_is_in_no_entry_not_even_as_a_command(world: World) -> None:
    await world.text(f"hello {CANARY}")
    await world.text(CANARY)
    await world.command(CANARY)
    await world.command("why", CANARY)

    rows = await logged(world)

    assert [one["what"] for one in rows if one["kind"] == "commanded"] == ["", "why"]
    assert CANARY not in str(rows)
