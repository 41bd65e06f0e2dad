"""A button belongs to the person it was shown to."""

from __future__ import annotations

import pytest

from bot.adapters.signing import sign, verified
from bot.runtime.messages import Address, token

KEY = b"k" * 32
MINA, NOOR = Address("telegram", "1"), Address("telegram", "2")


def test_a_signed_token_comes_back_as_it_was() -> None:
    assert verified(sign("7:1", MINA, KEY), MINA, KEY) == "7:1"


def test_the_longest_token_fits_a_button_of_every_platform() -> None:
    signed = sign(token(999_999_999, 999), MINA, KEY)

    assert len(signed.encode()) == 36


@pytest.mark.parametrize(
    ("address", "key"),
    [(NOOR, KEY), (Address("discord", "1"), KEY), (MINA, b"x" * 32)],
    ids=["another person", "another platform", "another key"],
)
def test_a_token_is_worth_nothing_for(address: Address, key: bytes) -> None:
    assert verified(sign("7:1", MINA, KEY), address, key) is None


@pytest.mark.parametrize("forged", ["", ":", "7:1", "7:1:", "7:1:AAAA", "8:1" + "x" * 70, "\ud800:\ud800"])
def test_what_we_did_not_sign_is_no_token_and_does_not_raise(forged: str) -> None:
    assert verified(forged, MINA, KEY) is None


def test_another_turn_or_option_needs_another_signature() -> None:
    signature = sign("7:1", MINA, KEY).rpartition(":")[2]

    assert verified(f"7:2:{signature}", MINA, KEY) is None
    assert verified(f"8:1:{signature}", MINA, KEY) is None
