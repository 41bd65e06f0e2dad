"""A failure saved as a rehearsal: it fails in `lowtide test` until what broke is mended."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.authoring.gathering import TESTS, gather, rehearsals_in
from bot.authoring.playing import person_of, play
from bot.authoring.rehearsing import ear_for
from bot.authoring.walking.breaches import INVARIANTS
from bot.authoring.walking.moves import (
    Alarm,
    Asked,
    Command,
    Move,
    Old,
    Pass,
    Phrase,
    Press,
    Several,
    Story,
    Twice,
    Typed,
)
from bot.authoring.walking.shrinking import Shrinker
from bot.authoring.walking.tally import Found
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import NOON, Walker
from bot.errors import OperatorError
from bot.safety.screen import screen
from bot.settings import Settings

NAMES = 40
"""Names that are tried: by its name a rehearsal's person hears other wordings, and one may not break."""


def save(settings: Settings, terrain: Terrain, broken: list[Found], to: Path) -> list[str]:
    """Save failures to a test file, or to one a flow in a folder; return a line for each.

    Raises:
        OperatorError: the file is not called as a test of the flow that a conversation begins with.
    """
    writing = Writing(settings, terrain)
    return [writing.save(one, _file(to, one.beginning.flow)) for one in broken]


def _file(to: Path, flow: str) -> Path:
    if to.is_dir():
        return to / f"{flow}.walk{TESTS}"
    if not to.name.endswith(TESTS) or to.name.partition(".")[0] != flow:
        raise OperatorError(
            f"{to} cannot hold a test of flow {flow!r}: call it {flow}.walk{TESTS}, or name a folder"
        )
    return to


@dataclass
class Writing:
    """Write failures as rehearsals."""

    settings: Settings
    terrain: Terrain

    def save(self, found: Found, path: Path) -> str:
        """Append one to a file, play it, and say whether it fails as it should."""
        found, name = self._named(found)
        before = path.read_text(encoding="utf-8") if path.exists() else "tests:\n"
        if json.dumps(name, ensure_ascii=False) in before:
            return f"{path} holds this already: {name}"
        path.write_text(before + self.text(found, name), encoding="utf-8")
        rehearsals, faults = rehearsals_in(path)
        if faults:
            return f"{path}: saved, and cannot be read: {faults[0]}"
        mine = next(one for one in rehearsals if one.name == name)
        with ear_for(self.settings, self.terrain.content) as ear:
            _, miss = asyncio.run(play(self.settings, self.terrain.content, mine, ear))
        told = "it fails until this is mended" if miss else "it passes: a real text is heard otherwise there"
        return f"{path}: saved {name!r}; {told}"

    def _named(self, found: Found) -> tuple[Found, str]:
        """Return a name whose person meets the breach."""
        sentence = f"{INVARIANTS[found.breach.name]} ({found.breach.place or found.beginning.flow})"
        shrinker = Shrinker(self.terrain)
        for number in range(1, NAMES):
            name = sentence if number == 1 else f"{sentence} {number}"
            begin = replace(found.beginning, person=person_of(found.beginning.flow, name))
            again = shrinker.breaks(begin, found.moves, found.breach.key)
            if again is not None:
                return replace(again, moves=found.moves), name
        return found, sentence

    def text(self, found: Found, name: str) -> str:
        """Write one rehearsal."""
        begun = found.beginning
        given = [f"slots: {_written(dict(begun.slots))}"] if begun.slots else []
        given += [f'now: "{begun.now.isoformat()}"'] if begun.now != NOON else []
        lines = [f"  - name: {json.dumps(name, ensure_ascii=False)}"]
        lines += [f"    given: {{{', '.join(given)}}}"] if given else []
        steps = [f"      - {_written(step)}" for step in self._steps(found)]
        return "\n".join([*lines, "    steps:", *steps, "      - {expect: {sound: true}}"]) + "\n"

    def _steps(self, found: Found) -> Iterator[dict[str, object]]:
        walker = Walker(self.terrain, found.beginning)
        walker.begin()
        for move in found.moves:
            step, before = self._step(walker, move), walker.now
            turns = list(walker.make(move))
            if isinstance(move, Pass):
                yield {"advance": _span(int((walker.now - before).total_seconds()))}
            elif turns:
                yield step

    def _step(self, walker: Walker, move: Move) -> dict[str, object]:  # noqa: C901, PLR0911  one branch a move
        match move:
            case Press():
                return {"press": move.option}
            case Old():
                return {"press": walker.old_button}
            case Twice():
                last = walker.session.pressed or (0, "")
                return {"press": {"option": last[1], "turn": last[0]}}
            case Command():
                return {"command": f"{move.name} {move.words}".rstrip()}
            case Alarm():
                text = self._alarming.get((move.gate, move.tier), move.text)
                return {"command": f"{move.command} {text}"} if move.command else {"user": text}
            case Typed() if move.late and walker.session.frames:
                return {"user": {"text": move.text, "turn": walker.session.frames[-1].since - 1}}
            case Typed() | Phrase() | Several() | Story() | Asked():
                return {"user": move.text}
            case Pass():
                return {}

    @cached_property
    def _alarming(self) -> dict[tuple[str, str], str]:
        """Return a text for each danger from the tests there are: what they type is known to be heard."""
        found: dict[tuple[str, str], str] = {}
        for rehearsal in gather(self.settings, "")[0]:
            for step in rehearsal.steps:
                heard = (
                    screen(step.value, self.terrain.content.lexicon) if isinstance(step.value, str) else None
                )
                if heard is not None and step.doing == "user":
                    found.setdefault((heard.gate, heard.tier), step.value)
        return found


def _span(seconds: int) -> str:
    unit, size = next(one for one in (("h", 3600), ("m", 60), ("s", 1)) if seconds % one[1] == 0)
    return f"{seconds // size}{unit}"


def _written(value: object) -> str:
    """Write a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    plain = isinstance(value, str) and re.fullmatch(r"[a-z][a-z_]*[a-z0-9_]*", value) and value not in _WORDS
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


_WORDS = frozenset(("true", "false", "null"))
