"""The model hears what no rule says, explains itself by a taught sentence, and belongs to its corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.encoder.loading import encoder
from bot.safety.encoding import Encoder, Vector
from bot.safety.screen import screen
from bot.safety.units import GATES, SHORT, units
from bot.sensing.__main__ import landmarks, tables, taught_sentences, thinned
from bot.sensing.corpus import Sentence, fingerprint, read_sentences, validating
from bot.sensing.grams import PLACES, grams
from bot.sensing.loading import OTHER, WEIGHTS, about, leanings, read_model, sense
from bot.sensing.teaching import in_words, lesson, teach
from tests.bench.unseen import FOLDER, TABLES
from tests.safety.sentences import lexicon, sentences

_LITTLE = (
    ("self", "hard", "plain", "the knife is on my wrist"),
    ("unsafe", "soft", "veiled", "he waits outside with a knife"),
    ("-", "none", "ordinary", "we had tea and cake"),
    ("-", "none", "cutting_off", "no tea with her again"),
    ("-", "none", "idiom", "this tea is to die for"),
)
CHECKOUT = Path(__file__).parents[2]
TAUGHT = taught_sentences(tables(CHECKOUT), CHECKOUT)


def test_the_weights_belong_to_the_sentences_that_stand_in_the_tables() -> None:
    assert about()["corpus"] == fingerprint(TAUGHT), "run `python -m bot.sensing`"


def test_whoever_measures_was_never_taught() -> None:
    measured = [one for table in TABLES for one in read_sentences(FOLDER / f"{table}.tsv")]

    assert not {one.persona for one in measured} & {one.persona for one in TAUGHT}
    assert not {one.text.lower() for one in measured if len(one.text) > 20} & {
        one.text.lower() for one in TAUGHT
    }
    taught = {one.text for one in TAUGHT}
    assert (
        not {one.text for table in ("held_back", "late") for one in sentences(table) if one.text != "yes"}
        & taught
    )


@pytest.mark.parametrize("one", TAUGHT[::500], ids=lambda one: one.disguise)
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
    assert quoted[1] in {one.text for one in TAUGHT}


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
    alone = read_model(WEIGHTS, None)
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
def test_likeness_is_asked_only_where_there_is_doubt(text: str, asked: int) -> None:
    others = encoder(OTHER)
    assert others is not None
    second = Counting(others)

    read_model(WEIGHTS, second, leanings()).opinion(tuple(units(text, lexicon())), careful=False)

    assert second.asked == asked


def test_where_nothing_leans_words_alone_end_no_doubt() -> None:
    others = encoder(OTHER)
    assert others is not None
    second = Counting(others)

    read_model(WEIGHTS, second).opinion(tuple(units("my sister", lexicon())), careful=False)

    assert second.asked == 1


def test_with_another_encoder_than_it_was_taught_with_words_alone_speak() -> None:
    found = read_model(WEIGHTS, encoder(), leanings()).opinion(
        tuple(units("he checks my phone every night and decides who i am allowed to see", lexicon())),
        careful=False,
    )

    assert found is not None
    assert "its words" in found.why


def test_the_model_allays_a_rule_in_one_short_text_where_an_encoder_has_learnt() -> None:
    model = sense()
    assert model is not None
    denied = "no i have no plan to kill myself, i have a plan for a washing machine"
    pieces = tuple(units(denied, lexicon()))

    assert screen(denied, lexicon(), sense=model) != screen("i want to kill myself", lexicon(), sense=model)
    assert model.allays(pieces, "hard")
    assert not model.allays(tuple(units("i want to kill myself tonight", lexicon())), "hard")
    assert not model.allays(tuple(units(f"{denied}. " * 8, lexicon())), "hard")
    assert not model.allays(tuple(units("quiero morirme esta noche", lexicon())), "hard")
    assert not read_model(WEIGHTS, encoder(OTHER)).allays(pieces, "hard")


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("ya no quiero seguir viviendo, he guardado las pastillas para esta noche", "self"),
        ("ich will nicht mehr leben, die tabletten liegen schon neben dem bett", "self"),
        ("mein mann schlägt mich, wenn ich mit meiner schwester rede", "unsafe"),
    ],
)
@pytest.mark.parametrize("leans", [True, False])
def test_other_languages_are_heard_with_what_their_encoder_learnt_and_without(text, gate, leans) -> None:
    model = read_model(WEIGHTS, encoder(OTHER), leanings() if leans else {})

    found = model.opinion(tuple(units(text, lexicon())), careful=False)

    assert found is not None
    assert found.gate == gate


def test_english_is_judged_as_other_languages_are_where_only_they_have_learnt() -> None:
    others = {voice: leans for voice, leans in leanings().items() if voice == "others"}
    model = read_model(WEIGHTS, encoder(OTHER), others)

    found = model.opinion(tuple(units("i want to die, i have the pills here", lexicon())), careful=False)

    assert found is not None
    assert (found.gate, found.tier) == ("self", "hard")


def test_who_chooses_bars_is_a_tenth_of_every_table_and_never_the_first_who_comes() -> None:
    for _, some in tables(CHECKOUT):
        people = list(dict.fromkeys(one.persona for one in some))
        chosen = validating(some)

        assert people[0] not in chosen
        assert len(people) // 15 <= len(chosen) <= len(people) / 7


@pytest.mark.parametrize(
    ("count", "others"),
    [(20_000, [5, 6, 19_999]), (20_000, range(5_000)), (9_000, range(8_000)), (30, [1]), (4, [])],
)
def test_landmarks_are_other_languages_by_half_and_english_ones_as_far_as_they_go(count, others) -> None:
    found = landmarks(count, others)

    assert found == sorted(set(found))
    assert len(found) == min(count, 7_500)
    assert len(set(found) & set(others)) == min(len(others), max(3_750, 7_500 - (count - len(others))))


def test_of_many_sentences_some_that_may_be_spared_are_left_out() -> None:
    spared = [at % 3 > 0 for at in range(90_000)]

    found = thinned(spared)

    assert found == sorted(set(found))
    assert len(found) == 75_000
    assert sum(not spared[at] for at in found) == 30_000
    assert thinned(spared[:600]) == list(range(600))


def test_what_is_taught_is_heard_in_its_gate_and_what_is_ordinary_is_not() -> None:
    said = [Sentence(f"p{at}", *row) for at, row in enumerate(_LITTLE * 5)]

    def one_each(texts: Sequence[str]) -> np.ndarray:
        return np.eye(len(texts), dtype=np.float32)

    taught = lesson(said, lexicon(), one_each, range(len(said)), np)

    scores = teach(taught, range(len(said)), {"english": {at: np.zeros(10) for at in range(len(said))}}, np)[
        "arrays"
    ]["words_places"]
    danger, ordinary = scores[grams(["knife"])][:, 0], scores[grams(["tea"])][:, 0]

    assert max(danger) > 0 > min(ordinary)


def test_two_sentences_are_as_alike_in_words_as_the_places_they_share() -> None:
    alike = in_words([[1, 2, 3, 4], [4], [9], []], [[1, 2, 3, 4], [9]], np)

    assert alike.tolist() == [[1, 0], [0.5, 0], [0, 1], [0, 0]]


def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(b"nothing of ours")

    with pytest.raises(ValueError, match=r"pickle|Failed"):
        read_model(path, None)


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
