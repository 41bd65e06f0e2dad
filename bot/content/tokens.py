"""The signs of a YAML document in order, with the place of each: what a formatter moves, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yaml._yaml import CParser

_KINDS = {
    "BlockMappingStartToken": "map",
    "BlockSequenceStartToken": "list",
    "BlockEndToken": "end",
    "KeyToken": "key",
    "ValueToken": ":",
    "BlockEntryToken": "-",
    "FlowEntryToken": ",",
    "FlowMappingStartToken": "{",
    "FlowMappingEndToken": "}",
    "FlowSequenceStartToken": "[",
    "FlowSequenceEndToken": "]",
    "ScalarToken": "text",
}


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one sign: characters from `start` to `end` (not included) of the text, beginning in a `column`.

    `map`, `list`, `end` and `key` mark the structure and take no room; what is none of `_KINDS` is `other`.
    """

    kind: str
    start: int
    end: int
    column: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the signs of a text that can be read."""
    parser: Any = CParser(text)
    while (token := parser.get_token()) is not None:
        name = type(token).__name__
        if name in {"StreamStartToken", "StreamEndToken"}:
            continue
        start, end = token.start_mark.index, token.end_mark.index
        # A text in a block of its own is said to end where the next thing begins.
        end = start + len(text[start:end].rstrip()) if name == "ScalarToken" else end
        yield Token(_KINDS.get(name, "other"), start, end, token.start_mark.column)
