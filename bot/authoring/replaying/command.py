"""What `lowtide replay` prints: how many steps end elsewhere with these flows, and where, in counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.authoring.replaying.chances import Chances
from bot.authoring.replaying.following import Follower, How, Verdict
from bot.content.library import load_sound
from bot.dialogue.flows import Flows
from bot.errors import OperatorError
from bot.runtime.fives import FEW
from bot.settings import Settings
from bot.storage.opening import operator_keys, standing
from bot.storage.peeking import Peek, peek


@dataclass
class Tally:
    """Count steps by how they went, and for each that went otherwise the people behind it."""

    people: int = 0
    steps: Counter[How] = field(default_factory=Counter)
    otherwise: Counter[Verdict] = field(default_factory=Counter)

    def add(self, verdicts: list[Verdict]) -> None:
        """Count one person's steps; each difference once."""
        self.people += 1
        self.steps.update(one.how for one in verdicts)
        self.otherwise.update({one for one in verdicts if one.how in {"differs", "gone"}})


def replay(settings: Settings, person: str | None) -> bool:
    """Follow what everybody did with these flows, or what one person did; tell whether all ends as it did.

    Raises:
        OperatorError: there is no such database or person, or it is no file.
    """
    if settings.db_url:
        raise OperatorError("this reads the SQLite file; unset LOWTIDE_DB_URL, or name a copy with --db")
    flows = load_sound(settings.flows, settings.prompts).flows
    standing(settings.db)
    return asyncio.run(_one(settings, flows, person) if person else _all(settings, flows))


async def _all(settings: Settings, flows: Flows) -> bool:
    tally, chances, after = Tally(), Chances(flows), ""
    async with peek(settings.db, operator_keys(settings.db, settings.keys())) as kept:
        while page := await kept.whose(after):
            for id in page:
                tally.add(await _followed(kept, flows, chances, id))
            after = page[-1]
    print("\n".join(outline(tally)))
    return not tally.otherwise


async def _one(settings: Settings, flows: Flows, who: str) -> bool:
    async with peek(settings.db, operator_keys(settings.db, settings.keys())) as kept:
        id = await kept.known_as(who)
        if id is None:
            raise OperatorError(
                f"nobody is kept as {who}; give the id, or platform:chat such as console:terminal"
            )
        verdicts = await _followed(kept, flows, Chances(flows), id)
    for one in verdicts:
        print(f"{one.how:8} {_line(one)}")
    return all(one.how in {"same", "trusted"} for one in verdicts)


async def _followed(kept: Peek, flows: Flows, chances: Chances, id: str) -> list[Verdict]:
    return list(Follower(flows, chances).follow(await kept.entries(id)))


def outline(tally: Tally) -> Iterator[str]:
    """Write the counts down; those of few people are not told."""
    if tally.people < FEW:
        yield f"fewer than {FEW} people have a log here; `--person` follows one of your own test database"
        return
    whole = sum(tally.steps.values())
    yield f"{whole} steps of {tally.people} people: {_share(tally)}"
    for one, people in sorted(
        tally.otherwise.items(), key=lambda pair: (-pair[1], pair[0].place, pair[0].did)
    ):
        yield f"  {_line(one)}: {f'{people} people' if people >= FEW else f'fewer than {FEW} people'}"
    yield "on trust are steps that hang on what nobody kept: words, hours, what was known from before"


def _share(tally: Tally) -> str:
    told: tuple[tuple[How, str], ...] = (
        ("same", "the same"), ("trusted", "on trust"), ("differs", "otherwise"), ("gone", "gone")
    )  # fmt: skip
    return ", ".join(f"{tally.steps[how]} {words}" for how, words in told)


def _line(one: Verdict) -> str:
    if one.how == "gone":
        return f"{one.place} {'is gone' if one.did == 'state' else f'{one.did} is gone'}"
    return f"{one.place} {one.did}" + (f": {one.was} → {one.now}" if one.how == "differs" else "")
