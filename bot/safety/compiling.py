"""The plain data of `flows/lexicon.yaml`, compiled: what is sound is heard, what is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from bot.errors import PatternError
from bot.safety.lexicon import HEARD, Alarm, Heard, Lexicon, Rule, Softener
from bot.safety.patterns import Pattern, one_of, parse

Path: TypeAlias = tuple[str | int, ...]

_TIERS: tuple[Heard, ...] = ("hard", "soft", "careful")
_KEYS = ("schema", "language", "fillers", "spellings", "misspelt", "lists", "innocent", "gates", "softeners")
_SOFTENER_KEYS = ("gates", "only", "spares", "hard", "soft", "reach", "says", "unless")


class Problem(NamedTuple):
    """Say what is wrong at a path of the data."""

    path: Path
    message: str


def compile_lexicon(data: object) -> tuple[Lexicon, tuple[Problem, ...]]:
    """Compile what can be compiled of the data, and tell every problem with its path."""
    return _Compiler(data).lexicon()


class _Compiler:
    """Walk the data once, in the order of its keys, and collect what is wrong."""

    def __init__(self, data: object) -> None:
        self.problems: list[Problem] = []
        self.data = self.mapping((), data)
        self.lists: dict[str, Pattern] = {}
        self.spelling = Lexicon()

    def lexicon(self) -> tuple[Lexicon, tuple[Problem, ...]]:
        self.known((), self.data, _KEYS)
        self.spelling = Lexicon(self.spellings())
        for name, patterns in self.mapping(("lists",), self.data.get("lists")).items():
            if (listed := self.listed(("lists", name), patterns)) is not None:
                self.lists[name] = listed
        innocent = tuple(
            rule
            for group, patterns in self.mapping(("innocent",), self.data.get("innocent")).items()
            for rule in self.rules(("innocent", group), patterns)
        )
        gates = self.mapping(("gates",), self.data.get("gates"))
        ranks = Lexicon(gates=tuple(gates))
        alarms = tuple(
            sorted(
                (alarm for gate, tiers in gates.items() for alarm in self.alarms(gate, tiers, ranks)),
                key=lambda alarm: alarm.rank,
            )
        )
        softeners = tuple(self.softeners(alarms))
        found = Lexicon(self.spelling.spellings, innocent, ranks.gates, alarms, softeners)
        return found, tuple(self.problems)

    # --- shapes --------------------------------------------------------------------------------------

    def wrong(self, path: Path, message: str) -> None:
        self.problems.append(Problem(path, message))

    def mapping(self, path: Path, value: object) -> dict[str, object]:
        if value is None:
            return {}
        if isinstance(value, dict):
            return {str(key): inner for key, inner in value.items()}
        self.wrong(path, "a mapping is expected here")
        return {}

    def texts(self, path: Path, value: object) -> list[tuple[Path, str]]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(path, "a list of texts is expected here")
            return []
        found: list[tuple[Path, str]] = []
        for index, text in enumerate(value):
            if isinstance(text, str):
                found.append(((*path, index), text))
            else:
                self.wrong((*path, index), "a text is expected here; put it in quotes")
        return found

    def known(self, path: Path, value: Mapping[str, object], keys: Iterable[str]) -> None:
        for key in value:
            if key not in keys:
                self.wrong((*path, key), f"{key!r} is no key here; the keys are {', '.join(keys)}")

    # --- spellings -----------------------------------------------------------------------------------

    def spellings(self) -> dict[str, tuple[str, ...]]:
        """Return what each written word stands for: fillers for nothing, misspellings for the word."""
        spelled: dict[str, tuple[str, ...]] = {}
        for _, word in self.texts(("misspelt",), self.data.get("misspelt")):
            spelled |= dict.fromkeys(misspellings(word), (word,))
        spelled |= {word: () for _, word in self.texts(("fillers",), self.data.get("fillers"))}
        for meant, written in self.mapping(("spellings",), self.data.get("spellings")).items():
            for path, word in self.texts(("spellings", meant), written):
                if spelled.get(word) not in (None, tuple(meant.split())):
                    self.wrong(path, f"{word!r} is spelled in two ways")
                spelled[word] = tuple(meant.split())
        return spelled

    # --- rules ---------------------------------------------------------------------------------------

    def parsed(self, path: Path, pattern: str) -> Pattern | None:
        try:
            return parse(pattern, self.spelling.spell, self.lists)
        except PatternError as error:
            self.wrong(path, f"column {error.column + 1} of the pattern: {error}")
            return None

    def listed(self, path: Path, patterns: object) -> Pattern | None:
        ways = [way for at, text in self.texts(path, patterns) if (way := self.parsed(at, text))]
        return one_of(ways) if ways else None

    def rules(self, path: Path, patterns: object) -> Iterator[Rule]:
        for at, text in self.texts(path, patterns):
            way = self.parsed(at, text.removeprefix("!"))
            if way is not None:
                name = ".".join(map(str, at[1:-1])) + f"[{at[-1]}]"
                yield Rule(name, "(?<![^ ])" + way.source, way.needs, text.startswith("!"))

    def alarms(self, gate: str, tiers: object, ranks: Lexicon) -> Iterator[Alarm]:
        by_tier = self.mapping(("gates", gate), tiers)
        self.known(("gates", gate), by_tier, _TIERS)
        for tier in _TIERS:
            groups = self.mapping(("gates", gate, tier), by_tier.get(tier))
            for group, patterns in groups.items():
                for rule in self.rules(("gates", gate, tier, group), patterns):
                    yield Alarm(ranks.rank(gate, tier), gate, tier, group, rule)

    # --- softeners -----------------------------------------------------------------------------------

    def softeners(self, alarms: tuple[Alarm, ...]) -> Iterator[Softener]:
        groups = {alarm.group for alarm in alarms}
        gates = {alarm.gate for alarm in alarms}
        for name, value in self.mapping(("softeners",), self.data.get("softeners")).items():
            path: Path = ("softeners", name)
            fields = self.mapping(path, value)
            self.known(path, fields, _SOFTENER_KEYS)
            yield Softener(
                name,
                self.names((*path, "gates"), fields.get("gates"), gates),
                self.names((*path, "only"), fields.get("only"), groups),
                self.names((*path, "spares"), fields.get("spares"), groups),
                {tier: self.heard((*path, tier), fields.get(tier), tier) for tier in ("hard", "soft")},
                self.reach((*path, "reach"), fields.get("reach")),
                tuple(self.rules((*path, "says"), fields.get("says"))),
                tuple(self.rules((*path, "unless"), fields.get("unless"))),
            )

    def names(self, path: Path, value: object, known: set[str]) -> frozenset[str]:
        texts = self.texts(path, value)
        for at, name in texts:
            if name not in known:
                self.wrong(at, f"{name!r} is not in the gates of this lexicon")
        return frozenset(name for _, name in texts)

    def heard(self, path: Path, value: object, tier: Heard) -> Heard:
        if value is None:
            return tier
        if value in HEARD:
            return value
        self.wrong(path, f"one of {', '.join(HEARD)} is expected here")
        return tier

    def reach(self, path: Path, value: object) -> int:
        if value is None:
            return 12
        if isinstance(value, int) and 0 < value <= 24:  # noqa: PLR2004  as far as a passage looks around
            return value
        self.wrong(path, "a number of words from 1 to 24 is expected here")
        return 12


def misspellings(word: str) -> frozenset[str]:
    """Return slips of a word: a letter missing, doubled, or swapped with the next; the first stays."""
    missing = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    return frozenset(missing | doubled | swapped) - {word}
