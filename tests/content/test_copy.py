"""The copy keeps its promises: short, plain, never pushing, never promising, and honest about itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from bot.content.lexicon import read_lexicon
from bot.safety.screen import Lexicon, screen
from bot.understanding.spelling import authored, bare
from tests.content.copybook import WORDS, count, grade, pages, tree_of, wordings, wordings_of

EVERY = sorted({one.prompt for one in wordings()})
LABELS = [
    pytest.param(key, entry.label, id=key)
    for key, entry in sorted(WORDS.entries().items())
    if not key.startswith("platform/")  # what an adapter says by itself stands on no button
]
PHRASES = {key: entry.says for key, entry in WORDS.entries().items() if key.startswith("driver/")}

DRIVERS = (
    *("low_capacity", "unworthy_burden", "preemptive_abandonment"),
    *("closeness_alarm", "shame_avoidance", "healthy_boundary"),
    *("conflict_anger", "overwhelm", "grief_illness"),
    *("social_anxiety", "growing_apart", "other_withdrew"),
)

MESSAGE, PAGE, DRAFT = 60, 120, 25
"""Words that a message, a why page and a draft hold at most."""
LONGER: dict[str, tuple[int, str]] = {}
"""Prompts that may be longer, each with its reason."""
EASY = 6
"""The school year that anything may ask for at most."""
HARDER: dict[str, str] = {}
"""Prompts that may read harder, each with its reason."""

NEVER = {
    "it is no such thing": r"therap(?:y|ist|eutic)|diagnos\w*|treat(?:s|ed|ing|ments?)?|cure[sd]?|patients?",
    "it bosses": r"(?<!nothing )you (?:should|must|have to|need to|ought to)|just reach out|be strong"
    r"|calm down|cheer up|snap out|promise me",
    "it advises": r"my advice|i(?:['’]d)? (?:advise|recommend|suggest)|if i were you|you['’]d better"
    r"|have you tried|why don['’]t you",
    "it says what somebody has": r"depress\w*|anxiety|bipolar|psycho\w*|narciss\w*|borderline|trauma\w*|ptsd"
    r"|symptom\w*|disorder\w*|mental(?:ly)? (?:ill|health)\w*|attachment|codepend\w*|delusion\w*|paranoi\w*"
    r"|abus(?:ed|er|ive)|victims?|toxic",
    "it blames": r"selfish|manipulat\w*|attention.seeking|your own fault|at least you|cry for help",
    "it pulls at the person": r"i (?:missed?|love) you|i care (?:about|for) you|don['’]t go\b|stay with me"
    r"|please come back|i['’]m (?:always )?here for you|streaks?|days in a row",
    "it claims to understand": r"i (?:know|understand) (?:exactly )?how you feel|i know what it['’]s like",
    "it is no way to speak of suicide": r"commit(?:s|ted|ting)? suicide|(?:successful|failed) suicide",
    "it cheers": r"(?:good|great) job|well done|awesome|yay|woohoo|congratulations|proud of you",
}
ONCE = (
    *(
        "ladder/act",
        "ladder/moment",
        "ladder/obstacle",
        "ladder/words",
        "ladder/first_words",
        "ladder/second_words",
    ),
    *(
        "ladder/planned",
        "ladder/will_ask_\\w+",
        "ladder/wont_ask",
        "ladder/which_line\\w*",
        "ladder/warmed_again",
    ),
    *("ladder/no_more", "ladder/resting", "ladder/heart_long", "ladder/sent_again", "ladder/plan_\\w+_again"),
    *(
        "ladder/plan_hour",
        "ladder/relation_again",
        "reflect/close",
        "reflect/close_\\w+",
        "reflect/\\w+_invite",
    ),
    *("report/enough", "tell_apart/again"),
)
"""Parts of other lines, what says a fact, and what comes up once in a long while."""
FREQUENT = re.compile(
    rf"(?!(?:{'|'.join(ONCE)})$)(?:ladder|rung|report|notice|reflect|name_driver|tell_apart|vent)/"
)
MAY_SAY_WHAT_IT_IS_NOT = re.compile(r"consent|privacy|human|about|notice")
EXCUSED = {
    "it is no such thing": MAY_SAY_WHAT_IT_IS_NOT,
    "it says what somebody has": re.compile(r"^why/"),  # a page says what was found in studies
}
GENDERED = re.compile(
    r"\b(?:he|she|him|her|his|hers|himself|herself|boyfriend|girlfriend|husband|wife|guys|ladies)\b",
    re.IGNORECASE,
)
PROMISE = re.compile(
    r"\b(?:they|she|he|sam)(?:['’]ll| will| are going to| is going to)"
    r" (?:\w+ )?(?:be (?:so )?(?:glad|happy|pleased|relieved|touched|fine)|answer|reply|understand|forgive"
    r"|write back|love (?:it|to hear)|want to hear|appreciate|welcome)"
    r"|(?:sure|bound|certain|guaranteed) to (?:answer|reply|work|help|be)|will be welcome"
    r"|it(?:['’]ll| will) (?:be all right|be fine|be okay|be ok|work out|get better)",
    re.IGNORECASE,
)


def most_words(prompt: str) -> int:
    if prompt.startswith("draft/"):
        return DRAFT
    if prompt in LONGER:
        return LONGER[prompt][0]
    return PAGE if prompt.startswith("why/") else MESSAGE


@pytest.mark.parametrize("prompt", EVERY)
def test_a_message_is_short(prompt: str) -> None:
    for one in wordings_of(prompt):
        longest = max(one.readings, key=count, default="")
        assert count(longest) <= most_words(prompt), f"{one} has {count(longest)} words:\n{longest}"


@pytest.mark.parametrize("prompt", EVERY)
def test_a_message_is_easy_to_read(prompt: str) -> None:
    for one in wordings_of(prompt):
        for text in one.own:
            if count(text) >= 20 and prompt not in HARDER:
                assert grade(text) <= EASY, f"{one} reads at grade {grade(text):.1f}:\n{text}"


@pytest.mark.parametrize("prompt", EVERY)
def test_some_words_are_never_said(prompt: str) -> None:
    for one in wordings_of(prompt):
        for reason, words in NEVER.items():
            found = re.search(rf"\b(?:{words})\b", one.said, re.IGNORECASE)
            excused = reason in EXCUSED and EXCUSED[reason].search(prompt)
            assert not found or excused, f"{one} says {found[0]!r}: {reason}"


@pytest.mark.parametrize("prompt", EVERY)
def test_it_fits_any_gender_and_any_relation(prompt: str) -> None:
    for one in wordings_of(prompt):
        found = GENDERED.search(one.said)
        assert not found, f"{one} says {found[0]!r}"


@pytest.mark.parametrize("prompt", EVERY)
def test_nobody_is_promised_a_good_reply(prompt: str) -> None:
    for one in wordings_of(prompt):
        found = PROMISE.search(one.said)
        assert not found, f"{one} promises {found[0]!r}"


@pytest.mark.parametrize("prompt", EVERY)
def test_nothing_is_shouted(prompt: str) -> None:
    for one in wordings_of(prompt):
        for text in one.readings:
            assert text.count("!") <= 1, f"{one} has {text.count('!')} exclamation marks:\n{text}"
        loud = re.findall(r"\b[A-Z]{4,}\b", one.said)
        assert not loud, f"{one} shouts {loud}"


@pytest.mark.parametrize("prompt", EVERY)
def test_quotes_and_apostrophes_are_typographic(prompt: str) -> None:
    for one in wordings_of(prompt):
        straight = re.findall(r"\w*['\"]\w*", one.said)
        assert not straight, f"{one} has straight marks: {straight}"


@pytest.mark.parametrize("prompt", EVERY)
def test_the_wordings_of_a_prompt_differ(prompt: str) -> None:
    texts = Counter(one.readings for one in wordings_of(prompt))

    assert () not in texts, f"{prompt} has an empty wording; is there a `---` too many?"
    assert max(texts.values()) == 1, f"{prompt} has one wording twice"


@pytest.mark.parametrize(("key", "label"), LABELS)
def test_a_label_fits_a_button(key: str, label: str) -> None:
    assert 0 < len(label) <= 40, f"{key} has {len(label)} characters: {label}"
    assert not label.endswith((".", "!")), f"{key} ends in a full stop: {label}"


@pytest.mark.parametrize("prompt", [prompt for prompt in EVERY if prompt.startswith("draft/")])
def test_a_draft_leaves_the_other_free(prompt: str) -> None:
    hook = re.compile(
        r"if you don['’]t|you (?:never|always)|hate me|you made me|your fault|because of you|or else"
        r"|last chance|depress\w*|anxi\w*|trauma\w*|disorder|attachment|abandon\w*|answer me|why (?:did|don)",
        re.IGNORECASE,
    )

    for one in wordings_of(prompt):
        found = hook.search("\n".join(one.own))
        assert not found, f"{one} says {found[0]!r}"
        assert max(text.count("?") for text in one.readings) <= 1, f"{one} asks too much:\n{one.said}"


@pytest.mark.parametrize("prompt", [prompt for prompt in EVERY if FREQUENT.match(prompt)])
def test_what_is_said_often_has_four_wordings(prompt: str) -> None:
    assert len(wordings_of(prompt)) >= 4, f"{prompt}.j2 has {len(wordings_of(prompt))} wordings"


@pytest.mark.parametrize("driver", [*DRIVERS, "unsure"])
@pytest.mark.parametrize("part", ["sounds", "test", "protects", "costs"])
def test_a_driver_has_words_of_its_own_for_each_part(driver: str, part: str) -> None:
    said = [one.readings for one in wordings_of(f"driver/{driver}/{part}")]

    assert len(said) == (3 if driver == "unsure" else 4), (
        f"driver/{driver}/{part}.j2 has {len(said)} wordings"
    )
    assert all(len(text.splitlines()) == 1 for readings in said for text in readings)
    if part == "test":
        assert all(text.endswith("?") for readings in said for text in readings)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_driver_has_phrases_as_people_write_them(driver: str) -> None:
    says = PHRASES[f"driver/{driver}"]

    assert len(says) >= 25, f"driver/{driver} has {len(says)} phrases"
    assert any(" " not in one for one in says), "somebody says it in one word"
    assert any(count(one) >= 8 for one in says), "somebody tells it at length"


def test_no_phrase_belongs_to_two_drivers() -> None:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)

    for key, says in PHRASES.items():
        for phrase in (WORDS.label(key), *says):
            owners[bare(authored(phrase).words)].add(key)

    assert not {phrase: keys for phrase, keys in owners.items() if len(keys) > 1}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return read_lexicon(tree_of("lexicon"))[0] or Lexicon()


@pytest.mark.parametrize("key", sorted(PHRASES))
def test_a_phrase_is_not_heard_as_danger_but_where_the_flow_asks_anyway(key: str, lexicon: Lexicon) -> None:
    heard = {
        phrase: found
        for phrase in (WORDS.label(key), *PHRASES[key])
        if (found := screen(phrase, lexicon)) and (found.tier == "hard" or key != "driver/unworthy_burden")
    }

    assert not heard, f"{key}: the screen answers before the flow does: {heard}"


@pytest.mark.parametrize("prompt", EVERY)
def test_a_topic_that_is_offered_has_a_page(prompt: str) -> None:
    offered = re.compile(r"/why (is it them|(?!alone|explains|tells|why|on|and|with|or|works)\w+)")

    for one in wordings_of(prompt):
        for topic in offered.findall(one.said):
            assert pages().find(topic), f"{one} offers /why {topic}, and nothing is found"
