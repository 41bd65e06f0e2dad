"""A copy of everything kept of a person, written so that they can read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue.effects import Export
from bot.dialogue.session import Session
from bot.runtime.messages import Address, Document

NAME = "lowtide.txt"


def document(export: Export, session: Session, address: Address, kept: Mapping[str, object]) -> Document:
    """Make the file that answers an order to hand over; `kept` is plain data, by table."""
    key = f"{session.id}:{export.turn}:{export.index}"
    return Document(key, address, NAME, "\n".join(outline(kept)) + "\n", turn=export.turn)


def outline(value: object, depth: int = 0) -> Iterator[str]:
    """Write plain data as indented lines: a name and its value, a dash for each thing in a list."""
    margin = "  " * depth
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _entry(f"{margin}{name}:", inner, depth)
    elif isinstance(value, list):
        for inner in value:
            yield from _entry(f"{margin}-", inner, depth)
    else:
        yield from (margin + line for line in str(value).split("\n"))


def _entry(head: str, inner: object, depth: int) -> Iterator[str]:
    if isinstance(inner, Mapping | list) or "\n" in str(inner):
        yield head
        yield from outline(inner, depth + 1)
    else:
        yield f"{head} {inner}"
