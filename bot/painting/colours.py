"""Two sets of colours, for the day and for the night: text stands out by 4.5 to 1 at least in both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """Name the colour of everything that is drawn, as `#rrggbb`."""

    paper: str
    card: str
    ink: str
    faint: str
    grid: str
    water: str
    tide: str
    glow: str
    ember: str
    pebble: str


DAY = Colours(
    paper="#f3eee3",
    card="#fbf8f1",
    ink="#1f2f38",
    faint="#5a6870",
    grid="#e3dccd",
    water="#a8d5d6",
    tide="#1b7480",
    glow="#f0c46c",
    ember="#a56a0a",
    pebble="#7d6b5c",
)
NIGHT = Colours(
    paper="#0e1a24",
    card="#15242f",
    ink="#eaf2f4",
    faint="#a5b6bf",
    grid="#263a47",
    water="#1d5560",
    tide="#74d3da",
    glow="#8a6420",
    ember="#f0bd62",
    pebble="#c9b8a3",
)
