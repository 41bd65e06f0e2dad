"""`lowtide test`: every rehearsal beside the flows, and each that fails as the conversation it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.adapters.rehearsal import Player
from bot.authoring.amending import amend
from bot.authoring.gathering import gather
from bot.authoring.playing import play
from bot.authoring.speaking import spoken
from bot.authoring.watching import Bench, Watch
from bot.content.library import Content, load_sound
from bot.content.rehearsals import Rehearsal
from bot.encoder.loading import encoder
from bot.errors import ContentError, OperatorError
from bot.listening import Listener
from bot.remembering import Remembered
from bot.settings import Settings


def rehearse(settings: Settings, only: str, lang: str | None = None) -> bool:
    """Play every rehearsal whose name holds `only`; print what went wrong and how many passed.

    With `lang` each is played once more, by a person who speaks that language.

    Raises:
        ContentError: the flows, prompts or tests have faults.
        OperatorError: nobody wrote in this language.
    """
    content, rehearsals = _read(settings, only)
    if lang is not None:
        known_language(content, lang)
    with ear_for(settings, content) as ear:
        players = asyncio.run(_play_all(settings, content, rehearsals, ear))
        if lang is not None:
            players += asyncio.run(_play_all(settings, content, _spoken(players, lang), ear))
    missed = [one for one in players if one.misses]
    for one in missed:
        print(f"FAILED {one.rehearsal.flow}: {one.rehearsal.name}\n{one.misses[0]}\n")
    print(f"{len(players) - len(missed)} passed, {len(missed)} failed")
    return bool(players) and not missed


def known_language(content: Content, lang: str) -> None:
    """Refuse a language nobody wrote in.

    Raises:
        OperatorError: it names those there are.
    """
    if lang not in content.prompts.languages:
        there = ", ".join(content.prompts.languages)
        raise OperatorError(f"nothing is written in {lang!r}; there are {there}")


def _spoken(players: list[Player], lang: str) -> list[Rehearsal]:
    found = [spoken(one, lang) for one in players if not one.misses]
    return [one for one in found if one is not None]


def update(settings: Settings, only: str) -> bool:
    """Play them, and rewrite every expectation to what was found; tell whether none had to be left."""
    content, rehearsals = _read(settings, only)
    with ear_for(settings, content) as ear:
        players = asyncio.run(_play_all(settings, content, rehearsals, ear, to_the_end=True))
    misses = (miss for player in players for miss in player.misses)
    done = amend(difference for miss in misses for difference in miss.differences)
    print("".join(f"{one}\n" for one in done), end="")
    left = sum(one.now is None for one in done)
    print(
        f"{len(done) - left} expectations rewritten, {left} left; read them: each may be a fault of the flow"
    )
    return not left


def watch(settings: Settings, only: str) -> bool:
    """Play them, and again after each save what it touches, until Ctrl-C; tell whether none fails then."""
    content, _ = _read(settings, only)
    with ear_for(settings, content) as ear:
        return Watch(Bench(settings, only, content, ear)).run()


def _read(settings: Settings, only: str) -> tuple[Content, list[Rehearsal]]:
    content = load_sound(settings.flows, settings.prompts)
    rehearsals, faults = gather(settings, only)
    if faults:
        raise ContentError(faults)
    return content, rehearsals


@contextmanager
def ear_for(settings: Settings, content: Content) -> Iterator[Listener]:
    """Give the ear a test is heard with: the real one, which remembers where the texts of tests lie."""
    kept: dict[str, Remembered] = {}

    def remembered(language: str) -> Remembered | None:
        found = encoder(language)
        if found is None:
            return None
        return kept.setdefault(found.name, Remembered(found, settings.kept_anew / "rehearsing"))

    yield Listener(content, remembered, settings.kept_anew / "listening")
    for one in kept.values():
        one.keep()


async def _play_all(
    settings: Settings,
    content: Content,
    rehearsals: list[Rehearsal],
    ear: Listener,
    *,
    to_the_end: bool = False,
) -> list[Player]:
    return [(await play(settings, content, one, ear, to_the_end=to_the_end))[0] for one in rehearsals]
