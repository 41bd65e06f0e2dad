"""A rehearsal judged as a walk is: nothing that holds in every conversation is broken in this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.authoring.walking.beginnings import beginnings
from bot.authoring.walking.breaches import Breach
from bot.authoring.walking.tally import Tally
from bot.authoring.walking.terrain import Line, Terrain
from bot.authoring.walking.walker import Beginning, Turn
from bot.authoring.walking.walks import Walk
from bot.authoring.walking.watch import Watch
from bot.content.library import Content
from bot.dialogue.effects import Say
from bot.runtime.places import local_time
from bot.runtime.ports import Moment


def judged(content: Content, flow: str, past: Sequence[tuple[datetime, Moment]], now: datetime) -> str | None:
    """Return what is not sound in what a person went through since they began `flow`, None where all is."""
    return next(map(str, _breaches(Terrain(content), flow, past, now)), None)


def _breaches(
    terrain: Terrain, flow: str, past: Sequence[tuple[datetime, Moment]], now: datetime
) -> Iterator[Breach]:
    honest = any(one.beginning.flow == flow for one in beginnings(terrain))
    watch = Watch(terrain, honest)
    for when, moment in past:
        yield from watch.see(_turn(terrain, moment, local_time(when, moment.before.memory)))
    late = [timer for (timer, _), due in watch.timers.waiting.items() if due <= now]
    yield from (Breach("fault", timer, "what was due was not carried out") for timer in late)
    if past:
        yield from _left(terrain, watch, Beginning(flow, honest=honest), past[-1][1], now)


def _left(terrain: Terrain, watch: Watch, begun: Beginning, last: Moment, now: datetime) -> Iterator[Breach]:
    """Look at the session once more, and leave the conversation from here."""
    walk = Walk(terrain, begun, Tally())
    walk.watch, walker = watch, walk.walker
    walker.session, walker.now, walker.kept = last.after, now.astimezone(UTC), True
    walker.armed = dict(watch.timers.waiting)
    walk.close()
    for silent in (True, False):
        walk.fork().ends(silent)
    # What else breaks on the way out is of what follows, not of what was rehearsed.
    yield from (one.breach for one in walk.tally.found.values() if one.breach.name in {"json", "endless"})


def _turn(terrain: Terrain, moment: Moment, now: datetime) -> Turn:
    read: list[tuple[Say, tuple[Line, ...]]] = []
    try:
        for say in (one for one in moment.effects if isinstance(one, Say)):
            read.append((say, tuple([terrain.line(line, say.slots) for line in say.lines])))
    except Exception as fault:
        return Turn(
            moment.before, moment.event, now, moment.after, moment.effects, tuple(read), fault, unspoken=True
        )
    return Turn(moment.before, moment.event, now, moment.after, moment.effects, tuple(read))
