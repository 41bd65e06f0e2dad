"""What the doctor says of the words: flows that are checked, helplines that stand, hours that are quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.content.helplines import read_helplines
from bot.content.library import Content
from bot.content.yaml12 import read
from bot.operating.doctor import words
from bot.settings import HOUSE, Settings
from tests.runtime.little import little_world

TODAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> tuple[Content, Settings]:
    folder = tmp_path_factory.mktemp("little")
    content = little_world(folder)
    return content, Settings(folder / "l.db", folder / "flows", folder / "prompts", country="US")


def test_flows_with_faults_are_counted_and_the_first_is_told(little: tuple[Content, Settings]) -> None:
    found = words.flows(*little, TODAY)

    assert not found.good
    assert "faults, such as " in found.found
    assert "endless" in found.found or "unsaid" in found.found or ".yaml:" in found.found


def test_a_language_without_words_is_told(little: tuple[Content, Settings]) -> None:
    content, settings = little

    assert words.language(content, settings).good
    assert words.language(content, replace(settings, lang="fr")).mend == "set LOWTIDE_LANG to one of en"


def test_helplines_are_told_when_nobody_vouches_for_them_any_more(little: tuple[Content, Settings]) -> None:
    content, _ = little

    stand = words.helplines(content, TODAY)
    soon = words.helplines(content, date(2035, 12, 20))
    late = words.helplines(content, date(2036, 1, 2))

    assert (stand.kind, stand.found) == ("ok", "4 lines stand until 2036-01-01")
    assert (soon.kind, late.kind) == ("note", "fault")
    assert late.found.startswith("US.emergency, US.suicide, emergency and 1 more had to be looked at")
    assert "dial them" in late.mend


def test_a_country_without_lines_is_a_fault_and_one_nobody_named_a_note(
    little: tuple[Content, Settings],
) -> None:
    content, settings = little

    found = [words.country(content, replace(settings, country=one)) for one in (None, "GB", "US")]

    assert [one.kind for one in found] == ["note", "fault", "ok"]
    assert found[1].found == "there are no helplines for GB"
    assert found[2].found == "the lines of US were looked at by you"


def test_lines_that_came_along_were_dialled_by_nobody(little: tuple[Content, Settings]) -> None:
    tree, _ = read((HOUSE / "flows" / "helplines.yaml").read_bytes(), "helplines.yaml")
    assert tree
    ours, _ = read_helplines(tree)
    assert ours

    found = words.country(replace(little[0], helplines=ours), little[1])

    assert found.kind == "note"
    assert found.found == "nobody has dialled US.emergency, US.suicide, US.text and 3 more"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("22:00", "08:00", ""),
        ("00:00", "06:00", ""),
        ("08:00", "08:00", "people would be nudged at night"),
        ("08:00", "22:00", "people would be nudged at night"),
        ("18:00", "12:00", "little is left of the day"),
    ],
)
def test_hours_are_quiet_by_night_and_not_by_day(
    little: tuple[Content, Settings], start: str, end: str, said: str
) -> None:
    content, _ = little
    common = replace(content.flows.globals, memory={})
    object.__setattr__(common, "defaults", {"quiet_from": start, "quiet_to": end})

    found = words.quiet(replace(content, flows=replace(content.flows, globals=common)))

    assert found.good is (not said)
    assert said in found.found
