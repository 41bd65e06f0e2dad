"""`lowtide cover`: how much of the flows their tests meet, what they never meet, and how a test might."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.authoring.covering import EVERYWHERE, KINDS, Coverage, Figures, coverage, spot
from bot.authoring.gathering import gather
from bot.authoring.meeting import Met
from bot.authoring.playing import Played, Watched
from bot.authoring.reaching import hint, ways_of
from bot.authoring.rehearsing import ear_for, known_language
from bot.authoring.speaking import spoken
from bot.content.graph import mermaid
from bot.content.library import Content, flow_named, load_sound
from bot.content.marks import Kind, Thing
from bot.content.rehearsals import Rehearsal
from bot.content.svg import svg
from bot.errors import ContentError, OperatorError
from bot.settings import Settings

_NAMES = {EVERYWHERE: "(everywhere)"}
_PLURALS = {"reprompt": "reprompts", "give-up": "give-ups", "return": "returns"}
_COLUMNS: tuple[Kind, ...] = KINDS[:8]
"""What a table has room for; interrupts, dangers and the core's lines stand in a row of their own."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what was asked for: one flow or all, further languages, floors, and how to tell it."""

    flow: str | None = None
    languages: Sequence[str] = ()
    floors: Sequence[str] = ()
    as_json: bool = False
    as_mermaid: bool = False
    pictures: Path | None = None


def cover(settings: Settings, wish: Wish) -> bool:
    """Play every rehearsal, tell what was met and what never; tell whether all went well.

    Returns:
        Whether every rehearsal went as expected and no figure is below its floor.

    Raises:
        ContentError: the flows, prompts or tests have faults, or there is no such flow.
        OperatorError: a floor is none, or nobody wrote in a language.
    """
    floors = [_floor(text) for text in wish.floors]
    content = load_sound(settings.flows, settings.prompts)
    only = [flow_named(content, wish.flow).id] if wish.flow else []
    for lang in wish.languages:
        known_language(content, lang)
    met, missed = measure(settings, content, wish.languages)
    found = coverage(content, met, only)
    low = [line for floor in floors for line in floor.broken(found.figures())]
    _tell(content, found, wish)
    for one in missed:
        print(f"FAILED {one.rehearsal.flow}: {one.rehearsal.name}; `lowtide test` shows it")
    print("".join(f"{line}\n" for line in low), end="")
    return not low and not missed


def measure(
    settings: Settings, content: Content, languages: Sequence[str] = (), every: int = 1
) -> tuple[Met, list[Played]]:
    """Play every rehearsal, and every so many of them in further languages too.

    Returns:
        What they met together, and those that did not go as expected.

    Raises:
        ContentError: the tests have faults.
    """
    rehearsals, faults = gather(settings, "")
    if faults:
        raise ContentError(faults)
    with ear_for(settings, content) as ear:
        watched = Watched(settings, content, ear)
        return asyncio.run(_measured(watched, rehearsals, languages, every))


async def _measured(
    watched: Watched, rehearsals: list[Rehearsal], languages: Sequence[str], every: int
) -> tuple[Met, list[Played]]:
    met, missed = Met(watched.settings.lang), []
    for place, rehearsal in enumerate(rehearsals):
        chosen = languages if place % every == 0 else ()
        for played in await _played(watched, rehearsal, chosen):
            met.add(played.met)
            missed += [played] if played.miss else []
    return met, missed


async def _played(watched: Watched, rehearsal: Rehearsal, languages: Sequence[str]) -> list[Played]:
    """Play one rehearsal as it is written, and then in each language it holds in."""
    first = await watched.play(rehearsal)
    others = [spoken(first.player, lang) for lang in languages if first.miss is None]
    return [first, *[await watched.play(one) for one in others if one is not None]]


# --- floors ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Floor:
    """Ask for at least so many percent, of one kind or of all together."""

    least: float
    kind: Kind | None = None

    def broken(self, figures: Figures) -> Iterator[str]:
        """Yield a line if the figures are below it."""
        found = figures.percent(self.kind) if self.kind else figures.percent()
        if found < self.least:
            yield f"{_plural(self.kind) if self.kind else 'all'}: {found:.1f} % is below {self.least:g} %"


