"""The numbers say how many, and never who: whole fives where it could be told whom they are about."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta

from bot.content.library import Content
from bot.errors import PersonGone, Refused, Unreachable
from bot.observing.labels import OTHER, labels
from bot.runtime.messages import Address, Command, Press, Unsupported
from tests.observing.watched import Door, Watched, watched

CROWD = [f"p{number}" for number in range(7)]
OPEN, CHOOSE = {"flow": "little", "state": "open"}, {"flow": "little", "state": "choose"}


async def everybody(one: Watched, *said: str, crowd: list[str] = CROWD) -> None:
    for who in crowd:
        for text in said:
            await one.tell(who, text)


async def test_what_platforms_send_is_counted_by_its_kind_and_what_became_of_it(content: Content) -> None:
    async with watched(content) as one:
        for what in ("hello", Command("why"), Press("1:0"), Unsupported("sticker")):
            await one.tell("anna", what)
        one.numbers.pop()
        await one.tell("anna", Unsupported("sticker"))

        counted = {
            kind: await one.number("lowtide_updates_total", platform="test", kind=kind, verdict="committed")
            for kind in ("text", "command", "press", "unsupported")
        }
        twice = await one.number(
            "lowtide_updates_total", platform="test", kind="unsupported", verdict="duplicate"
        )

    assert counted == {"text": 1, "command": 1, "press": 1, "unsupported": 1}
    assert twice == 1


async def test_signs_of_danger_are_shown_in_whole_fives_by_gate_and_tier(content: Content) -> None:
    async with watched(content) as one:
        await everybody(one, "i want to die", crowd=CROWD[:4])
        few = await one.number("lowtide_danger_total", gate="self", tier="hard")
        await everybody(one, "i want to die", crowd=CROWD[4:])
        many = await one.number("lowtide_danger_total", gate="self", tier="hard")
        soft = await one.number("lowtide_danger_total", gate="self", tier="soft")
        cards = await one.number("lowtide_counted_total", name="card")

    assert (few, many, soft, cards) == (None, 5, None, 5)


async def test_a_sign_of_danger_is_counted_though_the_answer_to_it_failed(content: Content) -> None:
    async with watched(content) as one:
        await one.app.store.close()
        await everybody(one, "i want to die")
        await one.app.store.open()

        assert await one.number("lowtide_failures_total", what="update") == 7
        assert await one.number("lowtide_danger_total", gate="self", tier="hard") == 5


async def test_nobody_sees_the_sixth_person_arrive(content: Content) -> None:
    async with watched(content) as one:
        await everybody(one, "hello", crowd=CROWD[:5])
        before = await one.number("lowtide_state_entered_total", **OPEN)
        await one.tell(CROWD[5], "hello")
        after = await one.number("lowtide_state_entered_total", **OPEN)

    assert before == after == 5


async def test_what_was_not_understood_is_counted_where_it_was_said(content: Content) -> None:
    async with watched(content) as one:
        await everybody(one, "hello", "Sam", "well, hm", "go on")

        asked = await one.number("lowtide_state_answered_total", **CHOOSE)
        unclear = await one.number("lowtide_state_not_understood_total", **CHOOSE)
        clear = await one.number("lowtide_state_not_understood_total", **OPEN)

    assert (asked, unclear, clear) == (10, 5, None)  # of 14 and 7


async def test_who_gives_up_stops_or_falls_silent_is_counted_where_they_left(content: Content) -> None:
    async with watched(content) as one:
        await everybody(one, "hello", "Sam", "well, hm", "well, hm", "well, hm")
        for who in CROWD:
            await one.tell(who, "hello")
            await one.tell(who, Command("stop"))
            await one.tell(who, "hello")
        await one.app.advance(one.clock, timedelta(hours=80))

        gave_up = await one.number("lowtide_state_dropped_total", **CHOOSE, how="gave_up")
        stopped = await one.number("lowtide_state_dropped_total", **OPEN, how="stopped")
        lapsed = await one.number("lowtide_state_dropped_total", **OPEN, how="lapsed")

    assert (gave_up, stopped, lapsed) == (5, 5, 5)


async def test_a_question_that_stands_again_after_an_aside_is_not_asked_anew(content: Content) -> None:
    async with watched(content) as one:
        await everybody(one, "hello")
        for who in CROWD:
            await one.tell(who, Command("why"))

        assert await one.number("lowtide_state_entered_total", **OPEN) == 5
        assert await one.number("lowtide_state_answered_total", **OPEN) is None


async def test_sends_are_counted_by_lane_and_by_what_became_of_them(content: Content) -> None:
    door = Door(troubles=deque([Unreachable("down"), Refused("no"), PersonGone("left")]))
    async with watched(content, door=door) as one:
        await one.tell("anna", "hello")  # tried, then refused
        await one.tell("ben", "hello")  # gone
        await one.tell("cleo", "hello")
        await one.app.advance(one.clock, timedelta(hours=20))
        await one.app.settle()

        fates = {
            (lane, fate): await one.number("lowtide_sends_total", platform="test", lane=lane, fate=fate)
            for lane in ("reply", "nudge")
            for fate in ("sent", "retried", "refused", "gone", "late", "given_up")
        }
        waited = await one.number("lowtide_send_wait_seconds_count", platform="test", lane="reply")

    told = {key: times for key, times in fates.items() if times}
    assert told == {
        ("reply", "retried"): 1,
        ("reply", "refused"): 1,
        ("reply", "gone"): 1,
        ("reply", "sent"): 1,
        ("nudge", "sent"): 2,
    }
    assert waited == 1


async def test_a_429_is_counted_with_the_silence_it_asks_for(content: Content) -> None:
    door = Door(troubles=deque([Unreachable("slow down", retry_after=0.01)]))
    async with watched(content, door=door) as one:
        await one.tell("anna", "hello")
        async with asyncio.timeout(30):
            while not door.shown:  # noqa: ASYNC110  the platform fake has no event to wait for
                await asyncio.sleep(0.01)

        assert await one.number("lowtide_throttled_total", platform="test") == 1
        assert await one.number("lowtide_throttled_seconds_total", platform="test") == 0.01


async def test_what_waits_to_be_sent_shows_its_number_and_its_age(content: Content) -> None:
    door = Door(shut=asyncio.Event())
    lane = {"platform": "test", "lane": "reply"}
    async with watched(content, door=door) as one:
        await one.app.begin(Address("test", "anna"), "little")
        during = await one.number("lowtide_outbox_messages", **lane)
        age = await one.number("lowtide_outbox_age_seconds", **lane)
        assert door.shut
        door.shut.set()
        await one.app.courier.settle()

        assert during == 1
        assert age is not None
        assert age > 0
        assert await one.number("lowtide_outbox_messages", **lane) == 0
        assert await one.number("lowtide_outbox_age_seconds", **lane) == 0


async def test_a_late_nudge_shows_how_late_it_was_and_one_that_is_overdue_shows_before(
    content: Content,
) -> None:
    async with watched(content) as one:
        await one.tell("anna", "hello")
        await one.app.nudger.stop()
        one.clock.turn_to(one.clock.now() + timedelta(hours=20, seconds=30))
        overdue = await one.number("lowtide_overdue_seconds")
        await one.app.settle()

        assert overdue == 30
        assert await one.number("lowtide_timer_lateness_seconds_sum") == 30
        assert await one.number("lowtide_timer_lateness_seconds_count") == 1
        assert await one.number("lowtide_overdue_seconds") == 0


async def test_an_answer_that_failed_and_the_line_it_left_in_the_log_are_counted(content: Content) -> None:
    async with watched(content) as one:
        await one.tell("anna", "hello")
        await one.tell("anna", "Sam")
        await one.press("anna", "Say the unsaid")

        assert await one.number("lowtide_failures_total", what="update") == 1
        assert await one.number("lowtide_log_lines_total", level="error", part="runtime") == 1


def test_a_label_that_is_in_no_closed_set_is_called_other(content: Content) -> None:
    known = labels(content.flows, ["test"])

    assert known.platform("test") == "test"
    assert known.place("little", "open") == ("little", "open")
    assert known.place("little", "plan") == (OTHER, OTHER)  # nobody can wait there
    assert known.danger("self", "soft") == ("self", "soft")
    assert known.count("planned") == "planned"
    assert {known.platform("canary"), known.count("canary")} == {OTHER}
    assert {known.place("canary", "open"), known.danger("canary", "hard")} == {(OTHER, OTHER)}
