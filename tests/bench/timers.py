"""A million check-ins in one file: what they cost, how fast they are given, how late, and how often a year.

The real app gives them: claimed, opened, stepped, rendered, sealed, committed to a real file with
synchronous=FULL, and posted. Beside it stand APScheduler and croniter.

    python -m tests.bench.timers                  about three minutes, most of it to fill the file
    python -m tests.bench.timers --people 20000   the short one
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

from bot.app import App, build, set_aside
from bot.content.library import Content, load
from bot.dialogue.effects import Arm
from bot.dialogue.recurring import Again, next_due
from bot.runtime.clocks import VirtualClock
from bot.runtime.messages import Address, Text, Update
from bot.runtime.ports import Change, Claim, Moment, Verdict
from bot.runtime.waking import Waking
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]
NAME = "remind:check_in"
TOGETHER = 2000
BERLIN = ZoneInfo("Europe/Berlin")


# --- people with a check-in ------------------------------------------------------------------------------


async def one_person(content: Content) -> str:
    """Let somebody set up a daily check-in through the real app; return where they stand then."""
    here, clock = Address("nowhere", "one"), VirtualClock(datetime(2026, 1, 5, 12, tzinfo=UTC))
    async with build(Settings(db=Path("unused")), content, MemoryStore(), {}, clock=clock) as app:
        await app.begin(here, "checkins", {"consented": True, "zone": "Europe/Berlin"})
        for number, what in enumerate((Text("every day"), Text("20:00"))):
            await app.handle(Update(str(number), here, None, what))
        person = await app.store.load(here)
    assert person.session
    data = json.loads(person.session)
    data["memory"]["journal"] = [f"2026-01-{day:02} check_in closeness=2 energy=1" for day in range(1, 9)]
    return json.dumps(data, separators=(",", ":")).replace(person.id, "{id}")


class Crowd:
    """Make people who are all alike but for their name and the moment of their check-in."""

    def __init__(self, template: str) -> None:
        data = json.loads(template)
        (promise,) = data["reminders"]
        self._before, self._after = template.split(json.dumps(promise, separators=(",", ":")))
        self._promise = promise

    def change(self, number: int, due: datetime) -> Change:
        """Return the change that keeps the person of a number, with a check-in due then."""
        name, when = f"{number:016x}", int(due.timestamp())
        promise = [*self._promise[:4], when + 12 * 3600, when, *self._promise[6:]]
        session = self._before + json.dumps(promise, separators=(",", ":")) + self._after
        timers = (Arm(1, 0, NAME, 0, due),)
        return Change(
            name, Address("nowhere", name), 0, due, session.replace("{id}", name), timers=timers
        )  # fmt: skip


async def fill(path: Path, crowd: Crowd, people: int, now: datetime) -> float:
    """Keep people whose check-ins lie far ahead, spread over a day; return the seconds it took."""
    store, started = SqliteStore(path), time.perf_counter()
    await store.open()
    for first in range(0, people, TOGETHER):
        numbers = range(first, min(first + TOGETHER, people))
        ahead = (now + timedelta(days=30, seconds=number % 86400) for number in numbers)
        await store.commit_all(
            [crowd.change(number, due) for number, due in zip(numbers, ahead, strict=True)]
        )
    await store.close()
    return time.perf_counter() - started


# --- watching --------------------------------------------------------------------------------------------


@dataclass
class Pulse:
    """Feel the loop's pulse: the longest time in which nothing else had a turn, in seconds."""

    worst: float = 0.0
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Pulse:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0.05)
        self.worst = 0.0
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.worst, last = max(self.worst, now - last - 0.001), now


@dataclass
class Given:
    """Note when each check-in that was due was committed and posted."""

    due: dict[str, datetime] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)

    def __call__(self, moment: Moment) -> None:
        due = self.due.get(moment.address.chat)
        if due:
            self.late.append((datetime.now(UTC) - due).total_seconds())


@asynccontextmanager
async def running(path: Path, content: Content, given: Given | None = None) -> AsyncIterator[App]:
    """Run the real app on a file. No platform is served: what is posted stays in the outbox."""
    app = build(Settings(db=path), content, SqliteStore(path), {}, witness=given)
    await app.store.open()
    try:
        yield app
    finally:
        await app.nudger.stop()
        await app.store.close()


