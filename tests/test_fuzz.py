"""Whatever comes in, everybody is answered and everybody can leave. `make soak` does this a million times."""

from __future__ import annotations

from tests import ours
from tests.bench.fuzz import fuzzed


async def test_whatever_comes_in_everybody_is_answered_and_can_leave() -> None:
    story = await fuzzed(ours.content(), 800, seed=7)

    assert (story.raised, story.logged, story.stuck) == ([], [], [])
    assert set(story.verdicts) == {"committed"}
