from __future__ import annotations

import pytest

from bot.safety.language import clearly, guess
from bot.sensing.corpus import read_sentences
from tests.bench.unseen import FOLDER


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_sentences_of_four_words_or_more_are_nearly_always_known(language):
    texts = [one.text for one in read_sentences(FOLDER / f"{language}.tsv") if len(one.text.split()) > 3]

    known = sum(guess(text) == language for text in texts)

    assert known / len(texts) >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        "je ne veux plus parler à ma sœur",
        "eu não quero falar com ninguém hoje",
        "non voglio più vedere nessuno",
        "ik wil vandaag niemand zien",
        "nie chcę dziś z nikim rozmawiać",
        "мама, я хочу домой",
        "我不想和任何人说话",
        "لا أريد التحدث مع أحد",
    ],
)
def test_another_language_is_told_apart(text):
    assert guess(text) == "other"


@pytest.mark.parametrize("text", ["", "ok", "sam", "👍", "22:00", "???", "lisbon", "no"])
@pytest.mark.parametrize("otherwise", ["en", "es", "de"])
def test_what_tells_nothing_keeps_the_language_of_the_conversation(text, otherwise):
    if text in ("", "sam", "👍", "22:00", "???", "lisbon"):
        assert guess(text, otherwise) == otherwise
    assert guess(text, "en") == "en"


def test_a_text_of_any_length_is_looked_at_in_its_beginning_only():
    assert guess("ich will heute niemanden sehen " * 2_000 + "I am here") == "de"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("me he peleado con mi hermana y no le contesto", "es"),
        ("hab keinen bock mehr auf leute", "de"),
        ("i dont want to see anyone", "en"),
        ("je ne veux plus voir personne", "other"),
        ("Привет, мне плохо", "other"),
    ],
)
def test_a_sentence_tells_its_language_beyond_doubt(text, language):
    assert clearly(text) == language


@pytest.mark.parametrize(
    "text",
    ["", "hola", "die", "no", "also", "was", "Maria", "José y Ana", "mi ex", "my mum died", "👍", "22:00"],
)
def test_a_word_or_two_leave_a_doubt(text):
    assert clearly(text) is None


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_hardly_any_sentence_is_clearly_in_another_language(language):
    texts = [one.text for one in read_sentences(FOLDER / f"{language}.tsv")]

    wrong = [text for text in texts if clearly(text) not in (language, None)]

    assert len(wrong) / len(texts) <= 0.01
