"""What is shown is what was said: styled where an author styled it, cut where a sentence ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.rendering import harmless, split, to_html, utf16
from bot.content.markup import Span, escape, parse

JOINER = "\u2060"


def shown(markup: str, commands: tuple[str, ...] = ()) -> str:
    return to_html(harmless(parse(markup), commands))


def texts(markup: str, limit: int) -> list[str]:
    return ["".join(span.text for span in piece) for piece in split(parse(markup), limit)]


def test_bold_and_italic_are_drawn() -> None:
    assert shown("*one* _two_ *_three_*") == "<b>one</b> <i>two</i> <b><i>three</i></b>"


def test_what_a_person_typed_stays_text() -> None:
    typed = "<b>&amp; *no* <a href='tg://user?id=1'>x"

    assert shown(escape(typed)) == "&lt;b&gt;&amp;amp; *no* &lt;a href='tg://user?id=1'&gt;x"


def test_nobody_is_mentioned() -> None:
    assert shown("ask @mina or a@b.org") == f"ask @{JOINER}mina or a@{JOINER}b.org"


def test_our_own_commands_can_be_tapped_and_no_others() -> None:
    assert shown("/why or /pay, see https://x.org/why", ("why",)) == (
        f"/why or /{JOINER}pay, see https://x.org/why"
    )


def test_a_command_inside_quoted_words_cannot_be_tapped() -> None:
    assert shown("You said “just /delete it”, /delete", ("delete",)) == (
        f"You said “just /{JOINER}delete it”, /delete"
    )


def test_a_sign_at_the_end_of_a_styled_run_is_still_disarmed() -> None:
    spans = harmless((Span("@", bold=True), Span("mina")))

    assert spans == (Span(f"@{JOINER}", bold=True), Span("mina"))


def test_a_short_text_stays_whole() -> None:
    assert texts("Hello. There.", 100) == ["Hello. There."]


def test_a_long_text_is_cut_between_paragraphs_first() -> None:
    assert texts("One is here. Two.\n\nThree is here. Four.", 32) == [
        "One is here. Two.",
        "Three is here. Four.",
    ]


def test_else_behind_a_sentence_and_else_between_words() -> None:
    assert texts("One is here. Two is here", 20) == ["One is here.", "Two is here"]
    assert texts("one two three four", 10) == ["one two", "three four"]


def test_a_text_without_a_break_is_cut_where_it_must_be() -> None:
    assert texts("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_signs_outside_the_basic_plane_count_twice_and_stay_whole() -> None:
    assert utf16("🌊a") == 3
    assert texts("🌊" * 5, 5) == ["🌊🌊", "🌊🌊", "🌊"]


def test_a_style_goes_on_behind_a_cut() -> None:
    pieces = split(parse("*One is here. Two is here*"), 20)

    assert [to_html(piece) for piece in pieces] == ["<b>One is here.</b>", "<b>Two is here</b>"]


@given(st.text(min_size=1, max_size=400), st.integers(4, 60))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str, limit: int) -> None:
    pieces = texts(escape(text), limit)

    assert all(utf16(piece) <= limit for piece in pieces) or not text.strip()
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing_is_shown_as_nothing(text: str) -> None:
    assert len(split(parse(text), 10)) == 1
