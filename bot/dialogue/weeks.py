"""The last weeks of a person's record, as a picture shows them and words tell them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dialogue.flow import Slot
from bot.dialogue.records import Line, read

FEWEST, MOST = 4, 8
"""Weeks shown: so few that a beginning is no empty page, so many that each can be read on a phone."""
CHECK_IN, STEP = "check_in", "step"
"""What lines are called that count: `as:` of a record."""
TOP = 3
"""The greatest number of a scale; the least is 0."""
MOST_CHECKS, MOST_STEPS = 7, 9
"""Check-ins and steps of one week that are counted."""
TOLD = {
    "day": Slot("day", "int", min=1, max=31),
    "month": Slot("month", "int", min=1, max=12),
    "closeness": Slot("closeness", "int", min=0, max=TOP),
    "energy": Slot("energy", "int", min=0, max=TOP),
    "checks": Slot("checks", "int", min=0, max=MOST_CHECKS),
    "steps": Slot("steps", "int", min=0, max=MOST_STEPS),
}
"""What the prompt that tells one week may use; the scales only where they were asked."""
SHOWN = {"weeks": Slot("weeks", "int", min=FEWEST, max=MOST)}
"""What the prompts beside the picture may use."""
SCALES = frozenset({"closeness", "energy"})


@dataclass(frozen=True, slots=True)
class Week:
    """Hold one week: its Monday, the mean of each scale (None: not asked), how many check-ins and steps."""

    monday: date
    closeness: float | None = None
    energy: float | None = None
    checks: int = 0
    steps: int = 0

    def told(self) -> dict[str, int]:
        """Return the week in whole numbers, by the names of `TOLD`."""
        means = {"closeness": self.closeness, "energy": self.energy}
        whole = {name: int(mean + 0.5) for name, mean in means.items() if mean is not None}
        return {
            "day": self.monday.day,
            "month": self.monday.month,
            "checks": min(self.checks, MOST_CHECKS),
            "steps": min(self.steps, MOST_STEPS),
            **whole,
        }


def last_weeks(lines: Iterable[str], today: date) -> tuple[Week, ...]:
    """Return the weeks up to that of today, oldest first: since the record began, a few at least."""
    by_monday: dict[date, list[Line]] = {}
    for line in read(lines):
        by_monday.setdefault(_monday(line.day), []).append(line)
    this = _monday(today)
    first = min(by_monday, default=this)
    count = min(MOST, max(FEWEST, (this - first).days // 7 + 1))
    mondays = (this - timedelta(weeks=back) for back in reversed(range(count)))
    return tuple(_week(monday, by_monday.get(monday, ())) for monday in mondays)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(monday: date, lines: Sequence[Line]) -> Week:
    checks = [line for line in lines if line.what == CHECK_IN]
    steps = sum(line.what == STEP for line in lines)
    return Week(monday, _mean(checks, "closeness"), _mean(checks, "energy"), len(checks), steps)


def _mean(lines: Sequence[Line], name: str) -> float | None:
    numbers = [min(line.numbers[name], TOP) for line in lines if name in line.numbers]
    return sum(numbers) / len(numbers) if numbers else None
