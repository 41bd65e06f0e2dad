"""A small whole set of content without a fault, for tests to break one thing in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from textwrap import dedent

from bot.content.checks.together import check_all
from bot.content.faults import Fault, in_order
from bot.content.library import Content, load
from bot.publishing.signing import unsigned

TODAY = date(2026, 3, 1)

FILES: dict[str, str] = {
    "flows/globals.yaml": """
        schema: globals/1
        start: talk
        memory:
          country: {type: enum, of: [US, other], default: other}
        lines:
          stale: common/line
          nothing_back: common/line
          why_unknown: common/line
          stopped_nudging: common/line
          not_understood: common/line
          unsupported: common/line
          welcome_back: common/line
          silent: common/line
          kept_over: common/line
        dangers:
          - {gate: self, tier: soft, call: talk}
          - {gate: self, tier: hard, call: card}
          - {gate: unsafe, tier: soft, call: talk}
          - {gate: unsafe, tier: hard, call: card}
        interrupts:
          - {id: stop, command: stop, says: common/stop, do: stop, say: common/line}
          - {id: why, command: why, says: common/why, do: why}
          - {id: export, command: export, says: common/export, do: export, say: common/line}
          - {id: delete, command: delete, says: common/delete, do: call, call: forget}
        """,
    "flows/card.yaml": """
        schema: flow/1
        flow: card
        version: 1
        entry: tell
        outcomes: [done]
        states:
          tell: {say: common/line, end: done}
        """,
    "flows/forget.yaml": """
        schema: flow/1
        flow: forget
        version: 1
        entry: gone
        outcomes: [done]
        states:
          gone: {forget: true, say: common/line, end: done}
        """,
    "flows/talk.yaml": """
        schema: flow/1
        flow: talk
        version: 1
        entry: open
        outcomes: [done, lapsed]
        why: why-leave
        slots:
          person: {type: text, max: 60, private: true, keep: 30d}
          driver: {type: enum, of: [tired, first]}
        states:
          open:
            say: talk/open
            ask: {slot: person, reprompt: [talk/again], max_tries: 2, give_up: name}
            goto: name
            timers: [{id: lapse, after: 3d, to: lapsed}]
          name:
            say: talk/name
            options:
              - {id: tired, label: talk/tired, set: {driver: tired}, to: tell}
              - {id: first, label: talk/first, set: {driver: first}, to: tell}
            other: {reprompt: [talk/again], max_tries: 2, give_up: lapsed}
            timers: [{id: lapse, after: 3d, to: lapsed}]
          tell:
            say: "driver/{driver}"
            end: done
        """,
    "flows/why.yaml": """
        schema: why/1
        pages:
          why-leave:
            title: Why people leave first
            synonyms: [ghosting, why do i do this]
            claim: moderate
            source: "Somebody (2020), A paper"
            reviewed_on: 2026-01-01
            expires_on: 2027-01-01
        """,
    "flows/helplines.yaml": """
        schema: helplines/1
        countries:
          US:
            name: United States
            emergency: {number: "911", source: fcc, checked_on: 2026-01-01, expires_on: 2027-01-01}
            suicide:
              {name: Lifeline, call: "988", source: 988.org, checked_on: 2026-01-01, expires_on: 2027-01-01}
        other:
          name: everywhere else
          emergency:
            number: your local emergency number
            source: none
            checked_on: 2026-01-01
            expires_on: 2027-01-01
          suicide:
            name: a helpline near you
            call: findahelpline.com
            source: findahelpline.com
            checked_on: 2026-01-01
            expires_on: 2027-01-01
        """,
    "flows/lexicon.yaml": """
        schema: lexicon/1
        gates:
          self: {hard: {wish: ["want to die"]}}
        """,
    "prompts/en/common/line.j2": "All right. You can call {{ helpline.suicide_call }}.",
    "prompts/en/common/options.yaml": """
        stop: {label: Stop, says: [stop, quit]}
        why: {label: Why?, says: [why, tell me why]}
        export: {label: Export, says: [what do you know of me]}
        delete: {label: Delete, says: [delete all of it]}
        """,
    "prompts/en/talk/open.j2": "Who is it about?\n---\nWho do you think of?",
    "prompts/en/talk/again.j2": "Say it once more?",
    "prompts/en/talk/name.j2": "{% if person is defined %}With *{{ person }}*: {% endif %}what is it?",
    "prompts/en/talk/options.yaml": """
        tired: {label: I am tired, says: [so tired of everyone, no energy left]}
        first: {label: I leave first, says: [i leave before they do, better me than them]}
        """,
    "prompts/en/driver/tired.j2": "Rest first.",
    "prompts/en/driver/first.j2": "Leaving first hurts less. {{ label('talk/first') }}.",
    "prompts/en/why/why-leave.j2": "Leaving first can feel safer than being left.",
}

GERMAN: dict[str, str] = {
    "prompts/de/common/line.j2": "Gut. {{ helpline.suicide_call }}",
    "prompts/de/common/options.yaml": """
        stop: {label: Halt, says: [halt]}
        why: {label: Warum?, says: [warum]}
        export: {label: Alles zeigen, says: [was weisst du]}
        delete: {label: Alles löschen, says: [lösch alles]}
        """,
    "prompts/de/talk/open.j2": "Um wen geht es?",
    "prompts/de/talk/again.j2": "Noch einmal?",
    "prompts/de/talk/name.j2": "{% if person is defined %}{{ person }}: {% endif %}was ist es?",
    "prompts/de/talk/options.yaml": """
        tired: {label: Ich bin müde, says: [so müde]}
        first: {label: Ich gehe zuerst, says: [ich gehe zuerst]}
        """,
    "prompts/de/driver/tired.j2": "Ruh dich aus.",
    "prompts/de/driver/first.j2": "Zuerst gehen tut weniger weh.",
    "prompts/de/why/why-leave.j2": "Zuerst gehen ist sicherer.",
}
"""All of it in German, for what is told of a translation."""


def laid_out(name: str, text: str) -> str:
    """Return what is written into a file."""
    return dedent(text).lstrip("\n") if name.endswith(".yaml") else text


def build(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Content:
    """Write the files below a folder, with changes (None: no such file), and read them."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else laid_out(name, text).encode())
    return load(root / "flows", root / "prompts")


def faults(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> list[Fault]:
    """Check the files with changes, and return all faults; without a lock no version is held against them."""
    content = build(root, changes)
    return in_order([*check_all(content, root / "flows", TODAY), *unsigned(content, root / "flows")])


def told(root: Path, changes: Mapping[str, str | bytes | None]) -> list[str]:
    """Return the faults as `file:line code`, with the file named from the folder."""
    return [
        f"{Path(fault.spot.file).relative_to(root)}:{fault.spot.line} {fault.code}"
        for fault in faults(root, changes)
    ]
