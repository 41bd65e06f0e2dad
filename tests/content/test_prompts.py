"""Prompts: what a template may use, what it may not, and that what a person typed stays plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.helplines import Helpline, Helplines
from bot.content.markup import parse, plain
from bot.content.prompts import Prompts
from bot.errors import FlowFault

Write = Callable[[Mapping[str, str]], Prompts]

US = Helpline("US", "911", "988 Lifeline", "988", chat="988lifeline.org/chat")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes prompt files and opens them."""

    def written(files: Mapping[str, str]) -> Prompts:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Prompts(tmp_path, helplines=Helplines({"US": US}))

    return written


@pytest.fixture
def one(write: Write) -> Callable[[str], Prompts]:
    """Return what writes one prompt, `a/one`."""
    return lambda text: write({"en/a/one.j2": text})


# --- variants, names, languages ------------------------------------------------------------------------


def test_a_line_of_three_dashes_parts_the_variants(one: Callable[[str], Prompts]) -> None:
    prompts = one("First -- wording\n---\nSecond\n---not a line\n---  \nThird")

    assert prompts.variants("a/one") == 3
    assert [prompts.render("a/one", n, {}) for n in range(4)] == [
        "First -- wording",
        "Second\n---not a line",
        "Third",
        "First -- wording",
    ]


def test_folders_of_any_depth_make_the_name(write: Write) -> None:
    prompts = write({"en/driver/low/costs.j2": "x", "en/a/b.j2": "y", "en/a/notes.txt": "no"})

    assert prompts.names() == {"driver/low/costs", "a/b"}
    assert prompts.counts() == {"a/b": 1, "driver/low/costs": 1}


def test_a_prompt_that_is_not_there_has_no_variants_and_cannot_be_said(write: Write) -> None:
    prompts = write({"en/a/one.j2": "x"})

    assert prompts.variants("a/two") == 0
    with pytest.raises(FlowFault, match="there is no prompt 'a/two'"):
        prompts.render("a/two", 0, {})


def test_what_a_language_lacks_is_said_in_english_prompt_by_prompt(write: Write) -> None:
    prompts = write({"en/a/one.j2": "one", "en/a/two.j2": "two {{ line('a/one') }}", "de/a/one.j2": "eins"})

    assert prompts.languages == ("en", "de")
    assert prompts.render("a/one", 0, {}, "de") == "eins"
    assert prompts.render("a/two", 0, {}, "de") == "two eins"
    assert prompts.render("a/one", 0, {}, "fr") == "one"


def test_the_hash_of_a_source_is_no_part_of_what_is_said(write: Write) -> None:
    prompts = write({"en/a/one.j2": "one", "de/a/one.j2": "{# source: 0123abcd #}\neins"})

    assert prompts.render("a/one", 0, {}, "de") == "eins"
    assert prompts.sources.of("de")["a/one"].stamp == "0123abcd"


def test_a_file_that_is_no_text_is_told_at_its_line_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "bad.j2").write_bytes(b"fine\nnot \xff fine\n")

    prompts = Prompts(tmp_path)

    assert prompts.names() == frozenset()
    assert [(fault.code, fault.spot.line) for fault in prompts.sources.faults] == [("W612", 2)]


def test_blanks_at_the_edges_are_dropped_and_line_breaks_kept(one: Callable[[str], Prompts]) -> None:
    prompts = one("\n  {% if calm %}\n    first  \n    second\n  {% endif %}\n\n\n\n  last\n\n")

    assert prompts.render("a/one", 0, {"calm": True}) == "first\nsecond\n\nlast"
    assert prompts.render("a/one", 0, {"calm": False}) == "last"


# --- what a template may use ---------------------------------------------------------------------------


def test_line_says_another_prompt_with_the_same_slots_and_its_own_emphasis(write: Write) -> None:
    prompts = write(
        {"en/a/one.j2": "So: {{ line('a/' ~ which, 1) }}!", "en/a/two.j2": "x\n---\n*it is {{ person }}*"}
    )

    said = prompts.render("a/one", 0, {"which": "two", "person": "S_m"})

    assert said == r"So: *it is S\_m*!"


def test_label_gives_the_label_of_a_button(write: Write) -> None:
    prompts = write(
        {"en/a/one.j2": "Press {{ label('a/go') }}", "en/a/options.yaml": "go: {label: Go *now*, says: [go]}"}
    )

    assert plain(prompts.render("a/one", 0, {})) == "Press Go *now*"


@pytest.mark.parametrize(
    ("country", "number"), [("US", "988"), ("ZZ", "findahelpline.com"), (None, "findahelpline.com")]
)
def test_helpline_is_that_of_the_persons_country_and_never_anothers(
    one: Callable[[str], Prompts], country: str | None, number: str
) -> None:
    prompts = one("{{ helpline.suicide_call }}")

    assert prompts.render("a/one", 0, {} if country is None else {"country": country}) == number


