"""The flows as the checks see them: every name looked up once, and what is broken forgiven once.

A fault must be told once, so everything behind it has to look whole: a target with a near name leads there,
one without leads anywhere, and a flow that did not load ends in every way its callers handle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.content.checks.lacks import cut_short, guesses, is_torn, lost_parts, vague, value, words_of
from bot.content.faults import Spot, did_you_mean
from bot.content.flows import LoadedFlow
from bot.content.yaml12 import Path, Tree
from bot.dialogue.flow import Call, Flow, Slot, State, Transition
from bot.dialogue.flows import Globals

ENGINE = {name: Slot(name, "bool") for name in ("careful", "parked", "first_visit", "night", "recurring")}
"""The names every flow can read and none can set."""
GATES = ("person_check", "wanted_check")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Hold what is checked together.

    `broken` are the ids of flows that did not load. `says` returns the phrases of a words key, `shows` the
    slots that a prompt reads.
    """

    loaded: Mapping[str, LoadedFlow]
    globals: Globals
    globals_tree: Tree | None = None
    broken: Collection[str] = ()
    says: Callable[[str], Sequence[str]] = lambda _: ()
    shows: Callable[[str], Collection[str]] | None = None


@dataclass(eq=False)
class Web:
    """Hold one flow as a graph, with what is broken in it made up for."""

    flow: Flow
    tree: Tree
    scope: Mapping[str, Slot]
    """Every slot that can be read here: the flow's own, the memory and the engine's names."""
    faulty: frozenset[str] = frozenset()
    """States whose shape has a fault, so that anything may be missing from them."""
    vague: frozenset[str] = frozenset()
    """Slots whose declaration has a fault, so that nothing can be said about their values."""

    def __post_init__(self) -> None:
        flow = self.flow
        self.id = flow.id
        self.known = self.faulty.union(flow.states, flow.outcomes)
        """The names a way may lead to."""
        self.lost: dict[str, str | None] = {}
        """Names that ways lead to and that are nowhere, each with the one that is probably meant."""
        self.astray: set[str] = set()
        """States from which a way leads to a lost name."""
        self.guesses: set[str] = set()
        """Everything that a lost name might mean, so that nothing is held against it."""
        self.returns: dict[str, Mapping[str, str]] = {}
        """For each state that calls: outcome of the called flow → target, near names taken as meant."""
        self.wild = {
            id for id in self.faulty if cut_short(flow.states.get(id), value(self.tree, ("states", id)))
        }
        """States from which a way leads nobody knows where."""
        self.waits = {id for id, state in flow.states.items() if state.ask is not None or state.options}
        self.calls = {id: state.call for id, state in flow.states.items() if state.call is not None}
        self.ends: dict[str, str] = {}
        """For each state that ends the flow: the outcome that is meant."""
        self.goals: dict[str, tuple[str, ...]] = {id: self._goals(state) for id, state in flow.states.items()}

    @property
    def cut_short(self) -> bool:
        """Tell whether a way was lost with a fault of shape, and with it nobody knows what."""
        return not self.wild.isdisjoint(self.faulty)

    @cached_property
    def lost_words(self) -> frozenset[str]:
        """Return every word in the states that have a fault: what they name may have been lost with it."""
        return words_of([value(self.tree, ("states", id)) for id in self.faulty])

    @cached_property
    def happening(self) -> frozenset[str]:
        """Return the outcomes that something leads to; all of them where nobody knows."""
        led_to = {to for goals in self.goals.values() for to in goals} | self.lost_words | self.guesses
        unknown = self.wild or self.open_ended
        return frozenset(name for name in self.flow.outcomes if unknown or name in led_to)

    @cached_property
    def open_ended(self) -> bool:
        """Tell whether a wait lacks one of its ways out, so that nobody knows what it should lead to."""
        return any(
            state.repair.give_up is None or all(timer.to is None for timer in state.timers)
            for state in self.sound_waits()
        )

    def sound_waits(self) -> Iterator[State]:
        """Yield the states that wait and have no fault in their shape."""
        for id, state in self.flow.states.items():
            if id in self.waits and id not in self.faulty:
                yield state

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """Return the states at which the flow begins: its entry, and the one for careful sessions."""
        wanted = (self.flow.entry, self.flow.careful)
        landed = (self.meant(name, self.flow.states) for name in wanted if name is not None)
        return tuple(dict.fromkeys(name for name in landed if name is not None))

    def meant(self, name: str, known: Collection[str]) -> str | None:
        """Return the name itself where it is known, else the one that is probably meant."""
        return name if name in known else did_you_mean(name, known)

    def land(self, target: str) -> str | None:
        """Return where a target leads, None when nobody knows."""
        return target if target in self.known else self.lost.get(target)

    def straight(self, state: str) -> tuple[str, ...]:
        """Return where a state leads for certain: a target that is only guessed may be another."""
        if state not in self.astray:
            return self.goals[state]
        written = {to for to, _ in ways(self, self.flow.states[state])}
        return tuple(to for to in self.goals[state] if to in written)

    def spot(self, *path: str | int) -> Spot:
        """Return the place of a value in the flow's file."""
        return self.tree.spot(*path)

    def key(self, *path: str | int) -> Spot:
        """Return the place of a key in the flow's file."""
        return self.tree.key_spot(*path)

    def _goals(self, state: State) -> tuple[str, ...]:
        """Return where the ways out of a state lead, each name once."""
        if state.call is not None:
            found = list(state.call.returns.values())
        elif state.end is not None:
            return self._end(state.id, state.end)
        else:
            found = [way.to for way in state.goto]
            for option in state.options:
                found += [way.to for way in option.to]
            found += [timer.to for timer in state.timers if timer.to is not None]
            if state.repair.give_up is not None and state.id in self.waits:
                found.append(state.repair.give_up)
        names = dict.fromkeys(found)
        return tuple(names) if self.known.issuperset(names) else self._landed(state.id, names)

    def _end(self, state: str, outcome: str) -> tuple[str, ...]:
        meant = self.meant(outcome, self.flow.outcomes)
        if meant is None:
            self.wild.add(state)
            return ()
        self.ends[state] = meant
        return (meant,)

    def _landed(self, state: str, names: Iterable[str]) -> tuple[str, ...]:
        for name in names:
            if name not in self.known and name not in self.lost:
                self.lost[name] = did_you_mean(name, self.known)
                self.guesses.update(guesses(name, self.known))
        self.astray.add(state)
        landed = {name: self.land(name) for name in names}
        if None in landed.values():
            self.wild.add(state)
        return tuple(dict.fromkeys(name for name in landed.values() if name is not None))


