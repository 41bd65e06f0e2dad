"""What globals.yaml promises for every flow: a way to stop, a line for every case, nothing said twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.content.checks.lacks import lost_parts, value
from bot.content.checks.webs import Net, mean
from bot.content.faults import Fault, did_you_mean
from bot.content.yaml12 import Tree
from bot.dialogue.flows import DID_YOU_MEAN, HERE_AGAIN, LINE_IDS, TONGUE_LINES, Globals


def faults(net: Net) -> Iterator[Fault]:
    """Check globals.yaml."""
    tree = net.pieces.globals_tree
    if tree is None:
        return
    known = net.globals
    yield from _twice(tree, "interrupts", [(one.command,) for one in known.interrupts], "command", "command")
    pairs = [(one.gate, one.tier) for one in known.dangers]
    yield from _twice(tree, "dangers", pairs, "gate", "danger")
    yield from _lines(net, tree)
    yield from _resumed(net, tree)
    if not any(one.do == "stop" for one in known.interrupts) and not lost_parts(tree, known):
        spot = tree.key_spot("interrupts")
        yield Fault("S221", spot, "no interrupt stops the conversation", "add one with `do: stop`")


def _twice(
    tree: Tree, key: str, found: Sequence[tuple[str | None, ...]], part: str, what: str
) -> Iterator[Fault]:
    """Report what is there already under another entry."""
    written = value(tree, (key,))
    if not isinstance(written, list) or len(written) != len(found):
        return
    seen: set[tuple[str | None, ...]] = set()
    for place, one in enumerate(found):
        if one in seen and None not in one:
            shown = " ".join(map(str, one))
            message = f"the {what} {shown!r} is there already, so this one is never heard"
            yield Fault("S217", tree.spot(key, place, part), message, "rename or remove it")
        seen.add(one)


def _lines(net: Net, tree: Tree) -> Iterator[Fault]:
    written = value(tree, ("lines",))
    if isinstance(written, dict) and set(net.globals.lines) >= {one for one in LINE_IDS if one in written}:
        missing = [one for one in LINE_IDS if one not in {*net.globals.lines, *_spare(net.globals)}]
        if missing:
            message = f"globals.yaml has no line {', '.join(map(repr, missing))}"
            yield Fault("S218", tree.key_spot("lines"), message, "add it under `lines`")


def _spare(known: Globals) -> set[str]:
    """Return the lines that are never said here."""
    speaks = known.memory.get("language")
    several = speaks is not None and len(speaks.of) > 1
    leaves = any(one.do == "leave" for one in known.interrupts)
    return {DID_YOU_MEAN, *(() if several else TONGUE_LINES), *(() if leaves else (HERE_AGAIN,))}


def _resumed(net: Net, tree: Tree) -> Iterator[Fault]:
    """Report an outcome to resume by that no flow has."""
    outcomes = [name for web in net.webs.values() for name in web.flow.outcomes]
    written = value(tree, ("resume",))
    if net.broken or not isinstance(written, list):
        return
    for place, name in enumerate(written):
        if isinstance(name, str) and name not in outcomes:
            message = f"no flow ends with {name!r}"
            near = mean(did_you_mean(name, outcomes), "remove it")
            yield Fault("S220", tree.spot("resume", place), message, near)
