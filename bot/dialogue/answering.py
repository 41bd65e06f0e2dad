"""How a text is answered, in the fixed order: danger, a late text, interrupts, an option's words, a value.

Whatever is not understood costs a try; whatever interrupts does not.
"""

from __future__ import annotations

from bot.dialogue.events import Answered, Concern
from bot.dialogue.flow import Ask, Option, Slot, State, Value
from bot.dialogue.flows import DID_YOU_MEAN, Danger, Interrupt
from bot.dialogue.interrupts import Heard, allowed, begin_flow, danger, hear, interrupt, outranks
from bot.dialogue.several import take_each
from bot.dialogue.tongues import follow, strange
from bot.dialogue.values import LONGEST_TEXT, holds, parse_value
from bot.dialogue.walk import Walk

MOST_ASIDES = 20


def answered(walk: Walk, event: Answered) -> None:
    """React to a text in the fixed order; whoever chose no language is answered in the one they write."""
    follow(walk, event.tongue)
    sign = None if event.concern is None else threat(walk, event.concern)
    if sign is not None:
        put_first(walk, sign)
        return
    late = event.seen is not None and bool(walk.frames) and event.seen < walk.top.since
    name = event.reading.interrupt
    asked_for = None if name is None else _interrupt(walk, name)
    if asked_for is not None and not (late and asked_for.do == "back"):
        interrupt(walk, asked_for, event.text if event.reading.why else "", event.reading.why)
    elif late:
        _keep_late(walk, event.text)
    elif walk.frames and walk.top.moved is not None and walk.top.moved.fresh:
        _keep_late(walk, event.text)
        walk.again()
    elif not walk.frames:
        strange(walk, event.tongue)
        begin_flow(walk, walk.flows.globals.start, event.text, event.reading.heard)
    else:
        _answer(walk, event)


def threat(walk: Walk, concern: Concern) -> Danger | None:
    """Return the danger a concern stands for, unless the person is in its care already, or has denied it."""
    if concern.tier == "soft" and concern.figure in walk.denied and not walk.careful:
        return None
    for which in walk.flows.globals.dangers:
        if (which.gate, which.tier) == (concern.gate, concern.tier) and outranks(walk, which):
            walk.asking = concern.figure if concern.tier == "soft" else ""
            return which
    return None


def put_first(walk: Walk, sign: Danger) -> None:
    """Answer a danger before anything else; a notice does not stand above the card, and is still due."""
    if walk.opening:
        walk.noticed = walk.session.noticed
    walk.opening.clear()
    danger(walk, sign)


def _interrupt(walk: Walk, name: str) -> Interrupt | None:
    """Return the interrupt of this id, if the flow allows it here."""
    found = next((one for one in walk.flows.globals.interrupts if one.id == name), None)
    return found if found is not None and allowed(walk, found) else None


def _keep_late(walk: Walk, text: str) -> None:
    """Keep a text that was sent before the question was delivered as part of the answer before it."""
    last: tuple[int, str] | None = walk.last
    if last is not None and last[0] == len(walk.frames) - 1 and last[1] in walk.top.slots:
        slot = walk.flow(walk.top).slots.get(last[1])
        most = LONGEST_TEXT if slot is None or slot.max is None else slot.max
        joined = f"{walk.top.slots[last[1]]}\n{text}"
        if len(joined) <= most:
            walk.put(last[1], joined, walk.top.ends.get(last[1]))
            return
    walk.asides = (*walk.asides, text[:LONGEST_TEXT])[-MOST_ASIDES:]


def _answer(walk: Walk, event: Answered) -> None:
    """Take a text as two options, or one option's words, else as the value asked for, else not at all."""
    if take_each(walk, event.reading.several):
        return
    state, name = walk.state(walk.frames[-1]), event.reading.option
    option = None if name is None else state.option(name)
    if option is not None and walk.offers(option):
        take(walk, option)
        return
    ask = state.ask
    slot = None if ask is None else walk.slot(ask.slot)
    value = None if slot is None else _value(slot, event)
    if ask is None or slot is None or value is None:
        _not_understood(walk, event)
    else:
        _fill(walk, state, ask, value, event.reading.heard)


def _value(slot: Slot, event: Answered) -> Value | None:
    """Return what a text stands for: as it was understood, or else by its form."""
    told = event.reading.value
    return told if told is not None and holds(slot, told) else parse_value(slot, event.text)


def take(walk: Walk, option: Option) -> None:
    """Follow an option."""
    walk.remember()
    walk.last = None
    walk.apply(option.set)
    walk.go(walk.choose(option.to))


def _fill(walk: Walk, state: State, ask: Ask, value: Value, heard: Heard) -> None:
    """Fill the slot that was asked for, and what else was heard, and go on."""
    walk.remember()
    walk.last = (len(walk.frames) - 1, ask.slot) if isinstance(value, str) else None
    walk.put(ask.slot, value)
    hear(walk, ask.hears, heard)
    walk.go(walk.choose(state.goto))


def _not_understood(walk: Walk, event: Answered) -> None:
    """Admit it, one rung further down the ladder of reprompts; at its end, give up kindly."""
    state = walk.state(walk.top)
    repair, tries = state.repair, walk.top.tries + 1
    if tries >= repair.max_tries and repair.give_up is not None:
        walk.remember()
        walk.go(repair.give_up)
        return
    near = _near(walk, state, event)
    walk.change_top(tries=tries, near=near)
    if strange(walk, event.tongue):
        walk.again()
        return
    if near:
        walk.core_line(DID_YOU_MEAN)
    elif repair.reprompt:
        walk.say(repair.reprompt[min(tries, len(repair.reprompt)) - 1])
    else:
        walk.core_line("not_understood")
    walk.offer(state)


def _near(walk: Walk, state: State, event: Answered) -> tuple[str, ...]:
    """Return the options to show first, those the answer was near to.

    None where a gate may open, nor where some options are only typed: such a question has its own words.
    """
    apart = any(one.passes or one.typed for one in state.options)
    if apart or DID_YOU_MEAN not in walk.flows.globals.lines:
        return ()
    shown = [one.option for one in walk.choices(state)]
    return tuple(one for one in event.reading.near if one in shown) if len(shown) > 1 else ()
