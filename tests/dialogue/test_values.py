"""Typed slots: what was typed becomes a value of the slot's type, or nothing."""

import pytest

from bot.dialogue.flow import Slot, Value
from bot.dialogue.values import clamp, fits, holds, parse_value

ENERGY = Slot("energy", "int", min=0, max=3)
DRIVER = Slot("driver", "enum", of=("low_capacity", "unsure"))
TIME, SPAN = Slot("at", "time"), Slot("gap", "duration", min=60)
SURE, NAME = Slot("sure", "bool"), Slot("name", "text", min=2, max=10)
TAGS, FREE = Slot("tags", "list", of=("mum", "dad"), max=1), Slot("free", "list")


@pytest.mark.parametrize(
    ("slot", "words", "value"),
    [
        (ENERGY, " 2 ", 2),
        (ENERGY, "two.", 2),
        (ENERGY, "nothing", 0),
        (ENERGY, "7", None),
        (ENERGY, "-1", None),
        (ENERGY, "a lot", None),
        (ENERGY, "٣", None),
        (ENERGY, "9" * 500, None),
        (DRIVER, "Low capacity", "low_capacity"),
        (DRIVER, "low_capacity", "low_capacity"),
        (DRIVER, "low", None),
        (TIME, "22:00", "22:00"),
        (TIME, "9", "09:00"),
        (TIME, "at 7pm", "19:00"),
        (TIME, "7.30 am", "07:30"),
        (TIME, "12 am", "00:00"),
        (TIME, "12pm", "12:00"),
        (TIME, "noon", "12:00"),
        (TIME, "Midnight", "00:00"),
        (TIME, "6 p.m.", "18:00"),
        (TIME, "18h30", "18:30"),
        (TIME, "13pm", None),
        (TIME, "25:00", None),
        (TIME, "22:75", None),
        (TIME, "later", None),
        (TIME, "5 o'clock", "05:00"),
        (TIME, "a las 7 de la tarde", "19:00"),
        (TIME, "10 de la mañana", "10:00"),
        (TIME, "11 de la noche", "23:00"),
        (TIME, "12 de la noche", "00:00"),
        (TIME, "um 19 Uhr", "19:00"),
        (TIME, "7 Uhr abends", "19:00"),
        (TIME, "2 uhr nachts", "02:00"),
        (TIME, "mediodía", "12:00"),
        (SPAN, "in 2 Tagen", 172800),
        (SPAN, "2 Wochen und 3 Tage", 1468800),
        (SPAN, "3 horas", 10800),
        (SURE, "Sí.", True),
        (SURE, "nein", False),
        (ENERGY, "dos", 2),
        (SPAN, "20m", 1200),
        (SPAN, "2 hours", 7200),
        (SPAN, "1h 30m", 5400),
        (SPAN, "1 day and 2 hours", 93600),
        (SPAN, "3 weeks", 1814400),
        (SPAN, "30 s", None),
        (SPAN, "soon", None),
        (SPAN, "2 hours ish", None),
        (SURE, "Yes!", True),
        (SURE, "nah", False),
        (SURE, "maybe", None),
        (NAME, " Sam ", "Sam"),
        (NAME, "S", None),
        (NAME, "x" * 11, None),
        (NAME, "   ", None),
        (TAGS, "mum", ("mum",)),
        (TAGS, "mum, dad", None),
        (TAGS, "uncle", None),
        (TAGS, "", None),
        (FREE, "a, b and c; a", ("a", "b", "c")),
    ],
)
def test_words_become_a_value_or_nothing(slot: Slot, words: str, value: Value | None) -> None:
    assert parse_value(slot, words) == value


def test_a_text_without_a_maximum_has_one_all_the_same() -> None:
    assert not fits(Slot("a", "text"), "x" * 4001)
    assert fits(Slot("a", "text"), "x" * 4000)


@pytest.mark.parametrize(("value", "clamped"), [(9, 3), (-2, 0), (2, 2), (True, True), ("x", "x")])
def test_a_computed_number_is_moved_within_bounds(value: Value, clamped: Value) -> None:
    assert clamp(ENERGY, value) == clamped
    assert clamp(Slot("n", "int"), 99) == 99


@pytest.mark.parametrize(
    ("slot", "value", "held"),
    [
        (None, "anything", False),
        (Slot("s", "text", max=3), "four", False),
        (Slot("s", "text"), "", True),
        (Slot("s", "int", max=3), 3, True),
        (Slot("s", "int"), True, False),
        (Slot("s", "bool"), True, True),
        (Slot("s", "bool"), 1, False),
        (Slot("s", "enum", of=("a",)), "b", False),
        (Slot("s", "list", of=("a", "b")), ("b",), True),
        (Slot("s", "list", of=("a", "b")), ("c",), False),
        (Slot("s", "time"), 5, False),
    ],
)
def test_a_slot_holds_only_what_an_answer_could_have_put_there(
    slot: Slot | None, value: Value, held: bool
) -> None:
    assert holds(slot, value) is held
