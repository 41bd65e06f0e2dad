"""Options beside one another: there is always one to choose, and no two sound alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from bot.content.checks.domains import World, exclude, sound, unmet
from bot.content.checks.webs import Net, Web
from bot.content.faults import Fault
from bot.dialogue.flow import Option, State
from bot.safety.normalise import normalise


def option_faults(net: Net) -> Iterator[Fault]:
    """Check the options of every wait."""
    phrases = Phrases(net.pieces.says)
    for web in net.webs.values():
        for state in web.sound_waits():
            if state.options:
                yield from _none_left(web, state)
                yield from _alike(web, state, phrases)


def _none_left(web: Web, state: State) -> Iterator[Fault]:
    """Report values with which every option of a state is hidden."""
    buttons = [option for option in state.options if not option.typed]
    hiding = [option.when or option.button for option in buttons]
    guards = [guard for guard in hiding if guard is not None]
    if state.ask is not None or len(guards) < len(buttons) or not sound(guards, web.scope):
        return
    world = unmet(guards, web.scope)
    if world is not None:
        message = f"state {state.id!r} shows no option {_told(world)}"
        yield Fault(
            "T307", web.key("states", state.id, "options"), message, "add one for it, or one without `if`"
        )


def _told(world: World) -> str:
    """Say which values these are; an invented text is not worth showing."""
    shown = (f"{name} is {_value(value)}" for name, value in world.items())
    return "when " + " and ".join(shown)


def _value(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return str(value).lower()
    return "anything else" if "\x00" in str(value) or isinstance(value, tuple) else repr(value)


class Phrases(dict[str, frozenset[str]]):
    """Hold the normalised phrases of each words key, made when they are first asked for."""

    def __init__(self, says: Callable[[str], Sequence[str]]) -> None:
        super().__init__()
        self.says = says

    def __missing__(self, key: str) -> frozenset[str]:
        found = self[key] = frozenset(_plain(phrase) for phrase in self.says(key))
        return found


@lru_cache(1 << 16)
def _plain(phrase: str) -> str:
    """Write a phrase as it is compared: one spelling, no signs, unless it is nothing but signs."""
    spelled = normalise(phrase)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in spelled).split()) or spelled


def _alike(web: Web, state: State, phrases: Phrases) -> Iterator[Fault]:
    """Report the second of two options that share a phrase and can be shown at once."""
    says = [phrases[option.says] for option in state.options]
    if len(frozenset[str]().union(*says)) == sum(map(len, says)):
        return
    told: set[int] = set()
    for first, second in combinations(range(len(says)), 2):
        shared = says[first] & says[second]
        if shared and second not in told and not apart(web, state.options[first], state.options[second]):
            told.add(second)
            one, other = state.options[first].id, state.options[second].id
            message = f"options {one!r} and {other!r} share the phrase {min(shared)!r}"
            spot = web.spot("states", state.id, "options", second)
            yield Fault("T312", spot, message, "keep it with one of them")


def apart(web: Web, one: Option, other: Option) -> bool:
    """Tell whether two options are surely never shown at once."""
    if one.when is None or other.when is None:
        return False
    # Of a guard that has a fault of its own nobody knows when it holds.
    return not sound([one.when, other.when], web.scope) or exclude(one.when, other.when, web.scope)
