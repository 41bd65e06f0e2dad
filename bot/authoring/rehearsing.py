"""`lowtide test`: every rehearsal beside the flows, and each that fails as the conversation it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.adapters.rehearsal import Miss
from bot.authoring.gathering import gather
from bot.authoring.playing import play
from bot.content.library import Content, load_sound
from bot.content.rehearsals import Rehearsal
from bot.encoder.loading import encoder
from bot.errors import ContentError
from bot.listening import Listener
from bot.remembering import Remembered
from bot.settings import Settings


def rehearse(settings: Settings, only: str) -> bool:
    """Play every rehearsal whose name holds `only`; print what went wrong and how many passed."""
    content = load_sound(settings.flows, settings.prompts)
    rehearsals, faults = gather(settings, only)
    if faults:
        raise ContentError(faults)
    with ear_for(settings, content) as ear:
        misses = asyncio.run(_play_all(settings, content, rehearsals, ear))
    for rehearsal, miss in misses:
        print(f"FAILED {rehearsal.flow}: {rehearsal.name}\n{miss}\n")
    print(f"{len(rehearsals) - len(misses)} passed, {len(misses)} failed")
    return bool(rehearsals) and not misses


@contextmanager
def ear_for(settings: Settings, content: Content) -> Iterator[Listener]:
    """Give the ear a test is heard with: the real one, which remembers where the texts of tests lie."""
    found = encoder()
    remembered = None if found is None else Remembered(found, settings.kept_anew / "rehearsing")
    yield Listener(content, lambda: remembered, settings.kept_anew / "listening")
    if remembered is not None:
        remembered.keep()


async def _play_all(
    settings: Settings, content: Content, rehearsals: list[Rehearsal], ear: Listener
) -> list[tuple[Rehearsal, Miss]]:
    misses = []
    for rehearsal in rehearsals:
        _, miss = await play(settings, content, rehearsal, ear)
        if miss is not None:
            misses.append((rehearsal, miss))
    return misses
