"""What a person typed is shown as they typed it, and no platform makes a command or a mention of it."""

from __future__ import annotations

import pytest

from bot.content.markup import plain
from bot.content.sandbox import environment

JOINER = "\u2060"


def shown(template: str, typed: str) -> str:
    return plain(environment().from_string(template).render(typed=typed))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/delete", f"/{JOINER}delete"),
        ("ask @mina", f"ask @{JOINER}mina"),
        ("<@123> @everyone", f"<@{JOINER}123> @{JOINER}everyone"),
        ("and/or 1/2 a@b.org https://x.org/why", "and/or 1/2 a@b.org https://x.org/why"),
        ("/ @ //", "/ @ //"),
    ],
)
def test_a_command_or_mention_in_typed_words_is_dead(typed: str, text: str) -> None:
    assert shown("{{ typed }}", typed) == text


def test_an_authors_own_command_stays_alive_beside_them() -> None:
    assert shown("{{ typed }}, or /why", "/stop") == f"/{JOINER}stop, or /why"
