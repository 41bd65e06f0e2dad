"""What a template says is tidied: no blanks at the edges of a line, no gap wider than one empty line."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.content.sandbox import tidied


@given(st.text(alphabet="ab \t\r\n"))
def test_a_text_is_tidied_as_two_expressions_would(text: str) -> None:
    edges = re.sub(r"[ \t]*\r?\n[ \t]*", "\n", text)

    assert tidied(text) == re.sub(r"\n{3,}", "\n\n", edges).strip()


def test_lines_that_are_only_blanks_are_one_gap() -> None:
    assert tidied("  Hello. \n \t \n\n\n  You are here.  ") == "Hello.\n\nYou are here."
