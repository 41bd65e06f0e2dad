"""What an unquoted YAML text stands for: the core schema of YAML 1.2, where `yes` and `22:00` are text."""

from __future__ import annotations

import re
from typing import TypeAlias

Scalar: TypeAlias = bool | int | float | str | None

_WORDS: dict[str, Scalar] = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"), None)
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
_INT = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
"""Longer digits stay text: no slot holds so large a number, and Python refuses to read an endless one."""
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_MAY_BE_NUMBER = frozenset("0123456789+-.")


def resolve(text: str) -> Scalar:
    """Return the value that an unquoted text stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _MAY_BE_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if _FLOAT.fullmatch(text) and len(text) < 40:  # noqa: PLR2004  more digits than a float has
        return float(re.sub(r"\.(?=[inIN])", "", text))
    return text


class Plain(dict[str, Scalar]):
    """Look unquoted texts up, each resolved once: flows repeat the same few hundred."""

    def __missing__(self, text: str) -> Scalar:
        value = self[text] = resolve(text)
        return value
