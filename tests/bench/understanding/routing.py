"""How well answers in people's own words are heard, on phrases held back from the prompts.

Run it as `python -m tests.bench.understanding.routing` (`make evaluate`); `--language es` hears one language
alone, `--missed` shows each wrong one, `--persona 3` one person alone. All texts of a language were imagined
by one hand, in the voices of people who wrote none of the phrases in the prompts; strangers will be heard
worse. It fails below FLOORS.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

from bot.app import listener
from bot.content.library import Content, load_sound
from bot.hear import Ear, ear
from bot.listening import Listener
from bot.settings import Settings

ROOT = Path(__file__).parent.parent.parent.parent
HELD_BACK = Path(__file__).parent / "held_back"
LANGUAGES = ("en", "es", "de")
NOTHING = "none"
WARMING = "xyzzy"
"""Said first at each question, so that its judge is made before a text is timed."""
DRIVERS = "name_driver."

FLOORS = {
    "en": {"first": 0.85, "first three": 0.96, "drivers, first two": 0.80},
    "es": {"first": 0.79, "first three": 0.92, "drivers, first two": 0.85},
    "de": {"first": 0.79, "first three": 0.90, "drivers, first two": 0.82},
}
CEILINGS = {
    "taken and wrong": 0.02,
    "unclear and taken": 0.02,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """Hold how a text was heard at a place; `meant` is an option, empty where it answers nothing."""

    place: str
    persona: str
    text: str
    meant: str
    ranking: tuple[str, ...]
    action: str
    options: tuple[str, ...]
    seconds: float = 0.0
    cpu: float = 0.0
    """Seconds that all threads worked for it."""

    @property
    def rank(self) -> int:
        return self.ranking.index(self.meant)

    @property
    def taken(self) -> bool:
        return self.action == "take" and bool(self.options)

    @property
    def right(self) -> bool:
        return self.options[:1] == (self.meant,)


def held_back(language: str) -> Iterator[tuple[str, str, str]]:
    """Give each phrase of a language: the key it means, who says it, and its words."""
    key = ""
    for line in (HELD_BACK / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            key = line.strip("[]")
        elif line and not line.startswith("#"):
            persona, _, text = line.partition(" ")
            yield key, persona, text


def places(content: Content) -> Iterator[tuple[str, dict[str, str]]]:
    """Give each question once, by the options it has, with the option each key stands for."""
    seen = set()
    for flow in content.flows.flows.values():
        for state in flow.states.values():
            keys = {one.says: one.id for one in state.options}
            if len(keys) > 1 and frozenset(keys) not in seen:
                seen.add(frozenset(keys))
                yield f"{flow.id}.{state.id}", keys


def heard(listening: Ear, place: str, persona: str, text: str, meant: str) -> Heard:
    begun, worked = time.perf_counter(), time.process_time()
    found = listening.hear(text)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    decision, options = found["decision"], found["options"]
    assert isinstance(decision, dict)
    assert isinstance(options, list)
    ranking = tuple(one["id"] for one in options)
    action, near = decision["action"], tuple(decision["options"])
    return Heard(place, persona, text, meant, ranking, action, near, seconds, cpu)


@cache
def world() -> tuple[Content, Listener]:
    settings = Settings(ROOT / "unused.db", ROOT / "flows", ROOT / "prompts")
    content = load_sound(settings.flows, settings.prompts)
    return content, listener(settings, content)


def everything(
    language: str = "en", personas: str = "1234", step: int = 1, only: Sequence[str] = ()
) -> list[Heard]:
    """Hear every phrase at each question it answers, or at some `only`, and there what answers nothing."""
    content, ears = world()
    said = [one for one in held_back(language) if one[1] in personas]
    found = []
    for place, keys in places(content):
        if only and place not in only:
            continue
        answers = [one for one in said if one[0] in keys][::step]
        if len({key for key, *_ in answers}) < 2:
            continue
        listening = ear(content, place, language, ears)
        listening.hear(WARMING)
        found += [heard(listening, place, who, text, keys[key]) for key, who, text in answers]
        nothing = [one for one in said if one[0] == NOTHING][::step]
        found += [heard(listening, place, who, text, "") for _, who, text in nothing]
    return found


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, z = hits / of, 1.96
    middle = share + z * z / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return (middle - spread) / scale, (middle + spread) / scale


def figures(rows: Sequence[Heard]) -> dict[str, tuple[int, int]]:
    """Return each figure as hits and of how many."""
    answers, nothing = [one for one in rows if one.meant], [one for one in rows if not one.meant]
    drivers = [one for one in answers if one.place.startswith(DRIVERS) and len(one.ranking) > 4]
    ranks = [one.rank for one in answers]
    offered = [one for one in answers if one.action == "ask"]
    return {
        "first": (ranks.count(0), len(ranks)),
        "first three": (sum(rank < 3 for rank in ranks), len(ranks)),
        "drivers, first": (sum(one.rank == 0 for one in drivers), len(drivers)),
        "drivers, first two": (sum(one.rank < 2 for one in drivers), len(drivers)),
        "taken and right": (sum(one.taken and one.right for one in answers), len(answers)),
        "taken and wrong": (sum(one.taken and not one.right for one in answers), len(answers)),
        "offered": (len(offered), len(answers)),
        "offered, the right one among them": (sum(one.meant in one.options for one in offered), len(offered)),
        "screened as danger": (sum(one.action == "danger" for one in answers), len(answers)),
        "unclear and taken": (sum(one.taken for one in nothing), len(nothing)),
        "unclear and offered": (sum(one.action == "ask" for one in nothing), len(nothing)),
    }


def faults(found: dict[str, tuple[int, int]], language: str = "en") -> list[str]:
    """Return what lies below a floor of the language or above a ceiling."""
    share = {name: hits / of for name, (hits, of) in found.items() if of}
    low = [
        f"{name}: {share[name]:.1%}, at least {floor:.0%}"
        for name, floor in FLOORS[language].items()
        if share.get(name, 1) < floor
    ]
    high = [
        f"{name}: {share[name]:.1%}, at most {top:.0%}"
        for name, top in CEILINGS.items()
        if share.get(name, 0) > top
    ]
    return low + high


def table(rows: Sequence[Heard]) -> Iterable[str]:
    yield f"{'question':28}  answers  first  three  taken  wrong"
    for place in dict.fromkeys(one.place for one in rows):
        here = figures([one for one in rows if one.place == place])
        names = ("first", "first three", "taken and right", "taken and wrong")
        shares = "  ".join(f"{here[name][0] / max(1, here[name][1]):5.0%}" for name in names)
        yield f"{place:28}  {here['first'][1]:7}  {shares}"


def confusions(rows: Sequence[Heard]) -> Iterable[str]:
    yield "driver meant              heard first instead"
    drivers = [one for one in rows if one.meant and one.place.startswith(DRIVERS)]
    for meant in dict.fromkeys(one.meant for one in drivers):
        wrong = Counter(one.ranking[0] for one in drivers if one.meant == meant and one.rank)
        of = sum(one.meant == meant for one in drivers)
        told = ", ".join(f"{name} {count}" for name, count in wrong.most_common())
        yield f"{meant:24}  {told or '–'} (of {of})"


def middle_and_late(seconds: Sequence[float]) -> str:
    ranked = sorted(one * 1e3 for one in seconds)
    middle, late = ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100]
    return f"p50 {middle:.1f} ms, p99 {late:.1f} ms"


def first_times(rows: Sequence[Heard]) -> Iterable[str]:
    """Tell how long texts take that are heard for the first time; what is heard again is remembered."""
    first = {one.text: one for one in reversed(rows)}.values()
    yield f"{'a text that nobody said before':34} {middle_and_late([one.seconds for one in first])}"
    yield f"{'the same, of CPU':34} {middle_and_late([one.cpu for one in first])}"


def shares(found: dict[str, tuple[int, int]]) -> Iterable[str]:
    for name, (hits, of) in found.items():
        low, high = wilson(hits, of)
        yield f"{name:34} {hits / max(1, of):6.1%}  {hits:5}/{of:<5} ({low:.1%}–{high:.1%})"


def missed(rows: Sequence[Heard]) -> Iterable[str]:
    for one in rows:
        if one.meant and (one.rank or (one.taken and not one.right)):
            yield f"  {one.place} meant {one.meant}, heard {one.ranking[0]}, {one.action}: {one.text}"
        elif not one.meant and one.taken:
            yield f"  {one.place} took nothing for {one.options}: {one.text}"


def evaluate(language: str, personas: str, tell_missed: bool) -> bool:
    """Print all tables of a language; tell whether every floor is held."""
    rows = everything(language, personas)
    found = figures(rows)
    wrong = faults(found, language)
    print(f"== {language} ==", *table(rows), "", *confusions(rows), "", sep="\n")
    print(*shares(found), *first_times(rows), sep="\n")
    print(*(missed(rows) if tell_missed else ()), *(wrong or ["every floor is held"]), "", sep="\n")
    return not wrong


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="one language, not all")
    parser.add_argument("--missed", action="store_true", help="show what was heard wrongly")
    parser.add_argument("--persona", default="1234", help="whose phrases: some of 1, 2, 3, 4")
    asked = parser.parse_args(argv)
    held = [evaluate(one, asked.persona, asked.missed) for one in asked.language or LANGUAGES]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
