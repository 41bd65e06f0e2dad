"""A person's words, name and chat, and the bot's token, are in no log line and no number, whatever breaks."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from bot.content.library import Content
from bot.observing.logs import listen_to_log, listen_to_loop
from bot.runtime.messages import Command, Text
from tests.observing.watched import Door, Watched, watched

WORD, CHAT, TOKEN = "zirpelbaum", "777001999", "1000:hush_hush"
CANARIES = (WORD, CHAT, TOKEN, "hush")

Breaking = Callable[[Watched], object]


class Broken(ValueError):
    """An error that quotes everything it was given, as those of libraries do."""


def fails(*given: Any, **more: Any) -> NoReturn:
    logging.getLogger("a.library").error("cannot handle %s of %s", given, CHAT)
    logging.getLogger("a.library").error(f"{WORD} of {CHAT} at bot{TOKEN}", exc_info=Broken(WORD))
    raise Broken(f"{given} {more} {WORD} {CHAT} {TOKEN}")


async def fails_late(*given: Any, **more: Any) -> NoReturn:
    fails(*given, **more)


def hearing(**broken: Any) -> Breaking:
    def breaks(one: Watched) -> None:
        conversations = one.app.conversations
        conversations.hearing = replace(conversations.hearing, **broken)

    return breaks


def store(name: str) -> Breaking:
    return lambda one: setattr(one.app.store, name, fails_late)


def prompts(one: Watched) -> None:
    keeping = one.app.conversations.keeping
    keeping.showing = replace(keeping.showing, prompts=Failing())


def witness(one: Watched) -> None:
    one.app.conversations.keeping.witness = fails


def sends(one: Watched) -> None:
    one.door.troubles = deque(Broken(f"{WORD} {CHAT} {TOKEN}") for _ in range(9))


def task(one: Watched) -> None:
    """Let something fail that nobody waits for."""
    one.app.conversations.keeping.wake = lambda due: asyncio.get_running_loop().call_soon(fails, due)  # type: ignore[assignment, return-value]


class Failing:
    render = staticmethod(fails)


POINTS: dict[str, Breaking] = {
    "the screen": hearing(screen=fails),
    "the reader": hearing(read=fails),
    "the ear for languages": hearing(tongue=fails),
    "the search for a page": hearing(find=fails),
    "loading": store("load"),
    "the commit": store("commit"),
    "the mark of what was sent": store("delivered"),
    "the timers": store("claim"),
    "what is due": store("next_due"),
    "the wording": prompts,
    "who watches": witness,
    "the platform": sends,
    "a task": task,
}


@pytest.fixture(params=["json", "pretty"])
async def log(request: pytest.FixtureRequest) -> AsyncIterator[io.StringIO]:
    """Write the whole log, as a run does, into a text."""
    root, hooks = logging.getLogger(), (threading.excepthook, sys.unraisablehook)
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    out = io.StringIO()
    listen_to_log("DEBUG", request.param, [TOKEN], out)
    listen_to_loop(asyncio.get_running_loop())
    yield out
    root.handlers[:], root.level, logging.raiseExceptions = handlers, level, raises
    threading.excepthook, sys.unraisablehook = hooks


@pytest.mark.parametrize("point", POINTS)
async def test_where_something_breaks_nobody_can_be_read(
    log: io.StringIO, content: Content, point: str, request: pytest.FixtureRequest
) -> None:
    async with watched(content, door=Door()) as one:
        await one.tell(CHAT, "hello")
        POINTS[point](one)
        for what in (Text(WORD), Text(f"i want to die, {WORD}"), Command("why", WORD), Command(WORD)):
            await quietly(one.tell(CHAT, what))
        await quietly(one.app.advance(one.clock, timedelta(hours=21)))
        pages = [(await one.asked(path))[1] for path in ("/metrics", "/readyz", "/healthz")]

    told = log.getvalue()
    assert not [canary for canary in CANARIES for page in (*pages, told) if canary in page]
    assert "lowtide_updates_total" in pages[0]
    if "json" in request.node.name:
        assert all(json.loads(line)["level"] for line in told.splitlines())


async def test_what_breaks_is_told_with_its_kind_and_its_place(log: io.StringIO, content: Content) -> None:
    async with watched(content) as one:
        POINTS["the reader"](one)
        await one.tell(CHAT, WORD)

    assert "Broken at test_canaries.py:" in log.getvalue()
    assert "cannot handle " in log.getvalue()


async def quietly(deed: Awaitable[object]) -> None:
    """Do what may fail here where an adapter, or the nudger, would have caught it."""
    try:
        await deed
    except Broken:
        return


def test_the_canaries_sing() -> None:
    """Where nothing is done about it they are all in the log: so they would be found."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logging.getLogger().addHandler(handler)
    with pytest.raises(Broken):
        fails(WORD)
    logging.getLogger().removeHandler(handler)

    assert not [canary for canary in CANARIES if canary not in out.getvalue()]
