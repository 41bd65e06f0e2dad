"""What is said about the world stands: pages have words and sources, helplines are checked and complete."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import get_args

from bot.content.checks.lines import Sure
from bot.content.checks.webs import Net, Web
from bot.content.dated import expired, expiring
from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.library import Content
from bot.content.markup import plain
from bot.content.why import MOST_WORDS
from bot.content.yaml12 import Path
from bot.dialogue.flow import Tier
from bot.errors import FlowFault


def faults(content: Content, net: Net, sure: Sure, today: date) -> Iterator[Fault]:
    """Report pages without words, too long or unknown, countries without helplines, and what has expired."""
    stamps = [page.stamp for page in content.why.values() if page.stamp]
    for found in (stamps, content.helplines.stamps):
        yield from expired(found, today)
        yield from expiring(found, today)
    for page in content.why:
        yield from _page(content, page)
    yield from _shared(content)
    for web in net.webs.values():
        yield from _pages_named(content, web)
        yield from _pages_unsure(web, sure)
    yield from _countries(content, net)
    yield from _unanswered(content, net)


def _page(content: Content, page: str) -> Iterator[Fault]:
    """Report a page without words, and each of its variants that has too many."""
    name = f"why/{page}"
    if not content.prompts.variants(name) and content.pages_tree is not None:
        spot = content.pages_tree.key_spot("pages", page)
        yield Fault("G810", spot, f"page {page!r} has no words", f"write prompts/en/{name}.j2")
    for lang in content.prompts.languages:
        source = content.prompts.sources.of(lang).get(name)
        for place, variant in enumerate(source.variants if source else ()):
            count = _count(content, name, place, lang)
            if source is not None and count > MOST_WORDS:
                wrong = f"this page has {count} words, more than {MOST_WORDS}"
                yield Fault("G812", Spot(source.file, variant.line), wrong, "explain one thing only")


def _shared(content: Content) -> Iterator[Fault]:
    """Report a title or synonym that two pages have."""
    for page, other, name in content.why.shared():
        if content.pages_tree is not None:
            wrong = f"{page} and {other} are both asked for by {name!r}"
            yield Fault(
                "G811", content.pages_tree.key_spot("pages", page), wrong, "leave it to one of the two"
            )


def _count(content: Content, name: str, variant: int, lang: str) -> int:
    """Count the words of a page; one that cannot be said by itself is a fault of its own."""
    try:
        return len(plain(content.prompts.render(name, variant, {}, lang)).split())
    except FlowFault:
        return 0


def _pages_named(content: Content, web: Web) -> Iterator[Fault]:
    """Report pages that a flow names and that are not there; `{slot}` stands for each member of an enum."""
    named: list[tuple[str | None, Path]] = [(web.flow.why, ("why",))]
    named += [(state.why, ("states", state.id, "why")) for state in web.flow.states.values()]
    for page, path in named:
        for one in _filled(page, web) if page else ():
            if one not in content.why:
                near = did_you_mean(one, content.why)
                fix = f"did you mean {near!r}?" if near else "add it to why.yaml"
                yield Fault("G814", web.spot(*path), f"there is no why page {one!r}", fix)


def _filled(page: str, web: Web) -> Iterator[str]:
    """Yield the pages that an id means, for each member of the slot in it."""
    field = _field(page)
    slot = web.scope.get(field)
    yield from (page.replace(f"{{{field}}}", member) for member in slot.of) if field and slot else (page,)


def _field(page: str | None) -> str:
    return (page or "").partition("{")[2].partition("}")[0]


def _pages_unsure(web: Web, sure: Sure) -> Iterator[Fault]:
    """Report pages that depend on a slot which some way there has not set."""
    for state in web.flow.states.values():
        field = _field(state.why or web.flow.why)
        known = sure.get((web.id, state.id))
        if field and known is not None and field not in known:
            spot = web.spot("states", state.id, "why") if state.why else web.spot("why")
            wrong = f"the page depends on {field!r}, which may be unset in {state.id!r}"
            yield Fault("G815", spot, wrong, f"set {field!r} on every way there, or name a page")


def _countries(content: Content, net: Net) -> Iterator[Fault]:
    """Report countries that people can say they live in, and that have no helplines."""
    slot = net.globals.memory.get("country")
    tree = net.pieces.globals_tree
    if slot is None or tree is None or not content.helplines.countries:
        return
    for place, code in enumerate(slot.of):
        if len(code) == 2 and code not in content.helplines.countries:  # noqa: PLR2004 -- an ISO code
            spot = tree.spot("memory", "country", "of", place)
            yield Fault("G824", spot, f"helplines.yaml has no country {code!r}", "add it there")


def _unanswered(content: Content, net: Net) -> Iterator[Fault]:
    """Report what the lexicon hears and no flow answers."""
    tree = net.pieces.globals_tree
    if tree is None:
        return
    heard = {(alarm.gate, alarm.tier) for alarm in content.lexicon.alarms if alarm.tier in get_args(Tier)}
    answered = {(danger.gate, danger.tier) for danger in net.globals.dangers}
    for gate, tier in sorted(heard - answered):
        wrong = f"the lexicon hears {gate!r} ({tier}), and no flow answers it"
        yield Fault("G832", tree.key_spot("dangers"), wrong, "add it to `dangers`")
