"""A process that is killed in a burst loses nothing, whenever it happens."""

from __future__ import annotations

from pathlib import Path

from tests.bench.kills import on_discord, on_telegram

HANDS = 8
"""Messages that may be on their way at once; each of them may have arrived without our knowing."""


async def test_kills_under_load_lose_nothing_and_repeat_only_what_was_on_its_way(tmp_path: Path) -> None:
    toll = await on_telegram(tmp_path / "l.db", kills=3)

    assert toll.lost == 0
    assert toll.twice <= toll.kills * HANDS
    assert toll.expected >= toll.updates == 60


async def test_kills_under_load_on_discord_lose_nothing_and_show_nothing_twice(tmp_path: Path) -> None:
    toll = await on_discord(tmp_path / "l.db", kills=3)

    assert (toll.lost, toll.twice) == (0, 0)
    assert toll.again <= toll.kills * HANDS
    assert toll.expected >= toll.updates == 60