@pytest.mark.parametrize(
    ("template", "slots", "said"),
    [
        ("{{ words | quote }}", {"words": "I am\n\ntired "}, "“I am tired”"),
        ("{{ words | quote }}", {"words": "so, " * 60}, "“" + "so, " * 29 + "so…”"),
        ("{{ words | quote }}", {"words": "x" * 500}, "“" + "x" * 120 + "…”"),
        ("{{ wait | duration }}", {"wait": 1200}, "20 minutes"),
        ("{{ wait | duration }}", {"wait": 86400}, "1 day"),
        ("{{ wait | duration }}", {"wait": 5400}, "90 minutes"),
        ("{{ who | yours }}", {"who": "my sister"}, "your sister"),
        ("{{ who | yours }}", {"who": "Sam"}, "Sam"),
        ("{{ who | yours }}", {"who": "my"}, "my"),
        ("{{ at | clock }}", {"at": "18:30"}, "18:30"),
        ("{{ at | clock }}", {"at": "18:30", "country": "US"}, "6:30 pm"),
        ("{{ at | clock }}", {"at": "00:00", "country": "US"}, "12 am"),
        ("{{ kept | join(' and ') }}", {"kept": ("a_b", "c")}, r"a\_b and c"),
        ("{% for one in kept %}{{ loop.index }}{{ one }} {% endfor %}", {"kept": ("a", "b")}, "1a 2b"),
        ("{{ person | default('somebody') }}", {}, "somebody"),
        ("{{ 'low' if energy < 2 else 'high' }}", {"energy": 1}, "low"),
    ],
)
def test_what_a_template_can_do(
    one: Callable[[str], Prompts], template: str, slots: dict[str, str], said: str
) -> None:
    assert one(template).render("a/one", 0, slots) == said


# --- what a person typed -------------------------------------------------------------------------------

JOINER = "\u2060"
typed = st.text(alphabet=st.sampled_from("*_\\{}%#a \n`<>&@\u202e🌊")) | st.text()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed)
def test_what_a_person_typed_is_shown_as_it_was_typed_and_never_styled(
    one: Callable[[str], Prompts], text: str
) -> None:
    said = one("<{{ person }}>").render("a/one", 0, {"person": text})

    # Behind a live sign stands a word joiner, which shows as nothing: tests/content/test_typed_words.py
    shown = "".join(span.text for span in parse(said)).replace(JOINER, "")
    assert "".join(shown.split()) == "".join(f"<{text}>".replace(JOINER, "").split())
    assert not any(span.bold or span.italic for span in parse(said))


@pytest.mark.parametrize(
    "evil", ["{{ 7 * 7 }}", "{% for x in y %}", "*bold*", r"\*x*", "{{ helpline }}", "---"]
)
@pytest.mark.parametrize(
    "template", ["{{ p }}", "{{ p | upper }}", "{{ p ~ '!' }}", "{{ line('a/two') ~ p }}"]
)
def test_no_filter_and_no_join_lets_markup_through(write: Write, evil: str, template: str) -> None:
    prompts = write({"en/a/one.j2": template, "en/a/two.j2": "_two_"})

    said = prompts.render("a/one", 0, {"p": evil})

    assert not any(span.bold for span in parse(said))
    assert evil.upper() in plain(said).upper()


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("{% include 'x' %}", 1, "takes nothing from other files"),
        ("ok\n{% import 'x' as y %}", 2, "takes nothing from other files"),
        ("{% extends 'x' %}", 1, "takes nothing from other files"),
        ("{% macro m() %}{% endmacro %}", 1, "may not use Macro"),
        ("{% set x %}{{ p }}{% endset %}", 1, "may not use AssignBlock"),
        ("{{ p.upper() }}", 1, "calls nothing but line"),
        ("{{ range(9) }}", 1, "calls nothing but line"),
        ("{{ 9 ** 9 }}", 1, "may not use Pow"),
        ("{{ 'x' * 9 }}", 1, "may not use Mul"),
        ("{{ _secret }}", 1, "no slot is called"),
        ("{% for a in b %}{% for c in d %}{% endfor %}{% endfor %}", 1, "no loop in a loop"),
        ("one\\{{ p }}", 1, "a lone backslash"),
        ("{{ p | shout }}", 1, "No filter named 'shout'"),
        ("{{ p is weird }}", 1, "No test named 'weird'"),
        ("one\n\n{% if p %}", 3, "Unexpected end of template"),
        ("a\n---\nb\n{{ p", 4, "unexpected end of template"),
    ],
)
def test_what_a_prompt_may_not_hold_is_refused_at_its_line(
    one: Callable[[str], Prompts], template: str, line: int, message: str
) -> None:
    faults = one(template).compile_all()

    assert [(fault.code, fault.spot.line) for fault in faults] == [("W602", line)]
    assert message in faults[0].message


@pytest.mark.parametrize(
    "template",
    [
        "{{ p.__class__ }}",
        "{{ p.upper }}",
        "{{ helpline.__class__ }}",
        "{{ p[0].x }}",
        "{{ true }}",
        "{{ kept }}",
        "{{ gone }}",
    ],
)
def test_what_fails_while_it_is_said_names_its_place_and_no_value(
    one: Callable[[str], Prompts], template: str
) -> None:
    prompts = one(f"first line\n{template}")

    with pytest.raises(FlowFault) as caught:
        prompts.render("a/one", 0, {"p": "secret words", "kept": ("secret words",)})

    assert str(caught.value).startswith(f"{prompts.sources.root}/en/a/one.j2:2: ")
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_prompt_that_says_itself_fails_and_ends(one: Callable[[str], Prompts]) -> None:
    with pytest.raises(FlowFault, match="says itself"):
        one("again: {{ line('a/one') }}").render("a/one", 0, {})


def test_compiling_everything_compiles_every_variant_of_every_language(write: Write) -> None:
    prompts = write({"en/a/one.j2": "fine\n---\n{{ p", "de/a/one.j2": "{% x %}", "en/a/two.j2": "{{ p }}"})

    places = [str(fault.spot).removeprefix(f"{prompts.sources.root}/") for fault in prompts.compile_all()]

    assert places == ["en/a/one.j2:3:1", "de/a/one.j2:1:1"]
