"""Where people are reached: those who leave and come back, and those who are one person in two places."""

from __future__ import annotations

from bot.dialogue.events import Due
from bot.dialogue.retention import KEEP
from bot.runtime.messages import Address
from bot.runtime.ports import Joined, Person, Store
from tests.storage.conftest import Reopen
from tests.storage.keeping import ANNA, BEN, NOON, after, arm, change, disarm, due

ELSEWHERE = Address("telegram", "anna")


async def test_the_timers_of_someone_who_left_go_on_when_they_can_be_reached_again(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, timers=(arm("t", NOON), arm("u", after(hours=1)))))
    await store.left(ANNA, NOON)
    assert await store.next_due() is None

    await store.returned(ANNA)
    await store.returned(BEN)

    assert await store.next_due() == NOON
    assert [one.due for one in await due(store, after(hours=1))] == [(Due("t", 1), Due("u", 1))]


async def test_the_timers_of_someone_who_left_go_on_when_they_write_and_can_be_cleared_then(
    store: Store,
) -> None:
    await store.commit(change(await store.load(ANNA), timers=(arm("t", NOON), arm("old", NOON, 7))))
    await store.left(ANNA, NOON)
    assert (await store.export((await store.load(ANNA)).id))["resting timers"]

    await store.commit(change(await store.load(ANNA), update="u1", timers=(disarm(7),)))

    assert [one.due for one in await due(store, NOON)] == [(Due("t", 1),)]


async def test_the_row_by_which_things_end_does_not_rest(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, timers=(arm("t", NOON), arm(KEEP, after(days=30), 0))))

    await store.left(ANNA, NOON)

    assert await store.next_due() == after(days=30)
    assert [one.due for one in await due(store, after(days=30))] == [(Due(KEEP, 0),)]


async def joined(store: Store, code: str = "12345678") -> Person:
    """Let Anna be one person in two places."""
    await store.commit(change(await store.load(ANNA), '{"kept": 1}', timers=(arm("t", NOON),)))
    anna = await store.load(ANNA)
    assert await store.offer(anna.id, code, after(minutes=10))
    assert await store.join(code, ELSEWHERE, NOON) is Joined.YES
    return anna


async def test_a_code_joins_another_address_to_a_person(store: Store) -> None:
    anna = await joined(store)

    here, there = await store.load(ANNA), await store.load(ELSEWHERE)
    assert (here.id, there.id, there.session) == (anna.id, anna.id, '{"kept": 1}')
    assert (here.address, there.address) == (ANNA, ELSEWHERE)
    addresses = (await store.export(anna.id))["addresses"]
    assert addresses == [
        {"platform": "console", "chat": "anna"}, {"platform": "telegram", "chat": "anna"}
    ]  # fmt: skip


async def test_a_nudge_goes_where_the_person_last_wrote(store: Store) -> None:
    await joined(store)

    at_first = [one.person.address for one in await due(store, NOON)]
    await store.commit(change(await store.load(ANNA), update="u1"))
    then = [one.person.address for one in await due(store, NOON)]
    await store.commit(change(await store.load(ELSEWHERE)))
    after_a_timer = [one.person.address for one in await due(store, NOON)]

    assert (at_first, then, after_a_timer) == ([ELSEWHERE], [ANNA], [ANNA])


async def test_who_was_at_the_joined_address_before_is_forgotten(store: Store) -> None:
    await store.commit(change(await store.load(ELSEWHERE), timers=(arm("theirs", NOON),)))
    before = await store.load(ELSEWHERE)

    anna = await joined(store)

    assert await store.export(before.id) == {}
    assert [one.person.id for one in await due(store, NOON)] == [anna.id]


async def test_a_code_is_good_once_and_the_same_entry_may_be_repeated(store: Store) -> None:
    await joined(store)

    assert await store.join("12345678", ELSEWHERE, NOON) is Joined.YES
    assert await store.join("12345678", BEN, NOON) is Joined.UNKNOWN
    assert (await store.load(BEN)).revision == 0


async def test_a_code_that_lapsed_or_was_replaced_or_made_up_joins_nobody(store: Store) -> None:
    await store.commit(change(await store.load(ANNA)))
    anna = await store.load(ANNA)
    await store.offer(anna.id, "11111111", after(minutes=10))
    await store.offer(anna.id, "22222222", after(minutes=10))

    assert await store.join("11111111", BEN, NOON) is Joined.UNKNOWN
    assert await store.join("22222222", BEN, after(minutes=10)) is Joined.UNKNOWN
    assert await store.join("33333333", BEN, NOON) is Joined.UNKNOWN
    assert await store.join("22222222", ANNA, NOON) is Joined.SAME
    assert not await store.offer("nobody", "44444444", after(minutes=10))


async def test_forgetting_a_person_frees_all_their_addresses(store: Store) -> None:
    anna = await joined(store)

    await store.forget(anna.id)

    assert [(await store.load(one)).revision for one in (ANNA, ELSEWHERE)] == [0, 0]
    assert await store.export(anna.id) == {}


async def test_joined_addresses_outlive_the_process(store: Store, reopened: Reopen) -> None:
    anna = await joined(store)

    again = await reopened(store)

    assert [(await again.load(one)).id for one in (ANNA, ELSEWHERE)] == [anna.id, anna.id]
