"""How much of a story is heard as the answers it holds, on openers that were imagined for this.

Run it as `python -m tests.bench.understanding.openers` (`make evaluate`); `--missed` shows what was not
heard, and what was heard wrongly. Counted is what the flow `reflect` says back: who is told what they do, or
what may be behind it, is told that they pull away. It fails when more than one in fifty is wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.app import listener
from bot.content.library import Content, load_sound
from bot.dialogue.events import Answered, Reading
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from bot.hear import ear
from bot.listening import Listener
from bot.settings import Settings

ROOT = Path(__file__).parent.parent.parent.parent
OPENERS = Path(__file__).parent / "openers.txt"
SLOTS = ("direction", "how", "long", "hunch", "whom")
MOST_WRONG, LEAST_RIGHT = 0.02, 0.70
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """Hold an opener, its language, what it answers, and what is said back."""

    language: str
    text: str
    wanted: dict[str, str]
    heard: dict[str, str]

    def verdict(self, slot: str) -> str:
        wanted, heard = self.wanted.get(slot), self.heard.get(slot)
        if heard is None:
            return "left" if wanted else "nothing"
        return "right" if heard == wanted else "wrong"


@cache
def world() -> tuple[Content, Listener]:
    settings = Settings(ROOT / "unused.db", ROOT / "flows", ROOT / "prompts")
    content = load_sound(settings.flows, settings.prompts)
    return content, listener(settings, content)


def openers(spoken: str = "", step: int = 1) -> Iterator[Told]:
    """Hear the openers, those in one language, every so manieth of them."""
    content, _ = world()
    lines = [line for line in OPENERS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for line in [line for line in lines if line.startswith(spoken)][::step]:
        language, text, answers = (part.strip() for part in line.split("|"))
        wanted = dict(one.split("=") for one in answers.split())
        if "whom" in wanted:
            wanted["whom"] = content.words.label(f"heard/{wanted['whom']}", language)
        yield Told(language, text, wanted, said_back(text, language))


def said_back(text: str, language: str) -> dict[str, str]:
    """Return what `reflect` holds of a story when it says it back; nothing where it does not."""
    content, ears = world()
    found = ear(content, "reflect.open", language, ears).hear(text)["heard"]
    assert isinstance(found, dict)
    asked, _ = begin(content.flows, Session("bench"), "reflect", NOW, {"language": language})
    told, _ = step(content.flows, asked, Answered(text, reading=Reading(heard=tuple(found.items()))), NOW)
    top = told.frames[-1]
    if top.state != "sum_up":
        return {}
    held = {name: str(top.slots[name]) for name in SLOTS if name in top.slots}
    return {"direction": "pulling", **held}


def tally(told: Sequence[Told]) -> Counter[tuple[str, str]]:
    return Counter((slot, one.verdict(slot)) for one in told for slot in SLOTS)


def faults(found: Counter[tuple[str, str]]) -> list[str]:
    """Return which bound does not hold."""
    right, wrong = (sum(found[slot, how] for slot in SLOTS) for how in ("right", "wrong"))
    left = sum(found[slot, "left"] for slot in SLOTS)
    told = [f"{wrong} of {right + wrong} are wrong"] if wrong > MOST_WRONG * (right + wrong) else []
    few = right < LEAST_RIGHT * (right + left + wrong)
    return [*told, *([f"only {right} of {right + left + wrong} are heard"] if few else [])]


def main(argv: Sequence[str] | None = None) -> int:
    told = list(openers())
    found = tally(told)
    print(f"{'slot':12} right  wrong   left")
    for slot in SLOTS:
        print(f"{slot:12}" + "".join(f"{found[slot, how]:6} " for how in ("right", "wrong", "left")))
    for one in told if "--missed" in (argv or sys.argv) else ():
        for slot in SLOTS:
            if one.verdict(slot) in ("wrong", "left"):
                print(
                    f"  {one.verdict(slot)} {slot}={one.wanted.get(slot)}, {one.heard.get(slot)}: {one.text}"
                )
    wrong = faults(found)
    print("\n".join(wrong) or "every bound is held")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
