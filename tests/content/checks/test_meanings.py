"""Slots, guards, options, calls, timers and globals: what each check says, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.checks import check
from tests.content.checks.shelf import GLOBALS, Texts, faults_of, flow, pieces, says, wait

LAPSE = "    timers: [{id: lapse, after: 72h, to: left}]\n"


def told(files: Texts) -> list[str]:
    """Return the codes of the faults there are."""
    return [fault.code for fault in faults_of(files)]


def moves(*ways: str) -> str:
    """Write a state that goes on by a guarded list and ends with `else` to `left`."""
    listed = "".join(f'{{if: "{guard}", to: {to}}}, ' for guard, to in (way.split(" -> ") for way in ways))
    return f"  open: {{goto: [{listed}{{else: left}}]}}\n"


def slots(**declared: str) -> str:
    """Write the declarations of slots."""
    return "slots:\n" + "".join(f"  {name}: {{type: {what}}}\n" for name, what in declared.items())


def choice(*options: str, more: str = "") -> str:
    """Write a state with these options."""
    listed = "".join(f"      - {{{one}}}\n" for one in options)
    return f"  open:\n    say: a/b\n{more}    options:\n{listed}    other: {{give_up: left}}\n{LAPSE}"


# --- slots ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("text, max: 3", "abc", True),
        ("text, max: 3", "abcd", False),
        ("text", "7", False),
        ("int, min: 0, max: 3", "3", True),
        ("int, min: 0, max: 3", "4", False),
        ("int", "true", False),
        ("bool", "true", True),
        ("bool", "yes", False),
        ("enum, of: [a, b]", "b", True),
        ("enum, of: [a, b]", "c", False),
        ("time", '"22:00"', True),
        ("time", '"25:00"', False),
        ("duration", "20m", True),
        ("duration", "soon", False),
        ("duration, max: 1h", "20h", False),
        ("list, of: [a, b]", "[a, b]", True),
        ("list, of: [a, b]", "[a, c]", False),
        ("list", "a", False),
    ],
)
def test_a_slot_takes_values_of_its_type_within_its_bounds(kind: str, value: str, right: bool) -> None:
    text = flow(f"  open: {{set: {{it: {value}}}, goto: done}}\n", outcomes="done", more=slots(it=kind))

    found = [code for code in told({"talk.yaml": text}) if code != "T308"]

    assert found == ([] if right else ["T309"])


@pytest.mark.parametrize(
    ("into", "source", "right"),
    [
        ("int", "int", True),
        ("int", "text", False),
        ("text", "enum, of: [a, b]", True),
        ("enum, of: [a, b, c]", "enum, of: [a, b]", True),
        ("enum, of: [a]", "enum, of: [a, b]", False),
        ("enum, of: [a]", "text", False),
        ("list", "list, of: [a, b]", True),
        ("list, of: [a, b]", "list", False),
        ("bool", "int", False),
        ("time", "text", False),
    ],
)
def test_a_copy_and_a_call_agree_about_what_fits_into_what(into: str, source: str, right: bool) -> None:
    asks = f"  open:\n    say: a/b\n    ask: {{slot: mine, give_up: left}}\n    goto: next\n{LAPSE}"
    copied = flow(asks, "  next: {set: {its: {from: mine}}, goto: done}\n", more=slots(mine=source, its=into))
    calls = "  next: {call: deep, with: {its: mine}, returns: {done: done}}\n"
    deep = flow(
        moves("known(its) -> done").replace("left", "done"), id="deep", outcomes="done", more=slots(its=into)
    )

    assert (told({"talk.yaml": copied}) == []) is right
    given = told({"talk.yaml": flow(asks, calls, more=slots(mine=source)), "deep.yaml": deep})
    assert given == ([] if right else ["C404"])


@pytest.mark.parametrize("use", ["ask", "set", "guard", "field", "at", "with", "taken"])
def test_every_way_to_name_a_slot_uses_it(use: str) -> None:
    states = {
        "ask": f"  open:\n    say: a/b\n    ask: {{slot: it, give_up: left}}\n    goto: left\n{LAPSE}",
        "set": "  open: {set: {it: null}, goto: left}\n",
        "guard": "  open: {goto: [{if: known(it), to: left}, {else: left}]}\n",
        "field": '  open: {set: {it: a}, say: "a/{it}", goto: left}\n',
        "at": "  open: {remind: {flow: talk, at: it}, goto: left}\n",
        "with": "  open: {call: deep, with: {its: it}, returns: {left: left}}\n",
        "taken": "  open: {call: deep, take: {it: its}, returns: {left: left}}\n",
    }
    kind = {"field": "enum, of: [a]", "at": 'time, default: "18:00"'}.get(use, "text")
    asks = f"  ask:\n    say: a/b\n    ask: {{slot: its, give_up: left}}\n    goto: left\n{LAPSE}"
    deep = flow(asks, id="deep", outcomes="left", more=slots(its="text"))
    files = {"talk.yaml": flow(states[use], outcomes="left", more=slots(it=kind))}

    assert told({**files, "deep.yaml": deep} if use in ("with", "taken") else files) == []


def test_a_member_counts_as_set_by_whatever_can_give_it() -> None:
    three = "enum, of: [a, b, c]"
    asked = f"  open:\n    say: a/b\n    ask: {{slot: it, give_up: left}}\n    goto: left\n{LAPSE}"
    some = choice("id: x, label: a/x, set: {it: a}, to: left", "id: y, label: a/y, set: {it: b}, to: left")

    assert told({"talk.yaml": flow(asked, outcomes="left", more=slots(it=three))}) == []
    assert told({"talk.yaml": flow(some, outcomes="left", more=slots(it=three))}) == ["T308"]
    assert told({"talk.yaml": flow(some, outcomes="left", more=slots(it=three + ", default: c"))}) == []


@pytest.mark.parametrize("name", ["careful", "parked", "first_visit", "night", "recurring"])
def test_what_the_engine_gives_can_be_read_and_never_set(name: str) -> None:
    assert told({"talk.yaml": flow(moves(f"{name} -> done"))}) == []
    assert told({"talk.yaml": flow(f"  open: {{set: {{{name}: true}}, goto: done}}\n", outcomes="done")}) == [
        "T311"
    ]


# --- guards --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guard", "code", "column"),
    [
        ("n", "T304", 17),
        ("n > 'x'", "T304", 20),
        ("careful and n", "T304", 26),
        ("m > n", "T301", 18),
        ("careful or n > mm", "T301", 33),
        ("n > 9", "T306", 17),
        ("n < 9", "T305", 17),
    ],
)
def test_a_fault_in_a_guard_is_told_at_its_column(guard: str, code: str, column: int) -> None:
    text = flow(moves(f"{guard} -> done"), more=slots(n="int, min: 0, max: 3, default: 0"))

    (fault,) = faults_of({"talk.yaml": text})

    assert (fault.code, fault.spot.line, fault.spot.column - 5) == (code, 9, column)


def test_an_expression_must_come_to_the_type_of_its_slot() -> None:
    sums = "  open: {set: {n: {expr: 'n + 1'}}, goto: done}\n"
    texts = "  open: {set: {n: {expr: 'n > 1'}}, goto: done}\n"
    number = slots(n="int, default: 0")

    assert told({"talk.yaml": flow(sums, outcomes="done", more=number)}) == []
    assert told({"talk.yaml": flow(texts, outcomes="done", more=number)}) == ["T309"]


# --- options -------------------------------------------------------------------------------------------


def test_a_value_for_which_every_option_is_hidden_is_named() -> None:
    kinds = slots(kind="enum, of: [low, first, boundary], default: low", n="int, min: 0, max: 3, default: 0")
    given = "    set: {kind: {from: kind}}\n"
    hidden = choice(
        "id: a, label: a/a, if: \"kind == 'low'\", to: left",
        "id: b, label: a/b, if: \"kind == 'first' and n > 1\", to: left",
        more=given,
    )

    (fault,) = [
        one
        for one in faults_of({"talk.yaml": flow(hidden, outcomes="left", more=kinds)})
        if one.code == "T307"
    ]

    assert fault.message == "state 'open' shows no option when kind is 'first' and n is 0"


def test_an_option_that_is_only_typed_is_no_button_to_choose() -> None:
    kinds = slots(kind="enum, of: [low, first], default: low")
    typed = choice(
        "id: a, label: a/a, if: \"kind == 'low'\", to: left",
        "id: b, label: a/b, typed: true, to: left",
        more="    set: {kind: {from: kind}}\n",
    )

    assert "T307" in told({"talk.yaml": flow(typed, outcomes="left", more=kinds)})


def test_options_that_are_never_shown_together_may_sound_alike() -> None:
    words = 'a/x: ["more please"]\na/y: ["More, please!"]\n'
    number = slots(n="int, min: 0, max: 3, default: 0")
    apart = choice('id: a, label: a/x, if: "n < 2", to: left', 'id: b, label: a/y, if: "n >= 2", to: left')
    beside = choice('id: a, label: a/x, if: "n <= 2", to: left', 'id: b, label: a/y, if: "n >= 2", to: left')

    assert told({"talk.yaml": flow(apart, outcomes="left", more=number), "words.yaml": words}) == []
    assert told({"talk.yaml": flow(beside, outcomes="left", more=number), "words.yaml": words}) == ["T312"]


def test_signs_alone_are_told_apart() -> None:
    words = 'a/yes: ["👍"]\na/no: ["👎"]\n'

    assert told({"talk.yaml": flow(wait("open", yes="done", no="left")), "words.yaml": words}) == []


# --- calls and globals -----------------------------------------------------------------------------------


def test_flows_that_begin_by_themselves_can_need_nothing() -> None:
    needs = flow(
        '  open: {say: "a/{it}", end: done}\n',
        outcomes="done",
        more="needs: [it]\n" + slots(it="enum, of: [a]"),
    )

    assert told({"talk.yaml": needs}) == ["C408"]


def test_memory_is_not_given_to_a_flow() -> None:
    memory = GLOBALS + "memory: {zone: {type: text, default: UTC}}\n"
    talk = flow("  open: {call: deep, with: {zone: {value: CET}}, returns: {done: done}}\n", outcomes="done")
    deep = flow(moves("zone == 'UTC' -> done").replace("left", "done"), id="deep", outcomes="done")

    (fault,) = faults_of({"talk.yaml": talk, "deep.yaml": deep, "globals.yaml": memory})

    assert (fault.code, fault.fix) == ("C406", "every flow reads it from the memory")


def test_flows_that_only_lead_to_one_another_are_told_once() -> None:
    talk = flow(wait("open", yes="done", no="left"))
    ring = flow(
        wait("open", yes="on", no="left"), "  on: {remind: {flow: b, after: 1d}, goto: done}\n", id="a"
    )

    found = faults_of(
        {
            "talk.yaml": talk,
            "a.yaml": ring,
            "b.yaml": ring.replace("flow: a", "flow: b").replace("{flow: b", "{flow: a"),
        }
    )

    assert [(fault.code, fault.spot.file) for fault in found] == [("S219", "a.yaml")]


def test_a_danger_may_not_be_denied_by_any_of_its_names() -> None:
    more = GLOBALS.replace("dangers: []", "dangers: [{gate: self, tier: hard, call: card}]")
    more = more.replace("do: stop}]", "do: stop}, {id: help, command: help, do: call, call: card}]")
    card = flow(wait("open", yes="done", no="left"), id="card")

    for name in ("self", "help", "stop"):
        talk = flow(wait("open", yes="done", no="left"), more=f"deny: [{name}]\n")
        assert told({"talk.yaml": talk, "card.yaml": card, "globals.yaml": more}) == ["S215"]


@pytest.mark.parametrize("name", ["human", "export", "delete"])
def test_whether_this_is_a_script_and_to_leave_may_be_asked_for_at_any_moment(name: str) -> None:
    more = GLOBALS.replace("do: stop}]", f"do: stop}}, {{id: {name}, command: {name}, do: export}}]")
    talk = flow(wait("open", yes="done", no="left"), more=f"deny: [{name}]\n")

    assert told({"talk.yaml": talk, "globals.yaml": more}) == ["S215"]


def test_two_dangers_of_one_gate_and_tier_are_told() -> None:
    twice = "dangers: [{gate: self, tier: hard, call: card}, {gate: self, tier: hard, call: card}]"
    card = flow(wait("open", yes="done", no="left"), id="card")
    files = {"talk.yaml": flow(wait("open", yes="done", no="left")), "card.yaml": card}

    assert told({**files, "globals.yaml": GLOBALS.replace("dangers: []", twice)}) == ["S217"]
    assert (
        told({**files, "globals.yaml": GLOBALS.replace("dangers: []", twice.replace("hard", "soft", 1))})
        == []
    )


# --- timers and ladders ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timers", "codes"),
    [
        ("{id: a, after: 20h, say: a/b}, {id: z, after: 72h, to: left}", []),
        ("{id: a, after: 20h, say: a/b}, {id: b, after: 44h, say: a/b}, {id: z, after: 72h, to: left}", []),
        ("{id: b, after: 44h, say: a/b}, {id: a, after: 20h, say: a/b}, {id: z, after: 72h, to: left}", []),
        (
            "{id: a, after: 20h, say: a/b}, {id: b, after: 43h, say: a/b}, {id: z, after: 72h, to: left}",
            ["M503"],
        ),
        ("{id: a, after: 72h, say: a/b}, {id: z, after: 72h, to: left}", ["M502"]),
        ("{id: a, at: hour, say: a/b}, {id: z, after: 12h, to: left}", []),
        ("{id: a, after: 36h, say: a/b}, {id: z, at: hour, to: left}", ["M502"]),
        ("{id: a, at: hour, say: a/b}, {id: b, at: hour, say: a/b}, {id: z, after: 72h, to: left}", ["M503"]),
        ("{id: a, after: 20h, say: a/b}", ["M501"]),
    ],
)
def test_nudges_are_rare_and_come_before_the_lapse(timers: str, codes: list[str]) -> None:
    hours = slots(hour='time, default: "18:00"') if "hour" in timers else ""
    state = wait("open", yes="left", no="left").replace("[{id: lapse, after: 72h, to: left}]", f"[{timers}]")

    assert told({"talk.yaml": flow(state, outcomes="left", more=hours)}) == codes


@pytest.mark.parametrize(
    ("ladder", "codes"),
    [
        ("give_up: left", []),
        ("max_tries: 1, give_up: left", []),
        ("reprompt: [a/b, a/c], max_tries: 3, give_up: left", []),
        ("reprompt: [a/b, a/c], max_tries: 2, give_up: left", ["S214"]),
        ("reprompt: a/b, max_tries: 1, give_up: left", ["S214"]),
        ("reprompt: a/b", ["S212"]),
    ],
)
def test_a_ladder_of_reprompts_is_one_shorter_than_the_tries(ladder: str, codes: list[str]) -> None:
    state = wait("open", yes="left", no="left").replace("{give_up: left}", f"{{{ladder}}}")

    assert told({"talk.yaml": flow(state, outcomes="left")}) == codes


# --- the ladder ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["say: rung/menu", "say: [a/b, draft/one]", "reprompt", "nudge", "edits"])
def test_a_prompt_of_the_ladder_outside_it_is_told_wherever_it_is_said(place: str) -> None:
    state = wait("open", yes="done", no="left")
    if place == "reprompt":
        state = state.replace("{give_up: left}", "{reprompt: rung/again, give_up: left}")
    elif place == "edits":
        asked = "ask: {slot: words, edits: draft/one, give_up: left}\n    goto: done"
        state = state.replace("other: {give_up: left}", asked)
    elif place == "nudge":
        state = state.replace("[{id: lapse", "[{id: nudge, after: 20h, say: draft/nudge}, {id: lapse")
    else:
        state = state.replace("say: a/b", place)

    assert told({"talk.yaml": flow(state, more=slots(words="text") if place == "edits" else "")}) == ["P704"]


def test_flows_without_a_ladder_need_no_gate() -> None:
    assert told({"talk.yaml": flow(wait("open", yes="next", no="left"), says("next", "done"))}) == []


# --- what prompts show -----------------------------------------------------------------------------------


def test_a_slot_that_only_a_prompt_shows_is_used() -> None:
    text = flow(
        '  open: {say: "a/{kind}", goto: done}\n',
        outcomes="done",
        more=slots(kind="enum, of: [low, first], default: low", name="text, default: them"),
    )
    found, _ = pieces({"talk.yaml": text})
    shown = {"a/low": set[str](), "a/first": {"name"}}

    silent = check(replace(found, shows=lambda prompt: set()))
    shows = check(replace(found, shows=lambda prompt: shown[prompt]))

    assert [fault.message for fault in silent if fault.code == "T302"] == ["nothing uses slot 'name'"]
    assert "T302" not in {fault.code for fault in shows}


# --- what names lead to nothing --------------------------------------------------------------------------


def test_a_reminder_of_a_flow_there_is_not_is_told_at_its_name() -> None:
    talk = flow("  open: {remind: [{flow: tlak, after: 1d}], goto: done}\n", outcomes="done")

    (fault,) = faults_of({"talk.yaml": talk})

    assert str(fault) == "talk.yaml:7:26 C401 there is no flow 'tlak'; did you mean 'talk'?"


def test_what_is_taken_must_be_a_slot_of_the_other_flow_and_fit_ours() -> None:
    deep = flow(
        "  open: {set: {mood: low}, goto: done}\n", id="deep", outcomes="done", more=slots(mood="text")
    )
    talk = "  open: {{call: deep, take: {{energy: {theirs}}}, returns: {{done: done}}}}\n"
    declared = slots(energy="int")

    for theirs, code in (("mood", "C404"), ("mode", "C406")):
        files = {
            "talk.yaml": flow(talk.format(theirs=theirs), outcomes="done", more=declared),
            "deep.yaml": deep,
        }
        assert told(files) == [code]
