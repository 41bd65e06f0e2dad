"""The broadcast bench runs, its platform counts rightly, and nobody's figures are made up."""

from __future__ import annotations

import pytest

from tests.bench import broadcast
from tests.bench.broadcast import Score
from tests.bench.limited_platform import Platform


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    printed = broadcast.main(["--short"])
    return {f"{score.name} {number // 2}": score for number, score in enumerate(printed)}


def test_all_contenders_take_part_on_both_platforms(scores: dict[str, Score]) -> None:
    assert list(scores) == ["lowtide 0", "python-telegram-bot, AIORateLimiter 0", "lowtide 1", "discord.py 1"]
    assert min(score.delivered for score in scores.values()) > 0


def test_ours_delivers_everything_and_is_refused_less_than_the_libraries(scores: dict[str, Score]) -> None:
    telegram, discord = scores["lowtide 0"], scores["lowtide 1"]

    assert telegram.delivered == telegram.nudges
    assert discord.delivered == discord.nudges
    assert telegram.refused < scores["python-telegram-bot, AIORateLimiter 0"].refused
    assert discord.refused < scores["discord.py 1"].refused


def test_a_row_shows_the_middle_the_worst_and_the_share() -> None:
    score = Score("somebody", 4, delivered=2, seconds=1.5, used=0.5, refused=7, waits=[0.3, 0.1, 0.2])

    assert score.row().split() == ["somebody", "0.200", "0.300", "0.300", "3", "50.0%", "7", "50.0%", "1.5"]


def test_the_platform_takes_so_many_in_a_second_and_says_when_to_come_back() -> None:
    platform = Platform(most=3, latency=0.0)

    waits = [platform.wait() for _ in range(5)]

    assert waits[:3] == [0.0] * 3
    assert all(0.0 < wait <= 1.0 for wait in waits[3:])
    assert (platform.taken, platform.refused) == (3, 2)
