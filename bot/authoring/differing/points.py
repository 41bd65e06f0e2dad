"""Two states that are the same point of a dialogue: what a person meets there now, and did before."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.differing.change import Change, Kind
from bot.authoring.differing.choices import choices
from bot.authoring.differing.side import Side
from bot.authoring.differing.telling import Tell, swapped, telling, ways_changed
from bot.authoring.differing.waiting import waiting
from bot.authoring.journey import Place
from bot.content.filters import duration
from bot.dialogue.flow import Remind, State


def compared(old: Side, new: Side, places: tuple[Place, Place]) -> Iterator[Change]:
    """Yield what has changed at a point; the words themselves are compared elsewhere, each once."""
    tell = telling(*places[1])
    was, now = old.state(places[0]), new.state(places[1])
    told: tuple[Tell, Kind, str] = (tell, "asks", "asks") if now.waits else (tell, "says", "says")
    yield from swapped((old, new), old.said(was.say), new.said(now.say), told)
    yield from choices(old, new, places, tell)
    yield from waiting(old, new, places, tell)
    yield from _onward(old, new, places, tell)
    yield from _care(old, new, places, tell)
    yield from _reminders(old, new, places, tell)


def _onward(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    """Yield what is noted on arrival, and where it goes on from here."""
    was, now = old.state(places[0]), new.state(places[1])
    before = tuple(old.noted(places[0][0], was.set))
    after = tuple(new.noted(places[1][0], now.set))
    if before != after:
        yield tell("means", "notes something else on arrival", _pairs(before), _pairs(after))
    onward = "the answer" if now.ask else "the way on"
    leads = (old.leads(places[0][0], was.goto), new.leads(places[1][0], now.goto))
    yield from ways_changed(*leads, tell, onward)
    ends = old.outcome(places[0][0], was.end or ""), now.end or ""
    if ends[0] != ends[1]:
        yield tell("outcome", "ends otherwise", *ends)
    yield from _call(old, new, places, tell)


def _pairs(noted: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{slot} = {value}" for slot, value in noted)


def _call(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    was, now = old.state(places[0]).call, new.state(places[1]).call
    called = (old.flow(was.flow) if was else ""), (now.flow if now else "")
    if called[0] != called[1]:
        yield tell("leads", "runs another flow", *called)
    if was is None or now is None or called[0] != called[1]:
        return
    given = [
        sorted((slot, value) for slot, value in side.noted(place[0], call.give))
        for side, place, call in ((old, places[0], was), (new, places[1], now))
    ]
    if given[0] != given[1]:
        yield tell(
            "means", f"tells {now.flow} something else", _pairs(tuple(given[0])), _pairs(tuple(given[1]))
        )
    before = {old.outcome(was.flow, outcome): to for outcome, to in was.returns.items()}
    for outcome in dict.fromkeys((*before, *now.returns)):
        leads = (
            old.lead(places[0][0], before.get(outcome)),
            new.lead(places[1][0], now.returns.get(outcome)),
        )
        yield from ways_changed(*leads, tell, f"`{outcome}` of {now.flow}")


def _care(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    """Yield changes in what protects somebody, in what is kept, and in the page of /why."""
    flow, was, now = places[0][0], old.state(places[0]), new.state(places[1])
    if was.gate != now.gate:
        yield tell("gate", "asks another gate", was.gate or "none", now.gate or "none")
    if was.rung != now.rung:
        yield tell("gate", "is another kind of step", was.rung or "none", now.rung or "none")
    for what, before, after in (
        ("is met with care from here on", was.careful, now.careful),
        ("is forgotten", was.forget, now.forget),
        ("cannot go back past here", was.no_back, now.no_back),
        ("sees a picture of their weeks", was.picture is not None, now.picture is not None),
    ):
        if before != after:
            yield tell("care", f"the person {what}" if after else f"no longer: the person {what}")
    cancels = [old.flow(was.cancel) if isinstance(was.cancel, str) else was.cancel, now.cancel]
    if cancels[0] != cancels[1]:
        yield tell("reminder", "drops other reminders", *map(_cancelled, cancels))
    noted = _recorded(old, flow, was), _recorded(new, "", now)
    if noted[0] != noted[1]:
        yield tell("record", "puts something else into their record", *noted)
    if was.why != now.why:
        yield tell(
            "page", "has another page of /why", was.why or "that of the flow", now.why or "that of the flow"
        )


def _cancelled(what: bool | str) -> str:
    return what if isinstance(what, str) else "all" if what else "none"


def _recorded(side: Side, flow: str, state: State) -> str:
    one = state.record
    return " ".join((one.what, *(side.slot(flow, slot) for slot in one.slots))) if one else "nothing"


def _reminders(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    before = {old.flow(one.flow): _promised(old, places[0][0], one) for one in old.state(places[0]).remind}
    after = {one.flow: _promised(new, places[1][0], one) for one in new.state(places[1]).remind}
    for flow in dict.fromkeys((*before, *after)):
        was, now = before.get(flow, "never"), after.get(flow, "never")
        if was != now:
            yield tell("reminder", f"comes back with {flow} at another time", was, now)


def _promised(side: Side, flow: str, one: Remind) -> str:
    """Say when a flow comes back."""
    rhythm = one.rhythm
    parts = [f"after {duration(one.after)}"] if one.after is not None else []
    parts += [f"at the hour in `{side.slot(flow, one.at)}`"] if one.at else []
    parts += [f"every {rhythm.every}"] if rhythm.every else []
    parts += [f"on the day in `{side.slot(flow, rhythm.on)}`"] if rhythm.on else []
    parts += [f"spread over {duration(rhythm.spread)}"] if rhythm.spread else []
    parts += [f"for {duration(rhythm.fresh)} at most"] if rhythm.fresh else []
    parts += ["in the place of today's"] if rhythm.snooze else []
    parts += [
        f"if busy {one.if_busy}",
        *(f"with {slot} = {value}" for slot, value in side.noted(flow, one.give)),
    ]
    return ", ".join(parts)
