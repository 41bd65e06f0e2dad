"""How far Discord's channels were heard is kept in the store, however long its numbers are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.discord_journal import Place
from bot.hearsay import Hearsay
from bot.storage.sqlite import SqliteStore


@pytest.mark.parametrize("number", [10**9, 10**18, 2**63 - 1, 2**63, 2**64 - 1])
async def test_a_place_comes_back_as_it_was(tmp_path: Path, number: int) -> None:
    store = SqliteStore(tmp_path / "l.db")
    await store.open()
    place = Place(number, number, number)

    await Hearsay(store).note(place)
    found = await Hearsay(store).recent()
    await store.close()

    assert found == [place]


async def test_a_later_place_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "l.db")
    await store.open()
    hearsay = Hearsay(store)

    for last in (2**63 + 5, 2**63 + 9, 2**63 + 1):
        await hearsay.note(Place(7, 8, last))
    found = await hearsay.recent()
    await store.close()

    assert found == [Place(7, 8, 2**63 + 9)]
