"""What of a log record may be told: all of our own words, and of a library's only those in its source.

A library may write into a line what a person wrote, their id, or the address with the token. So of its lines
the fixed words are told and whatever was put into them is left out; of an error its kind and its place.
"""

from __future__ import annotations

import logging
import os
import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from bot.runtime.blame import describe
from bot.runtime.discretion import Discreet

Told = dict[str, str]

FIELDS = ("platform", "lane")
"""What our own lines may carry beside their words, by `extra`: each from a closed set."""

_HOLE = re.compile(r"%(\([a-z_]+\))?[-#0 +.\d]*[a-zA-Z]|\{[^{}]*\}")
_PERSON = re.compile(r"\b[0-9a-f]{16}\b")
"""How an id of a person looks; those of updates are longer."""
_KEY = os.urandom(16)


def told(record: logging.LogRecord, mask: Discreet) -> Told:
    """Return the fields of a line: time, level, logger and event, then what else there is."""
    ours = is_ours(record.name)
    event = _anonymous(record.getMessage()) if ours else _fixed(record)
    fields = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "part": part_of(record.name),
        "event": event,
    }
    if ours:
        fields |= {name: str(getattr(record, name)) for name in FIELDS if hasattr(record, name)}
    if record.exc_info and record.exc_info[1]:
        fields["error"] = _anonymous(describe(record.exc_info[1]))
    return {name: mask.masked(text) for name, text in fields.items()}


def is_ours(logger: str) -> bool:
    """Tell whether a logger is one of this project, whose lines hold nobody's words."""
    return logger == "bot" or logger.startswith("bot.")


def part_of(logger: str) -> str:
    """Return which part of the house a line comes from; `library` for all that is not ours."""
    if not is_ours(logger):
        return "library"
    return logger.partition(".")[2].partition(".")[0] or "bot"


def _anonymous(text: str) -> str:
    """Put in the place of a person's id a name that holds in this process only."""
    return _PERSON.sub(lambda found: f"person-{_name(found[0])}", text)


def _name(person: str) -> str:
    return blake2b(person.encode(), digest_size=3, key=_KEY).hexdigest()


def _fixed(record: logging.LogRecord) -> str:
    """Return the fixed words of a library's line; where it is none of its source, only where it stands."""
    text = record.msg if isinstance(record.msg, str) else ""
    if " " in text and _stands_in(record.pathname, text):
        return _HOLE.sub("…", text)
    return f"a line of {Path(record.pathname).name}:{record.lineno}, whose words are not told"


def _stands_in(path: str, text: str) -> bool:
    """Tell whether a text stands in a source as a whole; one that was put together does not."""
    source = _source(path)
    return f'"{text}"' in source or f"'{text}'" in source


@lru_cache(maxsize=128)
def _source(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
