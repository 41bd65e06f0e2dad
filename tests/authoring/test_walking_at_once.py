"""Two answers in one text, and a story that answers what is asked later, are walked as other moves are."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.choices import Choices
from bot.authoring.walking.exploring import Explorer
from bot.authoring.walking.lines import Lines
from bot.authoring.walking.moves import Press, Several, Story, Typed, event_of
from bot.authoring.walking.shrinking import Shrinker, simpler
from bot.authoring.walking.tally import Found, Tally
from bot.authoring.walking.telling import tell
from bot.authoring.walking.terrain import Terrain
from bot.authoring.walking.walker import Beginning, Walker
from bot.authoring.walking.wandering import Wanderers
from bot.dialogue.events import Answered, Reading
from tests import ours
from tests.authoring.grounds import ground

BOTH = Several(("go", "other"), "1 and 2")
TOLD = Story((("how", "other"),), "for ever")


def found_in(terrain: Terrain) -> Found:
    """Explore, and return the shortest conversation in which anything breaks."""
    tally = Tally()
    for start in beginnings(terrain):
        list(Explorer(terrain, 1, tally).explore(start))
    return Shrinker(terrain).shrink(min(tally.found.values(), key=lambda one: len(one.moves)))


def test_what_breaks_by_two_answers_at_once_is_found_by_one_text(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "several")
    found = found_in(terrain)

    assert (found.breach.name, found.moves) == ("fault", (BOTH,))
    assert "1 and 2 (go and other)" in tell(terrain, found)


def test_what_only_a_story_leads_to_is_found(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "story")
    found = found_in(terrain)

    assert (found.breach.name, found.moves) == ("fault", (TOLD,))
    assert "(which tells how other)" in tell(terrain, found)


def test_what_only_the_first_words_of_a_conversation_lead_to_is_found(tmp_path: Path) -> None:
    found = found_in(ground(tmp_path, "opening"))

    assert (found.breach.name, found.moves[-1]) == ("fault", TOLD)


@pytest.mark.parametrize("name", ["several", "story", "opening"])
def test_walks_by_chance_come_there_too(name: str, tmp_path: Path) -> None:
    terrain = ground(tmp_path, name)
    wanderers, tally = Wanderers(terrain, 1, beginnings(terrain)), Tally()
    for number in range(40):
        wanderers.walk(number, tally)

    made = {type(move) for one in tally.found.values() for move in one.moves}

    assert (Several if name == "several" else Story) in made


def test_two_answers_that_cannot_be_given_together_are_no_move(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "several")
    walker = Walker(terrain, Beginning("little"))
    walker.begin()

    assert event_of(Several(("go", "gone"), "1 and 3"), terrain.flows, walker.session, None) is None
    assert list(walker.make(Press("go"))) != []
    assert list(walker.make(BOTH)) == []


def test_what_is_answered_at_once_counts_as_each_of_its_answers(tmp_path: Path) -> None:
    terrain = ground(tmp_path, "several")
    lines, walker = Lines(terrain), Walker(terrain, Beginning("little"))
    list(lines.see(walker.begin()))

    list(lines.see(next(walker.make(Several(("other", "go"), "2 and 1")))))

    assert lines.answered == {("little", "open", "other"), ("little", "second", "go")}


def test_a_story_is_made_simpler_by_what_it_tells() -> None:
    story = Story((("how", "go"), ("whom", "Sam")), "words")

    assert list(simpler(story))[1:] == [
        Typed("words"),
        Story(story.heard[:1], "words"),
        Story(story.heard[1:], "words"),
    ]
    assert list(simpler(BOTH)) == [Press("go"), Press("other")]


def test_our_own_questions_are_answered_so_as_the_ear_would_hear_it() -> None:
    terrain = Terrain(ours.content())
    choices, beginning = Choices(terrain), Beginning("reflect", (("consented", True),))
    walker = Walker(terrain, beginning)
    walker.begin()

    stories = choices.at_once.stories(walker)
    at_random = choices.at_once.story(walker, Random(1))

    assert {slot for one in stories for slot, _ in one.heard} == {"direction", "how", "long", "hunch", "whom"}
    assert at_random is not None
    heard = event_of(at_random, terrain.flows, walker.session, None)
    assert isinstance(heard, Answered)
    assert heard.reading == Reading(heard=at_random.heard)