@dataclass(eq=False)
class Net:
    """Hold all webs and the globals, and answer which flow a name means."""

    pieces: Pieces
    webs: dict[str, Web] = field(default_factory=dict)
    undeclared: dict[str, set[str]] = field(default_factory=dict)
    """Flow → names in it that are no slot, once that has been told."""

    def __post_init__(self) -> None:
        memory = self.pieces.globals.memory
        tree = self.pieces.globals_tree
        everywhere = vague(tree, "memory", memory) if tree is not None else frozenset()
        torn = {id for id, one in self.pieces.loaded.items() if is_torn(one.flow, one.tree)}
        self.broken = torn.union(self.pieces.broken)
        """The flows that cannot be looked into."""
        for id, one in self.pieces.loaded.items():
            if id in torn:
                continue
            unsure = everywhere | vague(one.tree, "slots", one.flow.slots)
            unread = {name: Slot(name, "text") for name in unsure}
            scope = {**memory, **ENGINE, **unread, **one.flow.slots}
            self.webs[id] = Web(one.flow, one.tree, scope, one.faulty, unsure)
        for web in self.webs.values():
            for id, call in web.calls.items():
                self._match(web, id, call)

    @property
    def globals(self) -> Globals:
        """Return what is true in every flow."""
        return self.pieces.globals

    @cached_property
    def lost_words(self) -> frozenset[str] | None:
        """Return every word that may have been lost with a fault of a state, None when any word may have."""
        tree, known = self.pieces.globals_tree, self.globals
        if tree is None or self.broken or not known.start:
            return None
        if any(web.cut_short for web in self.webs.values()):
            return None
        lost = words_of([tree.data]) if lost_parts(tree, known) else frozenset()
        return lost.union(*(web.lost_words for web in self.webs.values() if web.faulty))

    def is_flow(self, name: str) -> bool:
        """Tell whether a flow of this name exists, even one that did not load."""
        return name in self.webs or name in self.broken

    def meant(self, name: str) -> str | None:
        """Return the flow that is probably meant by a name."""
        return name if self.is_flow(name) else did_you_mean(name, [*self.webs, *self.broken])

    def _match(self, web: Web, state: str, call: Call) -> None:
        """Hold the outcomes that a call handles against those the called flow has."""
        landed = {name: web.land(to) for name, to in call.returns.items()}
        handled = {name: to for name, to in landed.items() if to is not None}
        callee = self.webs.get(call.flow)
        if callee is not None:
            free = [name for name in callee.flow.outcomes if name not in handled]
            for name in [name for name in handled if name not in callee.flow.outcomes]:
                near = did_you_mean(name, free)
                if near is not None:
                    handled.setdefault(near, handled[name])
            if not callee.happening <= handled.keys():
                web.wild.add(state)
        web.returns[state] = handled


