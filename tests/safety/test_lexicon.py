from __future__ import annotations

import pytest

from bot.safety.compiling import compile_lexicon, misspellings
from bot.safety.screen import screen
from bot.safety.units import GATES
from tests.safety.sentences import lexicon

SOUND = {
    "schema": "lexicon/1",
    "language": "en",
    "fillers": ["really"],
    "spellings": {"want to": ["wanna"], "do not": ["dont"]},
    "misspelt": ["suicide"],
    "lists": {"die": ["die", "be dead"], "wish": ["want to {die}"]},
    "innocent": {"idioms": ["want to die laughing"]},
    "gates": {
        "self": {
            "hard": {"wish": ["i {wish}"]},
            "soft": {"word": ["suicide"]},
            "careful": {"shaken": ["< goodbye >"]},
        },
        "unsafe": {"hard": {"violence": ["hits me"]}},
    },
    "softeners": {
        "joke": {"gates": ["self"], "hard": "soft", "reach": 3, "says": ["lol"], "unless": ["dont laugh"]}
    },
}


def put(path, value):
    data = {**SOUND}
    at = data
    for key in path[:-1]:
        at[key] = {**at[key]}
        at = at[key]
    at[path[-1]] = value
    return data


def test_a_sound_lexicon_has_no_problems():
    assert compile_lexicon(SOUND)[1] == ()


@pytest.mark.parametrize(
    ("path", "value", "at", "message"),
    [
        (("gate",), {}, ("gate",), "'gate' is no key here"),
        (("fillers",), "really", ("fillers",), "a list of texts"),
        (("fillers",), ["so", 3], ("fillers", 1), "a text is expected"),
        (("gates",), [], ("gates",), "a mapping is expected"),
        (("gates", "self"), {"loud": {}}, ("gates", "self", "loud"), "'loud' is no key here"),
        (("gates", "self"), {"hard": {"wish": ["(die"]}}, ("gates", "self", "hard", "wish", 0), "column 1"),
        (("lists",), {"die": ["{wish}"], "wish": ["want"]}, ("lists", "die", 0), "no list above"),
        (("spellings",), {"a": ["x"], "b": ["x"]}, ("spellings", "b", 0), "spelled in two ways"),
        (("softeners", "joke", "hard"), "quiet", ("softeners", "joke", "hard"), "one of none, careful, soft"),
        (("softeners", "joke", "reach"), 99, ("softeners", "joke", "reach"), "from 1 to 24"),
        (("softeners", "joke", "only"), ["wishes"], ("softeners", "joke", "only", 0), "not in the gates"),
        (("softeners", "joke", "loud"), 1, ("softeners", "joke", "loud"), "'loud' is no key here"),
    ],
)
def test_a_problem_is_told_with_its_path(path, value, at, message):
    problems = compile_lexicon(put(path, value))[1]

    found = [problem for problem in problems if problem.path == at]
    assert len(found) == 1
    assert message in found[0].message


def test_what_is_sound_is_heard_beside_what_is_wrong():
    found, problems = compile_lexicon(put(("innocent",), {"idioms": ["(", "want to die laughing"]}))

    assert len(problems) == 1
    assert screen("i want to die", found).tier == "hard"
    assert screen("i want to die laughing", found) is None


@pytest.mark.parametrize("data", [None, [], "lexicon", 3])
def test_data_of_the_wrong_kind_hears_nothing_and_never_fails(data):
    found, _ = compile_lexicon(data)

    assert screen("i want to die", found) is None


def test_fillers_and_spellings_and_slips_become_one_spelling():
    found, _ = compile_lexicon(SOUND)

    assert screen("i REALLY wanna really die", found).tier == "hard"
    assert screen("suciide", found).tier == "soft"


def test_a_slip_keeps_the_first_letter_and_changes_one_thing():
    slips = misspellings("kill")

    assert slips == {"kll", "kil", "kkill", "kiill", "killl", "klil"}


def test_no_slip_of_the_lexicon_is_another_word_of_it():
    found = lexicon()
    patterns = " ".join(alarm.rule.source for alarm in found.alarms)

    turned = [word for word, meant in found.spellings.items() if meant and f" {word} " in patterns]

    assert turned == []


def test_the_gates_of_the_lexicon_stand_in_the_order_in_which_they_are_answered():
    assert lexicon().gates == GATES
    assert [alarm.rank for alarm in lexicon().alarms] == sorted(alarm.rank for alarm in lexicon().alarms)
