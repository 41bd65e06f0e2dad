"""What a person notes is kept as lines they can read, in a list that stays short, and comes back as weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.dialogue.effects import Draw
from bot.dialogue.flow import Slot
from bot.dialogue.records import Record, added, read
from bot.dialogue.weeks import Week, last_weeks
from tests.dialogue.talk import QUESTION, Talk, asks, flow, says, text

CHECK = Record("journal", "check_in", ("closeness", "energy"), "note")
MONDAY = date(2026, 1, 5)
JOURNAL = {"journal": Slot("journal", "list", max=3)}


def test_a_line_tells_the_day_what_it_was_and_what_it_holds() -> None:
    values = {"closeness": 2, "energy": 1, "note": "saw my sister,\n it was   okay"}

    (line,) = added((), CHECK, values, MONDAY, 10)

    assert line == "2026-01-05 check_in closeness=2 energy=1 · saw my sister, it was okay"


def test_what_is_not_known_is_left_out() -> None:
    assert added((), CHECK, {"closeness": 0}, MONDAY, 10) == ("2026-01-05 check_in closeness=0",)
    assert added((), Record("journal", "step"), {}, MONDAY, 10) == ("2026-01-05 step",)


def test_the_oldest_lines_make_room() -> None:
    lines: tuple[str, ...] = ()
    for number in range(5):
        lines = added(lines, CHECK, {"closeness": number % 4}, MONDAY, 3)

    assert [line[-1] for line in lines] == ["2", "3", "0"]


def test_a_long_note_is_cut() -> None:
    (line,) = added((), CHECK, {"note": "word " * 100}, MONDAY, 10)

    assert len(line) < 200
    assert line.endswith("word…")


def test_lines_are_read_back_and_a_note_cannot_pass_for_numbers() -> None:
    lines = added((), CHECK, {"closeness": 2, "energy": 3, "note": "energy=0 closeness=0 · x"}, MONDAY, 9)

    (line,) = read(lines)

    assert (line.day, line.what, dict(line.numbers)) == (MONDAY, "check_in", {"closeness": 2, "energy": 3})


def test_what_is_no_line_is_passed_over() -> None:
    assert list(read(["", "hello there", "2026-13-40 step", "2026-01-05"])) == list(read(["2026-01-05"]))
    assert next(read(["2026-01-05 check_in mood=fine energy="])).numbers == {}


# --- in a conversation ---------------------------------------------------------------------------------


def talk(**memory: object) -> Talk:
    """Talk with a flow that asks for a word, notes it and shows what was noted."""
    keep = says("keep", "kept", record=CHECK, picture="journal", end="done")
    slots = {"closeness": Slot("closeness", "int"), "energy": Slot("energy", "int")}
    noted = flow("noted", asks("note", "note", "keep"), keep, slots=slots | text("note"))
    started = Talk(noted, QUESTION, memory=memory)  # type: ignore[arg-type]
    known = replace(started.flows.globals, memory=JOURNAL)
    started.flows = replace(started.flows, globals=known)
    return started


def test_a_step_notes_the_day_as_the_persons_clock_has_it_and_orders_the_picture() -> None:
    noted = talk().begin(closeness=1).type("fine")

    assert noted.session.memory["journal"] == ("2026-01-05 check_in closeness=1 · fine",)
    assert [effect.slot for effect in noted.effects if isinstance(effect, Draw)] == ["journal"]


def test_a_full_list_stays_as_long_as_its_slot_says() -> None:
    noted = talk(journal=("a", "b", "c")).begin().type("x")

    assert noted.session.memory["journal"] == ("b", "c", "2026-01-05 check_in · x")


def test_a_memory_of_another_kind_is_begun_anew() -> None:
    assert talk(journal="lost").begin().type("x").session.memory["journal"] == ("2026-01-05 check_in · x",)


def test_who_goes_back_takes_the_note_back() -> None:
    noted = talk().begin().type("x").command("back")

    assert "journal" not in noted.session.memory


# --- weeks ---------------------------------------------------------------------------------------------

LINES = (
    "2025-12-20 check_in closeness=1 energy=0",
    "2026-01-02 step",
    "2026-01-05 check_in closeness=3",
    "2026-01-07 check_in closeness=2 energy=1",
    "2026-01-11 step",
)


def test_weeks_begin_on_monday_and_hold_means_and_counts() -> None:
    *_, before, last = last_weeks(LINES, date(2026, 1, 11))

    assert last == Week(MONDAY, closeness=2.5, energy=1.0, checks=2, steps=1)
    assert before == Week(date(2025, 12, 29), steps=1)


def test_a_week_is_told_in_whole_numbers_and_without_what_was_not_asked() -> None:
    *_, before, last = last_weeks(LINES, date(2026, 1, 11))

    assert last.told() == {"day": 5, "month": 1, "checks": 2, "steps": 1, "closeness": 3, "energy": 1}
    assert before.told() == {"day": 29, "month": 12, "checks": 0, "steps": 1}
    assert Week(MONDAY, checks=40, steps=40).told() == {"day": 5, "month": 1, "checks": 7, "steps": 9}


def test_a_beginning_shows_four_weeks_and_later_the_last_eight() -> None:
    assert [week.monday.day for week in last_weeks((), MONDAY)] == [15, 22, 29, 5]
    assert len(last_weeks(LINES, date(2026, 1, 21))) == 6
    assert len(last_weeks(LINES, date(2027, 1, 21))) == 8


def test_numbers_that_no_scale_has_do_not_leave_the_page() -> None:
    assert last_weeks(["2026-01-05 check_in closeness=99"], MONDAY)[-1].closeness == 3
