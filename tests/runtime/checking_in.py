"""A process that gives a daily check-in and may die of it: `tests.runtime.checking_in DB HOUSE WHEN`.

WHEN is a moment such as `before commit_all`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import build
from bot.content.library import Content, load
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Outgoing
from bot.settings import Settings
from bot.storage.sqlite import SqliteStore
from tests.runtime.little import FILES, OPTIONS, PROMPTS
from tests.runtime.worlds import ANNA, NOON

PROMISE = """
schema: flow/1
flow: promise
version: 1
entry: make
outcomes: [made, taken_back]
slots: {hour: {type: time, default: "20:00"}}
states:
  make:
    say: little/plan
    remind: {flow: check_in, at: hour, every: day, spread: 10m}
    end: made
  take_back: {cancel: check_in, say: little/plan, end: taken_back}
"""
CHECK_IN = """
schema: flow/1
flow: check_in
version: 1
entry: ask
outcomes: [told, lapsed]
states:
  ask:
    say: report/ask
    options: [{id: well, label: report/well, to: told}, {id: bad, label: report/bad, to: told}]
    other: {reprompt: [report/again], max_tries: 2, give_up: lapsed}
    timers: [{id: lapse, after: 20h, to: lapsed}]
"""


def house(folder: Path) -> Content:
    """Write a little world in which somebody can be asked every day, and read it."""
    files = {**FILES, "flows/promise.yaml": PROMISE, "flows/check_in.yaml": CHECK_IN}
    files |= {f"prompts/en/{name}.j2": text for name, text in PROMPTS.items()}
    for name, labels in OPTIONS.items():
        lines = [f'{key}: {{label: "{label}", says: ["{label.lower()}"]}}' for key, label in labels.items()]
        files[f"prompts/en/{name}/options.yaml"] = "\n".join(lines)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load(folder / "flows", folder / "prompts")


class Mortal:
    """Speak for a platform, and die at a moment. What was `sent` is printed, for who looks from outside."""

    def __init__(self, when: str = "never") -> None:
        self._when = when
        self.sent: list[str] = []

    async def send(self, message: Outgoing) -> None:
        self.pass_by("before send")
        self.sent.append(message.key)
        sys.stdout.write(f"{message.key}\n")
        sys.stdout.flush()
        self.pass_by("after send")

    def pass_by(self, moment: str) -> None:
        if moment == self._when and self.sent:  # once the promise has arrived
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, store: SqliteStore, name: str) -> None:
        """Pass by before and after everything that the store is asked by this name."""
        asked = getattr(store, name)

        async def watched(*arguments: Any) -> Any:
            self.pass_by(f"before {name}")
            answer = await asked(*arguments)
            self.pass_by(f"after {name}")
            return answer

        setattr(store, name, watched)


async def give(database: Path, content: Content, day: int, mortal: Mortal) -> None:
    """Live through the evening of a day; whoever is not known yet asks for a check-in every day first."""
    store, clock = SqliteStore(database), VirtualClock(NOON)
    app = build(Settings(database), content, store, {"test": mortal}, clock=clock)
    await store.open()
    await app.courier.start()
    if not (await store.load(ANNA)).revision:
        await app.begin(ANNA, "promise", {})
    await app.courier.settle()
    clock.turn_to(NOON + timedelta(days=day, hours=9))
    for name in ("claim", "commit_all", "delivered"):
        mortal.watch(store, name)
    await app.settle()
    await app.stop()


def main(database: str, folder: str, when: str) -> None:
    """Live through the first evening."""
    content = load(Path(folder, "flows"), Path(folder, "prompts"))
    asyncio.run(give(Path(database), content, 0, Mortal(when)))


if __name__ == "__main__":
    main(*sys.argv[1:])
