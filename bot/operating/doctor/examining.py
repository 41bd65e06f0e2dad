"""Everything that a run hangs on, looked at in turn, told to a person or a program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from bot.adapters.checkup import Finding
from bot.content.library import load
from bot.errors import LowtideError, reason
from bot.operating.doctor import doors, kept, machine, words
from bot.operating.reports import Report, parted
from bot.runtime.blame import describe
from bot.runtime.discretion import Discreet
from bot.settings import Settings

_ASK = "tell the authors of Lowtide, with this line"


def doctor(settings: Settings, as_json: bool) -> bool:
    """Look at everything and print it as it is found; tell whether nothing is to be mended."""
    return told(examine(settings), Discreet(settings.secrets(), ""), as_json)


def unread(faults: tuple[str, ...], as_json: bool) -> bool:
    """Print what is wrong with settings that cannot be read, beside what is known without them."""
    wrong = [Finding("settings", False, *parted(fault)) for fault in faults]
    return told((machine.python(), machine.packages(), *wrong), Discreet((), ""), as_json)


def told(found: Iterable[Finding], mask: Discreet, as_json: bool) -> bool:
    """Print what is found; tell whether nothing is to be mended."""
    if as_json:
        report = Report(tuple(found))
        print(report.as_json(mask))
        return report.good
    shown = list[Finding]()
    for one in found:
        print(mask.masked(str(one)), flush=True)  # some looks take seconds
        shown.append(one)
    print(f"\n{_sum(Report(tuple(shown)))}")
    return Report(tuple(shown)).good


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at the machine, what is kept, what is said, and the doors; nothing is changed."""
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("Python", machine.python),
        ("packages", machine.packages),
        ("time zones", machine.zones),
        ("disk", partial(machine.disk, settings)),
        ("cache", partial(machine.cache, settings)),
        ("settings file", partial(kept.file, settings)),
        ("service", partial(kept.service, settings)),
        ("key", partial(kept.key, settings)),
        ("database", partial(kept.database, settings)),
    ]
    yield from (_looked(what, look) for what, look in looks)
    yield from doors.served(settings)
    yield from _words(settings)
    try:
        yield from asyncio.run(_there(settings))
    except Exception as error:
        yield _unseen("platforms", error)


async def _there(settings: Settings) -> list[Finding]:
    return [*await doors.platforms(settings), *await doors.doors(settings)]


def _words(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    try:
        content = load(settings.flows, settings.prompts)
    except Exception as error:
        yield _unseen("flows", error)
        return
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("clock", lambda: machine.clock(words.newest(content))),
        ("flows", partial(words.flows, content, settings, now.date())),
        ("language", partial(words.language, content, settings)),
        ("quiet hours", partial(words.quiet, content)),
        ("helplines", partial(words.helplines, content, now.date())),
        ("country", partial(words.country, content, settings)),
    ]
    yield from (_looked(what, look) for what, look in looks)


def _looked(what: str, look: Callable[[], Finding]) -> Finding:
    """Look at one thing; what fails in the looking is told like the rest, and hides nothing."""
    try:
        return look()
    except Exception as error:
        return _unseen(what, error)


def _unseen(what: str, error: Exception) -> Finding:
    if isinstance(error, LowtideError):
        return Finding(what, False, *parted(str(error)))
    if isinstance(error, OSError):
        mend = "run this as the user who serves, or give this one the right to"
        return Finding(what, False, f"it cannot be looked at ({reason(error)})", mend)
    return Finding(what, False, f"it could not be looked at ({describe(error)})", _ASK)


def _sum(report: Report) -> str:
    if report.good:
        return "all is well"
    count = report.faults
    return f"{count} fault{'s'[: count != 1]}: mend {'it' if count == 1 else 'them'}, and ask again"
