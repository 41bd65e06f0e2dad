"""Changed flows and a newer schema, beside the people who wait: a look at both that changes neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.content.checks.together import surely_set
from bot.content.library import Content
from bot.dialogue.migrating import Landing
from bot.operating.stores import keys_of
from bot.runtime.releasing import lines, survey, versions
from bot.runtime.standing import Kept, Versions
from bot.settings import Settings
from bot.storage import postgres_peeking
from bot.storage.opening import migrations, version_of
from bot.storage.peeking import peek_upgraded


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what was seen: who lands where, what is live and what would be.

    `schema` is the version of the database (0: there is none yet), `known` the one of this release.
    """

    schema: int
    known: int
    ours: Versions
    live: Versions = field(default_factory=dict)
    found: Mapping[Landing, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Tell whether everybody lands somewhere."""
        return all(landing.to for landing in self.found)

    @property
    def older(self) -> bool:
        """Tell whether the database is of an older release."""
        return 0 < self.schema < self.known

    @property
    def changed(self) -> bool:
        """Tell whether there is anything to upgrade: the schema, or the flows."""
        return self.older or self.live != self.ours

    def told(self) -> Iterator[str]:
        """Write what was seen, in numbers and ids alone."""
        for flow in sorted(self.ours.keys() | self.live.keys()):
            before, now = self.live.get(flow), self.ours.get(flow)
            if before != now:
                yield f"{flow}: {_version(before)} → {_version(now)}"
        yield from lines(self.found) if self.found else ("nobody waits",)


async def look(settings: Settings, content: Content) -> Look:
    """Look where everybody would land, and whether the database can be upgraded; nothing is changed.

    A file of an older release is copied and the copy upgraded; in a PostgreSQL that is tried and taken back.

    Raises:
        StoreError: the database cannot be read, is newer, or cannot be upgraded.
    """
    ours = versions(content.flows)
    if settings.db_url:
        return await _postgres(settings, settings.db_url.reveal(), content, ours)
    known = len(migrations())
    if not settings.db.exists():
        return Look(0, known, ours)
    before = version_of(settings.db)
    async with peek_upgraded(settings.db, keys_of(settings)) as kept:
        return Look(before, known, ours, await kept.live(), await _landings(content, kept))


async def _postgres(settings: Settings, url: str, content: Content, ours: Versions) -> Look:
    keys = keys_of(settings)
    before, known = await postgres_peeking.trial(url, keys)
    if not before:
        return Look(0, known, ours)
    async with postgres_peeking.peek(url, keys, older=True) as kept:
        return Look(before, known, ours, await kept.live(), await _landings(content, kept))


async def _landings(content: Content, kept: Kept) -> Counter[Landing]:
    return await survey(content.flows, kept, datetime.now(UTC), lambda: surely_set(content))


def _version(word: str | None) -> str:
    return "none" if word is None else f"version {word.split()[0]}"
