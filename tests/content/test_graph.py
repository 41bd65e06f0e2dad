"""Drawings of flows: nothing is left out, nothing overlaps, and nothing an author writes breaks out."""

import re
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.chart import chart, folded, overview, shown, span
from bot.content.graph import graph, mermaid
from bot.content.layout import Layout, Link, lay_out
from bot.content.svg import svg, svg_graph
from bot.dialogue.flow import Call, Flow, Line, Remind, Repair, State, Timer
from bot.dialogue.flows import Danger, Flows, Globals, Interrupt
from tests import ours
from tests.dialogue.talk import asks, flow, offers, option, says, to

SVG = "{http://www.w3.org/2000/svg}"
LAPSE = Timer("lapse", after=259_200, to="lapsed")


def sample() -> Flow:
    """Write a flow with one of everything a drawing shows."""
    return flow(
        "sample",
        asks("open", "person", "gate", timers=(LAPSE,), repair=Repair((), 3, "gate")),
        offers(
            "gate",
            option("no", "step", passes=True),
            option("yes", "rest"),
            option("unsure", "rest", when="known(person)"),
            gate="person_check",
            timers=(Timer("nudge", after=72_000, say=Line("gate/nudge")), LAPSE),
            repair=Repair((), 2, "rest"),
        ),
        State("step", call=Call("ladder", returns={"chosen": "close", "lapsed": "lapsed"}), rung="toward"),
        offers("rest", option("again", "rest"), option("enough", "close"), repair=Repair((), 2, "done")),
        says("weigh", "weigh", goto=(to("close", "energy < 2 and person != '<b>\"&'"), to("rest"))),
        says("close", "close", "bye", remind=(Remind("report", after=3600),), end="done"),
        outcomes=("done", "lapsed"),
        careful="rest",
    )


@cache
def real() -> Flows:
    """Load the flows of this project."""
    return ours.content().flows


def every_flow() -> list[Flow]:
    """List the sample and all real flows."""
    return [sample(), *real().flows.values()]


@pytest.mark.parametrize("drawn", every_flow(), ids=lambda drawn: drawn.id)
def test_mermaid_names_every_state_and_outcome_once(drawn: Flow) -> None:
    lines = mermaid(drawn).splitlines()

    nodes = [match[1] for line in lines if (match := re.match(r'  s_\w+[\[({]+"([^"<]*)', line))]

    assert nodes == list(dict.fromkeys([*drawn.states, *drawn.outcomes]))


@pytest.mark.parametrize("drawn", every_flow(), ids=lambda drawn: drawn.id)
def test_svg_is_xml_that_holds_every_state(drawn: Flow) -> None:
    root = ElementTree.fromstring(svg(drawn))

    titles = {
        text.findtext(f"{SVG}tspan") for text in root.iter(f"{SVG}text") if text.get("class") == "lt-title"
    }

    assert titles >= set(drawn.states)


@pytest.mark.parametrize("drawn", every_flow(), ids=lambda drawn: drawn.id)
def test_no_box_and_no_label_lies_on_another(drawn: Flow) -> None:
    boxes = [area for area in areas(svg(drawn)) if area[2] - area[0] > 0]

    overlapping = [(one, other) for one, other in combinations(boxes, 2) if overlap(one, other)]

    assert overlapping == []


@pytest.mark.parametrize("drawn", every_flow(), ids=lambda drawn: drawn.id)
def test_every_word_lies_on_the_paper(drawn: Flow) -> None:
    root = ElementTree.fromstring(svg(drawn))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])

    outside = [area for area in areas(svg(drawn)) if area[0] < 0 or area[2] > width or area[3] > height]

    assert outside == []


def test_the_same_flow_is_drawn_the_same_way_twice() -> None:
    assert svg(sample()) == svg(sample())
    assert mermaid(sample()) == mermaid(sample())


def test_mermaid_draws_a_question_round_a_call_double_and_silence_dashed() -> None:
    text = mermaid(sample())

    assert '  s_open(["open<br>says open?<br>asks person"])' in text
    assert '  s_step[["step<br>★ rung toward<br>calls ladder"]]:::rung' in text
    assert '  s_open -.->|"after 3d"| s_lapsed' in text
    assert '  s_gate -.->|"2 misses"| s_rest' in text
    assert '  s_step -->|"chosen"| s_close' in text
    assert '  entry -.->|"while careful"| s_rest' in text


def test_options_that_lead_to_the_same_place_share_one_edge() -> None:
    text = mermaid(sample())

    assert '  s_gate -->|"yes<br>unsure (if known(person))"| s_rest' in text
    assert text.count("s_gate --> s_rest") == 0


def test_what_an_author_writes_cannot_break_out_of_either_drawing() -> None:
    written, parsed = mermaid(sample()), ElementTree.fromstring(svg(sample()))

    assert "energy #lt; 2 and person != '#lt;b#gt;#quot;#amp;'" in written
    assert not list(parsed.iter(f"{SVG}b"))
    assert any("'<b>\"&'" in words for words in parsed.itertext())


