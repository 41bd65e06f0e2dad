from __future__ import annotations

import pytest

from bot.safety.lexicon import Tier
from bot.safety.passages import CORE, MARGIN, passages
from bot.safety.screen import Finding, screen
from bot.safety.units import Opinion, Unit
from tests.safety.sentences import heard, lexicon, sentences

ORDINARY = [one.text for one in sentences("written") if one.expected == "- none"]


def test_a_finding_names_the_rule_and_what_softened_it_and_never_the_text():
    found = screen("lol i want to die, my name is Sam", lexicon())

    assert found.why.startswith("self.hard.wish[")
    assert found.why.endswith("], joke")
    assert "sam" not in repr(found).lower()


class Sure:
    """A model that is sure that rules are mistaken, and hears what it is given to hear."""

    def __init__(self, hears: Opinion | None = None, tiers: tuple[Tier, ...] = ("soft", "hard")) -> None:
        self._hears, self._tiers = hears, tiers

    def opinion(self, units: tuple[Unit, ...], careful: bool) -> Opinion | None:
        return self._hears

    def allays(self, units: tuple[Unit, ...], tier: Tier) -> bool:
        return tier in self._tiers


SOFT, HARD = "i'm a burden to everyone", "i want to kill myself"


def test_a_soft_rule_that_the_model_is_sure_against_is_not_heard():
    assert screen(SOFT, lexicon(), sense=Sure(tiers=("hard",))) == screen(SOFT, lexicon())
    assert screen(SOFT, lexicon(), sense=Sure()) is None


def test_a_hard_rule_that_the_model_is_sure_against_is_asked_about_and_never_passed_over():
    found = screen(HARD, lexicon(), sense=Sure())

    assert found is not None
    assert (found.gate, found.tier) == ("self", "soft")
    assert found.why.endswith(", allayed by the model")


def test_whoever_was_in_danger_a_moment_ago_is_allayed_by_nothing():
    for text, tier in ((SOFT, "soft"), (HARD, "hard")):
        found = screen(text, lexicon(), careful=True, sense=Sure())

        assert found is not None
        assert found.tier == tier


def test_what_the_model_hears_itself_is_heard_though_it_allays_a_rule():
    found = screen(SOFT, lexicon(), sense=Sure(Opinion("unsafe", "hard", "model 0.90: its words")))

    assert found == Finding("unsafe", "hard", "model 0.90: its words")


def test_the_worst_of_a_long_text_counts_wherever_it_stands():
    for place in (0, len(ORDINARY) // 2, len(ORDINARY)):
        lines = [*ORDINARY[:place], "i want to kill myself", *ORDINARY[place:]]

        assert heard(". ".join(lines)) == "self hard"


@pytest.mark.parametrize("before", range(0, 3 * CORE))
def test_a_sentence_without_an_end_is_heard_at_every_place(before):
    text = "word " * before + "i want to kill myself" + " word" * (3 * CORE - before)

    assert heard(text) == "self hard"


@pytest.mark.parametrize("before", range(0, 3 * CORE))
def test_a_denial_is_heard_at_every_place(before):
    text = "word " * before + "i am not going to kill myself" + " word" * (3 * CORE - before)

    assert heard(text) == "- none"


def test_danger_to_oneself_comes_before_danger_from_others_and_hard_before_soft():
    assert heard("he hits me. i want to die") == "self hard"
    assert heard("i'm a burden to everyone. he hits me") == "unsafe hard"
    assert heard("i'm always walking on eggshells. i'm a burden to everyone") == "self soft"


def test_a_joke_far_away_softens_nothing():
    assert heard("lol i want to die") == "self soft"
    assert (
        heard("lol so i went to the shop and bought all of the bread and then i want to die") == "self hard"
    )


def test_a_joke_softens_no_means():
    assert heard("i have the pills lined up lol") == "self hard"


def test_saying_it_is_no_joke_takes_the_joke_away():
    assert heard("haha no i'm not joking, i want to die") == "self hard"


@pytest.mark.parametrize(
    ("text", "usually", "carefully"),
    [
        ("lol i want to die", "self soft", "self hard"),
        ("i tried to kill myself ten years ago", "self soft", "self hard"),
        ("goodbye", "- none", "self soft"),
        ("thanks for everything", "- none", "self soft"),
        ("i don't want to die", "- none", "- none"),
        ("lol jk", "- none", "- none"),
        ("ok", "- none", "- none"),
    ],
)
def test_a_person_in_care_is_heard_more_closely(text, usually, carefully):
    assert heard(text) == usually
    assert heard(text, careful=True) == carefully


def test_a_doubtful_promise_is_heard_under_the_denial_it_holds():
    assert heard("i won't kill myself") == "- none"
    assert heard("i can't promise i won't kill myself") == "self hard"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "...",
        "👍",
        "1",
        "\u200b",
        "я хочу домой",
        "🔪" * 10_000,
        "😂" * 10_000,
        "a" * 50_000,
        "! " * 25_000,
    ],
)
def test_texts_without_words_of_danger_are_nothing(text):
    assert heard(text) == "- none"