def ways(web: Web, state: State) -> Iterator[tuple[str, Path]]:
    """Yield each target a state names and where it is written."""
    at: Path = ("states", state.id)
    for place, option in enumerate(state.options):
        yield from transitions(web, option.to, (*at, "options", place, "to"))
    if state.call is not None:
        for outcome, target in state.call.returns.items():
            yield target, (*at, "returns", outcome)
    yield from transitions(web, state.goto, (*at, "goto"))
    if state.repair.give_up is not None:
        yield state.repair.give_up, (*at, repair_key(web, state), "give_up")
    for place, timer in enumerate(state.timers):
        if timer.to is not None:
            yield timer.to, (*at, "timers", place, "to")


def transitions(web: Web, found: Sequence[Transition], path: Path) -> Iterator[tuple[str, Path]]:
    """Yield each target of a transition list, or of the one target written in its place."""
    listed = isinstance(value(web.tree, path), list)
    for place, way in enumerate(found):
        key = "else" if way.when is None else "to"
        yield way.to, (*path, place, key) if listed else path


def repair_key(web: Web, state: State) -> str:
    """Return the key that holds the repair of a wait."""
    written = value(web.tree, ("states", state.id))
    return "other" if state.ask is None or (isinstance(written, dict) and "other" in written) else "ask"


def listed(web: Web, path: Path, place: int) -> Path:
    """Return the path of one of several values, or of the only one written in place of a list."""
    return (*path, place) if isinstance(value(web.tree, path), list) else path


def gate_of(state: State) -> str | None:
    """Return the gate that a state asks, or the one that is probably meant."""
    if state.gate is None or state.gate in GATES:
        return state.gate
    return did_you_mean(state.gate, GATES)


def also(spots: Sequence[Spot]) -> str:
    """Return where else a fault stands that is told at the first of several places."""
    first, *more = spots
    places = [str(one.line) if one.file == first.file else f"{one.file}:{one.line}" for one in more]
    places = list(dict.fromkeys(place for place in places if place != str(first.line)))
    return f" (also in {'line' if len(places) == 1 else 'lines'} {', '.join(places)})" if places else ""


def mean(near: str | None, otherwise: str = "") -> str:
    """Return the fix that names the nearest known word, or what else can be done."""
    return f"did you mean {near!r}?" if near else otherwise
