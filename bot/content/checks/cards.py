"""Who may be hurt is shown a number before anything is asked of them, in every wording and language."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.checks.lines import named
from bot.content.checks.webs import Net, Web
from bot.content.faults import Fault, Spot
from bot.content.library import Content
from bot.content.needs import HELPLINE, Needs
from bot.dialogue.flow import State

HURT = ("self", "other", "unsafe", "coerced")
"""The dangers in which somebody may be hurt: there a card begins with whom to call."""


def faults(content: Content, net: Net, needs: Needs) -> Iterator[Fault]:
    """Report flows of a clear danger that ask before they have shown a helpline."""
    clear = [one for one in net.globals.dangers if one.tier == "hard" and one.gate in HURT]
    for flow in dict.fromkeys(one.call for one in clear):
        web = net.webs.get(flow)
        if web is not None and not web.faulty and not web.wild:
            for start in web.starts:
                yield from _card(content, needs, web, start)


def _card(content: Content, needs: Needs, web: Web, start: str) -> Iterator[Fault]:
    """Follow a flow from its beginning to where it first waits, calls or ends; some line must show one."""
    said: list[str] = []
    state = web.flow.states[start]
    seen: set[str] = set()
    while state.id not in seen:
        seen.add(state.id)
        said += [prompt for line in state.say for prompt, _ in named(line, web.scope)]
        following = _next(web, state)
        if following is None:
            break
        state = following
    names = content.prompts.names()
    if any(prompt not in names for prompt in said):
        return  # a prompt that is missing is told already, and may be the one
    cards = [prompt for prompt in said if HELPLINE in needs.reads(prompt)]
    if not cards:
        message = f"flow {web.id!r} answers a clear danger, and shows no helpline before {state.id!r}"
        yield Fault(
            "P706", web.key("states", start), message, "say a prompt that shows {{ helpline.emergency }}"
        )
    for lang in content.prompts.languages:
        yield from _silent(content, needs, cards, lang)


def _next(web: Web, state: State) -> State | None:
    """Return the state that surely follows without a word of the person, None where there is none."""
    ways = web.goals[state.id] if not state.waits and state.call is None and state.end is None else ()
    return web.flow.states.get(ways[0]) if len(ways) == 1 else None


def _silent(content: Content, needs: Needs, cards: list[str], lang: str) -> Iterator[Fault]:
    """Report each wording of the cards that shows no helpline, unless another card does instead."""
    own = content.prompts.sources.of(lang)
    found = [own[name] for name in cards if name in own]
    if len(found) < len(cards):
        return  # the English is said in the place of what is not translated
    if any(all(needs.calls_for_help(variant, lang) for variant in source.variants) for source in found):
        return
    for source in found:
        for variant in source.variants:
            if not needs.calls_for_help(variant, lang):
                message = "this wording of the card shows no helpline"
                yield Fault("P706", Spot(source.file, variant.line), message, "show whom to call in it too")
