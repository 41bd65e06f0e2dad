"""A little world to converse in: a flow with a question, options, timers, a reminder and two faults."""

from __future__ import annotations

from pathlib import Path

from bot.content.library import Content, load

FILES = {
    "flows/globals.yaml": """
schema: globals/1
start: little
memory:
  zone: {type: text, default: UTC}
  language: {type: text, default: en}
  country: {type: enum, of: [US, other], default: other}
  friend: {type: text, private: true}
lines: {stale: common/stale, nothing_back: common/nothing_back, why_unknown: common/why_unknown,
        stopped_nudging: common/stopped_nudging, not_understood: common/not_understood,
        unsupported: common/unsupported, welcome_back: common/welcome_back,
        silent: common/silent, kept_over: common/kept_over}
resume: [resume, fine]
dangers:
  - {gate: self, tier: hard, call: crisis, parked: keep}
  - {gate: self, tier: soft, call: asking, parked: keep}
interrupts:
  - {id: stop, command: stop, says: global/stop, do: stop, say: common/stopped}
  - {id: back, command: back, says: global/back, do: back}
  - {id: why, command: why, says: global/why, do: why}
  - {id: export, command: export, says: global/export, do: export, say: common/exported}
  - {id: delete, command: delete, says: global/delete, do: call, call: delete_me}
""",
    "flows/little.yaml": """
schema: flow/1
flow: little
version: 1
entry: open
outcomes: [planned, lapsed, gone]
opening: first
slots:
  first: {type: text}
  person: {type: text}
states:
  open:
    say: little/open
    ask: {slot: person, reprompt: [little/open_again], max_tries: 3, give_up: lapsed}
    timers: [{id: nudge, after: 20h, say: little/nudge}, {id: lapse, after: 72h, to: lapsed}]
    goto: choose
  choose:
    set: {friend: {from: person}}
    say: [little/heard, little/choose]
    options:
      - {id: go, label: little/go, to: plan}
      - {id: unsaid, label: little/unsaid, to: unsaid}
      - {id: endless, label: little/endless, to: endless}
    other: {reprompt: [little/again], max_tries: 3, give_up: lapsed}
    timers: [{id: lapse, after: 72h, to: lapsed}]
  plan:
    say: little/plan
    remind: {flow: report, after: 20h}
    count: planned
    end: planned
  unsaid: {say: little/unsaid, end: gone}
  endless: {goto: endless_too}
  endless_too: {goto: endless}
""",
    "flows/report.yaml": """
schema: flow/1
flow: report
version: 1
entry: ask
outcomes: [told, lapsed]
states:
  ask:
    say: report/ask
    options: [{id: well, label: report/well, to: told}, {id: bad, label: report/bad, to: told}]
    other: {reprompt: [report/again], max_tries: 2, give_up: lapsed}
    timers: [{id: lapse, after: 72h, to: lapsed}]
""",
    "flows/crisis.yaml": """
schema: flow/1
flow: crisis
version: 1
entry: card
outcomes: [safe, resume, lapsed]
states:
  card:
    careful: true
    count: card
    say: crisis/card
    options: [{id: safe, label: crisis/safe, to: safe}, {id: resume, label: crisis/resume, to: resume}]
    other: {reprompt: [crisis/again], max_tries: 9, give_up: safe}
    timers: [{id: lapse, after: 72h, to: lapsed}]
""",
    "flows/asking.yaml": """
schema: flow/1
flow: asking
version: 1
entry: ask
outcomes: [fine, lapsed]
states:
  ask:
    say: asking/ask
    options: [{id: fine, label: asking/fine, to: relief}]
    other: {reprompt: [asking/again], max_tries: 9, give_up: relief}
    timers: [{id: lapse, after: 72h, to: lapsed}]
  relief: {say: asking/relief, end: fine}
""",
    "flows/delete_me.yaml": """
schema: flow/1
flow: delete_me
version: 1
entry: sure
outcomes: [deleted, kept]
states:
  sure:
    say: delete/sure
    options: [{id: do_it, label: delete/do_it, to: gone}, {id: keep, label: delete/keep, to: kept}]
    other: {reprompt: [delete/again], max_tries: 2, give_up: kept}
    timers: [{id: lapse, after: 1h, to: kept}]
  gone: {forget: true, say: delete/gone, end: deleted}
""",
    "flows/why.yaml": """
schema: why/1
pages:
  why-script:
    {title: a script,
     synonyms: [why are you a script, are you a script], claim: strong, source: "Someone (2020)",
     reviewed_on: 2026-01-01, expires_on: 2036-01-01}
""",
    "flows/helplines.yaml": """
schema: helplines/1
countries:
  US:
    name: United States
    emergency: {number: "911", source: "https://911.gov", checked_on: 2026-01-01, expires_on: 2036-01-01}
    suicide: {name: the lifeline, call: "988", source: "https://988.org", checked_on: 2026-01-01,
              expires_on: 2036-01-01}
other:
  name: everyone else
  emergency: {number: your local emergency number, source: "https://findahelpline.com",
              checked_on: 2026-01-01, expires_on: 2036-01-01}
  suicide: {name: a helpline near you, call: findahelpline.com, source: "https://findahelpline.com",
            checked_on: 2026-01-01, expires_on: 2036-01-01}
""",
    "flows/lexicon.yaml": """
schema: lexicon/1
language: en
gates:
  self:
    hard: {wish: [i want to die]}
    soft: {wish: [no point anymore, to die]}
    careful: {wish: [just kidding]}
""",
}

