"""Helplines: exactly what the file says for a country, and words where the country is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest

from bot.content.dated import expired
from bot.content.faults import Fault
from bot.content.helplines import ANYWHERE, Helpline, Helplines, read_helplines
from bot.content.yaml12 import read

WHOLE = """\
schema: helplines/1
countries:
  GB:
    name: United Kingdom
    emergency: {number: "999", source: gov.uk, checked_on: 2026-01-01, expires_on: 2026-07-01}
    suicide:
      {name: Samaritans, call: 116 123, source: sam.org, checked_on: 2026-01-01, expires_on: 2027-01-01}
    text: {name: Shout, how: text 85258, source: x, checked_on: 2026-01-01, expires_on: 2027-01-01}
    chat: {url: example.org/chat, source: x, checked_on: 2026-01-01, expires_on: 2027-01-01}
other:
  name: everywhere else
  emergency:
    {number: your local number, source: x, checked_on: 2026-01-01, expires_on: 2027-01-01}
  suicide: {name: a line, call: findahelpline.com, source: x, checked_on: 2026-01-01, expires_on: 2027-01-01}
"""


def helplines(text: str) -> tuple[Helplines | None, list[Fault]]:
    tree, faults = read(dedent(text), "helplines.yaml")
    assert tree is not None
    assert faults == []
    return read_helplines(tree)


def whole() -> Helplines:
    found, faults = helplines(WHOLE)
    assert faults == []
    assert found is not None
    return found


def test_a_country_gives_its_lines_exactly_as_written_and_nothing_for_those_it_lacks() -> None:
    assert whole().of("GB") == Helpline(
        country="GB",
        emergency="999",
        suicide_name="Samaritans",
        suicide_call="116 123",
        text_name="Shout",
        text_how="text 85258",
        chat="example.org/chat",
    )


@pytest.mark.parametrize("country", [None, "", "US", "gb", "other", "XX"])
def test_an_unknown_country_gets_words_and_never_another_countrys_number(country: str | None) -> None:
    found = whole().of(country)

    assert found.emergency == "your local number"
    assert not any(sign.isdigit() for part in Helpline.__slots__ for sign in getattr(found, part))


def test_what_a_language_words_otherwise_is_told_in_it_and_the_rest_stays() -> None:
    text = WHOLE.replace("Kingdom\n", "Kingdom\n    in: {es: {text_how: manda SHOUT al 85258}}\n")
    text = text.replace("everywhere else\n", "everywhere else\n  in: {es: {emergency: tu número}}\n")
    found, faults = helplines(text)
    assert faults == []
    assert found is not None

    assert found.of("GB", "es") == replace(found.of("GB"), text_how="manda SHOUT al 85258")
    assert found.of("MX", "es") == replace(found.of(None), emergency="tu número")
    assert found.of("GB", "de") == found.of("GB") == whole().of("GB")


def test_a_part_no_template_has_and_a_number_for_everyone_else_are_faults_in_any_language() -> None:
    wrong = WHOLE.replace("Kingdom\n", "Kingdom\n    in: {es: {telephone: abc}}\n")
    numbered = WHOLE.replace("everywhere else\n", "everywhere else\n  in: {es: {emergency: '112'}}\n")

    assert [fault.code for fault in helplines(wrong)[1]] == ["Y123"]
    assert [fault.code for fault in helplines(numbered)[1]] == ["G822"]


def test_without_any_file_there_are_still_words() -> None:
    assert Helplines().of("US") == ANYWHERE
    assert ANYWHERE.suicide_call == "findahelpline.com"


def test_what_nobody_vouches_for_any_more_is_told_by_the_day_after() -> None:
    stamps = whole().stamps

    assert list(expired(stamps, date(2026, 7, 1))) == []
    (fault,) = expired(stamps, date(2026, 7, 2))
    assert (fault.code, fault.spot.line) == ("G803", 5)
    assert fault.message == "GB.emergency was to be checked again by 2026-07-01"
    assert "gov.uk" in fault.fix


def test_a_country_without_a_suicide_line_is_a_fault_and_still_gets_words() -> None:
    lines = WHOLE.splitlines(keepends=True)
    found, faults = helplines("".join(lines[:5] + lines[9:]))

    assert [(fault.code, fault.spot.line) for fault in faults] == [("Y121", 3)]
    assert found is not None
    assert found.of("GB").suicide_call == "findahelpline.com"
    assert found.of("GB").emergency == "999"


@pytest.mark.parametrize(
    ("find", "put", "code", "line"),
    [
        ("helplines/1", "helplines/2", "Y133", 1),
        ("  GB:", "  Uk:", "Y123", 3),
        ('"999"', "999", "Y122", 5),
        ("2026-07-01", "soon", "Y125", 5),
        ("2026-07-01", "2025-07-01", "G802", 5),
        ("source: gov.uk, ", "", "Y121", 5),
        ("chat:", "caht:", "Y120", 9),
        ("number: your local number", 'number: "112"', "G822", 10),
    ],
)
def test_each_slip_is_told_at_its_line(find: str, put: str, code: str, line: int) -> None:
    assert find in WHOLE

    _, faults = helplines(WHOLE.replace(find, put, 1))

    assert [(fault.code, fault.spot.line) for fault in faults] == [(code, line)]
