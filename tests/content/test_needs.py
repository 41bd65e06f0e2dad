"""What a prompt reads is what Jinja2 says it reads, found without writing its code a second time."""

from __future__ import annotations

import pytest
from jinja2.meta import find_undeclared_variables

from bot.content.needs import unknown
from bot.content.sandbox import CALLS, environment, parsed

ENV = environment(**dict.fromkeys(CALLS, str))


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }} {{ line('x/' ~ b) }} {{ label('c/d') }}",
        "{% if a is defined %}{{ b }}{% elif c > 1 %}{{ d }}{% else %}{{ e }}{% endif %}",
        "{% set a = b %}{{ a }}",
        "{% set a = a %}{{ a }}",
        "{{ a }}{% set a = 1 %}",
        "{% if x %}{% set a = 1 %}{% endif %}{{ a }}",
        "{% if x %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}{{ a }}",
        "{% for a in b %}{{ a }}{{ loop.index }}{{ c }}{% else %}{{ d }}{% endfor %}{{ a }}",
        "{% for a in a %}{{ a }}{% endfor %}",
        "{% for a in b if a > c %}{{ a }}{% endfor %}",
        "{{ a | default(b) | replace('x', c) }}{{ helpline.chat }}{{ d[e] }}",
    ],
)
def test_it_reads_what_jinja_says(text: str) -> None:
    tree = parsed(ENV, text)

    assert set(unknown(tree, set(CALLS))) == find_undeclared_variables(ENV.parse(text))
