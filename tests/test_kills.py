"""A process that is killed in a burst loses nothing, whenever it happens."""

from __future__ import annotations

from pathlib import Path

from tests.bench.kills import killed

HANDS = 8
"""Messages that may be on their way at once; each of them may have arrived without our knowing."""


async def test_kills_under_load_lose_nothing_and_repeat_only_what_was_on_its_way(tmp_path: Path) -> None:
    toll = await killed(tmp_path / "l.db", kills=4)

    assert toll.lost == 0
    assert toll.twice <= toll.kills * HANDS
    assert toll.expected >= toll.updates == 80
