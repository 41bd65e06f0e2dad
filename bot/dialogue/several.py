"""Two answers at once: which options may be named together, and how they are taken one after the other.

It is what a person could do by two taps, so that nothing is reached which taps do not reach.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.flow import Flow, State
from bot.dialogue.walk import Walk


def lead(state: State) -> tuple[str, ...]:
    """Return the option that is taken before those that are named, if there is one."""
    return (state.several,) if isinstance(state.several, str) else ()


def together(flow: Flow, state: State) -> tuple[str, ...]:
    """Return the options of which two may be named at once; none where a state lets nobody.

    Each of them is offered where the first is taken, and wherever any other of them leads from there.
    """
    if not state.several or state.gate is not None:
        return ()
    first = state if state.several is True else _after(flow, state, state.several)
    if first is None:
        return ()
    then = {name: second for name in state.ids if (second := _after(flow, first, name)) is not None}
    return tuple(name for name in then if all(name in then[other].ids for other in then if other != name))


def _after(flow: Flow, state: State, name: str) -> State | None:
    """Return the question to which an option leads, whatever else is known; never a gate, nor past one."""
    option = state.option(name)
    if option is None or option.passes or len(option.to) != 1:
        return None
    after = flow.states.get(option.to[0].to)
    return after if after is not None and after.options and after.gate is None else None


def take_each(walk: Walk, names: Sequence[str]) -> bool:
    """Follow options one after another; what is said and set to wait in between is as if it had not been.

    Where one is not offered after all, the question that is open by then is asked. Tells whether any was.
    """
    messages, said, taken = list(walk.messages), walk.said, False
    for name in names:
        option = walk.state(walk.top).option(name)
        if option is None or not walk.offers(option):
            break
        if not taken:
            walk.remember()
            walk.last, taken = None, True
        walk.messages, walk.said = list(messages), said
        walk.forget_waits()
        walk.apply(option.set)
        walk.go(walk.choose(option.to))
    return taken
