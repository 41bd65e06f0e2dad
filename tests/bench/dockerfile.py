"""A Dockerfile as data: its stages, and in each its instructions in order.

Only what deploy/Dockerfile uses is read; anything else is refused, so that nothing is passed over in silence.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

KNOWN = {"FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "VOLUME", "HEALTHCHECK", "ENTRYPOINT", "CMD"}


@dataclass(frozen=True, slots=True)
class Run:
    """Run a line in the stage's shell."""

    line: str
    directory: str
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy files from the checkout, or from another stage, to an absolute place."""

    sources: tuple[str, ...]
    target: str
    stage: str | None


Order: TypeAlias = Run | Copy


@dataclass(slots=True)
class Stage:
    """Hold what one stage starts from, what is done in it, and how its image is started."""

    base: str
    name: str
    orders: list[Order] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    user: str = "0:0"
    volumes: tuple[str, ...] = ()
    command: dict[str, list[str]] = field(default_factory=dict)
    """By ENTRYPOINT, CMD and HEALTHCHECK."""


def read(text: str) -> list[Stage]:
    """Read all stages.

    Raises:
        ValueError: an instruction is not among those we know.
    """
    stages: list[Stage] = []
    for word, rest in _instructions(text):
        if word not in KNOWN:
            raise ValueError(f"{word} is not rehearsed; teach tests/bench/dockerfile.py what it does")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(base, name or str(len(stages))))
        else:
            _take(stages[-1], word, rest)
    return stages


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def _take(stage: Stage, word: str, rest: str) -> None:
    match word:
        case "RUN":
            stage.orders.append(Run(rest, stage.directory, dict(stage.environment)))
        case "COPY":
            stage.orders.append(_copy(stage, rest))
        case "ENV":
            stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        case "USER":
            stage.user = rest
        case "WORKDIR":
            stage.directory = rest
        case "VOLUME":
            stage.volumes = tuple(json.loads(rest))
        case "HEALTHCHECK":
            stage.command[word] = json.loads(rest.partition("CMD ")[2])
        case _:
            stage.command[word] = json.loads(rest)


def _copy(stage: Stage, rest: str) -> Copy:
    *sources, target = [word for word in rest.split() if not word.startswith("--")]
    given = re.search(r"--from=(\S+)", rest)
    place = target if target.startswith("/") else f"{stage.directory.rstrip('/')}/{target.removeprefix('./')}"
    return Copy(tuple(sources), place, given[1] if given else None)
