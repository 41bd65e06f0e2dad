"""A little world in which two people wait, and a second version of its flow."""

from __future__ import annotations

from pathlib import Path

from bot.app import App, build
from bot.content.library import Content, load
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Text, Update
from bot.runtime.ports import Store
from bot.settings import Settings
from bot.storage.sqlite import SqliteStore
from tests.runtime.little import little_world
from tests.runtime.worlds import ANNA, BEN, NOON, Platform

CANARY = "zirpt-4711"


def settled(folder: Path) -> Settings:
    """Write a little world that has no fault, and choose a file beside it."""
    little_world(folder)
    flow = folder / "flows/little.yaml"
    text = flow.read_text().replace("person: {type: text}", "person: {type: text, max: 60}")
    kept = [line for line in text.splitlines() if "unsaid" not in line and "endless" not in line]
    flow.write_text(
        "\n".join(kept).replace("outcomes: [planned, lapsed, gone]", "outcomes: [planned, lapsed]")
    )
    return Settings(folder / "kept/l.db", folder / "flows", folder / "prompts")


def edit(settings: Settings, *changes: tuple[str, str]) -> Content:
    """Change the little flow and read everything again."""
    path = settings.flows / "little.yaml"
    text = path.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text)
    return load(settings.flows, settings.prompts)


def app_on(settings: Settings, content: Content, platform: Platform, store: Store | None = None) -> App:
    kept = store or SqliteStore(settings.db)
    return build(settings, content, kept, {"test": platform}, clock=VirtualClock(NOON))


async def live_through(settings: Settings) -> None:
    """Let Anna come as far as the choice, and Ben as far as the first question."""
    content = load(settings.flows, settings.prompts)
    async with app_on(settings, content, Platform()) as app:
        for number, (who, text) in enumerate([(ANNA, "hello"), (ANNA, CANARY), (BEN, "hello")]):
            await app.handle(Update(str(number), who, None, Text(text)))
        await app.settle()


RENAMED = (("version: 1", "version: 2"), ("choose:", "pick:"), ("goto: choose", "goto: pick"))
MIGRATED = ("outcomes: [planned", "migrate: [{from: 1, states: {choose: pick}}]\noutcomes: [planned")
