"""What is true in every conversation, before and now: commands, dangers, the pages of /why, helplines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from bot.authoring.differing.change import Change, Kind
from bot.authoring.differing.side import Side
from bot.authoring.differing.telling import telling
from bot.content.filters import duration
from bot.content.helplines import Helpline
from bot.dialogue.flows import Danger, Interrupt

_ELSEWHERE = "everywhere else"
TELL = telling("", "")


def everywhere(old: Side, new: Side) -> Iterator[Change]:
    """Yield what has changed outside the flows."""
    was, now = old.content.flows.globals, new.content.flows.globals
    if old.flow(was.start) != now.start:
        yield TELL("leads", "a conversation begins with another flow", was.start, now.start)
    yield from _named("command", "command", _commands(old), _commands(new))
    yield from _named("danger", "danger", _dangers(old), _dangers(new))
    yield from _named("says", "line", _lines(old), _lines(new))
    yield from _named("memory", "memory", _memory(old), _memory(new))
    yield from _named("page", "page", _pages(old), _pages(new))
    yield from _named("helpline", "helplines of", _helplines(old), _helplines(new))
    if sorted(was.resume) != sorted(now.resume):
        yield TELL("outcome", "other ends hand back to what was parked", _list(was.resume), _list(now.resume))
    if old.content.lexicon != new.content.lexicon:
        yield TELL("danger", "other words are heard as danger; `lowtide hear` shows which")


def _named(kind: Kind, what: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    """Yield what is gone, new or otherwise among things that have names; their order counts."""
    for name in dict.fromkeys((*was, *now)):
        before, after = was.get(name), now.get(name)
        if before is None:
            yield TELL(kind, f"{what} `{name}` is new", "", after or "")
        elif after is None:
            yield TELL(kind, f"{what} `{name}` is gone", before, "")
        elif before != after:
            yield TELL(kind, f"{what} `{name}` is otherwise", before, after)
    order = [name for name in was if name in now], [name for name in now if name in was]
    if kind in ("command", "danger") and order[0] != order[1]:
        yield TELL(kind, f"each {what} has another rank", _list(order[0]), _list(order[1]))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names) if isinstance(names, frozenset) else names)


def _commands(side: Side) -> dict[str, str]:
    def told(one: Interrupt) -> str:
        parts = [one.do, side.flow(one.call) if one.call else "", *side.said([one.say] if one.say else [])]
        parts += [side.label(one.says)] if one.says else []
        return " ".join(filter(None, parts))

    return {f"/{one.command or one.id}": told(one) for one in side.content.flows.globals.interrupts}


def _dangers(side: Side) -> dict[str, str]:
    def told(one: Danger) -> str:
        return f"{side.flow(one.call)}, what was going on is {'kept' if one.keep else 'dropped'}"

    return {f"{one.gate}, {one.tier}": told(one) for one in side.content.flows.globals.dangers}


def _lines(side: Side) -> dict[str, str]:
    common = side.content.flows.globals
    found = {name: " ".join(side.said([line])) for name, line in common.lines.items()}
    if common.notice is not None:
        spans = f"every {duration(common.notice.every)}, after {duration(common.notice.away)} away"
        found["notice"] = f"{' '.join(side.said([common.notice.say]))} {spans}"
    return found


def _memory(side: Side) -> dict[str, str]:
    """Return what is taken for granted of a person until they say otherwise."""
    memory = side.content.flows.globals.memory
    return {
        side.slot("", id): f"{slot.default}, {slot.type} {' '.join(slot.of)}".rstrip()
        for id, slot in memory.items()
    }


def _pages(side: Side) -> dict[str, str]:
    return {
        id: "\n".join(filter(None, (page.title, page.claim, page.source, page.doi, *sorted(page.synonyms))))
        for id, page in side.content.why.items()
    }


def _helplines(side: Side) -> dict[str, str]:
    lines = side.content.helplines
    told = {id: _numbers(one) for id, one in (*lines.countries.items(), (_ELSEWHERE, lines.other))}
    for (lang, country), one in lines.told.items():
        told[f"{country or _ELSEWHERE} ({lang})"] = _numbers(one)
    return told


def _numbers(one: Helpline) -> str:
    return "\n".join(f"{name.replace('_', ' ')}: {text}" for name, text in asdict(one).items() if text)
