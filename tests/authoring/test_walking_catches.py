"""Whatever must hold in every conversation is caught where it does not, in the fewest moves that show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.breaches import INVARIANTS, Breach
from bot.authoring.walking.exploring import Explorer
from bot.authoring.walking.moves import Command, Old, Pass, Phrase, Press, Typed
from bot.authoring.walking.shrinking import Shrinker
from bot.authoring.walking.tally import Found, Tally
from bot.authoring.walking.telling import tell
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Beginning
from tests.authoring.grounds import ENGINES, engine, ground

FLOWS = ("fault", "speech", "options", "silence", "twice", "rung", "endless")


def explored(terrain: Terrain) -> Tally:
    tally = Tally()
    explorer = Explorer(terrain, 1, tally)
    for start in beginnings(terrain):
        list(explorer.explore(start))
    return tally


def shortest(terrain: Terrain, tally: Tally, name: str) -> Found:
    found = min(
        (one for one in tally.found.values() if one.breach.name == name), key=lambda one: len(one.moves)
    )
    return Shrinker(terrain).shrink(found)


def test_nothing_breaks_where_nothing_is_wrong(tmp_path: Path) -> None:
    tally = explored(ground(tmp_path, "sound"))

    assert list(tally.found.values()) == []
    assert tally.places >= {"little.open", "little.choose", "crisis.card", "delete_me.sure"}


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_that_is_wrong_in_one_way_is_caught_for_that_and_nothing_else(
    name: str, tmp_path: Path
) -> None:
    terrain = ground(tmp_path, name)
    tally = explored(terrain)

    assert {one.breach.name for one in tally.found.values()} == {name}
    assert len(shortest(terrain, tally, name).moves) <= 2


def test_a_danger_that_is_not_answered_is_caught(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "danger", crisis="deaf_crisis")
    tally = explored(terrain)
    found = shortest(terrain, tally, "danger")

    assert [type(move).__name__ for move in found.moves][-1] == "Alarm"
    assert "crisis" in found.breach.told


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_that_breaks_a_promise_is_caught(name: str, tmp_path: Path) -> None:
    terrain = ground(tmp_path, "sound", engine(ENGINES[name]))
    tally = explored(terrain)

    assert name in {one.breach.name for one in tally.found.values()}
    assert len(shortest(terrain, tally, name).moves) <= 2


def test_every_invariant_is_seen_broken_by_something_here() -> None:
    assert {*FLOWS, *ENGINES, "danger"} == INVARIANTS.keys()


def test_a_failure_is_told_as_the_conversation_it_was(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "silence")
    found = shortest(terrain, explored(terrain), "silence")

    told = tell(terrain, found).splitlines()

    assert told[0] == "silence at little.more: nothing is said to who wrote"
    assert [line.partition("│ ")[2] for line in told if "person" in line] == ["[go]", "[other]"]
    assert told[2].endswith("lowtide │ Who is it?")
    assert told[-1].endswith(INVARIANTS["silence"])


def test_a_long_way_round_is_made_short(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "fault")
    round_ = (Typed("."), Command("why", "script"), Phrase("go", "go on"), Pass(3600), Command("back"), Old())
    broken = Breach("fault", "little.open", "")

    found = Shrinker(terrain).shrink(
        Found(broken, Beginning("little"), (*round_, Phrase("other", "for ever")))
    )

    assert found.moves == (Press("other"),)
    assert "25 states" in found.breach.told


def test_what_breaks_in_a_called_flow_is_begun_there_with_its_slots(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "speech", delete_me="called")
    broken = Breach("speech", "little.open", "")

    found = Shrinker(terrain).shrink(Found(broken, Beginning("delete_me"), (Press("keep"), Press("go"))))

    assert (found.beginning.flow, found.moves) == ("little", (Press("go"),))
