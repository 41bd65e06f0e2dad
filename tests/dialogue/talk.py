"""A conversation with the core: every session passes through JSON between every two turns."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Arm, Disarm, Effect, Say
from bot.dialogue.events import Answered, Commanded, Concern, Due, Event, Pressed, Reading, TimerFired
from bot.dialogue.flow import Ask, Flow, Line, Option, Repair, Slot, State, Timer, Transition, Value
from bot.dialogue.flows import Danger, Flows, Globals, Interrupt, Notice
from bot.dialogue.guards import parse
from bot.dialogue.retention import KEEP
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 1, 5, 14, 0, tzinfo=BERLIN)


def to(target: str, when: str | None = None) -> Transition:
    """Write a transition."""
    return Transition(target, None if when is None else parse(when))


def option(name: str, target: str, when: str | None = None, **more: object) -> Option:
    """Write an option that leads to one target."""
    guard = None if when is None else parse(when)
    return Option(name, f"label/{name}", f"says/{name}", (to(target),), when=guard, **more)  # type: ignore[arg-type]


def says(name: str, *prompts: str, **more: object) -> State:
    """Write a state that says prompts."""
    return State(name, say=tuple(map(Line, prompts)), **more)  # type: ignore[arg-type]


def asks(name: str, slot: str, target: str, **more: object) -> State:
    """Write a state that asks for a slot."""
    fields = {"goto": (to(target),), "repair": Repair((Line(f"{name}_again"),), 3, "done"), **more}
    return says(name, f"{name}?", **{"ask": Ask(slot), **fields})


def offers(name: str, *options: Option, **more: object) -> State:
    """Write a state that offers options."""
    fields = {"repair": Repair((Line(f"{name}_again"),), 3, "done"), **more}
    return says(name, f"{name}?", options=options, **fields)


def flow(name: str, *states: State, **more: object) -> Flow:
    """Write a flow that begins at its first state."""
    fields = {"version": 1, "entry": states[0].id, "outcomes": ("done",), **more}
    return Flow(id=name, states={state.id: state for state in states}, **fields)  # type: ignore[arg-type]


def text(name: str, **more: object) -> dict[str, Slot]:
    """Write one text slot."""
    return {name: Slot(name, "text", **more)}  # type: ignore[arg-type]


HELP = Interrupt("help", "say", "help", "says/help", Line("help"))
STOP = Interrupt("stop", "stop", "stop", "says/stop", Line("stopped"))
WHY = Interrupt("why", "why", "why", "says/why")
BACK = Interrupt("back", "back", "back", "says/back")
START = Interrupt("start", "start", "start")
SETTINGS = Interrupt("settings", "call", "settings", "says/settings", call="settings")
EXPORT = Interrupt("export", "export", "export", "says/export", Line("exported"))
RESUME = Interrupt("resume", "resume", "resume")
LINES = {
    name: Line(name)
    for name in (
        "stale",
        "nothing_back",
        "why_unknown",
        "stopped_nudging",
        "not_understood",
        "unsupported",
        "welcome_back",
        "silent",
        "kept_over",
    )
}
NOTICE = Notice(Line("notice"), 3 * 3600, 7 * 86400)
QUESTION = flow(
    "question",
    asks("name", "name", "mood"),
    offers("mood", option("good", "bye"), option("bad", "bye"), why="mood-page"),
    says("bye", "bye", end="done"),
    slots=text("name", max=40),
    why="flow-page",
)
SETTINGS_FLOW = flow(
    "settings",
    offers("which", option("zone", "zone"), option("none", "done")),
    asks("zone", "zone", "done"),
    slots=text("zone"),
)
CRISIS = flow(
    "crisis",
    offers(
        "card",
        option("back", "resume"),
        option("close", "closed"),
        careful=True,
        cancel=True,
        no_back=True,
        repair=Repair((Line("card_again"),), 9, "closed"),
    ),
    outcomes=("resume", "closed"),
)
ASKING = flow(
    "asking", offers("sure", option("fine", "fine"), option("yes", "closed")), outcomes=("fine", "closed")
)
UNSAFE = flow(
    "unsafe",
    offers("believe", option("mistaken", "fine"), option("end", "closed")),
    outcomes=("fine", "closed"),
)
DANGERS = (
    Danger("self", "hard", "crisis"),
    Danger("self", "soft", "asking"),
    Danger("unsafe", "hard", "unsafe", keep=False),
)
ALL = (STOP, HELP, WHY, BACK, START, SETTINGS, EXPORT, RESUME)


def flows_of(*flows: Flow, **more: object) -> Flows:
    """Gather flows with the usual globals; `more` replaces fields of the globals or of the set."""
    fields: dict[str, object] = {
        "start": flows[0].id,
        "memory": {"country": Slot("country", "enum", of=("US", "DE"))},
        "lines": LINES,
        "interrupts": ALL,
        "dangers": DANGERS,
        "resume": frozenset({"resume", "fine"}),
    }
    extra = {key: more.pop(key) for key in ("variants", "why") if key in more}
    world = Globals(**fields | more)  # type: ignore[arg-type]
    every = {one.id: one for one in (*flows, SETTINGS_FLOW, CRISIS, ASKING, UNSAFE)}
    extra.setdefault("why", frozenset({"mood-page", "flow-page", "ghosting"}))
    return Flows(every, world, **extra)  # type: ignore[arg-type]


class Talk:
    """Talk with flows, and look at what came back."""

    def __init__(
        self, *flows: Flow, now: datetime = MONDAY, memory: dict[str, Value] | None = None, **more: object
    ):
        self.flows = flows_of(*flows, **more)
        self.now = now
        self.session = Session("s", memory=memory or {})
        self.effects: tuple[Effect, ...] = ()
        self.first = flows[0].id

    # --- speaking ---

    def begin(self, **slots: Value) -> Talk:
        return self._took(begin(self.flows, self._through_json(), self.first, self.now, slots))

    def event(self, event: Event) -> Talk:
        return self._took(step(self.flows, self._through_json(), event, self.now))

    def type(self, words: str, option: str | None = None, seen: int | None = None, **reading: object) -> Talk:
        return self.event(Answered(words, None, Reading(option=option, **reading), seen))  # type: ignore[arg-type]

    def danger(self, gate: str = "self", tier: str = "hard", **more: object) -> Talk:
        return self.event(Answered("…", Concern(gate, tier), **more))  # type: ignore[arg-type]

    def press(self, option: str, turn: int | None = None, state: str | None = None) -> Talk:
        top = self.session.frames[-1]
        shown = self.session.turn if turn is None else turn
        return self.event(Pressed(shown, option, top.flow, state or top.state, top.version))

    def command(self, name: str, words: str = "", topic: str | None = None) -> Talk:
        return self.event(Commanded(name, words, topic))

    def fire(self, *timers: str, since: int | None = None) -> Talk:
        """Fire timers of the open wait; a reminder is named by its whole id."""
        turn = since if since is not None else self.session.frames[-1].since if self.session.frames else 0
        return self.event(
            TimerFired(tuple(Due(t, 0 if t.startswith(("remind:", KEEP)) else turn) for t in timers))
        )

    def later(self, **span: float) -> Talk:
        self.now += timedelta(**span)
        return self

    # --- looking ---

    @property
    def where(self) -> str:
        return (
            ".".join((self.session.frames[-1].flow, self.session.frames[-1].state))
            if self.session.frames
            else ""
        )

    @property
    def said(self) -> list[str]:
        return [" + ".join(line.prompt for line in say.lines) for say in self.says]

    @property
    def says(self) -> list[Say]:
        return [effect for effect in self.effects if isinstance(effect, Say)]

    @property
    def shown(self) -> list[str]:
        return [choice.option for choice in self.says[-1].choices] if self.says else []

    @property
    def armed(self) -> dict[str, datetime]:
        return {effect.timer: effect.due for effect in self.effects if isinstance(effect, Arm)}

    @property
    def disarmed(self) -> list[int]:
        return [effect.since for effect in self.effects if isinstance(effect, Disarm)]

    @property
    def slots(self) -> dict[str, Value]:
        return dict(self.session.frames[-1].slots)

    # --- inside ---

    def _through_json(self) -> Session:
        carried = from_json(json.loads(json.dumps(to_json(self.session))))
        assert carried == self.session
        return carried

    def _took(self, result: tuple[Session, tuple[Effect, ...]]) -> Talk:
        self.session, self.effects = result
        return self


def nudging(**more: object) -> Flow:
    """Write a flow with a nudge after 20 hours and a lapse after 72."""
    timers = (Timer("nudge", 20 * 3600, say=Line("nudge")), Timer("lapse", 72 * 3600, to="gone"))
    states = (offers("wait", option("on", "done"), timers=timers), says("gone", "gone", end="done"))
    return replace(flow("nudging", *states), **more)  # type: ignore[arg-type]