def _floor(text: str) -> Floor:
    """Read `95` or `states=100`."""
    name, _, number = text.rpartition("=")
    kind = next((one for one in KINDS if name in {one, _plural(one)}), None)
    try:
        least = float(number)
    except ValueError:
        least = -1.0
    if least < 0 or (name and kind is None):
        known = ", ".join(map(_plural, KINDS))
        raise OperatorError(f"{text!r} is no floor; write 95, or KIND=95 with one of {known}")
    return Floor(least, kind)


def _plural(kind: Kind) -> str:
    return _PLURALS.get(kind, f"{kind}s")


# --- telling ---------------------------------------------------------------------------------------------


def _tell(content: Content, found: Coverage, wish: Wish) -> None:
    flows = [name for name in found.things if name != EVERYWHERE]
    if wish.pictures is not None:
        wish.pictures.mkdir(parents=True, exist_ok=True)
        for name in flows:
            drawn = svg(content.flows.flows[name], found.unmet(name))
            (wish.pictures / f"{name}.svg").write_text(drawn, encoding="utf-8")
    if wish.as_json:
        print(json.dumps(_data(content, found), indent=2, ensure_ascii=False))
    elif wish.as_mermaid:
        print("\n".join(mermaid(content.flows.flows[name], found.unmet(name)) for name in flows), end="")
    else:
        print("\n".join([*_missing(content, found), *_table(found), *_languages(content, found)]))


def _missing(content: Content, found: Coverage) -> Iterator[str]:
    """Yield a line for each thing never met: where, what, and how a test might meet it."""
    for name in found.things:
        ways = ways_of(content.flows.flows[name]) if name else {}
        for thing in found.missing(name):
            yield f"{spot(content, thing)} {_called(thing)}: {hint(content.flows, thing, ways)}"


def _called(thing: Thing) -> str:
    mark = thing.mark
    side = "" if mark.side is None else f" never {'true' if mark.side else 'false'}"
    place = ".".join(filter(None, (mark.flow, mark.state)))
    return f"{mark.kind} {' '.join(filter(None, (place, mark.what)))}{side}"


def _table(found: Coverage) -> Iterator[str]:
    """Yield a row for each flow, and one for all."""
    rows = [("flow", *map(_plural, _COLUMNS), "all")]
    rows += [_row(_NAMES.get(name, name), found.figures(name)) for name in found.things]
    if len(found.things) > 1:
        rows.append(_row("together", found.figures()))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield ""
    for name, *cells in rows:
        aligned = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield f"{name.ljust(widths[0])}  {'  '.join(aligned)}"


def _row(name: str, figures: Figures) -> tuple[str, ...]:
    cells = (
        f"{figures.met.get(kind, 0)}/{figures.there[kind]}" if figures.there.get(kind) else "-"
        for kind in _COLUMNS
    )
    return (name, *cells, f"{figures.percent():.0f} %")


def _languages(content: Content, found: Coverage) -> Iterable[str]:
    return (
        f"in {one.language}: {one.states} of {one.all_states} states entered, "
        f"{one.prompts} of {one.all_prompts} prompts said"
        for one in found.spoken(content)
    )


def _data(content: Content, found: Coverage) -> dict[str, object]:
    """Return the same as plain data."""
    return {
        "flows": {_NAMES.get(name, name): _figures(found.figures(name)) for name in found.things},
        "all": _figures(found.figures()),
        "languages": {
            one.language: {
                "states": [one.states, one.all_states], "prompts": [one.prompts, one.all_prompts]
            }
            for one in found.spoken(content)
        },
        "missing": [_item(content, thing) for thing in found.missing()],
    }  # fmt: skip


def _figures(figures: Figures) -> dict[str, object]:
    counts = {_plural(kind): [figures.met.get(kind, 0), there] for kind, there in figures.there.items()}
    return {**counts, "percent": round(figures.percent(), 1)}


def _item(content: Content, thing: Thing) -> dict[str, object]:
    mark, (file, line, column) = thing.mark, spot(content, thing)
    ways = ways_of(content.flows.flows[mark.flow]) if mark.flow else {}
    return {
        "kind": mark.kind, "flow": mark.flow, "state": mark.state, "what": mark.what, "side": mark.side,
        "file": file, "line": line, "column": column, "hint": hint(content.flows, thing, ways),
    }  # fmt: skip
