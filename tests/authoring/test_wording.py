"""Labels and phrases are changed in the text of their file, whatever its layout; all else stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.i18n.wording import Wording, reworded
from bot.content.yaml12 import read
from tests.content.copybook import PROMPTS

FILES = sorted(PROMPTS.sources.root.rglob("options.yaml"))


def data(text: str) -> dict[str, dict[str, object]]:
    tree, faults = read(text, "options.yaml")
    assert tree is not None
    assert not faults
    found: dict[str, dict[str, object]] = tree.data
    return found


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_entry_of_ours_can_be_changed_in_place(path: Path) -> None:
    text = path.read_text()
    before = data(text)
    wanted = {
        name: {
            "label": f'“{name}”: \\ "new" # {place}',
            "source": "0123456789ab",
            "says": [f"first {place}", *list(entry.get("says", []))[1:-1], "last: one"],  # type: ignore[call-overload]
        }
        for place, (name, entry) in enumerate(before.items())
    }

    after = reworded(
        text,
        {
            name: Wording(str(one["label"]), str(one["source"]), tuple(one["says"]))  # type: ignore[arg-type]
            for name, one in wanted.items()
        },
        list(before),
    )

    assert data(after) == wanted
    assert comments(after) == comments(text)
    assert reworded(text, {}, []) == text


def test_a_new_entry_stands_behind_the_one_before_it_in_the_english() -> None:
    text = "a: {label: A}\n# about c\nc:\n  label: C\n"

    after = reworded(text, {"b": Wording("B", "00", ("b",)), "d": Wording("D")}, ["a", "b", "c", "d"])

    assert list(data(after)) == ["a", "b", "c", "d"]
    assert reworded("", {"a": Wording("A")}, ["a"]) == 'a:\n  label: "A"\n'
    assert reworded("# only this\n", {"a": Wording("A")}, ["a"]).startswith("# only this\n")
