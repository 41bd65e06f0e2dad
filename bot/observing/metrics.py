"""The numbers of a running service, in the form Prometheus reads. docs/watch.md says what each means."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import assert_never, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics import disable_created_metrics

from bot import __version__
from bot.dialogue.effects import Count
from bot.dialogue.events import Answered, Commanded, Concern, Event, Operated, Pressed, TimerFired
from bot.dialogue.flows import Flows
from bot.observing.befalling import befell, stops
from bot.observing.fives import Fives
from bot.observing.labels import Labels
from bot.observing.look import Look
from bot.runtime.ledger import LANES
from bot.runtime.messages import Command, Outgoing, Press, Text, Unsupported, Update, What
from bot.runtime.meter import Failing, Fate
from bot.runtime.ports import Entry, Moment, Verdict

ANSWERING = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
WAITING = (0.05, 0.25, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0)
LATENESS = (0.1, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 21600.0)
"""Seconds up to which things are counted together."""

KINDS = ("text", "press", "command", "unsupported")
VERDICTS = (*(one.value.replace(" ", "_") for one in Verdict), "not_kept")


class Metrics:
    """Be the meter of one service. Nothing in it outlives the process, and no label names a person."""

    def __init__(self, flows: Flows, labels: Labels) -> None:
        # they would tell the second at which somebody was first in danger
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves its type out
        self._stops, self._labels = stops(flows), labels
        self.registry = own = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=own)
        self._arrivals(own)
        self._sendings(own)
        self._standings(own)
        self._people(own)
        self._begin()

    def _arrivals(self, own: CollectorRegistry) -> None:
        kinds = ("platform", "kind", "verdict")
        self._updates = Counter(
            "lowtide_updates", "What platforms sent, by what became of it.", kinds, registry=own
        )
        self._seconds = Histogram(
            "lowtide_update_seconds", "From taken to kept.", ("platform",), buckets=ANSWERING, registry=own
        )
        self._steps = Counter(
            "lowtide_steps", "Committed steps, by what caused them.", ("kind",), registry=own
        )
        self._failures = Counter(
            "lowtide_failures",
            "Answers that failed: an apology or a card went out instead.",
            ("what",),
            registry=own,
        )
        self._late = Histogram(
            "lowtide_timer_lateness_seconds", "From due to taken up.", buckets=LATENESS, registry=own
        )
        self._lines = Counter("lowtide_log_lines", "Lines of the log.", ("level", "part"), registry=own)

    def _sendings(self, own: CollectorRegistry) -> None:
        lanes = ("platform", "lane")
        self._sends = Counter(
            "lowtide_sends", "Tries to send, and their ends.", (*lanes, "fate"), registry=own
        )
        self._waits = Histogram(
            "lowtide_send_wait_seconds", "From committed to sent.", lanes, buckets=WAITING, registry=own
        )
        self._slowdowns = Counter("lowtide_throttled", "429s.", ("platform",), registry=own)
        self._silence = Counter(
            "lowtide_throttled_seconds", "Silence they asked for.", ("platform",), registry=own
        )
        self._waiting = Gauge("lowtide_outbox_messages", "Messages that wait here.", lanes, registry=own)
        self._age = Gauge("lowtide_outbox_age_seconds", "How long the oldest waits.", lanes, registry=own)

    def _standings(self, own: CollectorRegistry) -> None:
        self._ready = Gauge("lowtide_ready", "Whether a part is ready.", ("part",), registry=own)
        self._duties = Gauge("lowtide_duty", "Whether this replica does it.", ("duty",), registry=own)
        self._overdue = Gauge("lowtide_overdue_seconds", "How late the earliest timer is.", registry=own)
        self._build = Gauge("lowtide_build_info", "The release that runs.", ("version",), registry=own)
        self._lag = Gauge("lowtide_loop_lag_seconds", "The longest hold-up of the last minute.", registry=own)

    def _people(self, own: CollectorRegistry) -> None:
        place = ("flow", "state")
        self._danger = Fives("lowtide_danger", "Signs of danger, in fives.", ("gate", "tier"), own)
        self._counted = Fives("lowtide_counted", "What the flows count, in fives.", ("name",), own)
        self._entered = Fives("lowtide_state_entered", "Arrivals at a question, in fives.", place, own)
        self._answered = Fives(
            "lowtide_state_answered", "Answers to it, understood or not, in fives.", place, own
        )
        self._unclear = Fives("lowtide_state_not_understood", "Those not understood, in fives.", place, own)
        self._dropped = Fives(
            "lowtide_state_dropped", "Conversations that end there, in fives.", (*place, "how"), own
        )

    def _begin(self) -> None:
        """Begin every series at nought: the first of a kind that appears from nowhere is no increase."""
        self._build.labels(__version__).set(1)
        for what in get_args(Failing):
            self._failures.labels(what)
        for platform in self._labels.platforms:
            self._slowdowns.labels(platform)
            self._silence.labels(platform)
            for kind, verdict in product(KINDS, VERDICTS):
                self._updates.labels(platform, kind, verdict)
            for lane, fate in product(LANES, get_args(Fate)):
                self._sends.labels(platform, lane, fate.replace(" ", "_"))

    # --- what is counted as it happens ---------------------------------------------------------------

    def took(self, update: Update, verdict: Verdict | None, seconds: float) -> None:
        """Count an update."""
        platform = self._labels.platform(update.address.platform)
        self._updates.labels(platform, _sent(update.what), _became(verdict)).inc()
        self._seconds.labels(platform).observe(seconds)

    def moved(self, moment: Moment, entries: Sequence[Entry]) -> None:
        """Count a step, what it says of danger, and what befell the question."""
        event, labels = moment.event, self._labels
        self._steps.labels(_caused(event)).inc()
        self._heard(event.concern if isinstance(event, Answered | Commanded) else None)
        for effect in moment.effects:
            if isinstance(effect, Count):
                self._counted.add(labels.count(effect.name))
        for what, flow, state in befell(self._stops, moment, entries):
            place = labels.place(flow, state)
            match what:
                case "entered":
                    self._entered.add(*place)
                case "answered":
                    self._answered.add(*place)
                case "not_understood":
                    self._unclear.add(*place)
                case _:
                    self._dropped.add(*place, what)

    def failed(self, what: Failing, concern: Concern | None = None) -> None:
        """Count an answer that failed; what was heard in the text counts all the same."""
        self._failures.labels(what).inc()
        self._heard(concern)

    def _heard(self, concern: Concern | None) -> None:
        if concern:
            self._danger.add(*self._labels.danger(concern.gate, concern.tier))

    def woke(self, late: float) -> None:
        """Count how late somebody's timers were taken up."""
        self._late.observe(max(0.0, late))

    def tried(self, message: Outgoing, fate: Fate, waited: float) -> None:
        """Count a try to send."""
        platform = self._labels.platform(message.address.platform)
        self._sends.labels(platform, message.lane, fate.replace(" ", "_")).inc()
        if fate == "sent":
            self._waits.labels(platform, message.lane).observe(waited)

    def slowed(self, platform: str, seconds: float) -> None:
        """Count a silence that a platform asked for."""
        name = self._labels.platform(platform)
        self._slowdowns.labels(name).inc()
        self._silence.labels(name).inc(max(0.0, seconds))

    def logged(self, level: str, part: str) -> None:
        """Count a line of the log."""
        self._lines.labels(level, part).inc()

    # --- what is seen when somebody asks -------------------------------------------------------------

    def written(self, look: Look, lag: float) -> bytes:
        """Write everything in Prometheus' text form."""
        for part, lack in look.parts.items():
            self._ready.labels(part).set(not lack)
        for duty, ours in look.duties.items():
            self._duties.labels(duty).set(ours)
        for lane, (count, age) in look.waiting.items():
            self._waiting.labels(*lane).set(count)
            self._age.labels(*lane).set(age)
        self._overdue.set(look.overdue)
        self._lag.set(lag)
        return generate_latest(self.registry)


def _became(verdict: Verdict | None) -> str:
    return verdict.value.replace(" ", "_") if verdict else "not_kept"


def _sent(what: What) -> str:
    match what:
        case Text():
            return "text"
        case Press():
            return "press"
        case Command():
            return "command"
        case Unsupported():
            return "unsupported"
    assert_never(what)


def _caused(event: Event | None) -> str:
    match event:
        case None:
            return "begun"
        case Answered():
            return "answered"
        case Pressed():
            return "pressed"
        case Commanded():
            return "commanded"
        case TimerFired():
            return "timer"
        case Operated():
            return "operated"
    assert_never(event)
