"""A failure made short: moves are dropped and made simpler while the same thing still breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.authoring.walking.choices import NONSENSE
from bot.authoring.walking.moves import (
    Alarm,
    Asked,
    Command,
    Move,
    Pass,
    Phrase,
    Press,
    Several,
    Story,
    Typed,
)
from bot.authoring.walking.tally import Found, Tally
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Beginning
from bot.authoring.walking.walks import Walk

_ELSEWHERE = frozenset(("rung", "twice", "endless", "silence"))
"""What hangs on how a conversation began, or who called: it is not begun further on."""


@dataclass
class Shrinker:
    """Make failures short."""

    terrain: Terrain

    def shrink(self, found: Found) -> Found:
        """Return the shortest conversation found in which the same breach is met."""
        best = self._cut(found) or found
        while (shorter := self._shorter(best)) is not None:
            best = shorter
        return best

    def breaks(self, beginning: Beginning, moves: tuple[Move, ...], key: tuple[str, str]) -> Found | None:
        """Walk again, and return the conversation up to where the same thing breaks, None where none does."""
        tally = Tally()
        walk = Walk(self.terrain, beginning, tally)
        going = walk.begin()
        for move in moves:
            if not going or key in tally.found:
                break
            going = walk.go(move)
        if going and key[0] == "json":
            walk.close()
        if going and key[0] == "endless" and key not in tally.found:
            walk.fork().ends(silent=True)
            walk.fork().ends(silent=False)
        return tally.found.get(key)

    def _cut(self, found: Found) -> Found | None:
        return self.breaks(found.beginning, found.moves, found.breach.key)

    def _shorter(self, found: Found) -> Found | None:
        """Return a simpler conversation with the same breach, the boldest change first."""
        for beginning, moves in self._candidates(found):
            shorter = self.breaks(beginning, moves, found.breach.key)
            if shorter is not None and weight(shorter) < weight(found):
                return shorter
        return None

    def _candidates(self, found: Found) -> Iterator[tuple[Beginning, tuple[Move, ...]]]:
        begin, moves = found.beginning, found.moves
        if found.breach.name not in _ELSEWHERE:
            yield from self._further_on(found)
        size = len(moves)
        part = max(size // 2, 1)
        while size:
            yield from ((begin, moves[:at] + moves[at + part :]) for at in range(0, size, part))
            if part == 1:
                break
            part //= 2
        yield from (
            (begin, (*moves[:at], one, *moves[at + 1 :])) for at in range(size) for one in simpler(moves[at])
        )
        if begin.slots:
            yield replace(begin, slots=()), moves
            yield from ((replace(begin, slots=begin.slots[:at] + begin.slots[at + 1 :]), moves)
                        for at in range(len(begin.slots)))  # fmt: skip

    def _further_on(self, found: Found) -> Iterator[tuple[Beginning, tuple[Move, ...]]]:
        """Yield the same conversation begun later: in a flow that was called on the way, with its slots."""
        walk = Walk(self.terrain, found.beginning, Tally())
        starts: list[tuple[Beginning, tuple[Move, ...]]] = []
        going = walk.begin()
        for at, move in enumerate(found.moves):
            session = walk.walker.session
            if not going:
                break
            for frame in session.frames:
                slots = {**session.memory, **frame.slots}
                begin = replace(found.beginning, flow=frame.flow, slots=tuple(sorted(slots.items())),
                                now=walk.walker.now, honest=False)  # fmt: skip
                starts.append((begin, found.moves[at:]))
            going = walk.go(move)
        yield from reversed(starts)


def weight(found: Found) -> tuple[int, int, int]:
    """Tell how long a conversation is, then how much of it is not simple, then what it begins with."""
    odd = sum(sum(1 for _ in simpler(move)) for move in found.moves)
    return len(found.moves), odd, len(found.beginning.slots)


def simpler(move: Move) -> Iterator[Move]:  # noqa: C901  one branch a move
    """Yield simpler moves that may do the same."""
    match move:
        case Phrase():
            yield Press(move.option)
        case Several():
            yield from map(Press, move.options)
        case Story():
            yield from (Typed(NONSENSE), Typed(move.text))
            yield from (replace(move, heard=(one,)) for one in move.heard)
        case Asked():
            yield Typed(NONSENSE)
            yield Command(move.interrupt)
        case Command() if move.words:
            yield Command(move.name)
        case Alarm() if move != Alarm(move.gate, "hard"):
            yield Alarm(move.gate, "hard")
        case Typed() if move != Typed(NONSENSE):
            yield from dict.fromkeys((Typed(NONSENSE), Typed(move.text)))
        case Pass() if move.seconds:
            yield Pass()
        case _:
            return
