"""The ear learns once, remembers on disk, and never keeps anybody from being answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot import listening, shelf
from bot.content.library import Content, load
from bot.dialogue.expect import Expectation
from bot.encoder.loading import encoder
from bot.listening import Learner, Lessons, Listener
from bot.remembering import remembered
from bot.shelf import Shelf
from bot.understanding import model
from bot.understanding.matching import read
from bot.understanding.model import corpus, judge
from tests.runtime.little import little_world

LESSONS = Lessons(
    (
        *(("mood/tired", text) for text in ("so tired", "no energy left", "worn out", "i can hardly move")),
        *(("mood/angry", text) for text in ("so angry", "i am furious", "he made me mad", "i could scream")),
    ),
    ("hello", "what time is it", "pizza", "the train is late"),
)
KEYS = ("mood/tired", "mood/angry")


class Counting:
    """Encode as the real one does, and count."""

    def __init__(self) -> None:
        self.name = "counting"
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        found = encoder()
        assert found is not None
        self.texts += len(texts)
        return np.asarray(found.encode(texts))


class Failing:
    name = "failing"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        raise ValueError(f"cannot place {texts}")


def best(learner: Learner, text: str) -> int:
    judge = learner.judge(KEYS)
    assert judge is not None
    return int(np.argmax(learner.scores(text, judge)))


@pytest.mark.parametrize("placing", [encoder(), None])
def test_what_was_never_said_is_heard_by_what_was(tmp_path: Path, placing: Counting | None) -> None:
    learner = Learner(LESSONS, placing, tmp_path)

    assert best(learner, "im so very tired, no energy") == 0
    assert best(learner, "he makes me so mad i could scream") == 1
    assert best(learner, "is the train late") == 2


def test_what_was_learnt_is_there_the_next_time(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    best(Learner(LESSONS, first, tmp_path), "tired")

    best(Learner(LESSONS, second, tmp_path), "tired")

    assert first.texts > 10
    assert second.texts == 1


class Missing(Shelf):
    """Tell when somebody looked for what is not there."""

    def __init__(self, root: Path, digest: str) -> None:
        super().__init__(root, digest)
        self.missed = threading.Event()

    def get(self, name: str) -> Mapping[str, Any] | None:
        found = super().get(name)
        if found is None:
            self.missed.set()
        return found


def test_what_another_process_makes_now_is_waited_for_and_not_made_twice(tmp_path: Path) -> None:
    counting, made = Counting(), np.ones((3, 3), np.float32)
    learner, there = Learner(LESSONS, counting, tmp_path), Missing(tmp_path, LESSONS.digest("counting"))
    learner._shelf = there

    with ThreadPoolExecutor(1) as beside, Shelf(tmp_path, "another").alone():
        asked = beside.submit(learner.judge, KEYS)
        assert there.missed.wait(30)
        there.put(listening._name(KEYS), {"judge": made})
        found = asked.result(30)  # while the other one makes more

    assert np.array_equal(found, made)
    assert counting.texts == 0


def test_one_that_hangs_while_it_learns_keeps_nobody_waiting_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_PATIENCE", 0)

    with Shelf(tmp_path, "another").alone():
        found = Learner(LESSONS, Counting(), tmp_path).judge(KEYS)

    assert found is not None


def test_a_new_phrase_costs_only_itself(tmp_path: Path) -> None:
    best(Learner(LESSONS, Counting(), tmp_path), "tired")
    more, counting = Lessons((*LESSONS.phrases, ("mood/tired", "knackered")), LESSONS.nothing), Counting()

    best(Learner(more, counting, tmp_path), "tired")

    assert counting.texts == 2


def test_the_same_phrases_make_the_same_judge(tmp_path: Path) -> None:
    one = Learner(LESSONS, encoder(), tmp_path / "a").judge(KEYS)
    other = Learner(LESSONS, encoder(), tmp_path / "b").judge(KEYS)

    assert one is not None
    assert other is not None
    assert np.array_equal(one, other)


def test_many_phrases_and_few_make_judges_by_the_same_rule() -> None:
    chance = np.random.default_rng(7)
    phrases = chance.normal(size=(12, 30)).astype(np.float32)
    few = corpus(phrases, [0] * 5 + [1] * 5 + [2] * 2, chance.normal(size=(4, 30)).astype(np.float32))
    own = model._own(few, [0, 1])
    elsewhere = model._ELSEWHERE * own[2].sum() / 2
    nowhere = model._NOWHERE * own[2].sum() / 4

    by_features = model._solved(few, own, elsewhere, nowhere)

    assert judge(few, [0, 1]) == pytest.approx(by_features, abs=1e-3)


def test_a_question_without_phrases_has_no_judge(tmp_path: Path) -> None:
    assert Learner(LESSONS, encoder(), tmp_path).judge(("mood/tired", "mood/unknown")) is None


def test_a_torn_file_is_made_again(tmp_path: Path) -> None:
    best(Learner(LESSONS, encoder(), tmp_path), "tired")
    for path in tmp_path.rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])

    assert best(Learner(LESSONS, encoder(), tmp_path), "so tired") == 0


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert best(Learner(LESSONS, encoder(), tmp_path / "file" / "below"), "so tired") == 0


def test_only_the_newest_words_are_kept_on_the_shelf(tmp_path: Path) -> None:
    for number in range(20):
        Shelf(tmp_path, f"digest{number}").put("a", {"a": np.zeros(1)})

    assert len(list(tmp_path.iterdir())) == 17
    assert Shelf(tmp_path, "digest19").get("a") is not None


def test_vectors_come_back_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    texts = ["one", "two", "three"]
    first = remembered(texts, Counting(), tmp_path)

    again = remembered(texts[::-1], Counting(), tmp_path)

    assert np.array_equal(first, again[::-1])


# --- the ear ---------------------------------------------------------------------------------------


@pytest.fixture
def content(tmp_path: Path) -> Content:
    little_world(tmp_path)
    return load(tmp_path / "flows", tmp_path / "prompts")


def question(content: Content) -> Expectation:
    flow, state = next(
        (flow, state)
        for flow in content.flows.flows.values()
        for state in flow.states.values()
        if len(state.options) > 1 and state.ask is None
    )
    return Expectation(flow.id, state.id, state.options)


def test_an_ear_that_fails_leaves_the_text_to_likeness(
    content: Content, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Listener(content, lambda _: Failing(), tmp_path / "cache")

    with caplog.at_level(logging.ERROR):
        found = ear.sure("a secret of mine", question(content), "en")

    assert found is None
    assert "the ear failed" in caplog.text
    assert "secret" not in caplog.text


def test_an_ear_that_may_not_wait_says_nothing_until_it_has_learnt(content: Content, tmp_path: Path) -> None:
    ear, asked = Listener(content, encoder, tmp_path / "cache", patient=False), question(content)

    before = ear.sure("whatever", asked, "en")
    ear.warm()
    after = ear.sure("whatever", asked, "en")

    assert before is None
    assert after is not None
    assert sum(after.options) + after.nothing == pytest.approx(1)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 10_000,
        "😀" * 10_000,
        "а" * 50_000,
        "no\u200b" * 20_000,
        "yes, " * 10_000,
        "n" + "o" * 50_000,
        "?!" * 25_000,
        "\ud800 lone",
        "",
    ],
)
def test_whatever_is_sent_is_read(content: Content, tmp_path: Path, text: str) -> None:
    ear, asked = Listener(content, encoder, tmp_path / "cache"), question(content)

    found = read(
        text,
        asked,
        content.words.speaking("en"),
        content.why.find,
        lambda text, asked: ear.sure(text, asked, "en"),
    )

    assert found.option is None or found.option in {one.id for one in asked.options}
