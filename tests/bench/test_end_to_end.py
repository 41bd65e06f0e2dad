"""The bench of a whole update runs both bots, and its ratio is that of turns taken one after the other."""

import pytest

from tests.bench import end_to_end
from tests.bench.end_to_end import Figures


def test_both_bots_answer_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    end_to_end.main(["--rounds", "1", "--rate", "20", "--seconds", "0.5", "--flood", "5", "--settle", "0"])

    printed = capsys.readouterr().out.splitlines()

    assert [line.split()[0] for line in printed[1:3]] == ["lowtide,", "python-telegram-bot"]
    assert printed[3].startswith("CPU of ours to the echo's: ")


def test_the_ratio_is_the_middle_of_each_turn_s_own(capsys: pytest.CaptureFixture[str]) -> None:
    ours = [Figures(cpu, 1.0, 1.0, 1.0) for cpu in (2.0, 9.0, 3.0)]
    echo = [Figures(cpu, 1.0, 1.0, 1.0) for cpu in (2.0, 3.0, 2.0)]

    end_to_end.show({"ours": ours, "echo": echo, "watched": [Figures(4.5, 1.0, 1.0, 1.0)] * 3})
    printed = capsys.readouterr().out

    assert "the echo's: 1.50 in the middle of 1.00, 1.50, 3.00" in printed
    assert "watched to not: 1.50 in the middle of 0.50, 1.50, 2.25" in printed
