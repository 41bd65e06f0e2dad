"""Before changed flows go live: where everybody who waits would land, in numbers; nobody is stranded.

A store remembers which versions went live last. Where the flows at hand are others, every session is carried
over on trial, and nothing starts while one of them has no place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from bot.content.lock import structure_hash
from bot.dialogue.codec import from_json
from bot.dialogue.flows import Flows
from bot.dialogue.migrating import Landing, Needs, landings
from bot.errors import Older, Stranded
from bot.runtime.standing import Going, Kept, Versions

Seen: TypeAlias = dict[str, int]
"""The hash of the session of each person who was looked at."""

_told: list[tuple[Flows, Versions]] = []
"""The flows that were asked about last: a run of tests starts hundreds of times over the same."""


def versions(flows: Flows) -> Versions:
    """Return what is to be remembered of a set of flows."""
    if not (_told and _told[0][0] is flows):
        hashes = {one.id: f"{one.version} {structure_hash(one)}" for one in flows.flows.values()}
        _told[:] = [(flows, hashes)]
    return _told[0][1]


async def survey(
    flows: Flows, store: Kept, now: datetime, needs: Callable[[], Needs], seen: Seen | None = None
) -> Counter[Landing]:
    """Count, over everybody who is kept, from where to where these flows would carry them.

    What tells the `needs` is worked out only where there is somebody. Who is `seen`, and has not moved since,
    is passed over.
    """
    seen = {} if seen is None else seen
    found: Counter[Landing] = Counter()
    page = await store.sessions()
    wanted = needs() if page else None
    while page and wanted:
        for person, session in page:
            mark = hash(session)
            if seen.get(person) == mark:
                continue
            seen[person] = mark
            found.update(landings(flows, from_json(json.loads(session)), now, wanted))
        page = await store.sessions(page[-1][0])
    return found


async def admit(
    flows: Flows, store: Going, now: datetime, needs: Callable[[], Needs], shared: bool = False
) -> None:
    """Let flows go live, unless somebody would be stranded. With `shared` others answer meanwhile.

    Raises:
        Stranded: with a line for every place that leads nowhere; nothing was changed.
        Older: newer ones are live, and others may be answering with these.
    """
    ours, before = versions(flows), await store.live()
    if before == ours:
        return
    if shared and (newer := list(_newer(before, ours))):
        raise Older(newer)
    await go_live(flows, store, now, needs, shared)


async def go_live(
    flows: Flows, store: Going, now: datetime, needs: Callable[[], Needs], shared: bool = False
) -> None:
    """Let flows go live. With `shared` look again then: others may have answered somebody since we looked.

    Raises:
        Stranded: with a line for every place that leads nowhere; what was live is live again.
    """
    before, seen = await store.live(), Seen()
    _refuse_lost(await survey(flows, store, now, needs, seen))
    await store.go_live(versions(flows))
    if not shared:
        return
    try:
        _refuse_lost(await survey(flows, store, now, needs, seen))
    except Stranded:
        await store.go_live(before)
        raise


def _refuse_lost(found: Counter[Landing]) -> None:
    lost = {one: times for one, times in found.items() if not one.to}
    if lost:
        raise Stranded(list(lines(lost)))


def _newer(live: Versions, ours: Versions) -> Iterator[str]:
    """Say of which flows a newer version is live than ours; what only one of both has tells nothing."""
    for flow in sorted(live.keys() & ours.keys()):
        theirs, own = (int(one[flow].split()[0]) for one in (live, ours))
        if theirs > own:
            yield f"flow {flow}: version {theirs}, these have {own}"


def lines(found: Mapping[Landing, int]) -> Iterator[str]:
    """Write a line for every way, those that lead nowhere first; only numbers and ids."""
    for landing in sorted(found, key=lambda one: (bool(one.to), one)):
        times = found[landing]
        place = f"{landing.flow}.{landing.state}"
        version = f" (version {landing.version})" if landing.version else ""
        ends = landing.to if landing.to else f"no place: {landing.why}"
        yield f"{times} wait{'s' if times == 1 else ''} in {place}{version} → {ends}"
