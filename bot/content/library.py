"""Everything authors wrote, read in one go: flows, globals, prompts, words, why pages, helplines, lexicon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from bot.content.faults import Fault, Spot
from bot.content.flows import LoadedFlow, load_flow, load_globals
from bot.content.helplines import Helplines, read_helplines
from bot.content.lexicon import read_lexicon
from bot.content.prompts import Prompts
from bot.content.salvage import read_flow
from bot.content.why import Pages, read_pages
from bot.content.words import Words
from bot.content.yaml12 import Tree, read
from bot.dialogue.flow import Flow, Slot
from bot.dialogue.flows import Flows, Globals
from bot.errors import ContentError
from bot.safety.screen import Lexicon

GLOBALS, WHY, HELPLINES, LEXICON = "globals.yaml", "why.yaml", "helplines.yaml", "lexicon.yaml"
REVIEWS = "reviews.yaml"
"""Who stands by which line: the pages read it, the bot does not."""
DATA = frozenset((GLOBALS, WHY, HELPLINES, LEXICON, REVIEWS))
_TESTS, OLDER = ".test.yaml", "older"
"""The end of test files; the folder of versions that people may still end their conversation in."""

_T = TypeVar("_T")
Reading: TypeAlias = Callable[[bytes, str], tuple[Tree | None, list[Fault]]]


@dataclass(frozen=True, slots=True)
class Content:
    """Hold what was read, and every fault met on the way; what is broken is left out of the rest.

    `loaded` holds the flows with the places of their parts, `older` versions that people may still end their
    conversation in, `broken` the files of flows that did not load.
    """

    flows: Flows
    loaded: dict[str, LoadedFlow]
    globals_tree: Tree | None
    pages_tree: Tree | None
    prompts: Prompts
    words: Words
    why: Pages
    helplines: Helplines
    lexicon: Lexicon
    broken: tuple[Path, ...]
    faults: list[Fault]
    older: dict[tuple[str, int], LoadedFlow] = field(default_factory=dict)


def load(flows_dir: Path, prompts_dir: Path) -> Content:
    """Read everything, compile no template, and gather all faults; nothing is raised for what is wrong."""
    flows_dir, prompts_dir = near(flows_dir), near(prompts_dir)
    faults: list[Fault] = []
    globals_tree = _tree(flows_dir / GLOBALS, faults)
    common = _use(globals_tree, load_globals, faults) or _NO_GLOBALS
    loaded, broken = _flows(flows_dir, common.memory, faults)
    kept, broken_too = _flows(flows_dir / OLDER, common.memory, faults)
    pages_tree = _tree(flows_dir / WHY, faults)
    pages = _use(pages_tree, read_pages, faults) or Pages()
    helplines = _use(_tree(flows_dir / HELPLINES, faults), read_helplines, faults) or Helplines()
    lexicon = _use(_tree(flows_dir / LEXICON, faults), read_lexicon, faults) or Lexicon()
    words = Words(prompts_dir)
    words.entries()
    prompts = Prompts(prompts_dir, words, helplines)
    older = {(one.flow.id, one.flow.version): one for one in kept}
    flows = Flows(
        {one.flow.id: one.flow for one in loaded},
        common,
        prompts.counts(),
        frozenset(pages),
        {key: one.flow for key, one in older.items()},
    )
    faults += words.faults + prompts.sources.faults
    return Content(
        flows,
        {one.flow.id: one for one in loaded},
        globals_tree,
        pages_tree,
        prompts,
        words,
        pages,
        helplines,
        lexicon,
        broken + broken_too,
        faults,
        older,
    )


def load_sound(flows_dir: Path, prompts_dir: Path) -> Content:
    """Read everything, for who is going to talk with it.

    Raises:
        ContentError: it has faults.
    """
    content = load(flows_dir, prompts_dir)
    if content.faults:
        raise ContentError(content.faults)
    return content


def with_flow(content: Content, path: Path) -> Content:
    """Return the content with the flow of one file in the place of the one that has its name.

    Raises:
        ContentError: the file is not there or has faults.
    """
    faults: list[Fault] = []
    read_as = partial(load_flow, memory=content.flows.globals.memory)
    one = _use(_tree(path, faults, read_flow), read_as, faults)
    if one is None or faults:
        raise ContentError(faults)
    flows = replace(content.flows, flows={**content.flows.flows, one.flow.id: one.flow})
    return replace(content, flows=flows, loaded={**content.loaded, one.flow.id: one})


def flow_named(content: Content, name: str) -> Flow:
    """Return the flow of this id.

    Raises:
        ContentError: there is none; it names those there are.
    """
    flows = content.flows.flows
    if name not in flows:
        raise ContentError([f"no flow is called {name!r}; there are {', '.join(sorted(flows))}"])
    return flows[name]


_NO_GLOBALS = Globals("", {}, {}, (), ())


def _flows(
    root: Path, memory: Mapping[str, Slot], faults: list[Fault]
) -> tuple[list[LoadedFlow], tuple[Path, ...]]:
    """Read every flow of a folder; return those that loaded, and the files of those that did not."""
    loaded: list[LoadedFlow] = []
    broken: list[Path] = []
    for path in sorted(root.glob("*.yaml")):
        if path.name in DATA or path.name.endswith(_TESTS):
            continue
        flow = _use(_tree(path, faults, read_flow), partial(load_flow, memory=memory), faults)
        if flow is None:
            broken.append(path)
        else:
            loaded.append(flow)
    return loaded, tuple(broken)


def _tree(path: Path, faults: list[Fault], reading: Reading = read) -> Tree | None:
    """Read one YAML file; a missing one is a fault."""
    try:
        data = path.read_bytes()
    except OSError:
        faults.append(
            Fault("G801", Spot(str(path)), f"{path.name} cannot be read", "it must stand beside the flows")
        )
        return None
    tree, wrong = reading(data, str(path))
    faults += wrong
    return tree


def _use(
    tree: Tree | None, reader: Callable[[Tree], tuple[_T | None, list[Fault]]], faults: list[Fault]
) -> _T | None:
    """Read a tree with one of the readers, gathering its faults."""
    if tree is None:
        return None
    found, wrong = reader(tree)
    faults += wrong
    return found


def near(path: Path) -> Path:
    """Return a path as it is shortest to read from here, so that faults are."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path
