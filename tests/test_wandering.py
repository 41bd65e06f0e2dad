"""Our own flows, walked: nothing breaks wherever people wander, and who answers is not told too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random

import pytest

from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.choices import Choices, Stroller
from bot.authoring.walking.crew import Worker, errands
from bot.authoring.walking.tally import Found, Tally
from bot.authoring.walking.telling import tell
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Beginning, Turn, Walker
from bot.content.markup import plain
from tests import ours
from tests.content.copybook import count, wordings_of

TALKS, TURNS, FEWER = 400, 60, 8
MOST_BUTTONS, MOST_WORDS, FREQUENT, VARIANTS, MOSTLY = 5, 60, 0.2, 4, 0.58
OFTEN = "stale nothing_back why_unknown not_understood unsupported welcome_back".split()
"""The core's own lines that a person may meet again and again."""
KNOWN = (("consented", True), ("country", "GB"), ("zone", "UTC"))


@cache
def terrain() -> Terrain:
    return Terrain(ours.content())


def told(found: dict[tuple[str, str], Found]) -> str:
    return "\n\n".join(tell(terrain(), one) for one in found.values())


def test_nothing_breaks_at_any_question_nor_in_walks_by_chance() -> None:
    worker, together = Worker(terrain()), Tally()
    for errand in errands(8_000, 0, 20260105, tuple(beginnings(terrain()))):
        together.add(worker.do(errand)[1])

    assert together.found == {}, told(together.found)
    assert together.turns > 8_000


# --- people who answer what they are asked -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Talk:
    """Hold a talk of somebody who answers what they are asked."""

    name: str
    turns: tuple[Turn, ...]


def talks() -> Iterator[Talk]:
    """Yield ordinary talks, some that a danger begins, and some that begin in any other way."""
    flows, known = terrain().flows, Counter[tuple[str, str, str]]()
    for seed in range(TALKS):
        yield Talk(f"talk {seed}", tuple(strolled(seed, known, Beginning(flows.globals.start, KNOWN))))
    for seed in range(FEWER):
        for start in beginnings(terrain()):
            yield Talk(f"{start.beginning.flow} {seed}", tuple(strolled(seed, known, start.beginning)))


def strolled(seed: int, known: Counter[tuple[str, str, str]], begin: Beginning) -> Iterator[Turn]:
    """Yield every turn until the talk is over."""
    walker = Walker(terrain(), replace(begin, person=f"stroller {seed}"))
    stroller = Stroller(Choices(terrain()), Random(seed), known)
    yield walker.begin()
    for _ in range(TURNS):
        if not walker.session.frames:
            return
        yield from walker.make(stroller.move(walker))


@pytest.fixture(scope="module")
def all_talks() -> list[Talk]:
    return list(talks())


def test_the_talks_come_nearly_everywhere(all_talks: list[Talk]) -> None:
    said = {
        line.prompt for talk in all_talks for turn in talk.turns for say, _ in turn.read for line in say.lines
    }
    names = terrain().content.prompts.names()
    spoken = {one for one in names if not one.startswith(("why/", "link/", "platform/"))}

    assert len(said) >= MOSTLY * len(spoken)


def test_no_line_is_said_twice_in_a_talk_but_for_care_and_numbers_to_call(all_talks: list[Talk]) -> None:
    twice = {
        f"{prompt} in {talk.name}"
        for talk in all_talks
        for (prompt, _), times in Counter(lines(talk)).items()
        if times > 1 and prompt not in terrain().excused
    }

    assert sorted(twice) == []


def lines(talk: Talk) -> Iterator[tuple[str, str]]:
    """Yield every line of a talk, each with its prompt."""
    for turn in talk.turns:
        for say, read in turn.read:
            yield from ((line.prompt, one.text) for line, one in zip(say.lines, read, strict=True))


def test_nobody_is_shown_more_than_five_buttons(all_talks: list[Talk]) -> None:
    crowded = {
        f"{say.lines[-1].prompt} shows {[one.option for one in say.choices]}"
        for talk in all_talks
        for turn in talk.turns
        for say, _ in turn.read
        if len(say.choices) > MOST_BUTTONS
    }

    assert sorted(crowded) == []


def test_no_message_runs_on(all_talks: list[Talk]) -> None:
    long = {
        f"{[line.prompt for line in say.lines]} has {size} words"
        for talk in all_talks
        for turn in talk.turns
        for say, read in turn.read
        if (size := sized("\n\n".join(line.text for line in read))) > MOST_WORDS
    }

    assert sorted(long) == []


@cache
def sized(text: str) -> int:
    """Count the words of a message."""
    return count(plain(text))


def test_what_is_said_often_has_four_wordings(all_talks: list[Talk]) -> None:
    ordinary = [talk for talk in all_talks if talk.name.startswith("talk ")]
    heard = Counter(prompt for talk in ordinary for prompt in {prompt for prompt, _ in lines(talk)})
    known = terrain().flows.globals
    often = {prompt for prompt, times in heard.items() if times >= FREQUENT * len(ordinary)}
    often |= {line.prompt for name, line in known.lines.items() if name in OFTEN}
    often |= {one.say.prompt for one in known.interrupts if one.id == "human" and one.say}
    often |= {known.notice.say.prompt} if known.notice else set()

    assert len(often) > 12
    assert {one: len(wordings_of(one)) for one in sorted(often) if len(wordings_of(one)) < VARIANTS} == {}
