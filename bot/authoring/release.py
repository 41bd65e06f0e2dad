"""Changed flows, beside the people who wait in the old ones: who is where, and where they would land."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.authoring.checking import faults_of
from bot.content.checks.together import surely_set
from bot.content.library import Content, load
from bot.errors import ContentError
from bot.operating.looking import look
from bot.operating.stores import keys_of, opened
from bot.runtime.releasing import go_live
from bot.settings import Settings
from bot.storage.peeking import is_held


def release(settings: Settings, dry_run: bool) -> bool:
    """Say where everybody lands; let the flows go live if nobody is stranded, and tell whether that is so.

    Only numbers and ids leave the store. Where a service holds the file, the flows go live as it starts
    again with them; that start looks once more.

    Raises:
        ContentError: the flows have faults; nobody is carried into those.
        StoreError: the database cannot be read.
    """
    return asyncio.run(_release(settings, faultless(settings), dry_run))


def faultless(settings: Settings) -> Content:
    """Load what people may be carried into.

    Raises:
        ContentError: it has faults.
    """
    content = load(settings.flows, settings.prompts)
    wrong = [fault for fault in faults_of(content, settings) if fault.severity == "error"]
    if wrong:
        raise ContentError(wrong)
    return content


async def _release(settings: Settings, content: Content, dry_run: bool) -> bool:
    seen = await look(settings, content)
    if not seen.schema:
        print("nobody is kept yet; the flows go live with the first start")
        return True
    print("\n".join(seen.told()))
    if not seen.sound or dry_run:
        return seen.sound
    if not settings.db_url and is_held(settings.db):
        print("everybody has a place; start the service again to let the flows go live")
        return True
    async with opened(settings, keys_of(settings)) as store:
        shared = bool(settings.db_url)
        await go_live(content.flows, store, datetime.now(UTC), lambda: surely_set(content), shared)
    print("everybody has a place; the flows are live")
    if shared:
        print("replicas that run others take nothing any more: start them again with these")
    return True
