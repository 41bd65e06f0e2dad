"""The last card: short, plain, for every gate, and with no country's number unless it is told one."""

from __future__ import annotations

import re

import pytest

from bot.safety.last_card import last_card

GATES = ["self", "other", "unsafe", "coerced", "unreal", "minor", "unwanted", "controller", "anything"]


SPOKEN = {
    "en": ("your local emergency number", "I am a script, and something in me broke"),
    "es": ("el número de emergencias de donde estás", "Soy un programa y algo en mí acaba de fallar"),
    "de": (
        "die Notrufnummer an deinem Ort",
        "Ich bin ein Skript, und gerade ist in mir etwas kaputtgegangen",
    ),
}


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("gate", GATES)
def test_without_a_country_it_names_no_number(gate: str, language: str) -> None:
    card = last_card(gate, language=language)

    assert not re.search(r"\d", card)
    assert SPOKEN[language][0] in card
    assert "findahelpline.com" in card


def test_whoever_speaks_none_of_its_languages_is_told_in_english() -> None:
    assert last_card("self", language="fr") == last_card("self")


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("gate", GATES)
def test_it_says_numbers_as_it_was_told_them(gate: str, language: str) -> None:
    card = last_card(gate, "112", "Telefonseelsorge, 0800 111 0 111", language)

    assert "112" in card
    assert "Telefonseelsorge, 0800 111 0 111" in card


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("gate", GATES)
def test_it_is_short_and_says_that_it_is_a_script_and_broke(gate: str, language: str) -> None:
    card = last_card(gate, language=language)

    assert len(card.split()) <= 75
    assert SPOKEN[language][1] in card
    assert not re.search(r"therap|terap|diagn[oó]s|treat|commit|selbstmord|[*_\\]", card, re.IGNORECASE)


def test_a_person_who_is_not_safe_with_somebody_is_not_told_that_they_want_to_die() -> None:
    assert "ending your life" in last_card("self")
    assert "ending your life" not in last_card("unsafe")
    assert "delete this message" in last_card("unsafe")
