"""Labels and phrases: read by key and language, and every slip in them told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.words import Words


def written(root: Path, files: dict[str, str]) -> Words:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Words(root)


def test_a_key_is_the_folder_and_the_name(tmp_path: Path) -> None:
    words = written(
        tmp_path,
        {
            "en/driver/options.yaml": 'low: {label: "I am tired", says: [so tired, "no", 22:00]}\n',
            "en/a/b/options.yaml": "go: {label: Go}\n",
        },
    )

    assert words.label("driver/low") == "I am tired"
    assert words.says("driver/low") == ("so tired", "no", "22:00")
    assert words.label("a/b/go") == "Go"
    assert words.says("a/b/go") == ()
    assert words.faults == []


def test_a_language_falls_back_to_english_key_by_key(tmp_path: Path) -> None:
    words = written(
        tmp_path,
        {
            "en/a/options.yaml": "yes: {label: Yes, says: [yes]}\nno: {label: No, says: [no]}\n",
            "de/a/options.yaml": "yes: {label: Ja, says: [ja]}\n",
        },
    )

    german = words.speaking("de")

    assert (german.label("a/yes"), german.says("a/yes")) == ("Ja", ("ja",))
    assert (german.label("a/no"), german.says("a/no")) == ("No", ("no",))
    assert words.speaking("fr").label("a/yes") == "Yes"


def test_a_label_that_is_not_there_is_made_from_its_key_so_that_no_button_is_blank(tmp_path: Path) -> None:
    words = written(tmp_path, {})

    assert words.label("driver/low_capacity") == "Low capacity"
    assert words.says("driver/low_capacity") == ()


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("- a\n", "Y122", 1, 1),
        ("low: tired\n", "Y122", 1, 6),
        ("low:\n  says: [x]\n", "Y121", 1, 1),
        ("low:\n  label: x\n  sais: [x]\n", "Y120", 3, 3),
        ("low:\n  label: 12\n", "Y122", 2, 10),
        ("low:\n  label: x\n  says: [x, 12]\n", "Y122", 3, 13),
        ("low: {label: x}\nlow: {label: y}\n", "Y105", 2, 1),
        ("low: {label: x\n", "Y103", 1, 6),
    ],
)
def test_each_slip_in_a_words_file_is_told_at_its_place(
    tmp_path: Path, text: str, code: str, line: int, column: int
) -> None:
    words = written(tmp_path, {"en/a/options.yaml": text})
    words.entries()

    assert [(fault.code, fault.spot.line, fault.spot.column) for fault in words.faults] == [
        (code, line, column)
    ]


def test_an_entry_with_a_slip_keeps_what_is_right_in_it(tmp_path: Path) -> None:
    words = written(tmp_path, {"en/a/options.yaml": "low:\n  says: [so tired, 12, done]\n"})

    assert words.says("a/low") == ("so tired", "done")
    assert words.label("a/low") == "Low"


def test_an_entry_knows_where_it_is_written(tmp_path: Path) -> None:
    words = written(tmp_path, {"en/a/options.yaml": "yes: {label: Yes}\n\nno: {label: No}\n"})

    entry = words.entry("a/no")

    assert entry is not None
    assert str(entry.spot) == f"{tmp_path}/en/a/options.yaml:3:1"


def test_only_the_languages_that_are_asked_for_are_read(tmp_path: Path) -> None:
    words = written(
        tmp_path, {"en/a/options.yaml": "yes: {label: Yes}\n", "de/a/options.yaml": "not yaml: ["}
    )

    assert words.label("a/yes") == "Yes"
    assert words.faults == []
    assert words.label("a/yes", "de") == "Yes"
    assert [fault.code for fault in words.faults] == ["Y103"]
