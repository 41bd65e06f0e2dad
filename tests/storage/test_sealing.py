"""Seals: only the right key, person and column open them, and a new key of the operator opens old rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.runtime.messages import Address
from bot.storage.sealing import REMEMBERED, Vault

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.binary(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_what_is_sealed_for_a_column_of_a_person_is_opened_there(
    data: bytes, person: str, column: str
) -> None:
    vault = Vault((OLD,))
    wrapped, seal = vault.new_key(person)

    sealed = seal.seal(column, data)

    assert Vault((OLD,)).seal_of(person, wrapped).open(column, sealed) == data
    assert seal.seal(column, data) != sealed


def test_nothing_opens_in_another_column_or_for_another_person_or_changed() -> None:
    vault = Vault((OLD,))
    (_, anna), (_, ben) = vault.new_key("anna"), vault.new_key("ben")
    sealed = anna.seal("session", b"words")

    for seal, column, blob in (
        (anna, "message", sealed),
        (ben, "session", sealed),
        (anna, "session", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (anna, "session", b""),
    ):
        with pytest.raises(StoreError, match="cannot be opened"):
            seal.open(column, blob)


def test_a_key_wrapped_for_one_person_is_no_key_of_another() -> None:
    vault = Vault((OLD,))
    wrapped, _ = vault.new_key("anna")

    with pytest.raises(StoreError, match="the key does not fit"):
        vault.seal_of("ben", wrapped)


def test_another_key_of_the_operator_opens_nothing() -> None:
    root, farewell = Vault((OLD,)).found(), Vault((OLD,)).seal("message", b"bye")
    wrapped, _ = Vault((OLD,)).new_key("anna")

    for attempt in (
        lambda vault: vault.unlock(root),
        lambda vault: vault.open("message", farewell),
        lambda vault: vault.seal_of("anna", wrapped),
    ):
        with pytest.raises(StoreError, match="the key does not fit what is kept; put back the key"):
            attempt(Vault((NEW,)))


def test_an_older_key_still_opens_and_its_rows_are_wrapped_anew() -> None:
    wrapped, seal = Vault((OLD,)).new_key("anna")
    sealed, both = seal.seal("session", b"words"), Vault((NEW, OLD))

    again = both.rewrap("anna", wrapped)

    assert both.seal_of("anna", wrapped).open("session", sealed) == b"words"
    assert again
    assert both.rewrap("anna", again) is None
    assert Vault((NEW,)).seal_of("anna", again).open("session", sealed) == b"words"


def test_a_key_that_came_meanwhile_is_looked_for_when_it_is_met() -> None:
    wrapped, _ = Vault((NEW,)).new_key("anna")
    keys = [OLD]
    running = Vault(keys, again=lambda: keys)

    keys.insert(0, NEW)

    assert running.seal_of("anna", wrapped)


def test_a_hash_of_an_address_is_the_same_with_the_same_root_and_tells_platform_and_kind_apart() -> None:
    vault, other = Vault((OLD,)), Vault((OLD,))
    root = vault.found()
    other.unlock(root)
    here = Address("telegram", "17")

    assert vault.place(here) == other.place(here)
    assert vault.place(here) != vault.place(Address("discord", "17"))
    assert vault.lookup("code", "17") != vault.farewell("17")
    vault.found()
    assert vault.place(here) != other.place(here)


def test_only_so_many_keys_stay_in_memory_and_a_forgotten_one_does_not() -> None:
    vault = Vault((OLD,))
    for number in range(REMEMBERED + 1):
        _, seal = vault.new_key(str(number))
        vault.remember(str(number), seal)

    assert vault.known("0") is None
    assert vault.known("1")
    vault.forget("1")
    assert vault.known("1") is None


def test_neither_a_vault_nor_a_seal_shows_what_it_holds() -> None:
    vault = Vault((OLD,))
    _, seal = vault.new_key("anna")

    assert OLD.decode() not in f"{vault!r}{seal!r}"


def test_a_mark_is_made_with_a_person_s_key_and_the_same_for_nobody_else() -> None:
    vault = Vault((OLD,))
    _, anna = vault.new_key("anna")
    _, again = vault.new_key("anna")

    assert anna.mark("u1") == anna.mark("u1")
    assert anna.mark("u1") not in {anna.mark("u2"), again.mark("u1"), vault.farewell("u1")}
