"""What judges the copy reads all of it: every branch, every value, and tells hard from easy."""

from __future__ import annotations

from tests.content.copybook import PROMPTS, WORDS, Wording, count, grade, helplines, wordings_of


def wording(text: str) -> Wording:
    return Wording("made/up", 0, 1, text)


def test_every_branch_is_read() -> None:
    both = wording("{% if night %}Sleep{% elif noon %}Eat{% else %}Walk{% endif %} first.\n")
    may_be_silent = wording("Hello{% if person is defined %} {{ person }}{% endif %}.")

    assert both.readings == ("Sleep first.", "Eat first.", "Walk first.")
    assert may_be_silent.readings == ("Hello Sam.", "Hello.")


def test_a_branch_in_a_branch_is_read() -> None:
    nested = wording("{% if a %}one{% if b %} two{% else %} three{% endif %}{% endif %} end")

    assert nested.readings == ("one two end", "one three end", "end")


def test_values_are_stood_in_for() -> None:
    (text,) = wording("{# why #}{{ story | quote }} {{ person }} {{ label('driver/two') }}").own

    assert text.startswith("“")
    assert text.endswith(f"Sam {WORDS.label('driver/two')}")


def test_a_helpline_is_read_in_every_country() -> None:
    text = "{% if helpline.country %}Call {{ helpline.suicide_call }}{% else %}Look{% endif %}."
    shown, own = wording(text).readings, wording(text).own

    assert shown[-1] == "Look."
    assert {f"Call {one.suicide_call}." for one in helplines().countries.values()} == set(shown[:-1])
    assert own == ("Call Sam.", "Look.")


def test_a_prompt_inside_a_prompt_counts() -> None:
    longest = max(count(text) for one in wordings_of("driver/unsure/test") for text in one.readings)
    (text,) = wording("So: {{ line('driver/unsure/test', 1) }}").readings

    assert PROMPTS.variants("driver/unsure/test") == 3
    assert count(text) == 1 + longest


def test_what_is_put_in_somebodys_mouth_is_not_what_is_said() -> None:
    assert wording("You could write: “Stay with me.” Or not.").said == "You could write: “” Or not."


def test_hard_words_and_long_sentences_raise_the_grade() -> None:
    easy = "You can rest. Nobody waits. The door is open, and it stays open."
    hard = "Interpersonal withdrawal constitutes an understandable response to overwhelming stimulation."

    assert grade(easy) < 3
    assert grade(hard) > 12
