"""Spanish and German keep what the English promises: complete, short, plain, with words of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.content.folders import SOURCE
from bot.understanding.spelling import authored, bare
from tests.content.copybook import PROMPTS, WORDS, Wording, count, grade, wordings, wordings_of
from tests.content.test_copy import EASY, most_words

LANGUAGES = [lang for lang in PROMPTS.languages if lang != SOURCE]
PHRASES = 25
"""Phrases of its own that an option has in each language, where it has as many in English."""
NEVER = {
    "es": {
        "it is no such thing": r"terap(?:ia|euta|éutic\w+)|diagn[oó]stic\w+|tratamiento\w*|curar\w*"
        r"|pacientes?",
        "it bosses": r"(?<!no )(?<!nada )(?:tienes que|deberías|debes (?:\w+[aei]r)\b)|cálmate|anímate"
        r"|prométeme|sé fuerte",
        "it advises": r"mi consejo|te aconsejo|te recomiendo|yo que tú|por qué no (?:le|les|pruebas)",
        "it says what somebody has": r"depres\w+|ansiedad|bipolar|psic[oó]\w+|narcis\w+|trauma\w*|síntoma\w*"
        r"|trastorno\w*|delirio\w*|paranoi\w+|víctimas?|tóxic\w+|maltratador\w*",
        "it blames": r"egoísta|manipula\w+|llamar la atención|(?<!no )es (?:culpa tuya|tu culpa)",
        "it pulls at the person": r"te (?:extraño|echo de menos|quiero|echaba)|me importas|no te vayas"
        r"|aquí estoy siempre|vuelve por favor",
        "it claims to understand": r"sé (?:exactamente )?cómo te sientes|entiendo cómo te sientes",
        "it is no way to speak of suicide": r"comet\w+ suicidio",
        "it cheers": r"bien hecho|buen trabajo|genial|felicidades|enhorabuena|estoy orgullos\w",
        "it takes sides between the sexes": r"\w+[oa]/[oa]s?|\w+@s?|\w+[ao]\(s\)|\w+xs",
    },
    "de": {
        "it is no such thing": r"therap\w+|diagnos\w+|behandlung\w*|behandel\w+|heil(?:en|t|ung)|patient\w*",
        "it bosses": r"du (?:musst|solltest)(?![^.?!\n]*\b(?:nichts?|kein\w*|niemand\w*|nur)\b)|beruhig dich"
        r"|reiß dich|versprich mir|sei stark",
        "it advises": r"mein rat|ich (?:rate|empfehle|würde dir raten)|an deiner stelle"
        r"|warum (?:rufst|schreibst) du nicht",
        "it says what somebody has": r"depress\w+|angststörung\w*|bipolar|psycho\w+|narziss\w+|trauma\w*"
        r"|symptom\w*|störung\w*|wahn\w*|paranoi\w+|opfer|toxisch\w*|missbrauch\w*",
        "it blames": r"egoist\w+|manipul\w+|sel(?:ber|bst) schuld|(?<!nicht )deine schuld",
        "it pulls at the person": r"ich (?:vermisse|liebe|hab dich lieb)|du bist mir wichtig|geh nicht weg"
        r"|bleib bei mir|ich bin immer für dich da",
        "it claims to understand": r"ich (?:weiß|verstehe)(?: genau)?, wie du dich fühlst",
        "it is no way to speak of suicide": r"selbstmord\w*|selbstmörd\w*|freitod",
        "it cheers": r"gut gemacht|super|klasse|glückwunsch|toll gemacht|ich bin stolz",
        "it takes sides between the sexes": r"\w+[*:_/]in(?:nen)?|(?-i:\w+Innen)",
    },
}
"""What is never said, by reason; each language has its own ways of doing it."""
EXCUSED = {"it pulls at the person": re.compile(r"^draft/")}
"""A draft is what one person says to another."""
MAY_SAY_WHAT_IT_IS_NOT = re.compile(r"^(?:consent/|why/|common/(?:human|about|notice))")
SOMEBODY = "heard/"
"""Words for somebody are no answers: each language has as many as it has."""
STRAIGHT = re.compile(r"\w*[\"']\w*")


def told(faults: list[str]) -> None:
    """Fail with all faults at once."""
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults[:60])


def own(lang: str) -> Iterator[tuple[Wording, str]]:
    """Yield every reading of our own words, and the wording it is of."""
    for one in wordings(lang):
        for text in one.own:
            yield one, text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_prompt_and_label_is_there_and_as_new_as_the_english(lang: str) -> None:
    english, there = PROMPTS.sources.of(SOURCE), PROMPTS.sources.of(lang)

    assert there.keys() == english.keys()
    told([name for name, one in there.items() if one.stamp is None or one.stamp != english[name].hash])
    assert WORDS.entries(lang).keys() == WORDS.entries().keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_not_said_in_fewer_ways(lang: str) -> None:
    told(
        [
            f"{lang}/{name}.j2 has {len(source.variants)} wordings, the English {PROMPTS.variants(name)}"
            for name, source in PROMPTS.sources.of(lang).items()
            if len(source.variants) < PROMPTS.variants(name)
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_is_short(lang: str) -> None:
    told(
        [
            f"{one} has {count(longest)} words, {most_words(one.prompt)} are the most:\n{longest}"
            for one in wordings(lang)
            if count(longest := max(one.readings, key=count, default="")) > most_words(one.prompt)
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_is_easy_to_read(lang: str) -> None:
    told(
        [
            f"{one} reads at grade {grade(text, lang):.1f}:\n{text}"
            for one, text in own(lang)
            if count(text) >= 20 and grade(text, lang) > EASY
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_some_words_are_never_said(lang: str) -> None:
    told(
        [
            f"{one} says {found[0]!r}: {reason}"
            for one in wordings(lang)
            for reason, words in NEVER[lang].items()
            if (found := re.search(rf"\b(?:{words})\b", one.said, re.IGNORECASE))
            and not MAY_SAY_WHAT_IT_IS_NOT.match(one.prompt)
            and not (reason in EXCUSED and EXCUSED[reason].match(one.prompt))
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_shouted_and_quotes_are_typographic(lang: str) -> None:
    told(
        [
            f"{one} has {text.count('!')} exclamation marks:\n{text}"
            for one, text in own(lang)
            if text.count("!") > 1
        ]
        + [
            f"{one} has straight marks: {found}"
            for one in wordings(lang)
            if (found := STRAIGHT.findall(one.said))
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_wordings_of_a_prompt_differ_from_one_another_and_from_the_english(lang: str) -> None:
    names = PROMPTS.sources.of(lang)

    told(
        [
            f"{lang}/{name} has one wording twice, or an empty one"
            for name in names
            for texts in [Counter(one.readings for one in wordings_of(name, lang))]
            if () in texts or max(texts.values()) > 1
        ]
        + [
            f"{one} is still in English:\n{one.text}"
            for name in names
            for one in wordings_of(name, lang)
            if count(re.sub(r"\{.*?\}+", "", one.text)) > 4
            and one.text in {each.text for each in wordings_of(name)}
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_has_as_many_lines_as_the_english(lang: str) -> None:
    told(
        [
            f"{one} has other lines than the English:\n{one.text}"
            for name in PROMPTS.sources.of(lang)
            if name.startswith("draft/")
            for one, english in zip(wordings_of(name, lang), wordings_of(name), strict=False)
            if {len(text.splitlines()) for text in one.own}
            != {len(text.splitlines()) for text in english.own}
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_label_fits_a_button(lang: str) -> None:
    told(
        [
            f"{lang}/{key} has {len(entry.label)} characters, or ends in a full stop: {entry.label}"
            for key, entry in WORDS.entries(lang).items()
            if not key.startswith("platform/")
            and (not 0 < len(entry.label) <= 40 or entry.label.endswith((".", "!")))
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_option_has_phrases_of_its_own_language(lang: str) -> None:
    told(
        [
            f"{lang}/{key} has {len(says)} phrases"
            for key, entry in WORDS.entries().items()
            for says in [WORDS.says(key, lang) if key in WORDS.entries(lang) else ()]
            if len(says) < min(PHRASES, len(entry.says)) and not key.startswith(SOMEBODY)
        ]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_phrase_belongs_to_two_drivers(lang: str) -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for key, entry in WORDS.entries(lang).items():
        if key.startswith("driver/"):
            for phrase in (entry.label, *entry.says):
                owners.setdefault(bare(authored(phrase).words), set()).add(key)

    told([f"{' '.join(phrase)}: {keys}" for phrase, keys in owners.items() if len(keys) > 1])
