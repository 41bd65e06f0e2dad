"""One conversation through every adapter: the session is the same, letter for letter."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.content.library import Content
from bot.dialogue.codec import to_json
from tests import ours
from tests.adapters.talking import World, on_discord, on_telegram, terminal

Place: TypeAlias = Callable[[Content, Path], AbstractAsyncContextManager[World]]

KNOWN = {"consented": True, "country": "GB"}
TO_A_PLAN = """
    it is a lot right now
    > pulling
    N*i_na <b>@everyone
    i cancel plans
    > weeks
    nothing
    no
    nope
    /back
    nope
    > low_capacity
    > no
    > fits
    /why
    > step
    /why ghosting
    asdf qwer
    > l1
    > another
    > use
    > later
    > dinner
    the kids are loud in the evening
    > soon
    20:30
"""
IN_DANGER = """
    > pulling
    I want to kill myself tonight
    /back
    hello?
    /stop
    /start
"""
OUT_OF_TURN = """
    hello
    /help
    /settings
    /start
    /pause
    /delete
    no
    /export
    🌊 <script> *bold* _it_ `code` @everyone https://example.com/
"""


@cache
def content() -> Content:
    return ours.content()


async def play(place: Place, folder: Path, script: str, begin: str | None) -> str:
    """Have a conversation, and return the session as it is kept after every turn."""
    kept = []
    async with place(content(), folder) as world:
        if begin:
            await world.app.begin(world.end.address, begin, KNOWN)
            await world.app.settle()
        for line in map(str.strip, script.strip().splitlines()):
            await (world.press(line[2:]) if line.startswith("> ") else world.say(line))
            kept.append(to_json(await world.session()))
        await world.app.advance(world.clock, timedelta(hours=3))
        kept.append(to_json(await world.session()))
    return json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True)


@pytest.mark.parametrize("place", [on_telegram, on_discord])
@pytest.mark.parametrize(
    ("script", "begin"),
    [
        pytest.param(TO_A_PLAN, "reflect", id="to a plan"),
        pytest.param(IN_DANGER, "reflect", id="in danger"),
        pytest.param(OUT_OF_TURN, None, id="out of turn"),
    ],
)
async def test_a_conversation_ends_in_the_same_session_wherever_it_is_had(
    place: Place, script: str, begin: str | None, tmp_path: Path
) -> None:
    here = await play(terminal, tmp_path, script, begin)

    there = await play(place, tmp_path, script, begin)

    assert there == here
    assert here.count('"turn"') >= len(script.strip().splitlines())
