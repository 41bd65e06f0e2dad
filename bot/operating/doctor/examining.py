"""Everything that a run hangs on, looked at in turn, told to a person or a program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from bot.adapters.checkup import Finding
from bot.content.library import load
from bot.errors import LowtideError
from bot.operating.doctor import doors, kept, machine, words
from bot.operating.reports import Report, parted
from bot.runtime.blame import describe
from bot.runtime.discretion import Discreet
from bot.settings import Settings

_ASK = "tell the authors of Lowtide, with this line"


def doctor(settings: Settings, as_json: bool) -> bool:
    """Look at everything and print it; tell whether nothing is to be mended."""
    return told(examine(settings), Discreet(settings.secrets(), ""), as_json)


def unread(faults: tuple[str, ...], as_json: bool) -> bool:
    """Print what is wrong with settings that cannot be read, beside what is known without them."""
    wrong = [Finding("settings", False, *parted(fault)) for fault in faults]
    return told(Report((machine.python(), machine.packages(), *wrong)), Discreet((), ""), as_json)


def told(report: Report, mask: Discreet, as_json: bool) -> bool:
    """Print a report; tell whether nothing is to be mended."""
    print(report.as_json(mask) if as_json else f"{report.written(mask)}\n\n{_sum(report)}")
    return report.good


def examine(settings: Settings) -> Report:
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
    here = [_looked(what, look) for what, look in looks]
    try:
        there = asyncio.run(_there(settings))
    except Exception as error:
        there = [_unseen("platforms", error)]
    return Report((*here, *doors.served(settings), *_words(settings), *there))


async def _there(settings: Settings) -> list[Finding]:
    return [*await doors.platforms(settings), *await doors.doors(settings)]


def _words(settings: Settings) -> list[Finding]:
    now = datetime.now(UTC)
    try:
        content = load(settings.flows, settings.prompts)
    except Exception as error:
        return [_unseen("flows", error)]
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("clock", lambda: machine.clock(words.newest(content))),
        ("flows", partial(words.flows, content, settings, now.date())),
        ("language", partial(words.language, content, settings)),
        ("quiet hours", partial(words.quiet, content)),
        ("helplines", partial(words.helplines, content, now.date())),
        ("country", partial(words.country, content, settings)),
    ]
    return [_looked(what, look) for what, look in looks]


def _looked(what: str, look: Callable[[], Finding]) -> Finding:
    """Look at one thing; what fails in the looking is told like the rest, and hides nothing."""
    try:
        return look()
    except Exception as error:
        return _unseen(what, error)


def _unseen(what: str, error: Exception) -> Finding:
    if isinstance(error, LowtideError):
        return Finding(what, False, *parted(str(error)))
    return Finding(what, False, f"it could not be looked at ({describe(error)})", _ASK)


def _sum(report: Report) -> str:
    if report.good:
        return "all is well; `lowtide run` serves"
    count = report.faults
    return f"{count} fault{'s'[: count != 1]}: mend {'it' if count == 1 else 'them'}, and ask again"
