"""The dangers as the flows answer them: what is heard, what is said, and what may be answered."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.filters import duration
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.dialogue.flow import Flow, State
from bot.dialogue.flows import Danger
from bot.publishing.quoting import code, quoted, table


def gates(content: Content) -> str:
    """Write which flow answers which danger, the gravest first, and which are heard in words yet."""
    heard = {(alarm.gate, alarm.tier) for alarm in content.lexicon.alarms}
    rows = (
        (
            one.gate,
            one.tier,
            f"`{one.call}`",
            "is kept, and offered when asked for" if one.keep else "is let go",
            "yes" if (one.gate, one.tier) in heard else "not yet",
        )
        for one in content.flows.globals.dangers
    )
    return table(("gate", "tier", "flow", "what it interrupted", "heard in words"), rows)


def cards(content: Content) -> str:
    """Write what each flow of a danger says first, and every question of it with the answers it offers."""
    parts: list[str] = []
    for danger in content.flows.globals.dangers:
        flow = content.flows.flows.get(danger.call)
        if flow is not None:
            parts += [_title(danger), *_first(content, flow), *_questions(content, flow)]
    return "\n\n".join(parts)


def _title(danger: Danger) -> str:
    return f"### {danger.gate}, {danger.tier}: `{danger.call}`"


def _first(content: Content, flow: Flow) -> Iterator[str]:
    """Yield one wording of each line that the flow begins with."""
    state = next(one for one in flow.states.values() if one.say)
    sources = content.prompts.sources.of(SOURCE)
    for line in state.say:
        prompt = line.prompt
        for name in line.fields:
            prompt = prompt.replace(f"{{{name}}}", str(flow.slots[name].default))
        if prompt in sources:
            yield quoted(sources[prompt].variants[0].text)


def _questions(content: Content, flow: Flow) -> Iterator[str]:
    rows = [_question(content, flow, state) for state in flow.states.values() if state.waits]
    if rows:
        yield table(("at", "answers", "left alone", "not understood"), rows)


def _question(content: Content, flow: Flow, state: State) -> tuple[str, str, str, str]:
    labels = " · ".join(content.words.label(one.label) for one in state.options if not one.typed)
    lapse = next(
        (f"after {duration(one.after)}: {one.to}" for one in state.timers if one.to and one.after), ""
    )
    careful = " (careful)" if state.careful else ""
    return f"`{state.id}`{careful}", labels, lapse, f"{state.repair.max_tries} times: {state.repair.give_up}"


def counts(content: Content) -> str:
    """Write the names of all that is counted, for everyone together."""
    states = (state for flow in content.flows.flows.values() for state in flow.states.values())
    return code(sorted({state.count for state in states if state.count}))
