"""Changed flows, beside the people who wait in the old ones: who is where, and where they would land."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.authoring.checking import faults_of
from bot.content.checks.together import surely_set
from bot.content.library import Content, load
from bot.dialogue.migrating import Landing
from bot.errors import ContentError
from bot.operating.stores import opened
from bot.runtime.ports import Store
from bot.runtime.releasing import lines, survey, versions
from bot.runtime.standing import Kept
from bot.settings import Settings
from bot.storage.opening import operator_keys
from bot.storage.peeking import is_held, peek


def release(settings: Settings, dry_run: bool) -> bool:
    """Say where everybody lands; let the flows go live if nobody is stranded, and tell whether that is so.

    Only numbers and ids leave the store. Where a service holds the database, the flows go live as it starts
    again with them; that start looks once more.

    Raises:
        ContentError: the flows have faults; nobody is carried into those.
        StoreError: the database cannot be read.
    """
    content = load(settings.flows, settings.prompts)
    wrong = [fault for fault in faults_of(content, settings) if fault.severity == "error"]
    if wrong:
        raise ContentError(wrong)
    return asyncio.run(_release(settings, content, dry_run))


async def _release(settings: Settings, content: Content, dry_run: bool) -> bool:
    keys = operator_keys(settings.db, settings.keys())
    if settings.db_url:
        async with opened(settings, keys) as store:
            return await _looked(content, store) and (dry_run or await _marked(content, store))
    if not settings.db.exists():
        print(f"nobody is kept in {settings.db} yet; the flows go live with the first start")
        return True
    async with peek(settings.db, keys) as kept:
        sound = await _looked(content, kept)
    if not sound or dry_run:
        return sound
    if is_held(settings.db):
        print("everybody has a place; start the service again to let the flows go live")
        return True
    async with opened(settings, keys) as store:
        return await _marked(content, store)


async def _looked(content: Content, kept: Kept) -> bool:
    """Tell who is where and where they land; return whether everybody lands somewhere."""
    found = await survey(content.flows, kept, datetime.now(UTC), lambda: surely_set(content))
    _tell(content, await kept.live(), found)
    return all(landing.to for landing in found)


async def _marked(content: Content, store: Store) -> bool:
    await store.go_live(versions(content.flows))
    print("everybody has a place; the flows are live")
    return True


def _tell(content: Content, live: Mapping[str, str], found: Counter[Landing]) -> None:
    ours = versions(content.flows)
    for flow in sorted(ours.keys() | live.keys()):
        before, now = live.get(flow), ours.get(flow)
        if before != now:
            print(f"{flow}: {_version(before)} → {_version(now)}")
    print("\n".join(lines(found)) or "nobody waits")


def _version(word: str | None) -> str:
    return "none" if word is None else f"version {word.split()[0]}"
