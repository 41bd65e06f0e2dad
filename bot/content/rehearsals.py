"""What authors expect of a flow, read from `<flow>.test.yaml`: given, done by a person, expected of us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.yaml12 import Tree
from bot.dialogue.guards import parse
from bot.errors import GuardError

DOINGS = ("user", "press", "command", "advance", "reload", "release")
EXPECTATIONS = (
    "state", "slots", "said", "not_said", "tries", "timer", "at", "stale", "outcome", "options", "parked",
    "careful", "refused", "forgotten", "sound",
)  # fmt: skip
GIVEN = ("slots", "now", "quiet", "zone")
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
"""When a rehearsal takes place that names no time: a Monday in January."""


@dataclass(frozen=True, slots=True)
class Step:
    """Do one thing (`doing` is one of `DOINGS` or empty) and expect things of what follows."""

    spot: Spot
    doing: str = ""
    value: Any = None
    expect: Mapping[str, Any] = field(default_factory=dict)
    spots: Mapping[str, Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Play a person who begins `flow` with these slots at this time; `transcript` names its page."""

    flow: str
    name: str
    spot: Spot
    steps: tuple[Step, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = NOON
    transcript: str = ""


def read_rehearsals(tree: Tree, flow: str) -> tuple[list[Rehearsal], list[Fault]]:
    """Return the rehearsals of a file, and a fault for everything in it that has no meaning."""
    reader = _Reader(tree, flow)
    top = tree.data
    tests = top.get("tests") if isinstance(top, dict) else None
    if not isinstance(tests, list) or set(top) != {"tests"}:
        reader.blame((), "a test file holds `tests:` and nothing else", "write `tests:` and a list under it")
        return [], reader.faults
    found = [reader.rehearsal(("tests", place), test) for place, test in enumerate(tests)]
    return [one for one in found if one is not None], reader.faults


@dataclass
class _Reader:
    """Read one file and gather its faults."""

    tree: Tree
    flow: str
    faults: list[Fault] = field(default_factory=list)

    def blame(self, path: tuple[str | int, ...], message: str, fix: str) -> None:
        self.faults.append(Fault("Y136", self.tree.key_spot(*path), message, fix))

    def keys(self, path: tuple[str | int, ...], value: Any, known: tuple[str, ...]) -> dict[str, Any]:
        """Return a mapping without the keys nobody knows, which are faults."""
        if not isinstance(value, dict):
            self.blame(path, "a mapping belongs here", f"write `{{{known[0]}: …}}`")
            return {}
        for key in value:
            if key not in known:
                near = did_you_mean(key, known)
                fix = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
                self.blame((*path, key), f"{key!r} means nothing in a test", fix)
        return {key: one for key, one in value.items() if key in known}

    def rehearsal(self, path: tuple[str | int, ...], value: Any) -> Rehearsal | None:
        test = self.keys(path, value, ("name", "given", "steps", "transcript"))
        steps = test.get("steps")
        if not isinstance(test.get("name"), str) or not isinstance(steps, list) or not steps:
            self.blame(
                path, "a test needs a name and steps", "write `name: a true sentence` and `steps: […]`"
            )
            return None
        given = self.keys((*path, "given"), test.get("given", {}), GIVEN)
        now = self.moment((*path, "given", "now"), given.get("now"))
        read = tuple(self.step((*path, "steps", place), step) for place, step in enumerate(steps))
        slots, page = self.slots(given, now), self.page(path, test.get("transcript", ""))
        return Rehearsal(self.flow, test["name"], self.tree.spot(*path), read, slots, now, page)

    def page(self, path: tuple[str | int, ...], name: Any) -> str:
        """Return the name of the page a whole conversation is written to, empty for none."""
        if name == "" or (isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9-]*", name)):
            return str(name)
        self.blame((*path, "transcript"), f"{name!r} names no page", "use small letters, digits and -")
        return ""

    def moment(self, path: tuple[str | int, ...], text: Any) -> datetime:
        if text is None:
            return NOON
        try:
            return _aware(datetime.fromisoformat(text))
        except (TypeError, ValueError):
            self.blame(path, f"{text!r} is no moment", 'write "2026-01-05T21:10:00+01:00"')
            return NOON

    @staticmethod
    def slots(given: dict[str, Any], now: datetime) -> dict[str, Any]:
        """Return what is given as slots: quiet hours and zone are memory like any other."""
        slots = {name: _value(value) for name, value in given.get("slots", {}).items()}
        quiet = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", str(given.get("quiet", "")))
        if quiet:
            slots |= {"quiet_from": quiet[1], "quiet_to": quiet[2]}
        hours = (now.utcoffset() or timedelta()) // timedelta(hours=1)
        slots.setdefault("zone", given.get("zone", f"Etc/GMT{-hours:+d}" if hours else "UTC"))
        return slots

    def step(self, path: tuple[str | int, ...], value: Any) -> Step:
        parts = self.keys(path, value, (*DOINGS, "expect"))
        doings = [key for key in parts if key in DOINGS]
        if len(doings) > 1:
            self.blame(path, f"a step does one thing, not {' and '.join(doings)}", "make two steps of it")
        expect = self.keys((*path, "expect"), parts.get("expect", {}), EXPECTATIONS)
        spots = {key: self.tree.key_spot(*path, "expect", key) for key in expect}
        doing = doings[0] if doings else ""
        return Step(self.tree.spot(*path), doing, self.done(path, doing, parts.get(doing)), expect, spots)

    def early(self, path: tuple[str | int, ...], value: dict[str, Any]) -> dict[str, Any]:
        """Return a text and the last turn that had reached who wrote it."""
        early = self.keys((*path, "user"), value, ("text", "turn"))
        if not isinstance(early.get("turn"), int) or isinstance(early["turn"], bool):
            self.blame(
                (*path, "user"), "a text needs the turn it was written after", "write `{text: …, turn: 3}`"
            )
        return {"text": str(early.get("text", "")), "turn": early.get("turn", 0)}

    def done(self, path: tuple[str | int, ...], doing: str, value: Any) -> Any:
        """Return what a step does in the form the player takes it."""
        if doing == "press":
            return value if isinstance(value, dict) else {"option": value}
        if doing == "user" and isinstance(value, dict):
            return self.early(path, value)
        if doing != "advance":
            return str(value)
        try:
            return timedelta(seconds=int(parse(str(value)).value({})))
        except (GuardError, TypeError, ValueError):
            self.blame((*path, doing), f"{value!r} is no duration", "write 90s, 20m, 20h or 3d")
            return timedelta()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
