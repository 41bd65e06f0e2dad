"""The pacer on a clock of our own: classes, a platform's limits, the pace of a chat, silence when told to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise
from math import inf
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runtime.limits import LIMITS, UNLIMITED, Limits, Pace
from bot.runtime.pacer import MANY, RANKS, Class, Pacer, Send

FOUR = Limits(4)
TRIP = 0.06

Wish = tuple[float, str, Class]
"""When a chat asks to be sent to, which one, and as what."""


def play(pacer: Pacer, wishes: Sequence[Wish], trips: Sequence[float] = (TRIP,)) -> list[tuple[float, str]]:
    """Turn a clock from one thing to the next until all wishes are granted; return who was taken, and when.

    Each chat waits to be sent as often as it asked. The trips are used over and over.
    """
    coming, owed = sorted(wishes, key=lambda wish: wish[0]), Counter[tuple[str, Class]]()
    landing: list[tuple[float, int, Send]] = []
    taken: list[tuple[float, str]] = []
    now = 0.0
    while coming or landing or owed.total():
        while landing and landing[0][0] <= now:
            when, _, send = landing.pop(0)
            pacer.landed(send, when)
        while coming and coming[0][0] <= now:
            _, chat, what = coming.pop(0)
            owed[chat, what] += 1
            pacer.ask(chat, what)
        turn = pacer.next(now)
        if turn and turn.at <= now:
            what = next(what for what in RANKS if owed[turn.chat, what])
            owed[turn.chat, what] -= 1
            send = pacer.take(turn.chat, now)
            taken.append((now, turn.chat))
            landing.append((now + trips[len(taken) % len(trips)], len(taken), send))
            landing.sort()
            for left in RANKS:
                if owed[turn.chat, left]:
                    pacer.ask(turn.chat, left)
            continue
        moments = [turn.at] if turn else []
        moments += [landing[0][0]] if landing else []
        moments += [coming[0][0]] if coming else []
        assert moments or not owed.total(), "somebody waits, and nobody says until when"
        now = min(moments, default=now)
        assert now < inf
    return taken


def crowd(size: int, what: Class = "nudge") -> list[Wish]:
    return [(0.0, f"{what}{number}", what) for number in range(size)]


def worst(times: Sequence[float], span: float = 1.0) -> int:
    """Count the most that fall into any window that slides."""
    return max(sum(start <= time < start + span for time in times) for start in times)


def test_replies_go_before_nudges_and_nudges_before_bulk() -> None:
    wishes: list[Wish] = [(0.0, "c", "bulk"), (0.0, "b", "nudge"), (0.0, "a", "reply"), (0.0, "d", "reply")]

    assert [chat for _, chat in play(Pacer(UNLIMITED), wishes)] == ["a", "d", "b", "c"]


def test_of_two_nudges_the_one_that_must_arrive_sooner_goes_first() -> None:
    pacer = Pacer(UNLIMITED)
    pacer.ask("whenever", "nudge")
    pacer.ask("by nine", "nudge", 9.0)
    pacer.ask("by eight", "nudge", 8.0)

    assert [pacer_takes(pacer) for _ in range(3)] == ["by eight", "by nine", "whenever"]


def test_who_asks_again_for_less_keeps_the_better_place() -> None:
    pacer = Pacer(UNLIMITED)
    pacer.ask("anna", "nudge")
    pacer.ask("ben", "nudge")
    pacer.ask("ben", "reply")
    pacer.ask("ben", "bulk")

    assert [pacer_takes(pacer), pacer_takes(pacer)] == ["ben", "anna"]
    assert pacer.next(0.0) is None


def test_who_left_the_line_is_not_called() -> None:
    pacer = Pacer(FOUR)
    pacer.ask("anna", "reply")
    pacer.ask("ben", "reply")

    pacer.leave("anna")

    assert pacer_takes(pacer) == "ben"
    assert pacer.next(0.0) is None


def test_asides_come_after_replies_and_before_nudges_and_count_like_them() -> None:
    wishes: list[Wish] = [(0.0, "n", "nudge"), (0.0, "a", "aside"), (0.0, "r", "reply")]

    assert [chat for _, chat in play(Pacer(UNLIMITED), wishes)] == ["r", "a", "n"]
    assert worst([when for when, _ in play(Pacer(FOUR), crowd(40, "aside"))]) == 4


def test_an_aside_makes_no_chat_wait_and_opens_none() -> None:
    pacer = Pacer(Limits(100, chat=Pace(1.0), opening=9.0), opens=lambda _: True)
    wishes: list[Wish] = [*crowd(5, "aside"), (0.0, "anna", "reply")]

    taken = play(pacer, wishes)

    assert taken[-1][0] < 0.1
    assert pacer._booked.keys() == {"anna"}


@pytest.mark.parametrize("platform", LIMITS)
def test_no_second_that_slides_holds_more_than_the_platform_takes_and_hardly_fewer(platform: str) -> None:
    limits = LIMITS[platform]
    wishes = [*crowd(600), *((0.37 * number, f"t{number}", "reply") for number in range(30))]

    times = [time for time, _ in play(Pacer(limits), wishes)]

    assert worst(times) <= limits.most
    assert (len(times) - 1) / (times[-1] - times[0]) >= 0.99 * limits.most


def test_a_reply_waits_a_moment_though_ten_thousand_nudges_wait_too() -> None:
    replies = [(5.0 + 0.31 * number, f"t{number}", "reply") for number in range(40)]
    asked = {chat: when for when, chat, _ in replies}

    taken = play(Pacer(LIMITS["telegram"]), [*crowd(1000), *replies])
    waits = sorted(when - asked[chat] for when, chat in taken if chat in asked)

    assert median(waits) <= 0.04
    assert waits[-1] <= 0.1


def test_bulk_is_spread_evenly_so_that_no_second_has_a_gap() -> None:
    times = [time for time, _ in play(Pacer(LIMITS["telegram"]), crowd(300, "bulk"))]
    steps = [later - sooner for sooner, later in pairwise(times)]

    assert max(steps) <= 0.08
    assert min(steps) >= 0.03


def test_replies_go_at_once_while_there_is_room() -> None:
    taken = play(Pacer(LIMITS["telegram"]), crowd(30, "reply"))

    assert [when for when, _ in taken] == [0.0] * 30


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 3), st.integers(0, 9), st.sampled_from(list(RANKS))),
        max_size=60,
    ),
    st.lists(st.floats(0.01, 0.4), min_size=1, max_size=9),
)
def test_whatever_is_asked_all_are_sent_and_no_limit_is_broken(
    wishes: list[tuple[float, int, Class]], trips: list[float]
) -> None:
    limits = Limits(4, chat=Pace(0.5, 2))

    taken = play(Pacer(limits), [(when, str(chat), what) for when, chat, what in wishes], trips)

    assert len(taken) == len(wishes)
    if taken:
        assert worst([when for when, _ in taken]) <= 4
        for chat in {str(chat) for _, chat, what in wishes if what != "aside"}:
            assert worst([when for when, who in taken if who == chat]) <= 4


@given(st.lists(st.floats(0.0, 0.3), min_size=5, max_size=30))
def test_messages_that_were_held_up_on_their_way_do_not_meet_later_ones(delays: list[float]) -> None:
    """What is late before the platform counts it must not fall into the next second with too many others."""
    pacer, now = Pacer(FOUR), 0.0
    arrived: list[float] = []
    for delay in chain.from_iterable((0.0, delay) for delay in delays):
        pacer.ask("anna", "reply")
        turn = pacer.next(now)
        assert turn
        now = max(now, turn.at)
        arrived.append(now + delay)
        pacer.landed(pacer.take("anna", now), now + delay + TRIP)

    assert worst(arrived) <= 4


def test_a_platform_that_became_slower_is_used_in_full_again() -> None:
    slower = [TRIP] * 100 + [4 * TRIP] * 900

    times = [time for time, _ in play(Pacer(LIMITS["telegram"]), crowd(1000), slower)]

    assert 200 / (times[-1] - times[-201]) >= 0.98 * 30


def test_the_three_messages_of_a_turn_go_at_once_and_more_wait_for_their_second() -> None:
    wishes: list[Wish] = [(0.0, "anna", "reply")] * 5

    assert [when for when, _ in play(Pacer(LIMITS["telegram"]), wishes)] == [0.0, 0.0, 0.0, 1.0, 2.0]


def test_who_waits_for_their_second_holds_up_nobody_else() -> None:
    wishes: list[Wish] = [*[(0.0, "anna", "reply")] * 4, (0.1, "ben", "nudge")]

    taken = play(Pacer(LIMITS["telegram"]), wishes)

    assert taken.index((0.1, "ben")) < taken.index((1.0, "anna"))


def test_a_group_gets_twenty_in_a_minute_at_most() -> None:
    wishes: list[Wish] = [(0.0, "-100", "reply")] * 60

    assert worst([when for when, _ in play(Pacer(LIMITS["telegram"]), wishes)], 60.0) <= 20


def test_the_pace_of_chats_at_rest_is_forgotten() -> None:
    pacer = Pacer(Limits(chat=Pace(1.0)))
    for number in range(MANY + 1):
        pacer.take(str(number), number / 100)

    assert len(pacer._booked) <= 101


def test_told_to_be_silent_it_sends_nothing_to_anybody_until_then() -> None:
    pacer = Pacer(LIMITS["telegram"])
    pacer.halt("anna", 7.0, 1.0)
    pacer.halt("anna", 2.0, 1.5)

    taken = play(pacer, [(2.0, "ben", "reply"), (9.0, "cara", "reply")])

    assert taken == [(8.0, "ben"), (9.0, "cara")]


def test_a_burst_that_is_refused_is_the_last_one() -> None:
    pacer = Pacer(LIMITS["telegram"])
    pacer.take("anna", 0.0)
    pacer.take("anna", 0.01)

    pacer.halt("anna", 3.0, 0.07)

    assert [when for when, _ in play(pacer, [(4.0, "ben", "reply")] * 3)] == [4.0, 5.0, 6.0]


def test_a_first_message_that_is_refused_does_not_end_bursts() -> None:
    pacer = Pacer(LIMITS["telegram"])
    pacer.take("anna", 0.0)

    pacer.halt("anna", 3.0, 0.06)

    assert [when for when, _ in play(pacer, [(4.0, "ben", "reply")] * 3)] == [4.0, 4.0, 4.0]


def test_new_chats_are_opened_slowly_and_known_ones_do_not_wait_for_them() -> None:
    pacer = Pacer(LIMITS["discord"], opens=lambda chat: chat.startswith("new"))
    wishes: list[Wish] = [*((0.0, f"new{number}", "nudge") for number in range(4)), (0.5, "anna", "reply")]

    taken = play(pacer, wishes)

    assert [when for when, chat in taken if chat != "anna"] == [0.0, 2.0, 4.0, 6.0]
    assert (0.5, "anna") in taken


def pacer_takes(pacer: Pacer) -> str:
    turn = pacer.next(0.0)
    assert turn
    pacer.take(turn.chat, 0.0)
    return turn.chat