def test_svg_speaks_to_a_screen_reader() -> None:
    root = ElementTree.fromstring(svg(sample()))

    names = {child.get("id"): child.text for child in root if child.get("id")}

    assert root.get("role") == "img"
    assert [names[name] for name in str(root.get("aria-labelledby")).split()] == [
        "sample, version 1",
        "The flow sample: 6 states. It begins at open and ends as done or lapsed.",
    ]


def test_svg_follows_the_reader_into_the_dark() -> None:
    assert "@media (prefers-color-scheme: dark)" in svg(sample())


def test_a_silent_way_to_an_outcome_is_written_in_the_box_and_not_drawn() -> None:
    nodes = {node.id: node.notes for node in folded(chart(sample())).nodes}

    assert "after 3d → lapsed" in nodes["open"]
    assert "again ↺" in nodes["rest"]
    assert "lapsed → lapsed" in nodes["step"], "a call hands on what it did not choose either"
    assert "lapsed" not in nodes, "an outcome that nothing leads to any more is not drawn"


def test_a_question_tells_of_its_nudges_and_a_state_of_what_it_begins_later() -> None:
    nodes = {node.id: node.notes for node in chart(sample()).nodes}

    assert "nudge after 20h" in nodes["gate"]
    assert nodes["close"] == ("says close +1", "later report")


def test_a_guarded_way_says_when_and_the_last_one_else() -> None:
    labels = {edge.target: edge.label for edge in chart(sample()).edges if edge.source == "weigh"}

    assert labels == {"close": ("if energy < 2 and person != '<b>\"&'",), "rest": ("else",)}


def test_a_target_that_does_not_exist_is_left_out_and_the_rest_is_drawn() -> None:
    drawn = flow("broken", says("open", "open", goto=(to("nowhere"),)), says("close", "close", end="done"))

    assert "nowhere" not in mermaid(drawn)
    assert "close" in svg(drawn)


def test_a_label_of_many_lines_ends_with_a_count() -> None:
    assert shown(tuple("abcdef")) == tuple("abcdef")
    assert shown(tuple("abcdefgh")) == (*"abcde", "and 3 more")


@pytest.mark.parametrize(
    ("seconds", "written"), [(90, "90s"), (1200, "20m"), (72_000, "20h"), (259_200, "3d"), (1_209_600, "2w")]
)
def test_a_duration_is_written_as_its_author_did(seconds: int, written: str) -> None:
    assert span(seconds) == written


def test_the_overview_shows_who_calls_whom_and_what_may_begin_anywhere() -> None:
    flows = Flows(
        {name: replace(sample(), id=name) for name in ("sample", "ladder", "card", "report")},
        Globals(
            "sample",
            {},
            {},
            (Interrupt("delete", "call", "delete", call="card"),),
            (Danger("self", "hard", "card"),),
        ),
    )

    text = graph(flows)

    assert "  entry --> s_sample" in text
    assert "  s_sample --> s_ladder" in text
    assert '  s_sample -.->|"later"| s_report' in text
    assert '  anywhere -->|"danger self, hard<br>/delete"| s_card' in text


def test_the_overview_of_the_real_flows_has_them_all() -> None:
    titles = {node.title for node in overview(real()).nodes}

    assert titles >= set(real().flows)
    assert ElementTree.fromstring(svg_graph(real())).get("role") == "img"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_graph_is_laid_out_downward_without_overlap(data: st.DataObject) -> None:
    layout, boxes = laid_out(data)

    rows: dict[int, list[tuple[float, float]]] = {}
    for cell in layout.cells:
        rows.setdefault(cell.rank, []).append((cell.x - cell.width / 2, cell.x + cell.width / 2))

    for row in rows.values():
        ordered = sorted(row)
        assert all(left[1] <= right[0] + 1e-6 for left, right in pairwise(ordered))
    for route in layout.routes:
        ranks = [layout.cells[number].rank for number in route.cells]
        assert ranks == list(range(ranks[0], ranks[-1] + 1))
        assert {route.cells[0], route.cells[-1]} <= set(range(boxes))
    assert all(upper[1] <= lower[0] for upper, lower in pairwise(layout.bands))


def laid_out(data: st.DataObject) -> tuple[Layout, int]:
    """Draw a random graph without loops, and lay it out."""
    boxes = data.draw(st.lists(st.tuples(st.integers(10, 200), st.integers(10, 90)), min_size=2, max_size=9))
    ends = st.tuples(st.integers(0, len(boxes) - 1), st.integers(0, len(boxes) - 1))
    pairs = [pair for pair in data.draw(st.lists(ends, max_size=18)) if pair[0] != pair[1]]
    return lay_out(boxes, [Link(*pair, 40, 15) for pair in pairs]), len(boxes)


def areas(document: str) -> list[tuple[float, float, float, float]]:
    """Return the boxes and the grounds of the labels of a drawing, as left, top, right, bottom."""
    found = []
    for rect in ElementTree.fromstring(document).iter(f"{SVG}rect"):
        if "x" in rect.attrib:
            x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Tell whether two areas share more than an edge (coordinates are rounded to a tenth)."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 0.2
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.2
    )
