"""Whatever comes in, everybody is answered and everybody can leave. `make soak` does this a million times."""

from __future__ import annotations

from bot.content.library import load
from bot.settings import HOUSE
from tests.bench.fuzz import fuzzed


async def test_whatever_comes_in_everybody_is_answered_and_can_leave() -> None:
    story = await fuzzed(load(HOUSE / "flows", HOUSE / "prompts"), 800, seed=7)

    assert (story.raised, story.logged, story.stuck) == ([], [], [])
    assert set(story.verdicts) == {"committed"}
