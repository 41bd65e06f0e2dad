"""The last card: short, plain, for every gate, and with no country's number unless it is told one."""

from __future__ import annotations

import re

import pytest

from bot.safety.last_card import last_card

GATES = ["self", "other", "unsafe", "coerced", "unreal", "minor", "unwanted", "controller", "anything"]


@pytest.mark.parametrize("gate", GATES)
def test_without_a_country_it_names_no_number(gate: str) -> None:
    card = last_card(gate)

    assert not re.search(r"\d", card)
    assert "your local emergency number" in card
    assert "findahelpline.com" in card


@pytest.mark.parametrize("gate", GATES)
def test_it_says_numbers_as_it_was_told_them(gate: str) -> None:
    card = last_card(gate, "112", "Telefonseelsorge, 0800 111 0 111")

    assert "112" in card
    assert "Telefonseelsorge, 0800 111 0 111" in card


@pytest.mark.parametrize("gate", GATES)
def test_it_is_short_and_says_that_it_is_a_script_and_broke(gate: str) -> None:
    card = last_card(gate)

    assert len(card.split()) <= 75
    assert "I am a script, and something in me broke" in card
    assert not re.search(r"therap|diagnos|treat|commit|[*_\\]", card)


def test_a_person_who_is_not_safe_with_somebody_is_not_told_that_they_want_to_die() -> None:
    assert "ending your life" in last_card("self")
    assert "ending your life" not in last_card("unsafe")
    assert "delete this message" in last_card("unsafe")