PROMPTS = {
    "common/stale": "That button is old.",
    "common/nothing_back": "Nothing to go back to.",
    "common/why_unknown": "I have no page on that.",
    "common/stopped_nudging": "I stopped nudging.",
    "common/not_understood": "I did not get that.",
    "common/unsupported": "I can only read text.",
    "common/welcome_back": "Welcome back.",
    "common/silent": "It has been quiet.",
    "common/kept_over": "What you said then is gone.",
    "common/stopped": "Stopped.",
    "common/exported": "Here is all I keep.",
    "common/apology": "Something broke here, not with you.",
    "why/why-script": "Because it is one.",
    "little/open": "Who is it?",
    "little/open_again": "A name is enough.",
    "little/nudge": "Still there?",
    "little/heard": "You wrote {{ person }}.",
    "little/choose": "What now?",
    "little/again": "Pick one of these.",
    "little/plan": "Planned.",
    "little/unsaid": "{{ never_set }}",
    "report/ask": "How was it?",
    "report/again": "Well or badly?",
    "crisis/card": "Call {{ helpline.suicide_call }} now.",
    "crisis/again": "I am still here.",
    "asking/ask": "Do you think of suicide?",
    "asking/again": "You can say it here.",
    "asking/relief": "I am glad.",
    "delete/sure": "Sure?",
    "delete/again": "Yes or no?",
    "delete/gone": "Gone. Take care.",
}

OPTIONS = {
    "little": {"go": "Go on", "unsaid": "Say the unsaid", "endless": "For ever"},
    "report": {"well": "It was well received", "bad": "Badly"},
    "crisis": {"safe": "I am safe", "resume": "Take me back"},
    "asking": {"fine": "No, I do not"},
    "delete": {"do_it": "Delete everything", "keep": "Keep it"},
    "global": {"stop": "stop", "back": "go back", "why": "why", "export": "export", "delete": "delete me"},
}


def little_world(folder: Path) -> Content:
    """Write the files and read them as the program does."""
    for name, text in FILES.items():
        _write(folder / name, text)
    for name, text in PROMPTS.items():
        _write(folder / f"prompts/en/{name}.j2", text)
    for name, labels in OPTIONS.items():
        entries = [f'{key}: {{label: "{label}", says: ["{label.lower()}"]}}' for key, label in labels.items()]
        _write(folder / f"prompts/en/{name}/options.yaml", "\n".join(entries))
    content = load(folder / "flows", folder / "prompts")
    assert [str(fault) for fault in content.faults] == []
    return content


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
