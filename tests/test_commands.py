"""The author's commands, run as a command is run: arguments in, an exit code and a page of text out."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.cli import main
from bot.orders.asking import FAULTS, GOOD, WRONG
from tests.runtime.little import little_world

HOUSE = Path(__file__).parent.parent


@pytest.fixture
def little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    little_world(tmp_path)
    monkeypatch.setenv("LOWTIDE_DB", str(tmp_path / "x.db"))
    return tmp_path


def test_the_version_is_one_and_the_same_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == GOOD
    assert capsys.readouterr().out == f"lowtide {__version__}\n"
    assert f'version = "{__version__}"' in (HOUSE / "pyproject.toml").read_text(encoding="utf-8")


def test_check_says_where_what_and_how_to_mend(little: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = little / "flows" / "report.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("to: told}", "to: tol}", 1), encoding="utf-8")

    assert main(["check", str(little)]) == FAULTS

    out = capsys.readouterr().out
    assert "report.yaml:10:50 S201" in out
    assert "did you mean 'told'?" in out


def test_check_as_json_holds_the_same_in_fields(little: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = little / "flows" / "report.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("to: told}", "to: tol}", 1), encoding="utf-8")

    main(["check", str(little), "--format", "json"])

    found = json.loads(capsys.readouterr().out)
    row = next(row for row in found["faults"] if row["code"] == "S201")
    assert (row["line"], row["column"], row["severity"]) == (10, 50, "error")
    assert row["file"].endswith("flows/report.yaml")
    assert found["errors"] >= 1


def test_a_graph_is_printed_or_drawn(little: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = ["--flows", str(little / "flows"), "--prompts", str(little / "prompts")]

    assert main(["graph", "report", *folders]) == GOOD
    assert "flowchart TD" in capsys.readouterr().out
    assert main(["graph", *folders, "--svg", str(little / "drawn")]) == GOOD
    for name in ("little", "_all"):
        assert (little / "drawn" / f"{name}.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_flow_nobody_knows_is_told_with_those_there_are(
    little: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ["--flows", str(little / "flows"), "--prompts", str(little / "prompts")]

    assert main(["graph", "nowhere", *folders]) == WRONG
    assert main(["chat", "--flow", "nowhere", *folders]) == WRONG

    told = capsys.readouterr().err
    assert told.count("no flow is called 'nowhere'; there are asking, crisis, delete_me, little, report") == 2


def test_a_version_is_recorded_once_and_may_not_change_behind_its_number(
    little: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = little / "flows" / "report.yaml"
    assert main(["lock", str(little)]) == GOOD
    path.write_text(path.read_text(encoding="utf-8").replace("id: bad", "id: worse"), encoding="utf-8")

    assert main(["lock", str(little)]) == FAULTS
    assert "report.yaml" in capsys.readouterr().out
    assert main(["lock", str(little), "--amend"]) == GOOD
    assert main(["lock", str(little)]) == GOOD


def test_the_schema_is_printed_as_it_is_committed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == GOOD

    assert capsys.readouterr().out == (HOUSE / "flows/flow.schema.json").read_text(encoding="utf-8")


def test_settings_that_are_wrong_are_all_told_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOWTIDE_LOG_LEVEL", "loud")
    monkeypatch.setenv("LOWTIDE_LNAG", "en")

    assert main(["check"]) == WRONG

    told = capsys.readouterr().err
    assert "LOWTIDE_LOG_LEVEL" in told
    assert "did you mean LOWTIDE_LANG?" in told


def test_a_settings_file_is_named_before_or_behind_the_command_and_the_content_too(
    little: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = little / "lowtide.env"
    file.write_text("LOWTIDE_LOG_LEVEL=loud\n", encoding="utf-8")

    codes = [main(["--settings", str(file), "lock"]), main(["lock", "--settings", str(file)])]
    told = capsys.readouterr()
    codes += [main(["--content", str(little), "lock"]), main(["lock", "--content", str(little)])]
    codes += [main(["--content", str(little / "flows"), "lock"])]

    assert codes == [WRONG, WRONG, GOOD, GOOD, WRONG]
    assert told.err.count(f"{file}:1: LOWTIDE_LOG_LEVEL is 'loud'") == 2
    assert (little / "flows" / "flows.lock").exists()
    assert "has no flows/ in it; `lowtide content new DIR` makes a copy" in capsys.readouterr().err


def test_content_with_faults_is_not_talked_with(little: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (little / "flows" / "report.yaml").write_text("schema: flow/1\nflow: [\n", encoding="utf-8")

    assert main(["chat", "--flows", str(little / "flows"), "--prompts", str(little / "prompts")]) == WRONG
    assert "report.yaml:" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["nowhere", "flows/little.yaml"])
def test_what_is_no_folder_is_told_before_anything_is_read(
    little: Path, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(little / named)]) == WRONG

    assert f"{named} is no folder; name the one" in capsys.readouterr().err


def test_a_reader_that_has_read_enough_is_no_error(little: Path) -> None:
    head = shutil.which("head")
    assert head is not None
    command = f"{sys.executable} -m bot graph --flows {little}/flows --prompts {little}/prompts | {head} -1"

    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=HOUSE, check=False)

    assert done.stderr == ""
