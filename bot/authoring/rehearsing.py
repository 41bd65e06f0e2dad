"""Rehearsals played on the real thing: the same app, over a store in memory and a clock that is turned."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from zlib import crc32

from bot.adapters.rehearsal import HERE, Miss, Player
from bot.app import App, build, listener
from bot.authoring.gathering import gather
from bot.content.library import Content, load_sound
from bot.content.rehearsals import Rehearsal
from bot.errors import ContentError
from bot.listening import Listener
from bot.runtime.clocks import VirtualClock
from bot.runtime.ports import Adapter, Witness
from bot.settings import Settings
from bot.storage.memory import MemoryStore


def rehearse(settings: Settings, only: str) -> bool:
    """Play every rehearsal whose name holds `only`; print what went wrong and how many passed."""
    content = load_sound(settings.flows, settings.prompts)
    ear = listener(settings, content)
    rehearsals, faults = gather(settings, only)
    if faults:
        raise ContentError(faults)
    misses = asyncio.run(_play_all(settings, content, rehearsals, ear))
    for rehearsal, miss in misses:
        print(f"FAILED {rehearsal.flow}: {rehearsal.name}\n{miss}\n")
    print(f"{len(rehearsals) - len(misses)} passed, {len(misses)} failed")
    return bool(rehearsals) and not misses


async def _play_all(
    settings: Settings, content: Content, rehearsals: list[Rehearsal], ear: Listener
) -> list[tuple[Rehearsal, Miss]]:
    misses = []
    for rehearsal in rehearsals:
        _, miss = await play(settings, content, rehearsal, ear)
        if miss is not None:
            misses.append((rehearsal, miss))
    return misses


async def play(
    settings: Settings, content: Content, rehearsal: Rehearsal, ear: Listener | None = None
) -> tuple[Player, Miss | None]:
    """Play one person on the real thing: the same app, over a store in memory and a clock that is turned."""
    ids = count(crc32(f"{rehearsal.flow} {rehearsal.name}".encode()) << 16)
    store = MemoryStore(lambda: f"{next(ids):016x}")  # its person hears the same wordings each time

    @asynccontextmanager
    async def stage(
        content: Content, adapter: Adapter, clock: VirtualClock, witness: Witness
    ) -> AsyncIterator[App]:
        adapters = {HERE.platform: adapter}
        parts = build(settings, content, store, adapters, clock=clock, witness=witness, listening=ear)
        async with parts as app:
            yield app

    player = Player(content, rehearsal, stage)
    return player, await player.play()