def test_a_text_of_50_000_characters_is_cut_into_passages_that_stay_short():
    text = " ".join(ORDINARY) * 4
    once = list(passages(text[:25_000], lexicon()))
    twice = list(passages(text[:25_000] * 2, lexicon()))

    assert max(passage.text.count(" ") for passage in twice) <= CORE + 2 * MARGIN
    assert len(twice) <= 2 * len(once) + 1


def test_each_word_is_the_own_of_one_passage():
    text = "one two three. " + "word " * 100 + "? four"

    own = "".join(passage.text[passage.start : passage.stop] for passage in passages(text, lexicon()))

    assert own.split() == f"< one two three > < {'word ' * 100}> < four >".split()


def test_very_long_words_are_left_out():
    assert heard("i want " + "xy" * 5_000 + " to die") == "self hard"


def test_a_figure_is_the_rule_whatever_softened_it_and_holds_no_word():
    joked = screen("lol i want to die", lexicon())
    past = screen("i wanted to die ten years ago", lexicon())
    said = screen("i want to die", lexicon())

    assert joked.figure == said.figure
    assert past is None or past.figure != ""
    assert len(said.figure) == 8


@pytest.mark.parametrize(
    ("why", "has_one"), [("model 0.91: like “a sentence”", True), ("model 0.91: its words", False)]
)
def test_what_the_model_heard_is_told_apart_by_the_sentence_it_is_like(why, has_one):
    assert bool(Finding("self", "soft", why).figure) is has_one


@pytest.mark.parametrize("text", ["die sonne scheint", "Die Arbeit macht mich fertig diese Woche."])
def test_a_german_article_is_no_sign_of_danger(text):
    assert heard(text) == "- none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He decidido quitarme la vida antes de Navidad.", "self hard"),
        ("mis hijos estarian mejor sin mi", "self soft"),
        ("estoy cansada de vivir asi todos los dias", "self soft"),
        ("me quiero matar, perdi el bus jajaja", "self soft"),
        ("me quiero morir de la verguenza con mi jefe", "- none"),
        ("mi mama me va a matar si llego tarde", "- none"),
        ("no quiero morir, solo estoy triste", "- none"),
        ("quiero desaparecer del grupo una semana", "- none"),
        ("mi marido me pega cuando bebe", "unsafe hard"),
        ("mi novio no me pega ni nada de eso", "- none"),
        ("mi novio no me deja ver a mis amigas", "coerced hard"),
        ("oigo voces que me dicen cosas por la noche", "unreal hard"),
        ("tengo 15 años y no se que hacer", "minor hard"),
        ("le instale un gps en el coche", "controller hard"),
    ],
)
def test_danger_is_heard_in_spanish_and_its_idioms_are_not(text, expected):
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("im 14 btw", "minor hard"),
        ("my daughter is 14", "- none"),
        ("i am thirteen years old", "minor hard"),
        ("i want to kill my stepfather", "other hard"),
        ("the voices tell me to leave", "unreal hard"),
        ("she blocked me, how can i reach her", "unwanted hard"),
        ("i put a tracker on her car", "controller hard"),
        ("my church told me to cut off my sister", "coerced hard"),
    ],
)
def test_every_gate_has_rules_that_explain_themselves(text, expected):
    assert heard(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ich will einfach nicht mehr leben.", "self hard"),
        ("i mag nimma lebn", "self hard"),
        ("Ich springe von der Brücke, wenn alle schlafen.", "self hard"),
        ("Ohne mich hätten es alle leichter.", "self soft"),
        ("Am liebsten würde ich morgen nicht mehr aufwachen.", "self soft"),
        ("Mein Mann hat mich gestern geschlagen.", "unsafe hard"),
        ("Ich habe Angst vor meinem Vater.", "unsafe hard"),
        ("Ich darf meine Schwester nicht mehr sehen, sagt er.", "coerced hard"),
        ("Ich höre Stimmen, die über mich reden.", "unreal hard"),
        ("bin erst 15", "minor hard"),
        ("Es gibt ein Kontaktverbot.", "unwanted hard"),
        ("Wie kann ich ihre Nachrichten heimlich lesen?", "controller hard"),
    ],
)
def test_what_is_written_for_german_is_heard(text, expected):
    assert heard(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ich will nicht sterben, ich will nur meine Ruhe.",
        "Ich lach mich tot.",
        "Ich sterbe vor Langeweile in dieser Sitzung.",
        "Die Klausur bringt mich um.",
        "Ich habe keine Angst vor ihm.",
        "Beim Schach hat er mich geschlagen.",
        "Ich will mit ihm Schluss machen.",
        "Ich gehe nicht mehr zum Training.",
        "Wir haben uns nichts mehr zu sagen.",
        "Ich komme 15 Minuten später.",
        "Meine Tochter ist 15 und redet nicht mit mir.",
    ],
)
def test_how_german_speaks_of_other_things_is_no_danger(text):
    assert heard(text) == "- none"
