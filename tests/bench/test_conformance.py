"""Cases of our own in the form of SCXML: turned into flows and played on the step, each ends as it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.conformance.__main__ import Verdict, judge, main, report

HEAD = '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a">'
ENDS = '<final id="pass"/><final id="fail"/>'


def case(states: str, data: str = "") -> str:
    return f"{HEAD}<datamodel>{data}</datamodel>{states}{ENDS}</scxml>"


def plays(states: str, data: str = "") -> str:
    found = judge("ours", case(states, data))
    assert found.applies, found.said
    return found.said


def raises(*events: str) -> str:
    return "".join(f'<raise event="{event}"/>' for event in events)


def hears(target: str, event: str = "", cond: str = "", inside: str = "") -> str:
    named = f' event="{event}"' if event else ""
    when = f' cond="{cond}"' if cond else ""
    return f'<transition{named}{when} target="{target}">{inside}</transition>'


OTHERWISE = hears("fail", "*")


def test_events_are_heard_in_the_order_in_which_they_were_raised() -> None:
    begin = f'<state id="a"><onentry>{{}}</onentry>{hears("b", "one")}{OTHERWISE}</state>'
    then = f'<state id="b">{hears("pass", "two")}{OTHERWISE}</state>'

    assert plays(begin.format(raises("one", "two")) + then) == "pass"
    assert plays(begin.format(raises("two", "one")) + then) == "fail"


def test_what_is_raised_inside_comes_before_what_is_sent() -> None:
    sent = f'<onentry><send event="out"/>{raises("in")}</onentry>'

    assert plays(f'<state id="a">{sent}{hears("pass", "in")}{OTHERWISE}</state>') == "pass"


def test_states_are_left_from_the_inside_and_entered_from_the_outside() -> None:
    """Leaving c, b; acting; entering d, e: each raises its name, and a chain of states hears them in turn."""
    inner = f'<state id="c"><onexit>{raises("c")}</onexit>{hears("e", inside=raises("on"))}</state>'
    left = f'<state id="a"><onexit>{raises("b")}</onexit>{inner}</state>'
    entered = (
        f'<state id="d"><onentry>{raises("d")}</onentry>'
        f'<state id="e"><onentry>{raises("e")}</onentry>{hears("h1", "c")}{OTHERWISE}</state></state>'
    )
    order = ["b", "on", "d", "e"]
    chain = "".join(
        f'<state id="h{n}">{hears("pass" if n == len(order) else f"h{n + 1}", name)}{OTHERWISE}</state>'
        for n, name in enumerate(order, 1)
    )

    assert plays(left + entered + chain) == "pass"
    swapped = chain.replace('event="d"', 'event="x"').replace('event="e"', 'event="d"').replace('"x"', '"e"')
    assert plays(left + entered + swapped) == "fail"


def test_the_innermost_state_that_hears_an_event_takes_it() -> None:
    inner = f'<state id="b"><onentry>{raises("go")}</onentry>{{}}</state>'
    outer = f'<state id="a">{hears("fail", "go")}{inner}</state>'

    assert plays(outer.format(hears("pass", "go"))) == "pass"
    assert plays(outer.format(hears("pass", "go", "false"))) == "fail"
    assert plays(outer.format(hears("pass", "other"))) == "fail"


def test_the_first_branch_that_holds_is_taken_and_else_the_last() -> None:
    data = '<data id="Var1" expr="2"/>'
    choose = (
        '<state id="a"><onentry><if cond="Var1 === 1"><raise event="one"/>{}<else/><raise event="none"/></if>'
        f"</onentry>{hears('pass', 'two')}{OTHERWISE}</state>"
    )

    assert (
        plays(choose.format('<elseif cond="Var1 == 2 &amp;&amp; Var1 != 3"/><raise event="two"/>'), data)
        == "pass"
    )
    assert plays(choose.format('<elseif cond="Var1 == 2"/><raise event="two"/>'), data) == "pass"
    assert plays(choose.format(""), data) == "fail"


def test_a_value_is_there_before_what_comes_after_it_looks() -> None:
    data = '<data id="Var1" expr="1"/>'
    one_more = '<onentry><assign location="Var1" expr="Var1 + 1"/></onentry>'
    states = f'<state id="a">{one_more}{{}}{hears("fail")}</state>'

    assert plays(states.format(hears("pass", cond="Var1 == 2")), data) == "pass"
    assert plays(states.format(hears("pass", cond="Var1 == 1")), data) == "fail"


def test_a_delayed_event_comes_when_nothing_else_does_and_the_earlier_first() -> None:
    sends = '<onentry><send event="late" delay="2s"/><send event="soon" delay="500ms"/></onentry>'
    heard = hears("pass", "soon") + hears("fail", "late")

    assert plays(f'<state id="a">{sends}{heard}</state>') == "pass"


def test_a_delayed_event_that_is_taken_back_never_comes() -> None:
    sends = '<send id="x" event="one" delay="1s"/><send event="two" delay="2s"/>{}'
    states = f'<state id="a"><onentry>{sends}</onentry>{hears("fail", "one")}{hears("pass", "two")}</state>'

    assert plays(states.format('<cancel sendid="x"/>')) == "pass"
    assert plays(states.format("")) == "fail"


def test_a_timer_goes_with_the_state_that_armed_it() -> None:
    first = '<state id="a"><onentry><send event="old" delay="1s"/></onentry>'
    first += f"{hears('b')}{hears('fail', 'old')}</state>"
    second = '<state id="b"><onentry><send event="new" delay="5s"/></onentry>'
    second += f"{hears('pass', 'new')}</state>"

    assert plays(first + second) == "pass"


def test_a_state_that_is_done_says_so_to_the_one_around_it() -> None:
    inner = f'<state id="a" initial="b"><state id="b">{hears("c")}</state><final id="c"/>'

    assert plays(f"{inner}{hears('pass', 'done.state.a')}{OTHERWISE}</state>") == "pass"


def test_what_nobody_hears_is_let_go_and_a_case_may_get_stuck() -> None:
    assert plays(f'<state id="a"><onentry>{raises("x")}</onentry>{hears("pass", "y")}</state>').startswith(
        "stuck"
    )


@pytest.mark.parametrize(
    ("states", "why"),
    [
        ('<parallel id="a"><state id="b"/></parallel>', "parallel"),
        ('<state id="a"><history id="h"/></state>', "history"),
        ('<state id="a"><invoke/></state>', "invoked"),
        (f'<state id="a">{hears("pass", "error.execution")}</state>', "errors as events"),
        (f'<state id="a">{hears("pass", cond="_event.name")}</state>', "an expression"),
        (f'<state id="a">{hears("pass", cond="1")}</state>', "no yes or no"),
        ('<state id="a"><onentry><send eventexpr="x"/></onentry></state>', "computed"),
        ('<state id="a"><onentry><send event="x" target="#_parent"/></onentry></state>', "other machines"),
        ('<state id="a"><onexit><send event="x" delay="1s"/></onexit></state>', "no timer"),
        ('<state id="a"><onentry><script/></onentry></state>', "scripts"),
        (
            f'<state id="a"><onentry><send event="x" delay="1s"/></onentry>{hears("b")}</state>'
            f'<state id="b">{hears("pass", "x")}</state>',
            "outlives",
        ),
    ],
)
def test_what_our_model_does_not_have_is_out_of_scope_with_its_reason(states: str, why: str) -> None:
    found = judge("ours", case(states))

    assert not found.applies
    assert why in found.said


def test_the_report_names_each_case_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test1.scxml").write_text(case(f'<state id="a">{hears("pass")}</state>'))
    (tmp_path / "test2.scxml").write_text(case('<parallel id="a"/>'))

    assert main(["--cases", str(tmp_path)]) == 0

    said = capsys.readouterr().out
    assert said.startswith("2 cases, 1 apply, 1 of them pass\n")
    assert "pass: 1\n" in said
    assert "out of scope, parallel states: a person stands at one question (1): 2" in said
    assert "FAILS x/test3: fail" in report([Verdict("x/test3", True, "fail")])
