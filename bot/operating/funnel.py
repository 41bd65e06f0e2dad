"""How far people come in each flow and version, folded from the event log: people are counted, never events.

Every figure is in whole fives and below five there is none, as in the metrics, nor a row of nothing else:
so neither a sum, nor the difference of two figures, of two rows or of two days, tells of one person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from typing import Literal, NamedTuple, TypeAlias, get_args

from bot.runtime.fives import FEW, fives
from bot.runtime.ports import Entry

Figure: TypeAlias = Literal[
    "entered", "asked", "answered", "reprompted", "gave_up", "nudged", "nudged_answered", "lapsed", "back",
    "migrated",
]  # fmt: skip
"""What somebody did, or what was done, at least once. A flow is entered, at a state something is asked."""
FIGURES: tuple[Figure, ...] = get_args(Figure)
_LEFT = frozenset({"answered", "gave_up", "lapsed", "back"})
"""What ends a wait: who comes to the same question again is asked anew."""
_STEPS = ((86400, 86400), (3600, 3600), (60, 60), (0, 5))
"""From so many seconds on, times are told in steps of so many: the middle of five is one person's own."""


class Place(NamedTuple):
    """Name a flow in one version, and one of its states; "" for the whole of it."""

    flow: str
    version: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the figures of a place; 0 stands for fewer than five people. `seconds` is a median answer's."""

    place: Place
    people: Mapping[Figure, int]
    seconds: int | None = None

    @property
    def came(self) -> int:
        """Tell how many came here, of whom the other figures tell."""
        return self.people["asked" if self.place.state else "entered"]


def columns(rows: Sequence[Row]) -> tuple[Figure, ...]:
    """Return the figures to be shown of rows: those of flows are entered, at those of states one is asked."""
    unsaid = "entered" if any(row.place.state for row in rows) else "asked"
    return tuple(figure for figure in FIGURES if figure != unsaid)


@dataclass
class Life:
    """Fold what happened to one person; what was before `since` is known, and not counted.

    `asked` says for each flow at which state its question is open and since when, `nudged` in which of them
    somebody was nudged since, `versions` in which they stand.
    """

    since: datetime | None = None
    did: dict[Place, set[Figure]] = field(default_factory=lambda: defaultdict(set))
    took: dict[Place, list[float]] = field(default_factory=lambda: defaultdict(list))
    unmarked: int = 0
    asked: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    nudged: set[str] = field(default_factory=set)
    versions: dict[str, int] = field(default_factory=dict)
    woken: bool = False
    """Whether the last thing that came was a promise that began a conversation."""

    def lived(self, entries: Iterable[Entry]) -> Life:
        """Fold entries, in order."""
        for entry in entries:
            match entry.kind:
                case "entered":
                    self._entered(entry)
                case "migrated":
                    self._migrated(entry)
                case "finished":
                    pass
                case _:
                    self._came(entry)
        return self

    def _note(self, entry: Entry, figure: Figure) -> None:
        if self.since is None or entry.at >= self.since:
            self.did[_place(entry)].add(figure)

    def _migrated(self, entry: Entry) -> None:
        self._note(entry, "migrated")
        self.versions[entry.flow] = entry.version
        if entry.flow in self.asked:
            self.asked[entry.flow] = entry.state, self.asked[entry.flow][1]
            self._note(entry, "asked")

    def _entered(self, entry: Entry) -> None:
        self._note(entry, "entered")
        self.versions[entry.flow] = entry.version
        if self.asked.get(entry.flow, ("",))[0] == entry.state:
            self._note(entry, "asked")
        if self.woken:
            self._note(entry, "nudged")
            self.nudged.add(entry.flow)

    def _came(self, entry: Entry) -> None:
        self.woken = entry.mark == "nudged" and not entry.flow
        self.unmarked += not entry.mark
        if entry.flow:
            self.versions[entry.flow] = entry.version
            self._at_a_wait(entry)
        if not entry.lands:
            self.asked.clear()
            self.nudged.clear()
            self.versions.clear()
            return
        if entry.mark in _LEFT:
            self.asked.pop(entry.flow, None)
        flow, _, state = entry.lands.partition(".")
        if self.asked.get(flow, ("",))[0] != state:
            self.asked[flow] = state, entry.at
            if flow in self.versions:  # else it is entered by this, and told next
                self._note(replace(entry, flow=flow, version=self.versions[flow], state=state), "asked")

    def _at_a_wait(self, entry: Entry) -> None:
        """Count what came of a step that somebody took, or was taken, where they waited."""
        found = next((one for one in FIGURES if one == entry.mark), None)
        if found is not None:
            self._note(entry, found)
        if entry.mark == "nudged":
            self.nudged.add(entry.flow)
        elif entry.mark == "answered":
            self._answered(entry)
        elif entry.mark in {"gave_up", "lapsed"}:
            self.nudged.discard(entry.flow)

    def _answered(self, entry: Entry) -> None:
        if entry.flow in self.nudged:
            self._note(entry, "nudged_answered")
            self.nudged.discard(entry.flow)
        state, at = self.asked.get(entry.flow, ("", entry.at))
        if state == entry.state and (self.since is None or entry.at >= self.since):
            self.took[_place(entry)].append((entry.at - at).total_seconds())


@dataclass
class Funnel:
    """Count lives, place by place."""

    unmarked: int = 0
    _people: dict[Place, Counter[Figure]] = field(default_factory=lambda: defaultdict(Counter))
    _took: dict[Place, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, life: Life) -> None:
        """Count a person once for each thing, at a state and in its flow."""
        self.unmarked += life.unmarked
        whole: dict[Place, set[Figure]] = defaultdict(set)
        for place, figures in life.did.items():
            self._people[place].update(figures)
            whole[_flow(place)] |= figures
        for place, figures in whole.items():
            self._people[place].update(figures)
        spans: dict[Place, list[float]] = defaultdict(list)
        for place, seconds in life.took.items():
            self._took[place].append(median(seconds))
            spans[_flow(place)] += seconds
        for place, seconds in spans.items():
            self._took[place].append(median(seconds))

    def flows(self) -> Sequence[Row]:
        """Give a row for each flow and version of which there is something to tell."""
        return self._rows(place for place in self._people if not place.state)

    def states(self, flow: str) -> Sequence[Row]:
        """Give a row for each state of a flow of which there is something to tell, version by version."""
        return self._rows(place for place in self._people if place.flow == flow and place.state)

    def _rows(self, places: Iterable[Place]) -> Sequence[Row]:
        """Leave out where few came: the name of a rare flow alone says that somebody was in it."""
        rows = map(self._row, sorted(places))
        return [row for row in rows if any(row.people.values())]

    def _row(self, place: Place) -> Row:
        people, took = self._people[place], self._took.get(place, ())
        shown = {figure: fives(people[figure]) for figure in FIGURES}
        return Row(place, shown, _coarse(median(took)) if len(took) >= FEW else None)


def _coarse(seconds: float) -> int:
    step = next(step for least, step in _STEPS if seconds >= least)
    return round(seconds / step) * step


def _place(entry: Entry) -> Place:
    return Place(entry.flow, entry.version, entry.state)


def _flow(place: Place) -> Place:
    return Place(place.flow, place.version)
