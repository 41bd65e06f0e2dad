"""The model hears what no rule says, explains itself by a taught sentence, and belongs to its corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.safety.encoding import Encoder, Vector
from bot.safety.screen import screen
from bot.safety.units import GATES, SHORT, units
from bot.sensing.__main__ import taught_sentences
from bot.sensing.corpus import Sentence, fingerprint, read_sentences
from bot.sensing.grams import PLACES, grams
from bot.sensing.loading import WEIGHTS, about, encoders, read_model, sense
from bot.sensing.teaching import in_words, lesson, teach
from tests.bench.unseen import FOLDER
from tests.safety.sentences import lexicon, sentences

_LITTLE = (
    ("self", "hard", "plain", "the knife is on my wrist"),
    ("unsafe", "soft", "veiled", "he waits outside with a knife"),
    ("-", "none", "ordinary", "we had tea and cake"),
    ("-", "none", "cutting_off", "no tea with her again"),
    ("-", "none", "idiom", "this tea is to die for"),
)
TAUGHT, RULED = taught_sentences(Path(__file__).parents[2])


def test_the_weights_belong_to_the_sentences_that_stand_in_the_tables() -> None:
    assert about()["corpus"] == fingerprint([*TAUGHT, *RULED]), "run `python -m bot.sensing`"


def test_whoever_measures_was_never_taught() -> None:
    measured = [one for table in ("en", "es", "de") for one in read_sentences(FOLDER / f"{table}.tsv")]

    assert not {one.persona for one in measured} & {one.persona for one in TAUGHT}
    assert not {one.text.lower() for one in measured if len(one.text) > 20} & {
        one.text.lower() for one in TAUGHT
    }
    taught = {one.text for one in TAUGHT}
    assert not {one.text for table in ("held_back", "late") for one in sentences(table)} & taught


@pytest.mark.parametrize("one", [*TAUGHT, *RULED][::50], ids=lambda one: one.disguise)
def test_every_sentence_names_a_gate_that_is_answered(one) -> None:
    assert one.gate in (*GATES, "-")
    assert one.tier == "none" if one.gate == "-" else one.tier in ("soft", "hard")


def test_it_hears_what_no_rule_hears_and_names_a_sentence_that_was_taught() -> None:
    text = "ive given my guitar to my cousin, he can keep it, i wont be needing songs"
    assert screen(text, lexicon()) is None

    found = screen(text, lexicon(), sense=sense())

    assert found is not None
    assert found.gate == "self"
    quoted = re.search("like “(.+)”", found.why)
    assert quoted is not None
    assert quoted[1] in {one.text for one in (*TAUGHT, *RULED)}


def test_of_what_a_rule_hears_too_the_rule_tells_why() -> None:
    found = screen("i want to kill myself", lexicon(), sense=sense())

    assert found is not None
    assert found.why.startswith("self.hard.")


@pytest.mark.parametrize(
    "text", ["", "ok", "👍", "sunday evening", "my sister", "22:00", "asdf qwerty", "я дома"]
)
def test_nothing_is_heard_in_an_answer_or_in_nonsense(text: str) -> None:
    assert screen(text, lexicon(), sense=sense()) is None


def test_without_an_encoder_words_alone_speak() -> None:
    alone = read_model(WEIGHTS, ())
    text = "he checks my phone every night and decides who i am allowed to see"

    found = alone.opinion(tuple(units(text, lexicon())), careful=False)

    assert found is not None
    assert found.gate in ("unsafe", "coerced")
    assert "its words" in found.why


class Counting:
    """Be an encoder that counts the texts it is asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self._encoder, self.asked = encoder.name, encoder, 0

    def encode(self, texts: Sequence[str]) -> Iterable[Vector]:
        self.asked += len(texts)
        return self._encoder.encode(texts)


@pytest.mark.parametrize(
    ("text", "asked"), [("my sister", 0), ("tomorrow after work", 0), ("i am tired of being a person", 1)]
)
def test_the_second_encoder_is_asked_only_where_there_is_doubt(text: str, asked: int) -> None:
    english, others = encoders()
    second = Counting(others)

    read_model(WEIGHTS, (english, second)).opinion(tuple(units(text, lexicon())), careful=False)

    assert second.asked == asked


def test_with_another_encoder_than_it_was_taught_with_words_alone_speak() -> None:
    english, others = encoders()

    found = read_model(WEIGHTS, (others, english)).opinion(
        tuple(units("he checks my phone every night and decides who i am allowed to see", lexicon())),
        careful=False,
    )

    assert found is not None
    assert "its words" in found.why


def test_what_is_taught_is_heard_in_its_gate_and_what_is_ordinary_is_not() -> None:
    said = [Sentence(f"p{at}", *row) for at, row in enumerate(_LITTLE * 5)]
    taught = lesson(said, lexicon(), [lambda texts: np.eye(len(texts), dtype=np.float32)], np)

    scores = teach(taught, len(said), np)["arrays"]["words_places"]
    danger, ordinary = scores[grams(["knife"])][:, 0], scores[grams(["tea"])][:, 0]

    assert max(danger) > 0 > min(ordinary)


def test_two_sentences_are_as_alike_in_words_as_the_places_they_share() -> None:
    alike = in_words([[1, 2, 3, 4], [4], [9], []], np)

    assert alike.tolist() == [[1, 0.5, 0, 0], [0.5, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(b"nothing of ours")

    with pytest.raises(ValueError, match=r"pickle|Failed"):
        read_model(path, ())


def test_a_long_text_is_read_in_windows_that_overlap() -> None:
    pieces = list(units("word " * 10 * SHORT + "end", lexicon()))

    assert max(len(piece.plain.split()) for piece in pieces) == SHORT
    assert pieces[-1].plain.endswith("end")
    assert len(pieces) <= 20


@pytest.mark.parametrize("text", ["a" * 50_000, "🔪" * 10_000, "no " * 16_000, "\u200b" * 50_000])
def test_an_endless_text_has_few_places_in_the_table(text: str) -> None:
    found = [grams(piece.words) for piece in units(text, lexicon())]

    assert max(map(len, found), default=0) <= 2_000
    assert all(0 <= place < PLACES for one in found for place in one)


def test_a_table_with_a_missing_column_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "en.tsv"
    path.write_text("# who\nmaya\tself\thard\tplain\ttext\nmaya\tself\n")

    with pytest.raises(ValueError, match=r"en\.tsv:3: 2 columns"):
        read_sentences(path)
