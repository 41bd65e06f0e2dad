"""The whole content is read in one go: what is right is there, what is wrong is told, nothing is raised."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.library import load
from tests.content.house import FILES, build


def test_everything_that_authors_wrote_is_there(tmp_path: Path) -> None:
    content = build(tmp_path)

    assert content.faults == []
    assert set(content.flows.flows) == set(content.loaded) == {"talk", "card", "forget"}
    assert content.flows.globals.start == "talk"
    assert content.flows.variants["talk/open"] == 2
    assert content.flows.why == {"why-leave"}
    assert content.words.label("talk/tired") == "I am tired"
    assert content.helplines.of("US").suicide_call == "988"
    assert content.lexicon.alarms
    assert content.prompts.render("common/line", 0, {"country": "US"}) == "All right. You can call 988."


def test_tests_and_foreign_files_are_no_flows(tmp_path: Path) -> None:
    content = build(
        tmp_path, {"flows/talk.test.yaml": "tests: []", "flows/README.md": "no", "flows/x.json": "{}"}
    )

    assert set(content.loaded) == {"talk", "card", "forget"}
    assert content.faults == []


def test_a_flow_that_cannot_be_read_is_left_out_and_the_rest_is_there(tmp_path: Path) -> None:
    content = build(tmp_path, {"flows/other.yaml": "schema: flow/1\nstates: ["})

    assert set(content.loaded) == {"talk", "card", "forget"}
    assert [path.name for path in content.broken] == ["other.yaml"]
    assert {fault.code for fault in content.faults} == {"Y103"}


@pytest.mark.parametrize("name", ["globals.yaml", "why.yaml", "helplines.yaml", "lexicon.yaml"])
def test_a_missing_file_is_told_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    content = build(tmp_path, {f"flows/{name}": None})

    assert [(fault.code, Path(fault.spot.file).name) for fault in content.faults] == [("G801", name)]
    assert set(content.loaded) == {"talk", "card", "forget"}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: [", "\t", "7\n", "schema: nonsense/9\n"])
def test_whatever_stands_in_a_file_it_is_told_and_nothing_is_raised(
    tmp_path: Path, name: str, text: str
) -> None:
    content = build(tmp_path, {name: text})

    assert name in {str(Path(fault.spot.file).relative_to(tmp_path)) for fault in content.faults}


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    content = build(
        tmp_path,
        {
            "flows/talk.yaml": FILES["flows/talk.yaml"].replace("entry: open", "entri: open"),
            "flows/why.yaml": FILES["flows/why.yaml"].replace("moderate", "sure"),
            "prompts/en/talk/options.yaml": "tired: 7\nfirst: {label: x}\n",
        },
    )

    assert sorted(Path(fault.spot.file).name for fault in content.faults) == [
        "options.yaml", "talk.yaml", "why.yaml"
    ]  # fmt: skip


def test_places_are_named_from_where_the_author_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, {"flows/why.yaml": "schema: why/2\npages: {}\n"})
    monkeypatch.chdir(tmp_path)

    content = load(tmp_path / "flows", tmp_path / "prompts")

    assert [fault.spot.file for fault in content.faults] == ["flows/why.yaml"]


def test_empty_folders_are_content_with_nothing_in_it(tmp_path: Path) -> None:
    content = load(tmp_path / "no", tmp_path / "where")

    assert {fault.code for fault in content.faults} == {"G801"}
    assert content.loaded == {}
    assert content.helplines.of(None).emergency == "your local emergency number"
