"""The bench of timers gives every check-in once and prints every row; how fast depends on the machine."""

from __future__ import annotations

import re

import pytest

from tests.bench import timers


def test_half_past_two_in_berlin_comes_once_a_day_here_and_once_too_often_elsewhere() -> None:
    assert timers.fires() == {"lowtide": 365, "APScheduler, CronTrigger": 366, "croniter": 366}


def test_the_bench_gives_each_check_in_once_and_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    timers.main(["--people", "2000", "--jobs", "100", "--seconds", "1", "--bursts", "1"])

    printed = capsys.readouterr().out

    assert re.search(
        r"^1,000 due at once, given, set anew and posted, ms +[\d,]+ +at most 100$", printed, re.M
    )
    assert re.search(r"^1,000 a second for 1 s: given +1,000 +1,000$", printed, re.M)
    assert len(printed.splitlines()) == 14
