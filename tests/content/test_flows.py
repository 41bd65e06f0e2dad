"""From YAML to a flow: each slip is told once, at its place, and hides no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.faults import Fault, in_order
from bot.content.flows import LoadedFlow, load_flow, load_globals
from bot.content.yaml12 import read
from bot.dialogue.flow import Ask, Flow, Line, Option, Remind, Repair, Setter, Slot, State, Timer, Transition
from bot.dialogue.flows import Danger, Interrupt, Notice
from bot.dialogue.guards import parse
from bot.dialogue.migration import Migration
from bot.dialogue.recurring import Rhythm

HERE = Path(__file__).parent
README = HERE.parents[1] / "flows" / "README.md"


def faults_of(text: str | bytes, file: str = "flows/reflect.yaml") -> list[Fault]:
    tree, faults = read(text, file)
    return in_order(faults + (load_flow(tree)[1] if tree is not None else []))


# --- what a flow becomes -------------------------------------------------------------------------------


def flow_text(states: str, slots: str = "", more: str = "") -> str:
    """Write a flow `reflect` around some states."""
    head = "schema: flow/1\nflow: reflect\nversion: 7\nentry: open\noutcomes: [planned, lapsed]\n"
    return f"{head}{more}slots: {{{slots}}}\nstates:\n{states}"


def load(text: str) -> tuple[LoadedFlow, list[Fault]]:
    tree, unread = read(text, "flows/reflect.yaml")
    assert tree is not None
    loaded, faults = load_flow(tree)
    assert loaded is not None
    return loaded, unread + faults


def good(text: str) -> Flow:
    loaded, faults = load(text)
    assert [str(fault) for fault in faults] == []
    assert loaded.faulty == frozenset()
    return loaded.flow


def state(text: str, slots: str = "") -> State:
    return good(flow_text(f"  open: {text}\n", slots)).states["open"]


def told(text: str, file: str = "flows/reflect.yaml") -> list[str]:
    """Return `line:column CODE message; fix` of every fault."""
    return [str(fault).removeprefix(f"{file}:") for fault in faults_of(text, file)]


PROMISED = """\
schema: flow/1
flow: reflect                    # stable id
version: 7
entry: open
outcomes: [planned, good_distance, stepped_back, lapsed]
slots:
  person: {type: text, max: 60, private: true, keep: 30d}
  energy: {type: int, min: 0, max: 3}
  driver: {type: enum, of: [low_capacity, preemptive_abandonment, healthy_boundary, unsure]}
states:
  open:
    say: reflect/open
    ask: {slot: person, parse: text, reprompt: [reflect/open_again], max_tries: 3, give_up: direction}
    goto: name
  name:
    say: reflect/name
    options:
      - {id: low, label: driver/low_capacity, says: driver/tired, set: {driver: low_capacity}, to: choose}
      - {id: other, label: common/not_it, to: name_more}
    other: {reprompt: [driver/again], max_tries: 2, give_up: stepped_back}
    timers:
      - {id: lapse, after: 72h, from: entered, to: lapsed}
  choose:
    call: choose_step
    with: {driver: driver, energy: energy}
    take: {rung: rung}
    returns: {chosen: plan, none: stepped_back, expired: lapsed}
  plan:
    say: reflect/plan
    goto: [{if: "energy >= 2 and rung != 'L0'", to: plan_when}, {else: close}]
  close:
    say: reflect/close
    remind: {flow: report, at: plan_at, with: {rung: rung}, if_busy: defer}
    end: planned
migrate:
  - from: 6
    states: {ask_driver: name, menu: {to: name, say: common/we_improved_this}}
    slots: {mood: {to: energy, map: {bad: 0, ok: 2}}}
