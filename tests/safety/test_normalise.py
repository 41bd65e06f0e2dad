from __future__ import annotations

import pytest

from bot.safety.normalise import normalise

DISGUISES = {
    "Cyrillic letters": "I wаnt tо diе",
    "Greek letters": "ι want το die",
    "fullwidth letters": "Ｉ want to ｄｉｅ",
    "mathematical letters": "𝓲 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓭𝓲𝓮",
    "small capitals": "ɪ wᴀnt tᴏ dɪe",
    "zero-width blanks": "i wa\u200bnt to d\u200di\ufeffe",
    "bidirectional marks": "i want \u202eto\u202c die",
    "combining marks": "i want to d\u0336i\u0336e\u0336",
    "accents": "ì want tö dïé",
    "digits for letters": "i w4nt to d1e",
    "signs for letters": "i w@nt to d!e",
    "letters with blanks between": "i want to d i e",
    "letters with dots between": "i want to d.i.e",
    "stretched letters": "iii wanttt toooo diiieee",
    "many blanks": "  i \t want   to die ",
}


@pytest.mark.parametrize("written", DISGUISES.values(), ids=DISGUISES)
def test_a_disguise_is_undone(written):
    assert normalise(written) == "i want to die"


@pytest.mark.parametrize(
    "written", ["at 2am", "in 24h", "22:00", "call 988", "the 3rd", "2h30m", "90210", "10%"]
)
def test_a_number_keeps_its_shape(written):
    assert normalise(written) == written


@pytest.mark.parametrize(
    "written", ["i feel good", "all too soon", "i need to call", "still here", "off to bed"]
)
def test_plain_words_stay_as_they_are(written):
    assert normalise(written) == written


def test_a_stretched_double_letter_stays_double():
    assert normalise("killll goooood feeeel") == "kill good feel"


def test_curly_quotes_and_dashes_become_straight_ones():
    assert normalise("I don’t – “really” — know") == 'i don\'t - "really" - know'


def test_a_text_in_another_script_is_not_turned_into_latin():
    assert normalise("Мама, я хочу домой") == "мама, я хочу домои"


def test_a_few_emoji_become_words_and_others_stay():
    assert normalise("yes 😂👍🏽 🐈") == "yes lol ok 🐈"


def test_line_breaks_stay():
    assert normalise("one\ntwo") == "one\ntwo"


@pytest.mark.parametrize("written", ["", "   ", "\u200b", "🐈", "1", "?!"])
def test_a_text_of_nearly_nothing_is_normalised_too(written):
    assert normalise(written) == written.replace("\u200b", "").strip()


def test_what_is_normalised_stays_so():
    once = [normalise(text) for text in DISGUISES.values()]

    assert [normalise(text) for text in once] == once
