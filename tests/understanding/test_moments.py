"""Moments and dates in people's words are read in three languages, and what could be two moments is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.events import Reading
from bot.dialogue.expect import Expectation, Listening
from bot.dialogue.flow import Option, Slot, Transition
from bot.dialogue.values import parse_value
from bot.understanding.choosing import Sureness
from bot.understanding.matching import read
from bot.understanding.moments import moment
from tests.understanding import clocks, dates
from tests.understanding.table import WORDS, no_page

MONDAY = datetime(2026, 11, 30, 15, tzinfo=UTC)
QUIET = ("22:00", "08:00")
SAID = [
    ("tomorrow", "12-01"),
    ("tomorrow after work", "12-01"),
    ("in 2h", "11-30 17:00"),
    ("in two hours", "11-30 17:00"),
    ("sunday evening", "12-06"),
    ("next tue at 7", "12-01"),
    ("tonight", "11-30"),
    ("tonight at 8", "11-30 20:00"),
    ("tomorrow at 7pm", "12-01 19:00"),
    ("friday", "12-04"),
    ("friday at noon", "12-04 12:00"),
    ("in 3 days", "12-03"),
    ("in half an hour", "11-30 15:30"),
    ("in an hour", "11-30 16:00"),
    ("next week", "12-07"),
    ("saturday morning", "12-05"),
    ("at 18:30", "11-30 18:30"),
    ("6pm", "11-30 18:00"),
    ("tomorrow morning at 9", "12-01 09:00"),
    ("day after tomorrow", "12-02"),
    ("on the weekend", "12-05"),
    ("in a week", "12-07"),
    ("in a couple of days", "12-02"),
    ("wednesday 5pm", "12-02 17:00"),
    ("this evening", "11-30"),
    ("tmrw 10am", "12-01 10:00"),
    ("in 90 minutes", "11-30 16:30"),
    ("later today", "11-30"),
    ("mañana", "12-01"),
    ("mañana por la tarde", "12-01"),
    ("mañana a las 7 de la tarde", "12-01 19:00"),
    ("en dos horas", "11-30 17:00"),
    ("dentro de 2 horas", "11-30 17:00"),
    ("esta noche", "11-30"),
    ("el domingo por la tarde", "12-06"),
    ("el viernes", "12-04"),
    ("el martes a las 19:00", "12-01 19:00"),
    ("pasado mañana", "12-02"),
    ("en media hora", "11-30 15:30"),
    ("en una semana", "12-07"),
    ("a las 6 de la tarde", "11-30 18:00"),
    ("mañana después del trabajo", "12-01"),
    ("el sábado por la mañana", "12-05"),
    ("dentro de tres días", "12-03"),
    ("la próxima semana", "12-07"),
    ("el fin de semana", "12-05"),
    ("mañana al mediodía", "12-01 12:00"),
    ("hoy a las 20h", "11-30 20:00"),
    ("morgen", "12-01"),
    ("morgen abend", "12-01"),
    ("heute abend", "11-30"),
    ("heute abend um 8", "11-30 20:00"),
    ("morgen um 19 Uhr", "12-01 19:00"),
    ("in zwei Stunden", "11-30 17:00"),
    ("in 2h", "11-30 17:00"),
    ("am Sonntag", "12-06"),
    ("Sonntag Abend", "12-06"),
    ("am Freitag um 17:30", "12-04 17:30"),
    ("übermorgen", "12-02"),
    ("in einer halben Stunde", "11-30 15:30"),
    ("in einer Woche", "12-07"),
    ("nach der Arbeit", "11-30"),
    ("morgen nach der Arbeit", "12-01"),
    ("morgen früh um 9", "12-01 09:00"),
    ("um 18 Uhr", "11-30 18:00"),
    ("in drei Tagen", "12-03"),
    ("nächste Woche", "12-07"),
    ("am Wochenende", "12-05"),
    ("nächsten Dienstag um 19 Uhr", "12-01 19:00"),
    ("Samstag früh", "12-05"),
]
"""What is said on a Monday at three, and the beginning of the moment that is meant."""


NO_MOMENT = [
    "no",
    "i don't know",
    "my sister",
    "not sure, maybe later",
    "may be",
    "i am sad",
    "no sé",
    "ella no",
    "vielleicht",
    "weiß nicht",
    "",
    "at 25",
    "at 9:75",
    "12:30:15",
    "tomorrow my sister",
    "in 2h or 3h",
    "9 or 10",
]


def told(text: str, now: datetime = MONDAY, quiet: tuple[str, str] = QUIET) -> str | None:
    found = moment(text, now, quiet)
    return None if found is None else f"{found:%m-%d %H:%M}"


def dated(text: str, now: datetime = MONDAY) -> str | None:
    found = moment(text, now, QUIET)
    return None if found is None else f"{found:%Y-%m-%d %H:%M}"


def _meant(found: str | None, meant: str | None) -> bool:
    return found is None if meant is None else found is not None and found.startswith(meant)


def test_every_phrase_of_the_list_is_the_moment_that_is_meant() -> None:
    wrong = [(text, told(text)) for text, meant in SAID if not (told(text) or "").startswith(meant)]

    assert wrong == []
    assert len(SAID) >= 70


def test_every_hour_in_words_is_the_one_that_is_meant_or_is_asked_for() -> None:
    wrong = [(text, found, meant) for text, meant in clocks.SAID if not _meant(found := told(text), meant)]

    assert wrong == []


def test_no_hour_in_words_that_nobody_tuned_on_is_read_wrongly() -> None:
    wrong = [text for text, meant in clocks.UNTUNED if (found := told(text)) and not _meant(found, meant)]

    assert wrong == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("half past seven", "07:30"),
        ("Halb acht", "07:30"),
        ("las ocho y media", "08:30"),
        ("quarter to nine pm", "20:45"),
        ("twelve", "12:00"),
        ("nine", "09:00"),
        ("7", "07:00"),
        ("once", None),
        ("at once", None),
        ("half past thirty", None),
        ("at seven " * 400, None),
    ],
)
def test_where_an_hour_is_asked_for_its_words_are_read_as_its_figures(text: str, meant: str | None) -> None:
    slot = Slot("a", "time")
    found = read(text, Expectation(slot=slot, now=MONDAY), WORDS, no_page).value

    assert (found or parse_value(slot, text)) == meant


def test_every_date_of_the_list_is_the_day_that_is_meant_or_is_asked_for() -> None:
    wrong = [(text, found, meant) for text, meant in dates.SAID if not _meant(found := dated(text), meant)]

    assert wrong == []


def test_of_the_dates_nobody_tuned_on_one_is_read_that_was_to_be_asked_for() -> None:
    wrong = [text for text, meant in dates.UNTUNED if (found := dated(text)) and not _meant(found, meant)]

    assert wrong == [
        "2.1"
    ]  # 2 January without its last dot, as it was found; "2.10" may be an hour and is asked for
    assert dated("2.10") is None


@pytest.mark.parametrize(
    ("now", "text", "meant"),
    [
        ("2027-01-31", "on the 30th", None),
        ("2027-01-31", "on the 31st", "2027-01-31 18:00"),
        ("2027-02-10", "on the 30th", "2027-03-30 18:00"),
        ("2028-02-10", "29 feb", "2028-02-29 18:00"),
        ("2027-02-10", "29 feb", None),
        ("2026-12-31", "jan 2nd", "2027-01-02 18:00"),
        ("2026-12-31", "on the 2nd", "2027-01-02 18:00"),
        ("2026-12-31", "31 december at 1pm", None),
        ("2026-12-31", "december 31 at 8pm", "2026-12-31 20:00"),
        ("2027-05-30", "24/7", None),
        ("2027-05-30", "24.7.", "2027-07-24 18:00"),
    ],
)
def test_a_date_is_the_next_of_its_name_that_exists(now: str, text: str, meant: str | None) -> None:
    assert dated(text, datetime.fromisoformat(f"{now}T15:00+00:00")) == meant


@pytest.mark.parametrize("text", ["the 3rd", "3rd", "el 3", "el tres", "den dritten", "the third"])
def test_what_may_number_an_answer_is_no_date(text: str) -> None:
    assert told(text) is None
    assert told(f"{text} at 7pm") == "12-03 19:00"


def test_a_long_row_of_dates_is_no_moment() -> None:
    assert moment("3.12. " * 300, MONDAY, QUIET) is None


def test_a_date_beyond_a_change_of_clocks_is_as_many_seconds_off_as_will_pass() -> None:
    now = datetime(2027, 3, 20, 15, tzinfo=ZoneInfo("Europe/Berlin"))
    span = Expectation(slot=Slot("a", "duration"), now=now)

    reading = read("am 29. um 15 Uhr", span, WORDS, no_page)

    assert reading.value == timedelta(days=9, hours=-1).total_seconds()


@pytest.mark.parametrize("text", NO_MOMENT)
def test_what_is_no_moment_or_holds_another_word_is_none(text: str) -> None:
    assert told(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow at 9", None),
        ("tomorrow at 7", "12-01 19:00"),
        ("tomorrow at 9 am", "12-01 09:00"),
        ("tomorrow at 21", "12-01 21:00"),
        ("tomorrow evening at 9", "12-01 21:00"),
        ("morgen um 9", None),
        ("at 9", "11-30 21:00"),
        ("at 3", "12-01 15:00"),
        ("11pm", "11-30 23:00"),
        ("in 2 hours please", "11-30 17:00"),
    ],
)
def test_an_hour_of_two_halves_is_the_one_that_is_awake_or_is_asked_for(text: str, meant: str | None) -> None:
    assert told(text) == meant


def test_who_is_awake_at_night_is_asked_which_seven_they_mean() -> None:
    assert told("tomorrow at 7", quiet=("12:00", "13:00")) is None
    assert told("tomorrow at 7", quiet=("06:00", "09:00")) == "12-01 19:00"


def test_a_moment_that_is_over_today_is_none() -> None:
    assert told("today at 1pm") is None
    assert told("after work", now=MONDAY.replace(hour=19)) == "12-01 18:00"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("for 10 days", "12-10 15:00"),
        ("about 2 weeks", "12-14 15:00"),
        ("10 days or so", "12-10 15:00"),
        ("in a month", "12-30 15:00"),
        ("until friday", "12-04 18:00"),
        ("till the 14th", "12-14 18:00"),
        ("until dec 14 at 10am", "12-14 10:00"),
        ("por dos semanas", "12-14 15:00"),
        ("unos 10 días", "12-10 15:00"),
        ("hasta el viernes", "12-04 18:00"),
        ("hasta el 14 de diciembre", "12-14 18:00"),
        ("dos meses", "01-29 15:00"),
        ("für zwei Wochen", "12-14 15:00"),
        ("etwa 10 Tage", "12-10 15:00"),
        ("bis Freitag", "12-04 18:00"),
        ("bis zum 14.", "12-14 18:00"),
        ("bis 3.12.", "12-03 18:00"),
        ("until i feel better", None),
        ("for ever", None),
        ("bis es besser ist", None),
        ("not until friday", None),
    ],
)
def test_how_long_something_lasts_is_a_moment_too(text: str, meant: str | None) -> None:
    assert told(text) == meant


def test_tonight_is_today_and_is_over_when_it_is_late() -> None:
    assert told("tonight", now=MONDAY.replace(hour=21)) is None


SPAN = Expectation(slot=Slot("ahead", "duration", max=1_814_400), now=MONDAY)
HOUR = Expectation(slot=Slot("at", "time"), now=MONDAY)
BOTH = replace(HOUR, hears=(Listening("ahead", within=SPAN.slot),))


def test_where_a_span_is_asked_for_a_moment_is_told_in_seconds() -> None:
    assert read("tomorrow at 7pm", SPAN, WORDS, no_page) == Reading(value=28 * 3600)
    assert read("tomorrow at 7pm", replace(SPAN, now=None), WORDS, no_page) == Reading()
    assert read("purple", SPAN, WORDS, no_page) == Reading()


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("after work", "18:00"),
        ("in the evening", "19:00"),
        ("8 in the evening", "20:00"),
        ("por la tarde", "19:00"),
        ("a las 9 de la mañana", "09:00"),
        ("abends um 8", "20:00"),
        ("nach der Arbeit", "18:00"),
        ("17:30", "17:30"),
        ("at 9", None),
        ("7", None),
        ("tonight at 8", None),
        ("tomorrow at 7pm", None),
        ("3.12. um 18 Uhr", None),
        ("in 2 hours", None),
    ],
)
def test_where_an_hour_is_asked_for_its_words_are_heard_and_no_day(text: str, hour: str | None) -> None:
    assert read(text, HOUR, WORDS, no_page) == Reading(value=hour)


def test_where_a_moment_is_heard_beside_an_hour_its_day_is_kept_as_well() -> None:
    heard = read("tomorrow at 7", BOTH, WORDS, no_page)

    assert heard == Reading(value="19:00", heard=(("ahead", 28 * 3600),))
    assert read("after work", BOTH, WORDS, no_page) == Reading(value="18:00")


def sure(_: str, expectation: Expectation) -> Sureness:
    """Judge that the one option is meant."""
    return Sureness((1.0,), 0.0)


@pytest.mark.parametrize("text", ["march 14 at 7pm", "in 2 months", "tomorrow at 9", "today at 1pm"])
def test_a_day_that_cannot_be_kept_is_not_taken_for_an_hour(text: str) -> None:
    evening = Option("evening", "empty", "empty", (Transition("done"),))
    shown = replace(BOTH, options=(evening,))

    assert read(text, shown, WORDS, no_page, sure) == Reading()
    assert read("im so tired of everyone", shown, WORDS, no_page, sure).option == "evening"


@pytest.mark.parametrize("text", ["tomorrow the 14th", "tomorrow at 9", "3/12", "14 december or 15 december"])
def test_a_day_that_is_two_or_none_is_not_taken_for_a_span_of_another(text: str) -> None:
    soon = Option("soon", "empty", "empty", (Transition("done"),))
    shown = replace(SPAN, options=(soon,))

    assert read(text, shown, WORDS, no_page, sure) == Reading()
    assert read("once the house is calm", shown, WORDS, no_page, sure).option == "soon"


@pytest.mark.parametrize("text", ["2", "2.", "#2", "the second", "2nd"])
def test_where_a_span_is_asked_for_a_number_is_an_answer_and_one_too_high_an_hour(text: str) -> None:
    first, second = (Option(one, one, one, (Transition("done"),)) for one in ("empty", "burden"))
    shown = replace(SPAN, options=(first, second))

    assert read(text, shown, WORDS, no_page).option == "burden"
    assert read("5", shown, WORDS, no_page) == Reading(value=2 * 3600)