"""


def test_the_format_that_authors_were_promised_loads_whole() -> None:
    flow = good(PROMISED)

    assert list(flow.states) == ["open", "name", "choose", "plan", "close"]
    assert flow.outcomes == ("planned", "good_distance", "stepped_back", "lapsed")
    assert flow.slots["person"] == Slot("person", "text", max=60, private=True, keep=30 * 86400)
    assert flow.states["open"].ask == Ask("person")
    assert flow.states["open"].repair == Repair((Line("reflect/open_again"),), 3, "direction")
    assert flow.states["name"].timers == (Timer("lapse", after=72 * 3600, to="lapsed"),)
    assert flow.states["choose"].call is not None
    assert flow.states["choose"].call.take == (("rung", "rung"),)
    assert flow.states["plan"].goto == (
        Transition("plan_when", parse("energy >= 2 and rung != 'L0'")),
        Transition("close"),
    )
    assert flow.states["close"].remind == (
        Remind("report", "plan_at", give=(Setter("rung", expr=parse("rung")),)),
    )
    assert flow.migrate == (
        Migration(
            6,
            {"ask_driver": ("name", None), "menu": ("name", "common/we_improved_this")},
            {"mood": ("energy", {"bad": 0, "ok": 2})},
        ),
    )


def test_the_examples_of_the_reference_load_whole() -> None:
    flow, common = re.findall(r"```yaml\n(schema: .*?|# yaml-lang.*?)```", README.read_text(), re.DOTALL)
    tree, faults = read(common, "flows/globals.yaml")
    assert tree is not None

    assert faults_of(flow) == []
    assert faults + load_globals(tree)[1] == []


def test_an_option_holds_all_that_is_written() -> None:
    found = state(
        "{say: a/b, options: [{id: low, label: d/low, says: d/tired, if: energy < 2, set: {energy: 1},"
        " to: [{if: energy == 1, to: a}, {else: b}], passes: true},"
        " {id: no, label: d/no, to: c, typed: true}, {id: on, label: d/on, to: c, button: energy > 1}],"
        " gate: person_check}"
    )

    assert found.options == (
        Option(
            "low",
            "d/low",
            "d/tired",
            (Transition("a", parse("energy == 1")), Transition("b")),
            (Setter("energy", 1),),
            parse("energy < 2"),
            passes=True,
        ),
        Option("no", "d/no", "d/no", (Transition("c"),), typed=True),
        Option("on", "d/on", "d/on", (Transition("c"),), button=parse("energy > 1")),
    )
    assert found.gate == "person_check"


def test_a_slot_is_given_a_literal_another_slot_an_expression_or_nothing() -> None:
    found = state(
        "{set: {a: hey, b: 3, c: true, d: [x, y], e: {from: a}, f: {expr: b + 1}, g: null, h: no},"
        " end: planned}"
    )

    assert found.set == (
        Setter("a", "hey"),
        Setter("b", 3),
        Setter("c", True),
        Setter("d", ("x", "y")),
        Setter("e", expr=parse("a")),
        Setter("f", expr=parse("b + 1")),
        Setter("g"),
        Setter("h", "no"),
    )


def test_a_duration_is_seconds_where_the_slot_is_one() -> None:
    slots = "wait: {type: duration, min: 20m, default: 1h}, word: {type: text}"
    options = "[{id: x, label: a/x, set: {wait: 3w}, to: open}]"
    text = f"  open: {{set: {{wait: 2d, word: 2d, left: 2d}}, say: a/b, options: {options}}}"
    tree, _ = read(flow_text(text, slots), "flows/reflect.yaml")
    assert tree is not None

    loaded, faults = load_flow(tree, {"left": Slot("left", "duration")})

    assert faults == []
    assert loaded is not None
    found = loaded.flow.states["open"]
    assert [setter.value for setter in found.set] == [172800, "2d", 172800]
    assert found.options[0].set == (Setter("wait", 3 * 604800),)
    assert loaded.flow.slots["wait"] == Slot("wait", "duration", min=1200, default=3600)


def test_one_prompt_or_reminder_may_stand_without_its_list() -> None:
    one = state("{say: a/b, remind: {flow: r, after: 3d, if_busy: drop}, end: planned}")
    many = state("{say: [a/b], remind: [{flow: r, after: 3d, if_busy: drop}], end: planned}")

    assert one == many
    assert one.remind == (Remind("r", after=259200, if_busy="drop"),)


def test_a_reminder_may_come_again_on_a_day_within_a_spread_until_it_expires() -> None:
    found = state("{remind: {flow: r, at: h, every: week, on: d, spread: 10m, expires: 6h}, end: planned}")
    once = state("{remind: {flow: r, after: 2h, snooze: true}, end: planned}")

    assert found.remind == (Remind("r", "h", rhythm=Rhythm("week", "d", 600, 21600)),)
    assert once.remind == (Remind("r", after=7200, rhythm=Rhythm(snooze=True)),)


@pytest.mark.parametrize(("written", "kept"), [("true", True), ("report", "report"), ("false", False)])
def test_reminders_are_cancelled_all_or_those_of_one_flow(written: str, kept: bool | str) -> None:
    assert state(f"{{cancel: {written}, end: planned}}").cancel == kept


def test_a_prompt_names_the_slots_whose_values_it_takes_in() -> None:
    found = state("{say: 'driver/{driver}/{rung}_costs', end: planned}")

    assert found.say == (Line("driver/{driver}/{rung}_costs", ("driver", "rung")),)


def test_the_marks_of_a_state_are_kept() -> None:
    found = state(
        "{careful: true, cancel: true, forget: true, no_back: true, count: seen, why: why-x,"
        " rung: toward, end: planned}"
    )

    assert (found.careful, found.cancel, found.forget, found.no_back) == (True, True, True, True)
    assert (found.count, found.why, found.rung, found.end) == ("seen", "why-x", "toward", "planned")


def test_words_that_other_yamls_read_as_true_are_ids_and_members() -> None:
    slots = "agree: {type: enum, of: [yes, no, on]}, at: {type: time, default: 22:00}"

    found = good(flow_text("  open: {set: {agree: yes}, goto: off}\n  off: {end: planned}\n", slots))

    assert found.slots["agree"].of == ("yes", "no", "on")
    assert found.slots["at"].default == "22:00"
    assert found.states["open"].set == (Setter("agree", "yes"),)
    assert "off" in found.states


@pytest.mark.parametrize(
    ("slot", "default"),
    [
        ("{type: text, default: hi}", "hi"),
        ("{type: int, default: 0}", 0),
        ("{type: bool, default: false}", False),
        ("{type: time, default: 07:30}", "07:30"),
        ("{type: duration, default: 0m}", 0),
        ("{type: list, of: [a, b], default: [b]}", ("b",)),
        ("{type: enum, of: [a, b], default: b}", "b"),
    ],
)
def test_a_default_has_the_type_of_its_slot(slot: str, default: object) -> None:
    found = good(flow_text("  open: {end: planned}\n", f"x: {slot}")).slots["x"].default

    assert found == default
    assert type(found) is type(default)


# --- faults --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "says"),
    [
        ("{type: enum}", "an enum without members"),
        ("{type: text, of: [a]}", "a text has no members"),
        ("{type: bool, min: 1}", "bool has no bounds"),
        ("{type: text, max: 20m}", "a whole number"),
        ("{type: duration, min: 20}", "a duration such as `20m`"),
        ("{type: int, default: x}", "does not fit"),
        ("{type: int, max: 3, default: 4}", "does not fit"),
        ("{type: int, default: true}", "does not fit"),
        ("{type: bool, default: yes}", "does not fit"),
        ("{type: time, default: 25:00}", '"22:00"'),
        ("{type: duration, default: soon}", "does not fit"),
        ("{type: enum, of: [a, b], default: c}", "one of a, b"),
        ("{type: list, of: [a], default: [z]}", "does not fit"),
        ("{type: enum, of: [a, a]}", "a second time"),
        ("{type: enum, of: [1, 2]}", "put it into quotes"),
        ("{type: enum, of: []}", "with something in it"),
        ("{min: 1}", "needs `type`"),
        ("{type: text, private: yes}", "true or false, not the text 'yes'"),
        ("{type: text, keep: forever}", "no duration"),
        ("{type: text, keep: 900w}", "longer than ten years"),
        ("text", "the keys of a slot"),
    ],
)
def test_a_slot_that_cannot_be_is_told(slot: str, says: str) -> None:
    faults = told(flow_text("  open: {end: planned}\n", f"x: {slot}"))

    assert any(says in fault for fault in faults), faults
    assert all(fault.startswith("6:") for fault in faults)


WAIT = "{say: a/b, options: [{id: x, label: a/x, to: y}], "


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{}", "has no way on"),
        ("{say: a/b}", "has no way on"),
        ("{end: planned, goto: open}", "end and goto"),
        ("{say: a/b, options: [{id: x, label: a/x, to: y}], goto: z}", "goto and options"),
        ("{say: a/b, ask: {slot: x}}", "goto: target"),
        ("{ask: {slot: x}, goto: open}", "waits and says nothing"),
        ("{call: other}", "handles no outcome"),
        ("{call: other, returns: {}}", "a mapping from ids"),
        ("{with: {a: b}, end: planned}", "belongs to a `call`"),
        ("{timers: [{id: x, after: 2h, to: y}], end: planned}", "a state that waits"),
        ("{gate: g, end: planned}", "a state that waits"),
        ("{say: a/b, options: [{id: x, label: a/x, to: y, passes: true}]}", "opens a gate"),
        ("{say: a/b, ask: {slot: x, max_tries: 2}, goto: y, other: {max_tries: 2}}", "already says"),
        ("{say: [], end: planned}", "something in it"),
        ("{say: null, end: planned}", "not nothing"),
        ("{goto: []}", "empty list"),
        ("{goto: [{else: a}, {if: x, to: b}, {else: c}]}", "put it last"),
        ("{goto: [{if: x, to: b}, c, {else: a}]}", "keys of a branch"),
        ("{goto: 3}", "not the number `3`"),
        ("{call: f, with: {a: L 0}, returns: {x: y}}", "`{value: …}`"),
        ("{call: f, with: {a: 3}, returns: {x: y}}", "`{value: …}`"),
        ("{set: {a: 1.5}, end: planned}", "not the number `1.5`"),
        ("{set: {a: {from: b, expr: c}}, end: planned}", "exactly one value"),
        ("{set: {a: {form: b}}, end: planned}", "did you mean `from`?"),
        ("{set: {a: {expr: b ++}}, end: planned}", "1"),
        ("{remind: {flow: r}, end: planned}", "no time"),
        ("{remind: {flow: r, after: 2h, every: day}, end: planned}", "`every` belongs to `at`"),
        ("{remind: {flow: r, after: 2h, spread: 5m}, end: planned}", "`spread` belongs to `at`"),
        ("{remind: {flow: r, at: h, on: d}, end: planned}", "`on` belongs to `every`"),
        ("{remind: {flow: r, at: h, every: day, on: d}, end: planned}", "`on` is a weekday"),
        ("{remind: {flow: r, at: h, every: day, snooze: true}, end: planned}", "puts one nudge off"),
        ("{remind: {flow: r, at: h, every: hour}, end: planned}", "day or week"),
        ("{cancel: 3, end: planned}", "the flow whose reminders"),
        (WAIT + "timers: [{id: t, after: 2h, at: z, to: y}]}", "both of `after`"),
        (WAIT + "timers: [{id: t, after: 2h}]}", "neither of `to`"),
        (WAIT + "other: {max_tries: 0}}", "from 1 to 10"),
        (WAIT + "other: {max_tries: true}}", "truth value"),
        ("{rung: sideways, end: planned}", "toward or elsewhere"),
        ("{careful: yes, end: planned}", "true or false"),
        ("nothing", "keys of a state"),
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_is_told_once(written: str, says: str) -> None:
    faults = told(flow_text(f"  open: {written}\n"))

    assert len(faults) == 1, faults
    assert says in faults[0]


def test_a_guard_is_told_at_the_sign_that_is_wrong() -> None:
    faults = told(flow_text("  open: {goto: [{if: 'a == ''x'' and', to: open}, {else: planned}]}\n"))

    assert [fault.split()[0] for fault in faults] == ["8:37"]


def test_every_fault_is_told_at_once() -> None:
    text = flow_text(
        "  open:\n    sya: a/b\n    ask: {slot: x, max_tries: many}\n"
        "    goto: [{if: x <, to: name}, {else: name}]\n"
        "  Name: {say: x y, end: planned, end2: lapsed}\n",
        "x: {type: txt}, y: {type: enum}",
        "denyy: [back]\n",
    )

    assert [fault.split()[0] for fault in told(text)] == [
        "6:1", "7:19", "7:25", "10:5", "11:31", "12:20", "13:3", "13:15", "13:34",
    ]  # fmt: skip


def test_a_misspelt_key_is_read_as_the_key_that_is_meant() -> None:
    loaded, faults = load(flow_text("  open:\n    say: a/b\n    optoins: [{id: x, lable: a/x, to: open}]\n"))

    assert [fault.code for fault in faults] == ["Y120", "Y120"]
    assert loaded.flow.states["open"].options == (Option("x", "a/x", "a/x", (Transition("open"),)),)


def test_a_misspelt_key_does_not_overrule_the_right_one() -> None:
    loaded, faults = load(flow_text("  open: {end: planned, edn: lapsed}\n"))

    assert [fault.code for fault in faults] == ["Y120"]
    assert loaded.flow.states["open"].end == "planned"


def test_a_state_with_a_fault_is_loaded_as_far_as_possible_and_marked() -> None:
    loaded, _ = load(
        flow_text(
            "  open:\n    say: [a/b, 3]\n    options:\n"
            "      - {id: x, label: a/x, to: [{if: x <, to: b}, {else: c}]}\n      - {to: d}\n"
            "  fine: {end: planned}\n"
        )
    )

    found = loaded.flow.states["open"]
    assert loaded.faulty == {"open"}
    assert found.say == (Line("a/b"),)
    assert [way.to for option in found.options for way in option.to] == ["b", "c", "d"]


def test_what_a_flow_lacks_is_told_and_guessed() -> None:
    loaded, faults = load("states:\n  begin: {goto: rest}\n  rest: {end: well}\n")

    assert [fault.code for fault in faults] == ["Y121"] * 5
    assert (loaded.flow.id, loaded.flow.entry, loaded.flow.outcomes) == ("reflect", "begin", ("well",))


@pytest.mark.parametrize("text", ["[a, b]", "word", "3", "~"])
def test_a_file_that_holds_no_mapping_is_no_flow(text: str) -> None:
    tree, _ = read(text, "flows/reflect.yaml")
    assert tree is not None

    loaded, faults = load_flow(tree)

    assert loaded is None
    assert [(fault.code, fault.spot.line) for fault in faults] == [("Y122", 1)]


def test_what_is_no_yaml_is_not_told_again_as_a_wrong_value() -> None:
    assert [fault.split()[1] for fault in told(flow_text("  open: {say: *bold, end: planned}\n"))] == ["Y109"]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{from: 7}", "not older"),
        ("{from: 6}\n  - {from: 6}", "a second time"),
        ("{states: {a: b}}", "needs `from`"),
        ("{from: 6, states: {a: {say: x/y}}}", "needs `to`"),
        ("{from: 6, slots: {a: 3}}", "takes a slot"),
    ],
)
def test_a_migration_that_cannot_be_is_told(entry: str, says: str) -> None:
    faults = told(flow_text("  open: {end: planned}\n") + f"migrate:\n  - {entry}\n")

    assert len(faults) == 1, faults
    assert says in faults[0]


# --- whatever is written -------------------------------------------------------------------------------

ANYTHING = st.sampled_from(
    [
        None,
        True,
        0,
        -3,
        1.5,
        "",
        "x",
        "a/b",
        "20h",
        [],
        ["x"],
        {},
        {"x": "y"},
        [{"else": 3}],
        {"if": None},
        [[]],
    ]
)


def paths_of(data: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(path for key, part in inner for path in paths_of(part, (*at, key)))]


def changed(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    if not path:
        return value
    copy = data.copy()
    copy[path[0]] = changed(copy[path[0]], path[1:], value)
    return copy


@given(st.data())
def test_no_value_anywhere_makes_the_loader_raise(data: st.DataObject) -> None:
    tree, _ = read(PROMISED, "flows/reflect.yaml")
    assert tree is not None
    path = data.draw(st.sampled_from(paths_of(tree.data)))
    value = data.draw(ANYTHING)

    written = json.dumps(changed(tree.data, path, value))

    assert [fault for fault in faults_of(written) if fault.spot.line != 1] == []


@given(st.data())
def test_no_value_anywhere_makes_the_globals_raise(data: st.DataObject) -> None:
    tree, _ = read(GLOBALS, "globals.yaml")
    assert tree is not None
    path = data.draw(st.sampled_from(paths_of(tree.data)))
    broken, _ = read(json.dumps(changed(tree.data, path, data.draw(ANYTHING))), "globals.yaml")
    assert broken is not None

    found, faults = load_globals(broken)

    assert found is not None or faults


# --- globals -------------------------------------------------------------------------------------------

GLOBALS = """\
schema: globals/1
start: start
memory: {country: {type: enum, of: [US, other], default: other}}
lines: {stale: common/stale}
notice: {say: common/notice, every: 3h, away: 7d}
resume: [resume]
dangers:
  - {gate: self, tier: hard, call: crisis_self, parked: keep}
  - {gate: unsafe, tier: hard, call: unsafe, parked: drop}
