"""The whole difference between two versions, by flow, in the order of conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.authoring.differing.change import Change
from bot.authoring.differing.everywhere import everywhere
from bot.authoring.differing.names import paired
from bot.authoring.differing.points import compared
from bot.authoring.differing.side import Side, felt
from bot.authoring.differing.telling import telling, ways_changed, words
from bot.authoring.differing.wording import reworded
from bot.authoring.journey import Place
from bot.content.library import Content
from bot.dialogue.flow import Flow, State


def difference(before: Content, after: Content) -> tuple[Change, ...]:
    """Return every change that a person can notice, each once."""
    old, new = Side(before, paired(before, after)), Side(after)
    found = [*_flows(old, new), *_points(old, new), *_reached(old, new), *reworded(old, new)]
    places = dict.fromkeys((*new.reached, *map(old.place, old.reached)))
    order = {place: rank for rank, place in enumerate(places)}
    firsts = _firsts(order)
    every = dict.fromkeys((*found, *everywhere(old, new)))
    return tuple(
        sorted(
            every,
            key=lambda one: (one.flow == "", firsts.get(one.flow, 0), order.get((one.flow, one.state), -1)),
        )
    )


def _firsts(order: dict[Place, int]) -> dict[str, int]:
    """Return the rank of each flow: that of its first state."""
    found: dict[str, int] = {}
    for (flow, _), rank in order.items():
        found[flow] = min(rank, found.get(flow, rank))
    return found


def _points(old: Side, new: Side) -> Iterator[Change]:
    """Compare each state that people come by in both."""
    reached = {old.place(place): place for place in old.reached}
    for place in new.reached:
        if place in reached and (felt(new.state(place)) or felt(old.state(reached[place]))):
            yield from compared(old, new, (reached[place], place))


def _reached(old: Side, new: Side) -> Iterator[Change]:
    """Yield the points that nobody comes by any more, and those that are new."""
    before = {old.place(place): place for place in old.reached}
    now = set(new.reached)
    for place, was in before.items():
        if place not in now and felt(old.state(was)):
            what = "is no longer reached" if _there(new, place) else "is gone"
            yield telling(*place)("unreachable", what, _told(old, old.state(was)), "")
    for place in new.reached:
        if place not in before and felt(new.state(place)):
            state = new.state(place)
            told = telling(*place)
            what = "asks something new" if state.waits else "is new"
            yield told("asks" if state.waits else "says", what, "", _told(new, state))


def _there(side: Side, place: Place) -> bool:
    flow = side.content.flows.flows.get(place[0])
    return flow is not None and place[1] in flow.states


def _told(side: Side, state: State) -> str:
    """Write down what a person reads at a point."""
    labels = [f"[{side.content.words.label(one.label)}]" for one in state.options if not one.typed]
    called = f"(runs {state.call.flow})" if state.call else ""
    noted = f"(puts {state.record.what} into their record)" if state.record else ""
    return "\n".join(filter(None, (words(side, side.said(state.say)), called, noted, " ".join(labels))))


def _flows(old: Side, new: Side) -> Iterator[Change]:
    """Yield what has changed about flows as a whole."""
    here = {place[0] for place in new.reached}
    for flow in old.content.flows.flows.values():
        now = new.content.flows.flows.get(old.flow(flow.id))
        if now is not None and now.id in here:
            yield from _flow(old, new, flow, now)


def _flow(old: Side, new: Side, was: Flow, now: Flow) -> Iterator[Change]:
    tell = telling(now.id, "")
    first = tuple(replace(lead, noted=()) for lead in old.lead(was.id, was.entry))
    yield from ways_changed(
        first, tuple(replace(lead, noted=()) for lead in new.lead(now.id, now.entry)), tell, "the beginning"
    )
    yield from ways_changed(
        old.lead(was.id, was.careful), new.lead(now.id, now.careful), tell, "the beginning with care"
    )
    if was.why != now.why:
        yield tell("page", "has another page of /why", was.why or "none", now.why or "none")
    if was.deny != now.deny:
        yield tell(
            "command", "refuses other commands", ", ".join(sorted(was.deny)), ", ".join(sorted(now.deny))
        )
    if (was.opening is None) != (now.opening is None):
        yield tell("asks", f"{'keeps' if now.opening else 'no longer keeps'} what was written to begin")
    ends = {old.outcome(was.id, one) for one in was.outcomes}, set(now.outcomes)
    if ends[0] != ends[1]:
        yield tell("outcome", "ends in other ways", ", ".join(sorted(ends[0])), ", ".join(sorted(ends[1])))