@dataclass(frozen=True, slots=True)
class Burst:
    """Say what it took to give many at once: seconds by the clock and of processor, and the worst stall."""

    took: float
    worked: float
    stall: float
    posted: int


async def burst(path: Path, content: Content, crowd: Crowd, first: int, many: int) -> Burst:
    """Let many come due at once."""
    now, given = datetime.now(UTC), Given()
    async with running(path, content, given) as app:
        changes = [crowd.change(first + number, now) for number in range(many)]
        given.due = {change.address.chat: now for change in changes}
        await app.store.commit_all(changes)
        gc.collect()
        async with Pulse() as pulse:
            started, worked = time.perf_counter(), time.process_time()
            await app.nudger.fire()
            took, worked = time.perf_counter() - started, time.process_time() - worked
    return Burst(took, worked, pulse.worst, len(given.late))


async def by_the_store(path: Path, content: Content, crowd: Crowd, first: int, many: int) -> float:
    """Return the seconds in which the store alone claims many, sets them anew, seals, posts and commits."""
    now = datetime.now(UTC)
    async with running(path, content) as app:
        await app.store.commit_all([crowd.change(first + number, now) for number in range(many)])
        waking = Waking(app.conversations.keeping, app.conversations.doors)
        claim = Claim("first", datetime.now(UTC) + timedelta(microseconds=1))
        found = await app.store.claim(datetime.now(UTC), claim, many)
        made = [made.change for waiting in found if (made := waking.made(waiting))]
        started, claim = time.perf_counter(), Claim("second", datetime.now(UTC) + timedelta(minutes=1))
        again = await app.store.claim(datetime.now(UTC), claim, many)
        verdicts = await app.store.commit_all(made)
        took = time.perf_counter() - started
    if len(again) != many or {*verdicts} != {Verdict.COMMITTED}:
        raise SystemExit("the store did not take all of them")
    return took


async def stream(path: Path, content: Content, crowd: Crowd, rate: int, seconds: int) -> Given:
    """Let so many come due each second, evenly; return how late each was."""
    given, first = Given(), 2**41
    async with running(path, content, given) as app:
        begin = datetime.now(UTC) + timedelta(seconds=2)
        dues = [begin + timedelta(seconds=number / rate) for number in range(rate * seconds)]
        changes = [crowd.change(first + number, due) for number, due in enumerate(dues)]
        given.due = {change.address.chat: due for change, due in zip(changes, dues, strict=True)}
        for page in range(0, len(changes), TOGETHER):
            await app.store.commit_all(changes[page : page + TOGETHER])
        await app.nudger.start()
        end = time.perf_counter() + seconds + 30
        while len(given.late) < len(dues) and time.perf_counter() < end:  # noqa: ASYNC110  it looks, now and then
            await asyncio.sleep(0.05)
    return given


# --- memory ------------------------------------------------------------------------------------------------


def resident() -> int:
    """Return the bytes of memory this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def hold(path: Path) -> None:
    """Be the app on a file, look at the timers as it does, and print the memory that takes."""
    content = load(ROOT / "flows", ROOT / "prompts")
    async with running(path, content) as app:
        for _ in range(3):
            await app.nudger.fire()
            await app.store.next_due()
        gc.collect()
        print(resident())


def memory_of(path: Path) -> int:
    """Return the bytes that the app holds in a process of its own."""
    line = [sys.executable, "-m", "tests.bench.timers", "--hold", str(path)]
    return int(subprocess.run(line, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def memory_of_apscheduler(jobs: int) -> float:
    """Return the bytes that APScheduler holds for each daily job."""
    line = [sys.executable, "-m", "tests.bench.timers", "--apscheduler", str(jobs)]
    return float(subprocess.run(line, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def hold_apscheduler(jobs: int) -> None:
    """Be APScheduler with daily jobs in memory, and print the bytes of each."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415  only here

    async def held() -> float:
        scheduler = AsyncIOScheduler(timezone=BERLIN)
        scheduler.start()
        gc.collect()
        before = resident()
        for number in range(jobs):
            scheduler.add_job(print, "cron", (number,), hour=20, minute=number % 60, id=str(number))
        gc.collect()
        grown = resident() - before
        scheduler.shutdown(wait=False)
        return grown / jobs

    logging.disable()
    print(asyncio.run(held()))


