"""How much danger the screen hears, and how often it is wrong, on the tables in `tests/safety`.

Run it as `python -m tests.bench.danger`, with `--missed` to see the sentences. All were imagined by one hand:
`written` is what the rules were made from, `held_back` was written before them, `late` after them and against
them; the last two were never tuned on. None is a clinical measure. It fails where people whom nobody taught
are heard worse than the floors of `tests/bench/unseen.py`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence

from tests.bench import unseen
from tests.safety.sentences import Sentence, heard, lexicon, sentences

TABLES = ("written", "held_back", "late")
FIRST_CONTACT = """\
On first contact, before any rule was changed for them, 661 of the sentences now in `written` were heard so:
  self hard flagged 66-74 %, hard 58-68 %; veiled flagged 21-33 %; unsafe hard flagged 54-62 %;
  ordinary talk flagged 4-9 %, hard 2-4 %. That and `late` are what to expect of the next person who writes:
  a list of words does not hear what is meant. So the flows ask, wherever it matters."""


def share(texts: Sequence[Sentence], wanted: Iterable[str]) -> str:
    hits = sum(heard(one.text) in tuple(wanted) for one in texts)
    return f"{hits / len(texts):6.1%} {hits:4}/{len(texts):<4}" if texts else "       –       "


def row(name: str, texts: Sequence[Sentence], gate: str) -> str:
    return (
        f"  {name:16} hard {share(texts, [f'{gate} hard'])}  flagged "
        f"{share(texts, [f'{gate} hard', f'{gate} soft'])}"
    )


def alarms(name: str, texts: Sequence[Sentence]) -> str:
    hard, soft = ("self hard", "unsafe hard"), ("self soft", "unsafe soft")
    return f"  {name:16} hard {share(texts, hard)}  flagged {share(texts, (*hard, *soft))}"


def show(table: str, *, missed: bool) -> None:
    rows = sentences(table)
    print(f"\n{table}: {len(rows)} sentences\n  heard, where there is danger")
    for gate, tier in (("self", "hard"), ("self", "soft"), ("unsafe", "hard"), ("unsafe", "soft")):
        print(row(f"{gate} {tier}", [one for one in rows if (one.gate, one.tier) == (gate, tier)], gate))
    print("  false alarms, where there is none")
    for disguise in dict.fromkeys(one.disguise for one in rows if one.gate == "-"):
        print(alarms(disguise, [one for one in rows if (one.gate, one.disguise) == ("-", disguise)]))
    print(alarms("all of them", [one for one in rows if one.gate == "-"]))
    for one in rows if missed else ():
        if heard(one.text) != one.expected:
            print(f"    {one.expected:12} heard as {heard(one.text):12} {one.text}")


def speed() -> str:
    texts = [one.text for table in TABLES for one in sentences(table)]
    times = []
    for text in texts:
        begun = time.perf_counter()
        heard(text)
        times.append(time.perf_counter() - begun)
    times.sort()
    middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
    return f"\na text: p50 {middle * 1e3:.2f} ms, p99 {late * 1e3:.2f} ms"


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true", help="show every sentence that was heard wrongly")
    parser.add_argument("--rules", action="store_true", help="the lexicon alone, which is quick")
    parser.add_argument(
        "--every", type=int, default=1, help="hear every so-manieth sentence: no floor is held"
    )
    given = parser.parse_args(argv)
    missed = given.missed
    begun = time.perf_counter()
    lexicon()
    print(f"lexicon read and compiled in {(time.perf_counter() - begun) * 1e3:.0f} ms")
    for table in TABLES:
        show(table, missed=missed)
    print(speed())
    print(FIRST_CONTACT)
    if not given.rules:
        unseen_people(given.every)


def unseen_people(every: int) -> None:
    """Show what is heard of people nobody taught, and fail where English is heard worse than it was.

    Raises:
        SystemExit: a share is beyond its floor or its ceiling.
    """
    heard_of = {table: unseen.hear_all(table, every=every) for table in unseen.TABLES}
    for table, rows in heard_of.items():
        unseen.show(table, rows)
    worse = [one for table in unseen.FLOORS for one in unseen.beyond(table, unseen.figures(heard_of[table]))]
    if every == 1 and worse:
        raise SystemExit("\n".join(["", "danger is heard worse than it was:", *worse]))


if __name__ == "__main__":
    main()
