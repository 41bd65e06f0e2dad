"""One walk: a person on their way under a watch, every move kept, so that it can be told and shortened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.authoring.walking.breaches import Breach
from bot.authoring.walking.choices import NONSENSE
from bot.authoring.walking.moves import Move, Pass, Typed
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Beginning, Walker
from bot.authoring.walking.watch import Watch, place

MOST_LEAVING, MOST_SILENT, DAY = 60, 21, 86_400
"""Moves, and days, after which a conversation that is left must be over: long before a silent person is."""


@dataclass(frozen=True, slots=True)
class Start:
    """Begin, and make these moves: a walk goes on from there."""

    beginning: Beginning
    moves: tuple[Move, ...] = ()

    def walk(self, terrain: Terrain, tally: Tally, person: str = "") -> Walk | None:
        """Begin a walk for a person; None where it breaks before it can go on."""
        begun = replace(self.beginning, person=person) if person else self.beginning
        walk = Walk(terrain, begun, tally)
        return walk if walk.begin() and all(walk.go(move) for move in self.moves) else None


@dataclass
class Walk:
    """Walk one conversation under a watch, and keep its moves."""

    terrain: Terrain
    beginning: Beginning
    tally: Tally
    moves: list[Move] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.walker = Walker(self.terrain, self.beginning)
        self.watch = Watch(self.terrain, self.beginning.honest)
        self.tally.walks += 1

    def fork(self) -> Walk:
        """Return another that has come the same way."""
        twin = object.__new__(Walk)
        twin.__dict__.update(self.__dict__)
        twin.walker, twin.watch, twin.moves = self.walker.fork(), self.watch.fork(), list(self.moves)
        return twin

    def begin(self) -> bool:
        """Begin; False where that raised."""
        self.tally.turns += 1
        turn = self.walker.begin()
        self._note(self.watch.see(turn))
        return turn.fault is None

    def go(self, move: Move) -> bool:
        """Make a move; False where the conversation cannot go on."""
        self.moves.append(move)
        for turn in self.walker.make(move):
            self.tally.turns += 1
            self._note(self.watch.see(turn))
            if turn.fault is not None:
                return False
        frames = self.walker.session.frames
        if frames:
            self.tally.places.add(frames[-1].flow + "." + frames[-1].state)
        return True

    def ends(self, silent: bool) -> bool:
        """Leave the conversation by silence, or by answers that mean nothing; tell whether it ends."""
        left = len(self.moves)
        for number in range(MOST_SILENT if silent else MOST_LEAVING):
            # Whoever left by the quick exit finds it again; what is kept of them ends by itself.
            if not self.walker.session.frames or (silent and self.walker.session.away):
                return True
            # Where any text is an answer, who goes on writing goes on being heard.
            heard = number > MOST_LEAVING / 2 and self._hears_all()
            if not self.go(Pass(DAY) if silent or heard else Typed(NONSENSE)):
                return False
        where, how = place(self.walker.session), "silence" if silent else "answers that mean nothing"
        breach = Breach("endless", where, f"{how} does not end the conversation")
        self.tally.note(breach, self.beginning, tuple(self.moves[:left]))
        return False

    def _hears_all(self) -> bool:
        frame = self.walker.session.frames[-1]
        state, flow = self.terrain.state(frame), self.terrain.flow(frame)
        slot = flow.slots.get(state.ask.slot) if state and flow and state.ask else None
        return slot is not None and slot.type == "text"

    def close(self) -> None:
        """Look at the session once more, through JSON."""
        self._note(self.watch.round_trip(self.walker.session))

    def _note(self, breaches: Iterator[Breach]) -> None:
        for breach in breaches:
            self.tally.note(breach, self.beginning, tuple(self.moves))