interrupts:
  - {id: stop, command: stop, says: global/stop, do: stop, say: common/stopped}
  - {id: delete, command: delete, says: global/delete, do: call, call: delete_me}
"""


def globals_told(old: str, new: str) -> list[str]:
    assert old in GLOBALS
    tree, faults = read(GLOBALS.replace(old, new), "globals.yaml")
    assert tree is not None
    return [str(fault) for fault in in_order(faults + load_globals(tree)[1])]


def test_globals_hold_what_is_true_everywhere() -> None:
    tree, _ = read(GLOBALS, "globals.yaml")
    assert tree is not None

    found, faults = load_globals(tree)

    assert faults == []
    assert found is not None
    assert found.memory["country"] == Slot("country", "enum", ("US", "other"), default="other")
    assert found.notice == Notice(Line("common/notice"), 3 * 3600, 7 * 86400)
    assert found.dangers == (
        Danger("self", "hard", "crisis_self"),
        Danger("unsafe", "hard", "unsafe", keep=False),
    )
    assert found.interrupts[1] == Interrupt("delete", "call", "delete", "global/delete", call="delete_me")
    assert found.resume == {"resume"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("do: stop,", "do: halt,", "globals.yaml:11:54 Y125 `do` cannot be 'halt'"),
        ("call: delete_me", "say: x/y", "needs `call`"),
        ("say: common/stopped", "call: other", "does not call a flow"),
        ("command: stop, says: global/stop, ", "", "nobody can ask"),
        ("id: delete", "id: stop", "globals.yaml:12:10 Y129"),
        ("stale:", "stael:", "did you mean `stale`?"),
        ("tier: hard, call: unsafe", "tier: firm, call: unsafe", "Y125"),
        ("every: 3h", "every: often", "Y124"),
        ("start: start\n", "", "the globals needs `start`"),
    ],
)  # fmt: skip
def test_a_slip_in_the_globals_is_told_once(old: str, new: str, says: str) -> None:
    faults = globals_told(old, new)

    assert len(faults) == 1, faults
    assert says in faults[0]
