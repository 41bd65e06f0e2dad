"""What a person typed is text on Discord too: no style, list, quote, title, mention or link hides in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.rendering import utf16
from bot.adapters.rendering_discord import LONGEST, escaped, pieces, to_discord
from bot.content.markup import escape, parse

JOINER = "\u2060"


def read(markdown: str) -> str:
    """Read drawn text as Discord does: a backslash gives its sign, joiners are not seen."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace(JOINER, "")


def test_bold_and_italic_are_drawn() -> None:
    assert to_discord(parse("*one* _two_ *_three_*")) == "**one** *two* ***three***"


def test_two_styles_side_by_side_do_not_run_into_each_other() -> None:
    spans = (*parse("*one*"), *parse("_two_"))

    assert to_discord(spans) == f"**one**{JOINER}*two*"


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("**x** __x__ ~~x~~ ||x||", r"\*\*x\*\* \_\_x\_\_ \~\~x\~\~ \|\|x\|\|"),
        ("`code` ```block```", r"\`code\` \`\`\`block\`\`\`"),
        ("[free](https://x.org)", r"\[free\](https://x.org)"),
        ("<@1> <#2> <t:3> </pay:4>", f"\\<@{JOINER}1> \\<#2> \\<t:3> \\</pay:4>"),
        ("@everyone @here", f"@{JOINER}everyone @{JOINER}here"),
        (
            "# title\n> quote\n- item\n-# small\n+ item",
            "\\# title\n\\> quote\n\\- item\n\\-# small\n\\+ item",
        ),
        ("3. not the first", f"3{JOINER}. not the first"),
        ("C:\\Users", r"C:\\Users"),
        ("https://x.org/a_b_c", "https://x.org/a_b_c"),
        ("minus - and > and # inside", "minus - and > and # inside"),
    ],
)
def test_what_a_person_typed_stays_text(typed: str, drawn: str) -> None:
    assert to_discord(parse(escape(typed))) == drawn


@given(st.text(st.sampled_from("a1 .\n\\*_~`|<>[]()#-+@:/"), max_size=60))
def test_what_is_read_is_what_was_typed(typed: str) -> None:
    assert read(escaped(typed)) == typed


@given(st.text(st.sampled_from("ab *_.\n#<"), min_size=1, max_size=6000))
def test_no_message_is_too_long(typed: str) -> None:
    assert all(utf16(text) <= LONGEST for text in pieces(parse(escape(typed))))


def test_a_long_text_is_cut_at_the_ends_of_sentences() -> None:
    texts = pieces(parse("One sentence is here. " * 200))

    assert len(texts) == 3
    assert all(text.endswith(".") for text in texts)
