"""Little flows to walk on, each sound but for one thing, and engines that break one promise each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.authoring.walking.terrain import Engine, Stepped, Terrain
from bot.content.library import load_sound
from bot.dialogue.effects import Disarm, Effect, Say
from bot.dialogue.events import Answered, Commanded, Event
from bot.dialogue.flow import Value
from bot.dialogue.flows import Flows
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from bot.settings import Settings
from tests.runtime.little import little_world

FIXTURES = Path(__file__).parent / "fixtures" / "walks"
SOUND = Engine()
Change = Callable[[Session, Event, Session, tuple[Effect, ...]], Stepped]


def settings_with(folder: Path, flow: str, **others: str) -> Settings:
    """Write a little world with this flow in it, and other flows by their file."""
    little_world(folder)
    usual = {"crisis": "sound_crisis", "delete_me": "sound_delete"}
    for name, fixture in {**usual, "little": flow, **others}.items():
        (folder / f"flows/{name}.yaml").write_text((FIXTURES / f"{fixture}.yaml").read_text())
    return Settings(folder / "x.db", folder / "flows", folder / "prompts", cache=folder / "cache")


def ground(folder: Path, flow: str, engine: Engine = SOUND, **others: str) -> Terrain:
    """Return the ground of a little world."""
    settings = settings_with(folder, flow, **others)
    return Terrain(load_sound(settings.flows, settings.prompts), engine)


def engine(change: Change) -> Engine:
    """Return an engine that does the right thing, and then changes it."""

    def stepping(flows: Flows, session: Session, event: Event, now: datetime) -> Stepped:
        return change(session, event, *step(flows, session, event, now))

    return Engine(begin, stepping)


def deaf_to_stop(before: Session, event: Event, after: Session, effects: tuple[Effect, ...]) -> Stepped:
    """Let the conversation stand after a stop that came in the middle of it."""
    stops = isinstance(event, Commanded) and event.name == "stop" and before.frames
    return (replace(before, turn=after.turn), effects) if stops else (after, effects)


def chatty(before: Session, event: Event, after: Session, effects: tuple[Effect, ...]) -> Stepped:
    """Say everything four times to who is late."""
    says = [one for one in effects if isinstance(one, Say)]
    return (
        (after, (*says * 3, *effects)) if before.frames and isinstance(event, Commanded) else (after, effects)
    )


def forgetful(before: Session, event: Event, after: Session, effects: tuple[Effect, ...]) -> Stepped:
    """Keep what is no tuple, which becomes one on its way through JSON."""
    return replace(after, asides=["late"]), effects  # type: ignore[arg-type]  that is what is wrong with it


def careless(before: Session, event: Event, after: Session, effects: tuple[Effect, ...]) -> Stepped:
    """Put a number where a text belongs."""
    wrong: Mapping[str, Value] = {"friend": 7}
    typed = isinstance(event, Answered) and event.concern is None and after.frames
    return (replace(after, memory={**after.memory, **wrong}), effects) if typed else (after, effects)


def hoarding(before: Session, event: Event, after: Session, effects: tuple[Effect, ...]) -> Stepped:
    """Let every timer wait on."""
    return after, tuple(one for one in effects if not isinstance(one, Disarm))


def stuttering(before: Session, event: Event, after: Session, effects: tuple[Effect, ...]) -> Stepped:
    """Count a turn twice."""
    return replace(after, turn=after.turn + 1), effects


ENGINES: Mapping[str, Change] = {
    "stop": deaf_to_stop,
    "crowd": chatty,
    "json": forgetful,
    "slots": careless,
    "timers": hoarding,
    "bounds": stuttering,
}
