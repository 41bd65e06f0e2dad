"""Whatever comes in, a million times: nobody is left unanswered or stuck. `python -m tests.bench.fuzz [N]`.

The whole bot over the store in memory: typed lines of every kind, buttons old and new and forged, commands,
stickers, hours that pass. The same seed gives the same story.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import App, build
from bot.content.library import Content, load
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Address, Command, Message, Outgoing, Press, Text, Unsupported, Update, What
from bot.runtime.ports import Verdict
from bot.sensing.loading import sense
from bot.settings import HOUSE, Settings
from bot.storage.memory import MemoryStore

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
PEOPLE = 500
PLAIN = (
    "yes", "no", "not sure", "both", "the second one", "2", "ok", "lol jk", "👍", "Ana", "my brother", "7pm",
    "tomorrow after work", "stop", "why do i do this", "i want to die", "he checks my phone", "just kidding",
    "i am 14", "nothing today", "leave me alone", "i just want quiet", "she never writes back", "hm", "…",
)  # fmt: skip
ODD = (
    "", " ", "\x00", "\u202e\u200d\u200b", "👨‍👩‍👧‍👦" * 40, "Z̴̧͎a̷l̶g̵o̷ " * 30, "<b>*_~`{{ person }}{% raw %}",
    "1:0", "/why@other_bot", "{}" * 200, "ａｂｃ", "١٢٣", "مرحبا", "你好", "привет", "%s%n$0", "\n" * 300,
    "a" * 5_000, "'; DROP TABLE persons; --",
)  # fmt: skip
COMMANDS = (
    "start",
    "stop",
    "why",
    "back",
    "help",
    "settings",
    "pause",
    "resume",
    "delete",
    "export",
    "human",
)


@dataclass
class Story:
    """Hold what happened: verdicts by name, complaints in the log, and who was left without a word."""

    verdicts: Counter[str] = field(default_factory=Counter)
    logged: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        told = ", ".join(f"{times} {name}" for name, times in self.verdicts.most_common())
        return (
            f"{self.verdicts.total()} updates in {self.seconds:.0f} s ({told}); {len(self.raised)} raised, "
            f"{len(self.logged)} errors in the log, {len(self.stuck)} people stuck"
        )


@dataclass
class Platform:
    """Remember the buttons each person was shown last, and how much they were told."""

    buttons: dict[str, list[str]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    async def send(self, message: Outgoing) -> None:
        chat = message.address.chat
        self.told[chat] += 1
        if isinstance(message, Message) and message.buttons:
            self.buttons[chat] = [button.token for button in message.buttons]


@dataclass
class Fuzzer:
    """Make up what comes next."""

    chance: Random
    platform: Platform

    def what(self, chat: str) -> What:
        roll = self.chance.random()
        shown = self.platform.buttons.get(chat)
        if shown and roll < 0.45:
            return Press(self.chance.choice(shown))
        if roll < 0.55:
            return Press(f"{self.chance.randrange(-1, 40)}:{self.chance.randrange(9)}")
        if roll < 0.72:
            return Command(self.chance.choice(COMMANDS), self.chance.choice(("", *PLAIN, *ODD)))
        if roll < 0.75:
            return Unsupported(self.chance.choice(("sticker", "voice", "poll", "?")))
        return Text(self.text())

    def text(self) -> str:
        roll = self.chance.random()
        if roll < 0.7:
            return self.chance.choice(PLAIN)
        if roll < 0.85:
            return self.chance.choice(ODD)
        return "".join(chr(self.chance.choice((97, 32, 0x300, 0x1F600, 0x4E00)) + self.chance.randrange(26))
                       for _ in range(self.chance.randrange(60)))  # fmt: skip


async def fuzzed(content: Content, updates: int, seed: int = 1) -> Story:
    """Let so many updates come in and tell what became of them."""
    story, platform, clock = Story(), Platform(), VirtualClock(MONDAY)
    listener = _Listener(story.logged)
    logging.getLogger("bot").addHandler(listener)
    fuzzer, began = Fuzzer(Random(seed), platform), time.monotonic()
    adapters, settings = {"test": platform}, Settings(db=Path("unused"))
    app = build(settings, content, MemoryStore(), adapters, clock=clock, sense=sense())
    try:
        async with app:
            for number in range(updates):
                await _one(app, fuzzer, story, number)
                if number % 50 == 0:
                    await app.advance(clock, timedelta(minutes=fuzzer.chance.randrange(400)))
            await _everybody_can_leave(app, platform, story)
    finally:
        logging.getLogger("bot").removeHandler(listener)
    story.seconds = time.monotonic() - began
    return story


async def _one(app: App, fuzzer: Fuzzer, story: Story, number: int) -> None:
    chat = str(fuzzer.chance.randrange(PEOPLE))
    update = Update(str(number), Address("test", chat), None, fuzzer.what(chat))
    try:
        verdict = await app.handle(update)
    except Exception as error:
        story.raised.append(type(error).__name__)
    else:
        story.verdicts[verdict.value if verdict else "not kept"] += 1


async def _everybody_can_leave(app: App, platform: Platform, story: Story) -> None:
    """Let everybody say stop, and then hello: the one ends what was, the other is answered."""
    await app.courier.settle()
    for chat in map(str, range(PEOPLE)):
        address = Address("test", chat)
        await app.handle(Update(f"stop {chat}", address, None, Command("stop")))
        session = await app.session(address)
        await app.courier.settle()
        told = platform.told[chat]
        verdict = await app.handle(Update(f"hello {chat}", address, None, Text("hello")))
        await app.courier.settle()
        if (session and session.frames) or verdict is not Verdict.COMMITTED or platform.told[chat] == told:
            story.stuck.append(chat)


class _Listener(logging.Handler):
    """Note every error that is logged."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())


def main() -> None:
    """Print the story, and fail if anybody was let down."""
    updates = int((sys.argv[1:] or ["20000"])[0])
    story = asyncio.run(fuzzed(load(HOUSE / "flows", HOUSE / "prompts"), updates))
    print(story, *sorted(set(story.logged + story.raised))[:20], sep="\n  ")
    sys.exit(bool(story.logged or story.raised or story.stuck))


if __name__ == "__main__":
    main()
