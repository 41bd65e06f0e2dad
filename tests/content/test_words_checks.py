"""A fault in words or data is told once, and everything that can be said is tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.house import FILES, faults, told


def test_the_house_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


# --- one fault, told once ------------------------------------------------------------------------------


def test_a_misspelt_prompt_does_not_make_the_one_that_is_meant_unused(tmp_path: Path) -> None:
    found = faults(tmp_path, {"flows/talk.yaml": FILES["flows/talk.yaml"].replace("talk/name", "talk/nmae")})

    assert [(fault.code, fault.fix) for fault in found] == [("W601", "did you mean 'talk/name'?")]


def test_the_prompts_of_a_flow_that_cannot_be_read_are_not_unused(tmp_path: Path) -> None:
    found = faults(tmp_path, {"flows/talk.yaml": FILES["flows/talk.yaml"].replace("states:", "states: [")})

    assert {fault.code for fault in found} == {"Y103"}


def test_a_prompt_that_many_states_say_fails_once(tmp_path: Path) -> None:
    found = faults(tmp_path, {"prompts/en/talk/again.j2": "{{ persn }}?"})

    assert [(fault.code, fault.message, fault.fix) for fault in found] == [
        ("W603", "'persn' is not set here", "did you mean 'person'?")
    ]


def test_a_template_that_does_not_compile_does_not_fail_as_well(tmp_path: Path) -> None:
    assert told(tmp_path, {"prompts/en/talk/again.j2": "{{ person"}) == ["prompts/en/talk/again.j2:1 W602"]


# --- what is tried -------------------------------------------------------------------------------------


def test_a_slot_that_every_way_has_set_may_be_shown(tmp_path: Path) -> None:
    assert faults(tmp_path, {"prompts/en/driver/first.j2": "{{ label('talk/first') }}: {{ driver }}"}) == []


def test_a_slot_that_some_way_has_not_set_must_be_asked_for_first(tmp_path: Path) -> None:
    found = faults(tmp_path, {"prompts/en/driver/first.j2": "{{ label('talk/first') }} {{ person }}"})

    assert [fault.fix for fault in found] == [
        "talk.tell can say it before it is set; ask {% if person is defined %}"
    ]


def test_every_branch_is_tried_that_the_members_of_an_enum_open(tmp_path: Path) -> None:
    files = {
        "prompts/en/driver/tired.j2": "{{ line('driver/both') }}",
        "prompts/en/driver/first.j2": "{{ label('talk/first') }} {{ line('driver/both') }}",
        "prompts/en/driver/both.j2": "a\n{% if driver == 'first' %}\n{{ lost }}\n{% endif %}",
    }

    assert told(tmp_path, files) == ["prompts/en/driver/both.j2:3 W603"]


def test_a_line_with_a_computed_name_is_followed_to_each_prompt_it_can_mean(tmp_path: Path) -> None:
    files = {
        "flows/talk.yaml": FILES["flows/talk.yaml"].replace("driver/{driver}", "talk/tell"),
        "prompts/en/talk/tell.j2": "{{ line('driver/' ~ driver) }}",
    }

    assert faults(tmp_path / "whole", files) == []
    broken = files | {"prompts/en/driver/first.j2": None}
    assert told(tmp_path / "broken", broken) == ["prompts/en/talk/tell.j2:1 W601"]


def test_a_label_that_only_a_template_names_must_be_there(tmp_path: Path) -> None:
    files = {"prompts/en/driver/tired.j2": "One:\n{{ label('talk/frist') }}"}

    assert told(tmp_path, files) == ["prompts/en/driver/tired.j2:2 W608"]


def test_a_translation_is_tried_as_the_english_is(tmp_path: Path) -> None:
    files = {"prompts/de/talk/open.j2": "Um wen?\n---\nWer? {{ person }}"}

    assert "prompts/de/talk/open.j2:3 W603" in told(tmp_path, files)


@pytest.mark.parametrize(("beside", "found"), [(9, []), (10, ["prompts/en/talk/name.j2:1 W606"])])
def test_the_longest_text_a_slot_may_hold_counts_as_it_is_shown(
    tmp_path: Path, beside: int, found: list[str]
) -> None:
    files = {
        "flows/talk.yaml": FILES["flows/talk.yaml"].replace("max: 60", "max: 1990"),
        "prompts/en/talk/name.j2": "{% if person is defined %}{{ person }}{% endif %} " + "x" * beside,
    }

    assert told(tmp_path, files) == found


def test_a_prompt_of_the_globals_can_count_on_no_slot_of_a_flow(tmp_path: Path) -> None:
    line = FILES["prompts/en/common/line.j2"]

    assert told(tmp_path, {"prompts/en/common/line.j2": line + " {{ person }}"}) == [
        "prompts/en/common/line.j2:1 W603"
    ]
