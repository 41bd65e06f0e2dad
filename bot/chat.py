"""A conversation in this terminal: the door, store and timers of the platforms, and a clock to turn."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from bot.adapters.console import HERE, Console, Extra, converse, finished, piped, typed
from bot.app import App, build, listener
from bot.content.library import Content, flow_named, load_sound
from bot.content.pseudo import LANGUAGE, speaking_pseudo
from bot.dialogue.events import Operated
from bot.dialogue.flow import Value
from bot.dialogue.guards import parse
from bot.dialogue.session import Session
from bot.errors import GuardError
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Command, Update
from bot.runtime.places import local_time
from bot.sensing.loading import sense
from bot.settings import Settings
from bot.storage.opening import operator_keys
from bot.storage.sqlite import SqliteStore

FAREWELL = "Your place is kept. The same command goes on here."
LONGEST_WAIT = timedelta(days=400)


def chat(settings: Settings, flow: str | None, new: bool) -> int:
    """Talk until the lines end; return an exit code.

    Raises:
        ContentError: the flows or prompts have faults.
        StoreError: the database cannot be used.
    """
    logging.basicConfig(level=settings.log_level, format="lowtide: %(message)s")
    content = load_sound(settings.flows, settings.prompts)
    if settings.lang == LANGUAGE:
        content = speaking_pseudo(content)
    if flow is not None:
        flow_named(content, flow)
    return asyncio.run(_talk(settings, content, flow, new))


async def _talk(settings: Settings, content: Content, flow: str | None, new: bool) -> int:
    person, clock = sys.stdin.isatty(), VirtualClock()
    tty = sys.stdout.isatty()
    console = Console(styled=tty and "NO_COLOR" not in os.environ, echo=not person, screen=tty)
    store = SqliteStore(settings.db, operator_keys(settings.db, settings.keys()))
    ear = listener(settings, content, patient=not person)  # a pipe can wait for what is learnt once
    if person:
        ear.warm_beside()
    adapters = {HERE.platform: console}
    async with build(settings, content, store, adapters, clock=clock, sense=sense(), listening=ear) as app:
        await app.settle()
        if await finished(_greet(app, console, flow, new, _known(content, settings.lang))):
            lines: AsyncIterator[str] = typed(console) if person else piped(sys.stdin)
            await converse(console, lines, app.handle, app.settle, _extras(app, clock))
        session = await app.session(HERE)
    if person and session and session.frames and not session.away:
        console.write(FAREWELL)
    return 0


async def _greet(app: App, console: Console, flow: str | None, new: bool, known: dict[str, Value]) -> None:
    """Say the first words: what was left unsaid, the open question again, or the beginning."""
    session = await app.session(HERE)
    if new and session is not None:
        await app.conversations.operate(HERE, Operated("stop"))
    if flow is not None:
        await app.begin(HERE, flow, known if session is None else {})
    elif session is None:
        await app.begin(HERE, app.conversations.flows.globals.start, known)
    elif not console.shown or new:
        await app.handle(Update(console.update("").id, HERE, None, Command("start")))
    await app.settle()


def _known(content: Content, lang: str) -> dict[str, Value]:
    """Return what this machine and the command line tell of a person."""
    told: dict[str, Value] = {"zone": zone_here()}
    if lang in content.prompts.languages:
        told["language"] = lang
    if (
        lang in content.prompts.languages[1:]
    ):  # asked for on the command line: what they type does not change it
        told["language_chosen"] = True
    return {name: value for name, value in told.items() if name in content.flows.globals.memory}


def zone_here() -> str:
    """Return the name of this machine's time zone, UTC where it has none we can read."""
    named = os.environ.get("TZ", "").lstrip(":")
    link = str(Path("/etc/localtime").resolve())
    return named or (link.partition("zoneinfo/")[2] if "zoneinfo/" in link else "") or "UTC"


def _extras(app: App, clock: VirtualClock) -> dict[str, Extra]:
    """Return the commands only a terminal has: to turn the clock, and to look at what is kept."""

    async def wait(words: str) -> str:
        try:
            span = timedelta(seconds=int(parse(words).value({})))
        except (GuardError, TypeError, ValueError, OverflowError):
            return "/wait takes a time: /wait 20h, /wait 90m, /wait 3d"
        if not timedelta() < span <= LONGEST_WAIT:
            return f"/wait goes forward, at most {LONGEST_WAIT.days} days"
        await app.advance(clock, span)
        session = await app.session(HERE)
        now = local_time(clock.now(), session.memory if session else {})
        return f"It is {now:%A %d %B, %H:%M} now."

    async def slots(_: str) -> str:
        return kept(await app.session(HERE))

    return {"wait": wait, "slots": slots}


def kept(session: Session | None) -> str:
    """Write down what a session holds, a line each."""
    if session is None:
        return "nothing is kept"
    rows = [f"{frame.flow}.{frame.state}" for frame in session.frames] or ["no open question"]
    own = session.frames[-1].slots if session.frames else {}
    rows += [f"  {name}: {value}" for name, value in own.items()]
    rows += ["memory", *(f"  {name}: {value}" for name, value in session.memory.items())]
    rows += [f"reminder: {one.flow}" for one in session.reminders]
    return "\n".join(rows + (["parked: a conversation"] if session.parked else []))
