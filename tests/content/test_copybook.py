"""What judges the copy reads all of it: every branch, every value, and tells hard from easy."""

from __future__ import annotations

from tests.content.copybook import PROMPTS, WORDS, Wording, count, grade, longest_of, wordings_of


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
    shown = wording("{# why #}{{ story | quote }} {{ helpline.emergency }} {{ label('driver/two') }}")
    (text,) = shown.readings

    assert longest_of("emergency") in text
    assert text.endswith(WORDS.label("driver/two"))
    assert "{" not in text


def test_a_prompt_inside_a_prompt_counts() -> None:
    inner = max((count(one.spoken) for one in wordings_of("driver/general/test")), default=0)
    (text,) = wording("So: {{ line('driver/general/test', 1) }}").readings

    assert PROMPTS.variants("driver/general/test") > 0
    assert count(text) == 1 + inner


def test_hard_words_and_long_sentences_raise_the_grade() -> None:
    easy = "You can rest. Nobody waits. The door is open, and it stays open."
    hard = "Interpersonal withdrawal constitutes an understandable response to overwhelming stimulation."

    assert grade(easy) < 3
    assert grade(hard) > 12
