"""A failure told as a conversation: what was done, what was said, and what broke at the end of it."""

from __future__ import annotations

from bot.adapters.rehearsal_story import Told
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
from bot.authoring.walking.tally import Found
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Turn, Walker
from bot.content.filters import duration


def tell(terrain: Terrain, found: Found) -> str:
    """Write a failure: the breach, the conversation up to it, and what ought to be true."""
    begun = found.beginning
    given = ", ".join(f"{name}: {value!r}" for name, value in begun.slots)
    lines = [str(found.breach)]
    lines += Told("clock", f"{begun.flow} begins{f' with {given}' if given else ''}").lines()
    walker = Walker(terrain, begun)
    lines += _said(terrain, walker.begin())
    for move in found.moves:
        before, said = walker.now, list[str]()
        for turn in walker.make(move):
            said += _said(terrain, turn)
        lines += [*done(move, duration(int((walker.now - before).total_seconds()))).lines(), *said]
    return "\n".join([*lines, f"      but {INVARIANTS[found.breach.name]}"])


def _said(terrain: Terrain, turn: Turn) -> list[str]:
    lines: list[str] = []
    for say, read in turn.read:
        labels = tuple(terrain.content.words.label(one.label) for one in say.choices)
        lines += Told("us", "\n\n".join(line.text for line in read), labels).lines()
    if turn.fault is not None:
        lines += Told("us", f"({type(turn.fault).__name__})").lines()
    return lines


def done(move: Move, passed: str) -> Told:  # noqa: C901, PLR0911  one branch a move
    """Tell a move; `passed` is how much time it took."""
    match move:
        case Press():
            return Told("press", move.option)
        case Old():
            return Told("press", "a button of an earlier question")
        case Twice():
            return Told("press", "the same button once more")
        case Command():
            return Told("words", f"/{move.name} {move.words}".rstrip())
        case Alarm():
            behind = f"/{move.command} " if move.command else ""
            return Told("words", f"{behind}{move.text} (a {move.tier} sign of {move.gate!r})")
        case Typed():
            return Told("words", f"{move.text} (before the question arrived)" if move.late else move.text)
        case Several():
            return Told("words", f"{move.text} ({' and '.join(move.options)})")
        case Story():
            heard = ", ".join(f"{slot} {value}" for slot, value in move.heard)
            return Told("words", f"{move.text} (which tells {heard})")
        case Phrase() | Asked():
            return Told("words", move.text)
        case Pass():
            return Told("clock", f"{passed} later")