# --- a year at half past two in Berlin ---------------------------------------------------------------------


def fires(year: int = 2027) -> dict[str, int]:
    """Count how often each fires in a year at 02:30 in Berlin, where one night has none and one has two."""
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415  only here
    from croniter import croniter  # noqa: PLC0415  only here

    begin = datetime(year, 1, 1, tzinfo=BERLIN)
    end = datetime(year + 1, 1, 1, tzinfo=BERLIN)
    ours, rule, now = 0, Again("day", "02:30", 0, 0, 3600), begin
    while (now := next_due(rule, now, ("00:00", "00:00"), "x")) < end:
        ours += 1
    trigger, theirs, last, at = CronTrigger(hour=2, minute=30, timezone=BERLIN), 0, None, begin
    while (at := trigger.get_next_fire_time(last, at)) and at < end:
        theirs, last = theirs + 1, at
    cron, crons = croniter("30 2 * * *", begin), 0
    while cron.get_next(datetime) < end:
        crons += 1
    return {"lowtide": ours, "APScheduler, CronTrigger": theirs, "croniter": crons}


# --- the table ---------------------------------------------------------------------------------------------


def row(name: str, value: str, aim: str) -> None:
    print(f"{name:58}{value:>12}{aim:>14}", flush=True)


async def measure(folder: Path, people: int, jobs: int, seconds: int, bursts: int) -> None:
    """Fill a file, and print the table."""
    content = load(ROOT / "flows", ROOT / "prompts")
    set_aside()  # as `lowtide run` does
    crowd, now = Crowd(await one_person(content)), datetime.now(UTC)
    few, many = folder / "few.db", folder / "many.db"
    await fill(few, crowd, 1000, now)
    took = await fill(many, crowd, people, now)
    row("", "measured", "aim")
    row(f"people with a check-in kept a second ({people:,})", f"{people / took:,.0f}", "")
    grown = memory_of(many) - memory_of(few)
    row(f"memory for {people:,} check-ins beside 1,000, MB", f"{grown / 2**20:+.1f}", "at most +5")
    row(f"APScheduler's for each of {jobs:,}, bytes", f"{memory_of_apscheduler(jobs):,.0f}", "")
    found = [await burst(many, content, crowd, 2**40 + turn * 1000, 1000) for turn in range(bursts)]
    for one in found:
        row(
            f"{one.posted:,} due at once, given, set anew and posted, ms",
            f"{one.took * 1000:,.0f}",
            "at most 100",
        )
    best = min(found, key=lambda one: one.worked)
    row("processor time of the best of them, ms", f"{best.worked * 1000:,.0f}", "")
    alone = await by_the_store(many, content, crowd, 2**42, 1000)
    row("the store alone: claim, set anew, seal, post, commit, ms", f"{alone * 1000:,.0f}", "at most 100")
    stalls = sorted(one.stall for one in found)
    row(
        "nothing else had a turn for, best and worst burst, ms",
        f"{stalls[0] * 1000:.0f}–{stalls[-1] * 1000:.0f}",
        "at most 25",
    )
    given = await stream(many, content, crowd, 1000, seconds)
    cuts = quantiles(given.late, n=100)
    row(f"1,000 a second for {seconds} s: given", f"{len(given.late):,}", f"{1000 * seconds:,}")
    row("how late, median, s", f"{cuts[49]:.3f}", "")
    row("how late, 99 of 100, s", f"{cuts[98]:.3f}", "at most 0.3")
    for name, count in fires().items():
        row(f"fires in 2027 at 02:30 in Berlin: {name}", str(count), "365" if name == "lowtide" else "")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or be one of the processes whose memory it tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--bursts", type=int, default=5)
    parser.add_argument("--hold", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--apscheduler", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.hold:
        asyncio.run(hold(given.hold))
    elif given.apscheduler:
        hold_apscheduler(given.apscheduler)
    else:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(Path(folder), given.people, given.jobs, given.seconds, given.bursts))


if __name__ == "__main__":
    main()
