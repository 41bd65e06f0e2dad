"""The benches run and print every row; how fast anything is depends on the machine, and is no test."""

import re
from pathlib import Path

import pytest

from bot.safety.units import GATES
from tests.bench import danger, leaning, load_check, second_reader, startup, steps, storage, unseen, walking


def rows(printed: str) -> dict[str, float]:
    """Return the first number of every row of a table, by the row's name."""
    found = (re.match(r"(\S.*?)\s{2,}([\d.]+)\s+[\d.]+$", line) for line in printed.splitlines())
    return {match[1]: float(match[2]) for match in found if match}


def test_the_bench_of_a_step_prints_ours_and_all_peers(capsys: pytest.CaptureFixture[str]) -> None:
    steps.main(["--rounds", "1", "--laps", "1"])

    printed = rows(capsys.readouterr().out)

    peers = {re.sub(r" [\d.]+(?=,|$)", "", name) for name in printed}
    assert peers >= {"lowtide", "transitions", "python-telegram-bot", "python-statemachine"}
    assert peers >= {f"{name}, through JSON" for name in ("lowtide", "transitions", "python-statemachine")}
    assert min(printed.values()) > 0


def test_all_that_take_part_say_the_same_or_the_bench_refuses(tmp_path: Path) -> None:
    field = steps.entrants(steps.write_prompts(tmp_path))
    liar = steps.Entrant("a liar", lambda _: "something else")

    steps.agree(field)

    with pytest.raises(SystemExit, match="they do not say the same"):
        steps.agree([liar, *field])


def test_an_answer_that_does_not_fit_is_refused_by_all() -> None:
    assert steps.fits(1, "low")
    assert not steps.fits(1, "a free text where an option is asked")
    assert not steps.fits(0, "x" * 61)


def test_the_bench_of_starting_up_prints_both_rows(capsys: pytest.CaptureFixture[str]) -> None:
    startup.main(["--runs", "1"])

    printed = rows(capsys.readouterr().out)

    assert set(printed) == {"lowtide --version", "lowtide chat, first words"}
    assert min(printed.values()) > 0


def test_the_bench_of_loading_prints_each_part_and_all_together(capsys: pytest.CaptureFixture[str]) -> None:
    load_check.main(["--runs", "1"])

    printed = capsys.readouterr().out

    assert [line.split()[0] for line in printed.splitlines()[1:5]] == ["read", "load", "check", "together"]


def test_the_bench_of_danger_prints_what_is_heard_and_how_long_it_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    danger.main(["--every", "25"])

    printed = capsys.readouterr().out

    assert re.search(r"flagged +\d", printed)
    assert re.search(r"p50 \d", printed)


def test_the_bench_of_what_was_learnt_tells_areas_by_language_and_whom_the_model_overrules(
    capsys: pytest.CaptureFixture[str],
) -> None:
    leaning.main(["--every", "30"])

    printed = capsys.readouterr().out
    areas = {name: float(area) for name, area in re.findall(r"^(\w\w): .*? area ([\d.]+)%", printed, re.M)}
    allayed = re.findall(r"of (\d+) false alarms of \w+ rules (\d+) are allayed", printed)

    assert areas.keys() == {"en", "es", "de"}
    assert min(areas.values()) > 80
    assert len(allayed) == 6
    assert all(int(some) <= int(most) for most, some in allayed)


@pytest.mark.parametrize("table", second_reader.JUDGED)
def test_a_second_reader_judged_every_sentence_and_mostly_as_its_writer_did(table: str) -> None:
    rows = second_reader.read(table)

    assert all(one.found is None or one.found.gate in GATES for one in rows)
    assert second_reader.agreed(rows) > 0.9


def test_danger_that_is_heard_worse_than_its_floor_or_ceiling_is_told() -> None:
    floors, ceilings = unseen.FLOORS["en"], unseen.CEILINGS["en"]
    fine = dict.fromkeys(floors, (100, 100)) | dict.fromkeys(ceilings, (0, 100))

    told = unseen.beyond("en", fine | {"hard-worthy hard": (1, 4), "ordinary flagged": (3, 4)})

    assert unseen.beyond("en", fine) == []
    assert [line.partition(",")[0] for line in told] == [
        "en: hard-worthy hard: 25.0%",
        "en: ordinary flagged: 75.0%",
    ]


def test_the_bench_of_storage_prints_every_contestant_and_what_many_persons_cost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    storage.main(["--seconds", "0.05", "--rounds", "1", "--file-only", "--persons", "64", "70"])

    printed = capsys.readouterr().out

    assert all(name in printed for name in storage.CONTESTANTS)
    assert "70 persons stored" in printed


def test_the_bench_of_walking_prints_each_part_and_that_nothing_broke(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        walking.main(["--turns", "300", "--jobs", "1"])

    printed = capsys.readouterr().out.splitlines()
    assert not ended.value.code
    assert [line.split(",")[0] for line in printed[1:4]] == ["exploring", "by chance", "by chance"]
    assert printed[-1] == "0 broken"
