"""One rehearsal played on the real thing: the same app, over a store in memory and a clock that is turned."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from zlib import crc32

from bot.adapters.rehearsal import HERE, Player
from bot.adapters.rehearsal_story import Miss
from bot.app import App, build
from bot.authoring.marked import marked
from bot.authoring.meeting import Met
from bot.authoring.walking.judging import judged
from bot.content.library import Content
from bot.content.marks import Mark
from bot.content.rehearsals import Rehearsal
from bot.listening import Listener
from bot.runtime.clocks import VirtualClock
from bot.runtime.ports import Adapter, Moment, Witness
from bot.settings import Settings
from bot.storage.memory import MemoryStore


@dataclass(frozen=True, slots=True)
class Played:
    """Hold a rehearsal that was played: its conversation, what was not as expected, what it met."""

    rehearsal: Rehearsal
    player: Player = field(repr=False)
    miss: Miss | None
    met: Met = field(repr=False)


async def play(  # noqa: PLR0913  what is played, on what, and who listens
    settings: Settings,
    content: Content,
    rehearsal: Rehearsal,
    ear: Listener | None = None,
    seen: Witness | None = None,
    *,
    to_the_end: bool = False,
) -> tuple[Player, Miss | None]:
    """Play one person; `seen` watches every step beside the player.

    With `to_the_end` what is not as expected stops nothing; all of it is in the player's `misses`.
    """
    ids = count(int(person_of(rehearsal.flow, rehearsal.name), 16))
    store = MemoryStore(lambda: f"{next(ids):016x}")  # its person hears the same wordings each time

    @asynccontextmanager
    async def stage(
        content: Content, adapter: Adapter, clock: VirtualClock, witness: Witness
    ) -> AsyncIterator[App]:
        def both(moment: Moment) -> None:
            witness(moment)
            if seen is not None:
                seen(moment)

        adapters = {HERE.platform: adapter}
        parts = build(settings, content, store, adapters, clock=clock, witness=both, listening=ear)
        async with parts as app:
            yield app

    player = Player(content, rehearsal, stage, judged, to_the_end=to_the_end)
    return player, await player.play()


def person_of(flow: str, name: str) -> str:
    """Return the id of the person in a rehearsal: it decides which wordings they hear."""
    return f"{crc32(f'{flow} {name}'.encode()) << 16:016x}"


@dataclass
class Watched:
    """Play rehearsals and keep what each met; the content is the same but for its marks."""

    settings: Settings
    content: Content
    ear: Listener
    _met: Met = field(init=False)
    _marked: Content = field(init=False)

    def __post_init__(self) -> None:
        """Mark the content."""
        self._met = Met(self.settings.lang)
        self._marked = marked(self.content, self._note)

    def _note(self, mark: Mark) -> None:
        self._met.note(mark)

    async def play(self, rehearsal: Rehearsal) -> Played:
        """Play one rehearsal."""
        self._met = met = Met(self.settings.lang)

        def seen(moment: Moment) -> None:
            met.see(self.content.flows, moment)

        player, miss = await play(self.settings, self._marked, rehearsal, self.ear, seen)
        return Played(rehearsal, player, miss, met)
