"""How a question waits, before and now: what is typed into it, misses, nudges, and when it lapses."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.differing.change import Change
from bot.authoring.differing.side import Side
from bot.authoring.differing.telling import Tell, swapped, ways_changed, when
from bot.authoring.journey import Place
from bot.dialogue.flow import State, Timer


def waiting(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    """Yield what has changed in the way a point waits."""
    was, now = old.state(places[0]), new.state(places[1])
    yield from _typed(old, new, places, tell)
    if was.waits and now.waits:
        yield from _misses(old, new, places, tell)
        yield from _nudges(old, new, was, now, tell)
        yield from _lapses(old, new, places, tell)
    elif was.waits != now.waits:
        yield tell("asks", "waits for an answer now" if now.waits else "goes on without an answer now")


def _typed(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    was, now = old.state(places[0]), new.state(places[1])
    before, after = (_taken(side, place) for side, place in zip((old, new), places, strict=True))
    if before != after and was.waits and now.waits:
        yield tell("asks", "takes something else for an answer", before, after)
    edits = [side.names.prompts.get(one, one) for side, one in ((old, _edits(was)), (new, _edits(now)))]
    if edits[0] != edits[1]:
        yield tell("asks", "offers other words for changing")


def _edits(state: State) -> str:
    return (state.ask.edits or "") if state.ask else ""


def _taken(side: Side, place: Place) -> str:
    """Say what may be typed."""
    state, flow = side.state(place), side.content.flows.flows[place[0]]
    if state.ask is None:
        return "an option" if state.options else "nothing"
    slot = flow.slots.get(state.ask.slot) or side.content.flows.globals.memory.get(state.ask.slot)
    if slot is None:
        return "a text"
    bounds = [
        f"{name} {value}" for name, value in (("from", slot.min), ("to", slot.max)) if value is not None
    ]
    return " ".join([f"`{side.slot(place[0], slot.id)}`, {slot.type}", *bounds, *slot.of])


def _misses(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    was, now = old.state(places[0]).repair, new.state(places[1]).repair
    before, after = old.said(was.reprompt), new.said(now.reprompt)
    yield from swapped((old, new), before, after, (tell, "miss", "after a miss, says"))
    if was.max_tries != now.max_tries:
        yield tell("miss", "gives up after another number of misses", str(was.max_tries), str(now.max_tries))
    leads = old.lead(places[0][0], was.give_up), new.lead(places[1][0], now.give_up)
    yield from ways_changed(*leads, tell, "giving up")


def _nudges(old: Side, new: Side, was: State, now: State, tell: Tell) -> Iterator[Change]:
    before = [timer for timer in was.timers if timer.to is None]
    after = [timer for timer in now.timers if timer.to is None]
    more = len(after) - len(before)
    if more:
        what = f"{abs(more)} nudge{'s'[: abs(more) != 1]} {'more' if more > 0 else 'fewer'}"
        yield tell("nudge", what, _times(before), _times(after))
    elif _times(before) != _times(after):
        yield tell("nudge", "nudges at another time", _times(before), _times(after))
    lines = [[timer.say for timer in each if timer.say] for each in (before, after)]
    if not more:
        yield from swapped(
            (old, new), old.said(lines[0]), new.said(lines[1]), (tell, "nudge", "a nudge says")
        )


def _times(timers: list[Timer]) -> str:
    return ", ".join(when(timer) for timer in timers)


def _lapses(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    was = [timer for timer in old.state(places[0]).timers if timer.to is not None]
    now = [timer for timer in new.state(places[1]).timers if timer.to is not None]
    if _times(was) != _times(now):
        yield tell("lapse", f"the wait lapses {_sooner(was, now)}", _times(was), _times(now))
    for before, after in zip(was, now, strict=False):
        leads = old.lead(places[0][0], before.to), new.lead(places[1][0], after.to)
        yield from ways_changed(*leads, tell, "the lapse")


def _sooner(was: list[Timer], now: list[Timer]) -> str:
    before, after = (
        min((one.after for one in each if one.after is not None), default=None) for each in (was, now)
    )
    if before is None or after is None or before == after:
        return "at another time"
    return "sooner" if after < before else "later"
