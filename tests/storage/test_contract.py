"""What every store promises, run against each of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.dialogue.events import Due
from bot.errors import StoreError
from bot.runtime.messages import Address, Document, Message
from bot.runtime.ports import Change, Claim, Entry, Person, Store, Verdict, Waiting
from bot.storage.rows import REACHED_KEPT
from tests.storage.conftest import Reopen
from tests.storage.keeping import ANNA, BEN, NOON, after, arm, change, disarm, due, message

# --- persons -------------------------------------------------------------------------------------------


async def test_a_stranger_is_new_and_nothing_of_them_is_kept(store: Store) -> None:
    person = await store.load(ANNA, NOON)

    assert (person.session, person.revision, person.seen) == (None, 0, None)
    assert await store.export(person.id) == {}
    assert (await store.load(ANNA)).id != person.id


async def test_what_was_committed_is_read_back_with_its_revision(store: Store) -> None:
    person = await store.load(ANNA)

    verdict = await store.commit(change(person, '{"mood": "müde"}'))

    assert verdict is Verdict.COMMITTED
    again = await store.load(ANNA)
    assert (again.id, again.revision, again.session) == (person.id, 1, '{"mood": "müde"}')


async def test_two_people_do_not_share_anything(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    await store.commit(change(anna, '{"a": 1}'))
    await store.commit(change(ben, '{"b": 1}'))

    assert (await store.load(ANNA)).session == '{"a": 1}'
    assert (await store.load(BEN)).session == '{"b": 1}'


async def test_the_same_chat_on_another_platform_is_another_person(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna))

    elsewhere = await store.load(type(ANNA)("telegram", ANNA.chat))

    assert elsewhere.revision == 0


# --- one transaction -----------------------------------------------------------------------------------


async def test_a_repeated_update_changes_nothing(store: Store) -> None:
    person = await store.load(ANNA)
    await store.commit(change(person, '{"n": 1}', update="u1"))

    again = await store.load(ANNA)
    verdict = await store.commit(
        change(
            again, '{"n": 2}', update="u1", outbox=(message(again),), timers=(arm("t", NOON),), counts=("c",)
        )
    )

    assert verdict is Verdict.DUPLICATE
    assert (await store.load(ANNA)).session == '{"n": 1}'
    assert not await store.undelivered()
    assert await store.next_due() is None
    assert await store.counters() == {}


async def test_a_change_made_from_an_old_revision_is_a_conflict_and_changes_nothing(store: Store) -> None:
    person = await store.load(ANNA)
    await store.commit(change(person, '{"n": 1}'))
    old = await store.load(ANNA)
    await store.commit(change(old, '{"n": 2}'))

    verdict = await store.commit(change(old, '{"n": 3}', update="u", outbox=(message(old),)))

    assert verdict is Verdict.CONFLICT
    assert (await store.load(ANNA)).session == '{"n": 2}'
    assert not await store.undelivered()
    retried = change(await store.load(ANNA), '{"n": 3}', update="u")
    assert await store.commit(retried) is Verdict.COMMITTED


async def test_two_first_changes_at_one_address_make_one_person(store: Store) -> None:
    first, second = await store.load(ANNA), await store.load(ANNA)

    verdicts = [await store.commit(change(first)), await store.commit(change(second))]

    assert verdicts == [Verdict.COMMITTED, Verdict.CONFLICT]
    assert (await store.load(ANNA)).id == first.id


async def test_a_repeated_update_is_a_duplicate_even_when_its_revision_is_old(store: Store) -> None:
    person = await store.load(ANNA)
    await store.commit(change(person, update="u"))

    assert await store.commit(change(person, update="u")) is Verdict.DUPLICATE


async def test_changes_that_arrive_together_are_judged_one_by_one(store: Store) -> None:
    person = await store.load(ANNA)
    others = [await store.load(type(ANNA)("console", f"p{number}")) for number in range(40)]

    verdicts = await asyncio.gather(
        store.commit(change(person, '{"n": 1}', update="u")),
        store.commit(change(person, '{"n": 2}', update="u")),
        store.commit(change(person, '{"n": 3}', update="v")),
        *(store.commit(change(other)) for other in others),
    )

    assert verdicts[:3] == [Verdict.COMMITTED, Verdict.DUPLICATE, Verdict.CONFLICT]
    assert set(verdicts[3:]) == {Verdict.COMMITTED}


async def test_an_old_fingerprint_is_forgotten_and_a_young_one_is_not(store: Store) -> None:
    person = await store.load(ANNA)
    await store.commit(change(person, update="old"))
    again = await store.load(ANNA)
    await store.commit(Change(again.id, ANNA, 1, after(days=2), "{}", update="young"))

    await store.tidy(after(days=1))

    now = await store.load(ANNA)
    assert await store.commit(change(now, update="young")) is Verdict.DUPLICATE
    assert await store.commit(change(now, update="old")) is Verdict.COMMITTED


# --- the outbox ----------------------------------------------------------------------------------------


async def test_messages_wait_in_the_order_they_were_posted(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    await store.commit(change(anna, outbox=(message(anna, 1, 0), message(anna, 1, 1))))
    await store.commit(change(ben, outbox=(message(ben, 1, 0),)))
    again = await store.load(ANNA)
    await store.commit(change(again, outbox=(message(again, 2, 0),)))

    posted = await store.undelivered()

    expected = [message(anna, 1, 0), message(anna, 1, 1), message(ben, 1, 0), message(anna, 2, 0)]
    assert [one.message for one in posted] == expected
    assert [one.number for one in posted] == sorted({one.number for one in posted})


async def test_the_outbox_is_read_page_by_page(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, outbox=tuple(message(anna, 1, index) for index in range(5))))

    first = await store.undelivered(limit=3)
    rest = await store.undelivered(after=first[-1].number, limit=3)

    assert [one.message.key for one in (*first, *rest)] == [f"{anna.id}:1:{index}" for index in range(5)]


async def test_a_delivered_message_is_not_sent_again_and_marking_twice_is_harmless(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, outbox=(message(anna, 1, 0), message(anna, 1, 1))))

    await store.delivered([f"{anna.id}:1:0"], NOON)
    await store.delivered([f"{anna.id}:1:0", "nobody's"], NOON)

    assert [one.message.key for one in await store.undelivered()] == [f"{anna.id}:1:1"]


async def test_messages_and_documents_come_back_as_they_were(store: Store) -> None:
    anna = await store.load(ANNA)
    nudge = Message(f"{anna.id}:3:0", ANNA, "*Still* there?\n\n“ok”", (), lane="nudge", turn=3)
    copy = Document(f"{anna.id}:3:1", ANNA, "lowtide.txt", "person:\n- ünï\n", turn=3)

    await store.commit(change(anna, outbox=(nudge, copy)))

    assert [one.message for one in await store.undelivered()] == [nudge, copy]


async def test_an_owner_takes_each_message_of_a_platform_once_in_the_order_of_posting(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(Address("telegram", "ben"))
    await store.commit(change(anna, outbox=tuple(message(anna, 1, index) for index in range(3))))
    await store.commit(change(ben, outbox=(message(ben),)))

    first = await store.claim_outbox("console", "one", limit=2)
    second = await store.claim_outbox("console", "one", limit=2)
    await store.commit(change(await store.load(ANNA), outbox=(message(anna, 2),)))
    third = await store.claim_outbox("console", "one", limit=2)

    assert [[posted.message.turn for posted in page] for page in (first, second, third)] == [[1, 1], [1], [2]]
    assert len(await store.undelivered()) == 5


async def test_a_new_owner_takes_all_that_is_not_delivered_whoever_had_it(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, outbox=tuple(message(anna, 1, index) for index in range(3))))
    await store.claim_outbox("console", "one")
    await store.delivered([f"{anna.id}:1:0"], NOON)

    taken = await store.claim_outbox("console", "two")

    assert [posted.message.key for posted in taken] == [f"{anna.id}:1:1", f"{anna.id}:1:2"]


async def test_what_an_owner_had_in_hand_when_it_was_posted_is_not_given_to_it_again(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    await store.commit(change(anna, outbox=(message(anna),), owner="one"))
    await store.commit(change(ben, outbox=(message(ben),)))

    mine = [posted.message.key for posted in await store.claim_outbox("console", "one")]
    theirs = [posted.message.key for posted in await store.claim_outbox("console", "two")]

    assert (mine, theirs) == ([f"{ben.id}:1:0"], [f"{anna.id}:1:0", f"{ben.id}:1:0"])


# --- what had been seen --------------------------------------------------------------------------------


async def test_a_turn_is_seen_once_all_its_messages_had_arrived(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, outbox=(message(anna, 1, 0), message(anna, 1, 1))))
    await store.delivered([f"{anna.id}:1:0"], after(seconds=1))
    half = await store.load(ANNA, after(seconds=5))

    await store.delivered([f"{anna.id}:1:1"], after(seconds=3))

    assert half.seen == 0
    assert (await store.load(ANNA, after(seconds=2))).seen == 0
    assert (await store.load(ANNA, after(seconds=3))).seen == 1
    assert (await store.load(ANNA)).seen is None


async def test_a_text_sent_between_two_questions_has_seen_only_the_first(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, outbox=(message(anna, 1), message(anna, 2))))
    await store.delivered([f"{anna.id}:1:0"], after(seconds=1))
    await store.delivered([f"{anna.id}:2:0"], after(seconds=9))

    assert (await store.load(ANNA, after(seconds=5))).seen == 1
    assert (await store.load(ANNA, after(seconds=9))).seen == 2


async def test_what_stands_outside_the_turns_does_not_count_as_seen(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, outbox=(Message("aside", ANNA, "oops"),)))

    await store.delivered(["aside"], NOON)

    assert (await store.load(ANNA, after(seconds=1))).seen == 0


async def test_only_late_turns_are_remembered_and_those_before_count_as_seen(store: Store) -> None:
    anna = await store.load(ANNA)
    many = tuple(message(anna, turn) for turn in range(1, REACHED_KEPT + 11))
    await store.commit(change(anna, outbox=many))
    for each in many:
        await store.delivered([each.key], after(hours=1))

    assert (await store.load(ANNA, NOON)).seen == 10
    assert len(_rows(await store.export(anna.id), "reached")) == REACHED_KEPT


# --- timers --------------------------------------------------------------------------------------------


async def test_due_timers_come_grouped_by_person_the_longest_waiting_first(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    await store.commit(change(anna, timers=(arm("late", after(hours=9)), arm("b", after(hours=3)))))
    await store.commit(
        change(
            ben, timers=(arm("y", after(hours=4), since=2), arm("x", after(hours=1)), arm("r", NOON, since=0))
        )
    )

    found = await due(store, after(hours=4))

    assert found == [
        Waiting(Person(ben.id, BEN, 1, "{}"), (Due("r", 0), Due("x", 1), Due("y", 2))),
        Waiting(Person(anna.id, ANNA, 1, "{}"), (Due("b", 1),)),
    ]
    assert await due(store, after(hours=4), limit=1) == found[:1]
    assert await due(store, NOON - timedelta(seconds=1)) == []


async def test_the_next_due_time_is_the_earliest_of_all(store: Store) -> None:
    assert await store.next_due() is None
    anna, ben = await store.load(ANNA), await store.load(BEN)

    await store.commit(change(anna, timers=(arm("b", after(hours=3)),)))
    await store.commit(change(ben, timers=(arm("a", after(hours=1, microseconds=1)),)))

    assert await store.next_due() == after(hours=1, microseconds=1)


async def test_clearing_a_turn_clears_its_timers_and_no_others(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    mine = (arm("a", NOON, 1), arm("b", NOON, 1), arm("a", NOON, 2), arm("r", NOON, 0), arm("s", NOON, 0))
    await store.commit(change(anna, timers=mine))
    await store.commit(change(ben, timers=(arm("a", NOON, 1),)))

    await store.commit(change(await store.load(ANNA), timers=(disarm(1), disarm(0, "r"))))

    assert {one.person.id: set(one.due) for one in await due(store, NOON)} == {
        anna.id: {Due("a", 2), Due("s", 0)},
        ben.id: {Due("a", 1)},
    }


async def test_orders_to_timers_are_obeyed_in_order_after_the_fired_are_gone(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, timers=(arm("n", NOON), arm("gone", NOON), arm("kept", NOON))))

    orders = (
        disarm(1, "n"),
        arm("n", after(hours=8)),
        arm("kept", after(hours=2)),
        arm("x", NOON),
        disarm(1, "x"),
    )
    fired = (Due("n", 1), Due("gone", 1))
    await store.commit(change(await store.load(ANNA), fired=fired, timers=orders))

    assert await due(store, NOON) == []
    assert (await due(store, after(hours=9)))[0].due == (Due("kept", 1), Due("n", 1))


async def test_who_was_taken_is_given_to_nobody_else_until_the_time_is_over(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, '{"n": 1}', timers=(arm("t", NOON),)))

    taken = await store.claim(NOON, Claim("one", after(seconds=30)))
    meanwhile = await store.claim(after(seconds=29), Claim("two", after(seconds=60)))
    late = await store.claim(after(seconds=30), Claim("two", after(seconds=60)))

    assert taken == late == [Waiting(Person(anna.id, ANNA, 1, '{"n": 1}'), (Due("t", 1),))]
    assert meanwhile == []


async def test_who_was_taken_and_fired_may_be_taken_again_at_once(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, timers=(arm("t", NOON), arm("u", after(seconds=1)))))
    (waiting,) = await store.claim(NOON, Claim("one", after(hours=1)))

    await store.commit(change(waiting.person, fired=waiting.due))

    (again,) = await store.claim(after(seconds=1), Claim("one", after(hours=1)))
    assert again.due == (Due("u", 1),)


async def test_a_claim_brings_at_most_so_many_persons_and_the_next_brings_others(store: Store) -> None:
    for chat in "abcde":
        await store.commit(change(await store.load(Address("console", chat)), timers=(arm("t", NOON),)))

    pages = [await store.claim(NOON, Claim("one", after(hours=1)), limit=2) for _ in range(4)]

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({waiting.person.address.chat for page in pages for waiting in page}) == 5


# --- many at once --------------------------------------------------------------------------------------


async def test_many_are_loaded_in_the_order_they_were_asked_for(store: Store) -> None:
    asked = [(Address("console", f"p{number}"), NOON if number % 2 else None) for number in range(150)]
    for address, _ in asked[:140]:
        await store.commit(change(await store.load(address), f'"{address.chat}"'))

    found = await store.load_all(asked)

    assert [one.session for one in found] == [f'"p{n}"' for n in range(140)] + [None] * 10
    assert [one.address for one in found] == [address for address, _ in asked]
    assert [one.seen for one in found[:2]] == [None, 0]
    assert await store.load_all([]) == []


async def test_many_changes_are_judged_in_order_and_each_is_kept_whole_or_not_at_all(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)

    verdicts = await store.commit_all(
        [
            change(anna, "1", update="u", outbox=(message(anna),)),
            change(anna, "2", update="u", outbox=(message(anna, 2),)),
            change(anna, "3", update="v", outbox=(message(anna, 3),)),
            change(Person(anna.id, ANNA, 1), "4", update="w", outbox=(message(anna, 4),)),
            change(ben, "5", update="x"),
            change(Person(ben.id, BEN, 1), update="y", forget=True),
            change(Person("somebody", BEN), "6"),
        ]
    )

    kept, dup, conflict = Verdict.COMMITTED, Verdict.DUPLICATE, Verdict.CONFLICT
    assert verdicts == [kept, dup, conflict, kept, kept, kept, kept]
    assert [one.session for one in await store.load_all([(ANNA, None), (BEN, None)])] == ["4", "6"]
    assert [posted.message.turn for posted in await store.undelivered()] == [1, 4]
    assert await store.commit_all([]) == []


# --- the event log and what was heard ------------------------------------------------------------------


async def test_the_log_is_part_of_the_copy_and_goes_with_its_person(store: Store) -> None:
    anna = await store.load(ANNA)
    entry = Entry(NOON, 3, "pressed", "low", "reflect", 7, "name", 1, "choose_step.energy", "answered")

    await store.commit(change(anna, log=(entry, Entry(NOON, 4, "finished", "planned", "reflect"))))

    rows = _rows(await store.export(anna.id), "what happened")
    assert rows[0] == {
        "at": "2026-01-05T12:00:00+00:00",
        "turn": 3,
        "kind": "pressed",
        "what": "low",
        "flow": "reflect",
        "version": 7,
        "state": "name",
        "tries": 1,
        "lands": "choose_step.energy",
        "mark": "answered",
    }
    assert len(rows) == 2
    await store.commit(change(await store.load(ANNA), forget=True))
    assert await store.export(anna.id) == {}


async def test_old_log_is_cleared_away_and_young_log_is_not(store: Store) -> None:
    anna = await store.load(ANNA)
    entries = tuple(Entry(after(days=day), day, "answered") for day in range(4))
    await store.commit(change(anna, log=entries))

    await store.tidy(NOON, after(days=2))

    rows = _rows(await store.export(anna.id), "what happened")
    assert [row["turn"] for row in rows if isinstance(row, dict)] == [2, 3]
    await store.tidy(NOON, after(days=9))
    assert "what happened" not in await store.export(anna.id)


async def test_the_last_place_of_a_chat_is_kept_and_an_earlier_one_is_not(store: Store) -> None:
    for chat, last in (("anna", 5), ("ben", 7), ("anna", 9), ("ben", 6)):
        await store.note(Address("discord", chat), last * 10, last, False)
    await store.note(Address("other", "anna"), 1, 99, False)

    assert await store.heard("discord") == [("anna", 90, 9), ("ben", 70, 7)]


async def test_places_are_kept_of_those_we_know_and_go_with_them(store: Store) -> None:
    await store.commit(change(await store.load(ANNA)))
    await store.note(ANNA, 1, 5, True)
    await store.note(BEN, 1, 6, True)
    there = await store.heard("console")

    await store.forget((await store.load(ANNA)).id)

    assert there == [("anna", 1, 5)]
    assert await store.heard("console") == []


# --- leaving and forgetting ----------------------------------------------------------------------------


async def test_forgetting_leaves_no_row_but_the_farewell(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, update="u1", outbox=(message(anna, 1),), timers=(arm("t", NOON),)))
    await store.delivered([f"{anna.id}:1:0"], NOON)
    again = await store.load(ANNA)
    await store.commit(change(again, update="u2", outbox=(message(anna, 2, text="to be dropped"),)))

    farewell = message(anna, 3, text="Gone.")
    last = change(
        await store.load(ANNA), "x", update="u3", outbox=(farewell,), timers=(arm("t", NOON),), forget=True
    )
    verdict = await store.commit(last)

    assert verdict is Verdict.COMMITTED
    assert await store.export(anna.id) == {}
    assert await due(store, after(days=9)) == []
    assert [one.message for one in await store.undelivered()] == [farewell]
    assert (await store.load(ANNA)).revision == 0
    await store.delivered([farewell.key], NOON)
    assert not await store.undelivered()


async def test_the_update_that_forgot_is_still_recognised_when_it_comes_again(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, update="u1"))
    await store.commit(change(await store.load(ANNA), update="u2", forget=True))

    stranger = await store.load(ANNA)

    assert await store.commit(change(stranger, update="u2")) is Verdict.DUPLICATE


async def test_what_was_handled_before_cannot_be_told_of_the_forgotten_any_more(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, update="u1"))
    await store.commit(change(await store.load(ANNA), update="u2", forget=True))
    await store.commit(change(await store.load(ANNA), update="u3"))

    known = [
        await store.commit(change(await store.load(ANNA), update=update)) for update in ("u1", "u2", "u3")
    ]

    assert known == [Verdict.COMMITTED, Verdict.DUPLICATE, Verdict.DUPLICATE]


async def test_a_person_has_handled_an_update_and_another_has_not(store: Store) -> None:
    await store.commit(change(await store.load(ANNA), update="u"))

    assert await store.commit(change(await store.load(BEN), update="u")) is Verdict.COMMITTED
    assert await store.commit(change(await store.load(BEN), update="u")) is Verdict.DUPLICATE


async def test_forgetting_from_an_old_revision_is_a_conflict_and_forgets_nobody(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.commit(change(anna, '{"n": 1}'))
    old = await store.load(ANNA)
    await store.commit(change(old, '{"n": 2}'))

    assert await store.commit(change(old, forget=True)) is Verdict.CONFLICT
    assert (await store.load(ANNA)).session == '{"n": 2}'


async def test_a_stranger_may_ask_to_be_forgotten(store: Store) -> None:
    stranger = await store.load(ANNA)

    verdict = await store.commit(change(stranger, forget=True, outbox=(message(stranger),)))

    assert verdict is Verdict.COMMITTED
    assert await store.export(stranger.id) == {}
    assert len(await store.undelivered()) == 1


async def test_the_operator_can_forget_a_person_and_nobody_else(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    for one in (anna, ben):
        await store.commit(change(one, update=one.id, outbox=(message(one),), timers=(arm("t", NOON),)))

    await store.forget(anna.id)

    assert await store.export(anna.id) == {}
    assert [one.message.address for one in await store.undelivered()] == [BEN]
    assert [one.person.id for one in await due(store, NOON)] == [ben.id]
    assert (await store.load(BEN)).revision == 1


async def test_someone_who_has_left_is_neither_written_to_nor_woken_but_is_kept(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    for one in (anna, ben):
        await store.commit(change(one, '{"kept": 1}', outbox=(message(one),), timers=(arm("t", NOON),)))

    await store.left(ANNA, after(seconds=1))

    assert [one.message.address for one in await store.undelivered()] == [BEN]
    assert [one.person.id for one in await due(store, NOON)] == [ben.id]
    back = await store.load(ANNA, after(seconds=2))
    assert (back.session, back.seen) == ('{"kept": 1}', 1)


async def test_an_export_holds_everything_that_is_kept(store: Store) -> None:
    anna = await store.load(ANNA)
    first = change(
        anna, '{"memory": {"person": "Sam"}}', update="u1", outbox=(message(anna, 1), message(anna, 2))
    )
    await store.commit(first)
    await store.delivered([f"{anna.id}:1:0"], NOON)
    await store.commit(
        change(await store.load(ANNA), first.session, timers=(arm("lapse", after(hours=72), 2),))
    )

    kept = {
        table: rows for table, rows in (await store.export(anna.id)).items() if table != "handled updates"
    }

    waiting = {"text": "hello", "lane": "reply", "buttons": [["Yes", "2:0"]]}
    assert kept == {
        "person": [{"platform": "console", "chat": "anna", "session": {"memory": {"person": "Sam"}}}],
        "waiting to be sent": [{"turn": 2, "message": waiting}],
        "reached": [{"turn": 1, "at": "2026-01-05T12:00:00+00:00"}],
        "timers": [{"since": 2, "timer": "lapse", "due": "2026-01-08T12:00:00+00:00"}],
    }


async def test_counters_add_up_over_everybody_and_outlive_the_forgotten(store: Store) -> None:
    anna, ben = await store.load(ANNA), await store.load(BEN)
    await store.commit(change(anna, counts=("card", "card", "soft")))
    await store.commit(change(ben, counts=("card",)))

    await store.commit(change(await store.load(ANNA), counts=("deleted",), forget=True))

    assert await store.counters() == {"card": 3, "soft": 1, "deleted": 1}


# --- opening and closing -------------------------------------------------------------------------------


async def test_everything_is_there_after_closing_and_opening(store: Store, reopened: Reopen) -> None:
    anna = await store.load(ANNA)
    await store.commit(
        change(anna, '{"n": 1}', update="u", outbox=(message(anna),), timers=(arm("t", NOON),), counts=("c",))
    )

    again = await reopened(store)

    assert (await again.load(ANNA)).session == '{"n": 1}'
    assert [one.message for one in await again.undelivered()] == [message(anna)]
    assert [one.due for one in await due(again, NOON)] == [(Due("t", 1),)]
    assert await again.counters() == {"c": 1}
    assert await again.commit(change(await again.load(ANNA), update="u")) is Verdict.DUPLICATE


async def test_everybody_s_session_is_read_in_pages_by_id(store: Store) -> None:
    for address in (ANNA, BEN):
        await store.commit(change(await store.load(address), f'{{"at": "{address.chat}"}}'))

    (first,) = await store.sessions(limit=1)
    (second,) = await store.sessions(first[0])

    assert first[0] < second[0]
    assert {first[1], second[1]} == {'{"at": "anna"}', '{"at": "ben"}'}
    assert not await store.sessions(second[0])


async def test_what_went_live_is_remembered_in_place_of_what_was(store: Store, reopened: Reopen) -> None:
    assert await store.live() == {}
    await store.go_live({"talk": "1 abc", "gone": "2 def"})
    await store.go_live({"talk": "2 fed"})

    assert await (await reopened(store)).live() == {"talk": "2 fed"}


async def test_a_closed_store_says_so(store: Store) -> None:
    anna = await store.load(ANNA)
    await store.close()

    with pytest.raises(StoreError, match="not open; open it"):
        await store.load(ANNA)
    with pytest.raises(StoreError, match="not open; open it"):
        await store.commit(change(anna))


async def test_closing_twice_is_harmless(store: Store) -> None:
    await store.close()
    await store.close()


def _rows(tables: object, table: str) -> list[object]:
    assert isinstance(tables, dict)
    rows = tables[table]
    assert isinstance(rows, list)
    return rows


async def test_a_timer_may_forget_a_person_and_takes_itself_along(store: Store) -> None:
    anna = await store.load(ANNA)
    row = arm("keep:", NOON, since=0)
    told = Entry(NOON, 1, "answered", "yes")
    await store.commit(change(anna, update="u1", timers=(row, arm("lapse", after(days=1))), log=(told,)))
    (waiting,) = await store.claim(NOON, Claim("one", after(minutes=1)))

    verdict = await store.commit(change(waiting.person, fired=waiting.due, forget=True))

    assert verdict is Verdict.COMMITTED
    assert await store.export(anna.id) == {}
    assert await store.next_due() is None
    assert (await store.load(ANNA)).revision == 0
