"""Every step leaves one word of a closed set in the log: what came of it, for who counts and never reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.runtime.marking import Mark
from tests.runtime.conftest import World
from tests.runtime.worlds import ANNA

Deeds = Sequence[Callable[[World], Awaitable[object]]]


async def logged(world: World) -> list[dict[str, Any]]:
    kept = await world.store.export((await world.store.load(ANNA)).id)
    rows = kept["what happened"]
    assert isinstance(rows, list)
    return rows


def says(text: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: world.text(text)


def presses(label: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: world.press(label)


def waits(hours: int) -> Callable[[World], Awaitable[object]]:
    return lambda world: world.wait(hours=hours)


def gives(name: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: world.command(name)


LOST = says("no idea at all")


@pytest.mark.parametrize(
    ("deeds", "marks"),
    [
        ((says("hello"), says("Sam"), presses("Go on")), ["other", "answered", "answered"]),
        ((says("hello"), says("Sam"), says("go on")), ["other", "answered", "answered"]),
        ((says("hello"), says("Sam"), LOST, says("go on")), ["other", "answered", "reprompted", "answered"]),
        (
            (says("hello"), says("Sam"), LOST, LOST, LOST),
            ["other", "answered", "reprompted", "reprompted", "gave_up"],
        ),
        (
            (says("hello"), says("Sam"), LOST, LOST, says("go on")),
            ["other", "answered", "reprompted", "reprompted", "answered"],
        ),
        ((says("hello"), waits(21), says("Sam")), ["other", "nudged", "answered"]),
        ((says("hello"), says("Sam"), waits(80)), ["other", "answered", "lapsed"]),
        ((says("hello"), says("Sam"), gives("back")), ["other", "answered", "back"]),
        ((says("hello"), says("Sam"), says("go back")), ["other", "answered", "back"]),
        ((says("hello"), gives("why"), says("why"), gives("nothing")), ["other"] * 4),
        ((says("hello"), says("Sam"), says("i want to die")), ["other", "answered", "other"]),
        ((says("hello"), gives("stop"), says("hello")), ["other", "other", "other"]),
        ((says("hello"), gives("back")), ["other", "other"]),
        (
            (says("hello"), says("Sam"), presses("Go on"), waits(21)),
            ["other", "answered", "answered", "nudged"],
        ),
    ],
)
async def test_a_step_is_marked_with_what_came_of_it(world: World, deeds: Deeds, marks: list[Mark]) -> None:
    for deed in deeds:
        await deed(world)

    found = [row["mark"] for row in await logged(world) if row["mark"]]

    assert found == marks
    assert set(found) <= set(get_args(Mark))


@pytest.mark.parametrize(
    ("deeds", "flows"),
    [
        ((says("hello"), says("Sam"), presses("Go on")), ["little"]),
        ((says("hello"), says("Sam"), gives("back"), says("Ben")), ["little"]),
        ((says("hello"), says("Sam"), says("i want to die"), says("take me back")), ["little", "crisis"]),
        ((says("hello"), says("Sam"), gives("delete"), says("keep it")), ["little", "delete_me"]),
        ((says("hello"), says("Sam"), presses("Go on"), waits(21)), ["little", "report"]),
        ((says("hello"), gives("stop"), says("hello")), ["little", "little"]),
    ],
)
async def test_a_flow_is_entered_once_until_it_ends(world: World, deeds: Deeds, flows: list[str]) -> None:
    for deed in deeds:
        await deed(world)

    entered = [row for row in await logged(world) if row["kind"] == "entered"]

    assert [row["flow"] for row in entered] == flows
    assert {row["version"] for row in entered} == {1}


async def test_who_is_carried_to_another_version_is_told_once(world: World) -> None:
    await world.text("hello")
    flows = world.app.conversations.flows
    newer = replace(flows, flows={**flows.flows, "little": replace(flows.flows["little"], version=2)})
    world.app.conversations.flows = world.app.conversations.keeping.flows = newer

    await world.text("Sam")
    await world.text("go on")

    moved = [row for row in await logged(world) if row["kind"] == "migrated"]
    assert [(row["flow"], row["version"], row["state"]) for row in moved] == [("little", 2, "open")]
