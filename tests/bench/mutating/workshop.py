"""Our flows with the places of all their parts, and the few cuts by which one part of a file is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, TypeAlias

from bot.content.checks.lacks import value
from bot.content.checks.lines import named
from bot.content.checks.together import pieces
from bot.content.checks.webs import Net, Web
from bot.content.faults import Spot
from bot.content.tree import Tree
from bot.content.yaml12 import Path
from bot.dialogue.flow import State
from tests.content.workbench import Bench

_BARE = re.compile(r"[^\s,}\]#]+")
_LEFT, _RIGHT = "{[", "}]"


Changes: TypeAlias = dict[str, str | None]
"""Name of a file → what is in it now."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """Hold files that have changed, and what must be told of them: any of the codes, in any of the lines."""

    kind: str
    changes: Changes
    codes: frozenset[str]
    lines: frozenset[tuple[str, int]]

    def named_in(self, told: list[tuple[str, int, str]]) -> bool:
        """Tell whether the fault is told at a right line."""
        return any((file, line) in self.lines and code in self.codes for file, line, code in told)


Put: TypeAlias = Callable[[str], str] | str
"""What is written in the place of a scalar, or what makes it of the old one."""
Cut: TypeAlias = tuple[Changes, str, frozenset[tuple[str, int]]]
"""What has changed, the codes that may tell it, and where it must be told."""
Kind: TypeAlias = "Callable[[Workshop, Random], Cut | None]"
"""Makes one cut; None where the random place was no good."""
KINDS: dict[str, Kind] = {}


def kind(make: Kind) -> Kind:
    """Add a kind of fault, named as its function is."""
    KINDS[make.__name__.replace("_", " ")] = make
    return make


@dataclass(eq=False)
class Workshop:
    """Look into the flows on a bench."""

    bench: Bench

    @cached_property
    def net(self) -> Net:
        """Return the flows as the checks see them."""
        return Net(pieces(self.bench.content, self.bench.needs))

    @cached_property
    def webs(self) -> list[Web]:
        """Return every flow."""
        return [self.net.webs[name] for name in sorted(self.net.webs)]

    @cached_property
    def states(self) -> list[tuple[Web, State]]:
        """Return every state beside its flow."""
        return [(web, state) for web in self.webs for state in web.flow.states.values()]

    @cached_property
    def waits(self) -> list[tuple[Web, State]]:
        """Return every state that waits."""
        return [(web, state) for web, state in self.states if state.waits]

    @cached_property
    def said(self) -> list[tuple[Web, State, str, Path]]:
        """Return every prompt that a state says by its plain name, and where."""
        return [
            (web, state, line.prompt, self.place_of(web, ("states", state.id, "say"), place))
            for web, state in self.states
            for place, line in enumerate(state.say)
            if not line.fields and line.prompt in self.bench.content.prompts.names()
        ]

    @cached_property
    def spoken(self) -> list[str]:
        """Return every prompt that some state says, by any name."""
        found = {
            prompt for web, state in self.states for line in state.say for prompt, _ in named(line, web.scope)
        }
        return sorted(found & self.bench.content.prompts.names())

    def place_of(self, web: Web, path: Path, place: int) -> Path:
        """Return the path of one of several values, or of the only one."""
        return (*path, place) if isinstance(value(web.tree, path), list) else path

    def file(self, tree: Tree) -> str:
        """Return the name of a file as the bench knows it."""
        return tree.file.removeprefix(f"{self.bench.root}/")

    def line(self, tree: Tree, *path: str | int, key: bool = False) -> frozenset[tuple[str, int]]:
        """Return where a part stands."""
        spot = tree.key_spot(*path) if key else tree.spot(*path)
        return frozenset({(self.file(tree), spot.line)})

    # --- cuts ----------------------------------------------------------------------------------------

    def put(self, tree: Tree, path: Path, new: Put) -> Changes | None:
        """Write something in the place of a scalar; None where it is none, or is shared by an alias."""
        text = self.bench.text(self.file(tree))
        start, end = token(text, tree.spot(*path))
        old = text[start:end]
        if path not in tree.spots or old[:1] in {"{", "[", "*", "&", "|", ">", ""}:
            return None
        return {self.file(tree): text[:start] + (new if isinstance(new, str) else new(old)) + text[end:]}

    def take(self, tree: Tree, path: Path) -> Changes | None:
        """Take an entry of a mapping out, with its key."""
        spot = tree.key_spots.get(path)
        if spot is None:
            return None
        text = self.bench.text(self.file(tree))
        start = offset(text, spot)
        line = text[text.rindex("\n", 0, start) + 1 : start]
        if line.strip() == "":
            return {self.file(tree): _without_block(text, spot)}
        return {self.file(tree): _without_part(text, start)}

    def drop(self, tree: Tree, path: Path) -> Changes | None:
        """Take an item out of a list."""
        text = self.bench.text(self.file(tree))
        spot = tree.spots.get(path)
        if spot is None:
            return None
        start = offset(text, spot)
        head = text[text.rindex("\n", 0, start) + 1 : start]
        if head.strip() == "-":
            return {self.file(tree): _without_block(text, spot._replace(column=head.index("-") + 1))}
        return {self.file(tree): _without_part(text, start)}

    def with_state(self, text: str, state: str) -> tuple[str, int]:
        """Add a state right behind `states:`; return the text and the line of the state."""
        at = re.search(r"^states:[^\n]*\n", text, re.MULTILINE)
        assert at
        return text[: at.end()] + state + text[at.end() :], text.count("\n", 0, at.end()) + 1

    def guards(self) -> Iterator[tuple[Web, State, Path, Any]]:
        """Yield every guard and where it is written."""
        for web, state in self.states:
            at: Path = ("states", state.id)
            for place, option in enumerate(state.options):
                if option.when is not None:
                    yield web, state, (*at, "options", place, "if"), option.when
                yield from self._guarded(web, state, (*at, "options", place, "to"), option.to)
            yield from self._guarded(web, state, (*at, "goto"), state.goto)

    def _guarded(
        self, web: Web, state: State, path: Path, found: tuple[Any, ...]
    ) -> Iterator[tuple[Web, State, Path, Any]]:
        for place, way in enumerate(found):
            if way.when is not None:
                yield web, state, (*path, place, "if"), way.when


def offset(text: str, spot: Spot) -> int:
    """Return where in a text a place is."""
    at = 0
    for _ in range(spot.line - 1):
        at = text.index("\n", at) + 1
    return at + spot.column - 1


def token(text: str, spot: Spot) -> tuple[int, int]:
    """Return where the scalar that begins at a place begins and ends."""
    start = offset(text, spot)
    quote = text[start : start + 1]
    if quote in {"'", '"'}:
        end = start + 1
        while text[end] != quote or text[end - 1] == "\\":
            end += 1
        return start, end + 1
    inside = (
        "{" in text[text.rfind("\n", 0, start) + 1 : start]
        or "[" in text[text.rfind("\n", 0, start) + 1 : start]
    )
    if inside:
        return start, _end(text, start)
    found = re.compile(r"[^\n#]*").match(text, start)
    return start, start + len(found[0].rstrip()) if found else start


def _end(text: str, start: int) -> int:
    """Return where a part of a mapping or list in one line ends: at the comma or the bracket behind it."""
    depth, at, quote = 0, start, ""
    while at < len(text):
        sign = text[at]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in _LEFT:
            depth += 1
        elif sign in _RIGHT and depth == 0:
            break
        elif sign in _RIGHT:
            depth -= 1
        elif sign == "," and depth == 0:
            break
        at += 1
    return at - (len(text[start:at]) - len(text[start:at].rstrip()))


def _without_part(text: str, start: int) -> str:
    """Take a part of a mapping or list in one line out, with one comma."""
    end = _end(text, start)
    after = re.compile(r",\s*").match(text, end)
    if after:
        return text[:start] + text[after.end() :]
    before = re.compile(r",\s*$").search(text[:start])
    return text[: before.start() if before else start] + text[end:]


def _without_block(text: str, spot: Spot) -> str:
    """Take an entry out that has lines of its own."""
    lines = text.split("\n")
    first, last = spot.line - 1, spot.line
    while last < len(lines) and _deeper(lines[last], spot.column - 1):
        last += 1
    return "\n".join(lines[:first] + lines[last:])


def _deeper(line: str, indent: int) -> bool:
    return not line.strip() or len(line) - len(line.lstrip()) > indent
