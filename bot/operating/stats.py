"""`lowtide stats`: how far people come, read beside a running service from what its log tells."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.errors import OperatorError, reason
from bot.operating.funnel import Funnel, Life
from bot.operating.funnel_svg import svg
from bot.operating.funnel_words import explained, plain, table
from bot.operating.stores import peeked
from bot.runtime.chronicle import Chronicles
from bot.runtime.fives import FEW
from bot.settings import Settings

_SPAN = re.compile(r"([0-9]{1,4})([dw])")


def stats(settings: Settings, flow: str | None, since: str | None, as_json: bool, drawn: Path | None) -> None:
    """Print the funnel of every flow, or of the states of one; write it as SVG to `drawn` as well.

    Raises:
        OperatorError: the day cannot be read, few or none were in that flow, or the file cannot be written.
        StoreError: the database is of another release, or cannot be read.
    """
    start = day(since, datetime.now(UTC)) if since else None
    funnel = asyncio.run(_folded(settings, start))
    rows = funnel.flows() if flow is None else funnel.states(flow)
    if flow is not None and not rows:
        known = ", ".join(dict.fromkeys(row.place.flow for row in funnel.flows())) or "none"
        raise OperatorError(
            f"fewer than {FEW} people, or nobody, were in a flow called {flow!r}; what can be told: {known}"
        )
    notes = list(explained(start, funnel.unmarked))
    if drawn is not None:
        _write(drawn, svg(rows, notes[0]))
    print(plain(rows, start) if as_json else "\n".join([*table(rows), *notes]))


def day(words: str, now: datetime) -> datetime:
    """Read a day such as 2026-11-01, or how long ago such as 30d or 4w; it begins at midnight in UTC.

    Raises:
        OperatorError: it is neither.
    """
    span = _SPAN.fullmatch(words)
    try:
        days = int(span[1]) * (7 if span[2] == "w" else 1) if span else 0
        found = now.date() - timedelta(days=days) if span else date.fromisoformat(words)
    except ValueError:
        raise OperatorError(f"--since is {words!r}; give a day such as 2026-11-01, or 30d, or 4w") from None
    return datetime.combine(found, time(), UTC)


async def _folded(settings: Settings, since: datetime | None) -> Funnel:
    async with peeked(settings) as kept:
        return await folded(kept, since)


async def folded(kept: Chronicles, since: datetime | None) -> Funnel:
    """Fold everybody's log, a page of people at a time."""
    funnel, page = Funnel(), await kept.whose()
    while page:
        for person in page:
            funnel.add(Life(since).lived(await kept.entries(person)))
        page = await kept.whose(page[-1])
    return funnel


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{path}: it cannot be written ({reason(error)}); name another file") from error
