"""Silence: every wait ends by itself, and whoever is silent hears little and never too often."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.content.checks.webs import Net, Web, listed
from bot.content.faults import Fault
from bot.content.yaml12 import Path
from bot.dialogue.flow import State, Timer
from bot.dialogue.recurring import PERIODS, Rhythm

DAY = 86400
WIDEST_SPREAD = 3600
"""Seconds within which a reminder may be spread: the person chose an hour."""
MOST_NUDGES = 3
"""Nudges in one wait; one a day at most is the other half of the promise."""


def faults(net: Net) -> Iterator[Fault]:
    """Check the timers of every wait, and every reminder."""
    states = [state for web in net.webs.values() for state in web.flow.states.values()]
    stopped = {net.meant(state.cancel) for state in states if isinstance(state.cancel, str)}
    for web in net.webs.values():
        for state in web.sound_waits():
            yield from _wait(web, state)
        for state in web.flow.states.values():
            for place, remind in enumerate(state.remind):
                yield from _rhythm(web, remind.rhythm, listed(web, ("states", state.id, "remind"), place))
        yield from _endless(net, web, stopped)


def _rhythm(web: Web, rhythm: Rhythm, path: Path) -> Iterator[Fault]:
    """Check that what comes again is over before the next, and not far from its hour."""
    if rhythm.every and rhythm.fresh is not None and rhythm.fresh >= PERIODS[rhythm.every]:
        message = f"this comes every {rhythm.every}, and is still given when the next is due"
        yield Fault("M505", web.spot(*path, "expires"), message, f"make it shorter than a {rhythm.every}")
    if rhythm.spread > WIDEST_SPREAD:
        message = "this may come more than an hour after the time that was chosen"
        yield Fault("M506", web.spot(*path, "spread"), message, "an hour at most, such as `10m`")


def _endless(net: Net, web: Web, stopped: set[str | None]) -> Iterator[Fault]:
    """Report what comes again and nothing takes back, unless a part that nobody can read might."""
    for state in web.flow.states.values():
        for place, remind in enumerate(state.remind):
            known = net.lost_words is not None and remind.flow not in net.lost_words
            if remind.rhythm.every and net.is_flow(remind.flow) and remind.flow not in stopped and known:
                path = listed(web, ("states", state.id, "remind"), place)
                message = f"flow {remind.flow!r} begins again and again, and no state cancels it"
                yield Fault("M507", web.key(*path, "every"), message, f"write `cancel: {remind.flow}` in one")


def _wait(web: Web, state: State) -> Iterator[Fault]:
    lapses = [timer for timer in state.timers if timer.to is not None]
    if not lapses:
        message = f"state {state.id!r} waits for ever if nobody answers"
        fix = "add a timer such as {id: lapse, after: 72h, to: …}"
        yield Fault("M501", web.key("states", state.id), message, fix)
    if len(state.timers) == len(lapses):
        return
    over = min((_latest(timer) for timer in lapses), default=None)
    nudges = [(place, timer) for place, timer in enumerate(state.timers) if timer.to is None]
    late = [one for one in nudges if over is not None and _earliest(one[1]) >= over]
    for place, timer in late:
        spot = web.spot("states", state.id, "timers", place)
        message = f"nudge {timer.id!r} is due when the wait has lapsed already"
        yield Fault("M502", spot, message, "let it come before the lapse")
    yield from _crowd(web, state, [one for one in nudges if one not in late])


def _crowd(web: Web, state: State, nudges: list[tuple[int, Timer]]) -> Iterator[Fault]:
    """Report nudges less than a day apart, and more of them than were promised."""
    in_time = sorted(nudges, key=lambda one: (_earliest(one[1]), one[0]))
    for (_, one), (place, other) in pairwise(in_time):
        if _earliest(other) - _earliest(one) < DAY:
            spot = web.spot("states", state.id, "timers", place)
            message = f"nudge {other.id!r} comes less than a day after nudge {one.id!r}"
            yield Fault("M503", spot, message, "put a day or more between them")
    if len(nudges) > MOST_NUDGES:
        place = nudges[MOST_NUDGES][0]
        message = f"state {state.id!r} has {len(nudges)} nudges, more than {MOST_NUDGES}"
        yield Fault("M504", web.spot("states", state.id, "timers", place), message, "remove some")


def _earliest(timer: Timer) -> int:
    """Return the fewest seconds after which a timer can be due."""
    return timer.after or 0


def _latest(timer: Timer) -> int:
    """Return the most seconds after which it is: the next local time of day is at most a day away."""
    return (timer.after or 0) + (DAY if timer.at else 0)
