"""Markup: what is bold, what is literal, and that what a person typed can never become either."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.markup import Span, escape, parse, plain

busy = st.text(alphabet=st.sampled_from("*_\\ \n\tab.é🌊‍’"), max_size=60)


@given(st.text() | busy)
def test_escaped_text_reads_as_it_was_typed(typed: str) -> None:
    spans = parse(escape(typed))

    assert "".join(span.text for span in spans) == typed
    assert not any(span.bold or span.italic for span in spans)


@given(busy, busy)
def test_what_a_person_typed_is_never_styled_or_lost_between_an_authors_words(typed: str, wrote: str) -> None:
    before = wrote.rstrip("\\")

    assert typed in plain(f"{before}{escape(typed)}")


@given(busy)
def test_no_run_is_empty_and_neighbours_differ_in_style(markup: str) -> None:
    spans = parse(markup)

    assert all(span.text for span in spans)
    styles = [(span.bold, span.italic) for span in spans]
    assert all(one != other for one, other in itertools.pairwise(styles))


@given(busy)
def test_markup_adds_nothing_and_drops_only_marks(markup: str) -> None:
    shown = plain(markup)

    assert len(shown) <= len(markup)
    assert [c for c in shown if c not in "*_\\"] == [c for c in markup if c not in "*_\\"]


@pytest.mark.parametrize(
    ("markup", "spans"),
    [
        ("plain words", [Span("plain words")]),
        ("*bold* words", [Span("bold", bold=True), Span(" words")]),
        ("some _slow_ words", [Span("some "), Span("slow", italic=True), Span(" words")]),
        (
            "*bold and _both_*",
            [Span("bold and ", bold=True), Span("both", bold=True, italic=True)],
        ),
        ("*two\nlines*", [Span("two\nlines", bold=True)]),
        (r"*a \* star*", [Span("a * star", bold=True)]),
        ("🌊*tide*🌊", [Span("🌊"), Span("tide", bold=True), Span("🌊")]),
    ],
)
def test_a_pair_of_markers_styles_what_it_holds(markup: str, spans: list[Span]) -> None:
    assert list(parse(markup)) == spans


@pytest.mark.parametrize(
    "literal",
    [
        "2 * 3 * 4",
        "snake_case_name",
        "a lone * star",
        "*open",
        "close*",
        "**",
        "* a *",
        "_*_",
        "*one\n\ntwo*",
        "\\n",
    ],
)
def test_what_does_not_pair_up_is_literal(literal: str) -> None:
    spans = parse(literal)

    assert plain(literal) == (literal if literal != "_*_" else "*")
    assert not any(span.bold for span in spans)


def test_the_nearer_of_two_openers_wins() -> None:
    assert parse("*not this *but this*") == (Span("*not this "), Span("but this", bold=True))


def test_styles_that_overlap_keep_the_one_that_closes_first() -> None:
    assert plain("*one _two* three_") == "one _two three_"


@pytest.mark.parametrize("shape", ["*", "_", "*_", "\\", "*a ", "a* ", "\\*", "*a* ", "\n\n*"])
def test_the_work_grows_with_the_length_and_not_with_its_square(shape: str) -> None:
    markup = shape * (50_000 // len(shape))

    shown = plain(markup)

    assert 0 < len(shown) <= len(markup)


def test_nothing_is_nothing() -> None:
    assert parse("") == ()
