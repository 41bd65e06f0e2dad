"""The flows of the bench are sound, and it prints every part; how fast is no test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import load_check


def test_the_bench_prints_each_part_and_all_together(capsys: pytest.CaptureFixture[str]) -> None:
    load_check.main(["--runs", "1"])

    printed = capsys.readouterr().out.splitlines()

    assert [line.split()[0] for line in printed[1:]] == ["read", "load", "check", "together"]
    assert all(float(line.split()[1]) > 0 for line in printed[1:])


def test_a_flow_with_a_fault_is_no_measure(tmp_path: Path) -> None:
    load_check.write(tmp_path)
    flow = tmp_path / "flow_7.yaml"
    flow.write_text(flow.read_text().replace("to: s3}", "to: s333}"))

    with pytest.raises(SystemExit, match="S201"):
        list(load_check.timed(tmp_path))


def test_every_flow_of_the_bench_has_as_many_states_as_it_says() -> None:
    assert all(
        load_check.flow(number).count("\n  s") == load_check.STATES for number in range(load_check.FLOWS)
    )
