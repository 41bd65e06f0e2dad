"""The options of a question, before and now: added, gone, shown otherwise, leading elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.differing.change import Change
from bot.authoring.differing.side import Side
from bot.authoring.differing.telling import Tell, ways_changed
from bot.authoring.journey import Place
from bot.dialogue.flow import Option
from bot.dialogue.guards import Guard


def choices(old: Side, new: Side, places: tuple[Place, Place], tell: Tell) -> Iterator[Change]:
    """Yield what has changed among the options of a point."""
    pairs = _pairs(old, new, places)
    kept = {was.id for was, _ in pairs}
    still = {now.id for _, now in pairs}
    for gone in old.state(places[0]).options:
        if gone.id not in kept:
            yield tell("option", f"option `{gone.id}` is gone", _shown(old, gone))
    for fresh in new.state(places[1]).options:
        if fresh.id not in still:
            yield tell("option", f"option `{fresh.id}` is new", "", _shown(new, fresh))
    if [now.id for _, now in pairs] != [one.id for one in new.state(places[1]).options if one.id in still]:
        order = [now.id for _, now in pairs]
        yield tell("option", "the options stand in another order", ", ".join(order))
    for was, now in pairs:
        yield from _one(old, new, (was, now), (places[0][0], places[1][0]), tell)


def _pairs(old: Side, new: Side, places: tuple[Place, Place]) -> list[tuple[Option, Option]]:
    """Return the options that are the same: by id, by what a migration says, by their label."""
    before, after = old.state(places[0]).options, new.state(places[1]).options
    flow = new.content.flows.flows[places[1][0]]
    moved = {was: now for step in flow.migrate for was, now in step.options.items()}
    by_id = {one.id: one for one in after}
    by_label = {one.label: one for one in after if one.id not in {was.id for was in before}}
    found = []
    for was in before:
        now = by_id.get(was.id) or by_id.get(moved.get(was.id, "")) or by_label.get(old.label(was.label))
        if now is not None:
            found.append((was, now))
    return found


def _one(
    old: Side, new: Side, pair: tuple[Option, Option], flows: tuple[str, str], tell: Tell
) -> Iterator[Change]:
    was, now = pair
    name = f"option `{now.id}`"
    yield from _called(old, new, pair, tell)
    for what, *guards in (("is offered", was.when, now.when), ("has a button", was.button, now.button)):
        before, after = (
            _on(side, flow, guard) for side, flow, guard in zip((old, new), flows, guards, strict=True)
        )
        if before != after:
            yield tell("option", f"{name} {what} on another condition", before, after)
    if was.typed != now.typed:
        yield tell("option", f"{name} has {'no button any more' if now.typed else 'a button now'}")
    if was.passes != now.passes:
        yield tell("gate", f"{name} {'opens' if now.passes else 'no longer opens'} the gate")
    yield from ways_changed(
        old.leads(flows[0], was.to, was.set), new.leads(flows[1], now.to, now.set), tell, name
    )


def _called(old: Side, new: Side, pair: tuple[Option, Option], tell: Tell) -> Iterator[Change]:
    """Yield another label, or other phrases; where the entry is the same one, its words are compared once."""
    was, now = pair
    if old.label(was.label) != now.label and not (was.typed and now.typed):
        before, after = _shown(old, was), _shown(new, now)
        if before != after:
            yield tell("label", f"option `{now.id}` is called otherwise", before, after)
    if old.label(was.says) != now.says:
        heard = set(old.content.words.says(was.says)), set(new.content.words.says(now.says))
        if heard[0] != heard[1]:
            yield tell("heard", f"option `{now.id}` is heard in other words")


def _on(side: Side, flow: str, guard: Guard | None) -> str:
    return "always" if guard is None else side.guard(flow, guard)


def _shown(side: Side, option: Option) -> str:
    return side.content.words.label(option.label)
