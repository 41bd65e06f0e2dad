"""Everything there is to translate, in the order of conversation, with what a translator has to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.authoring.journey import Place, before, journey
from bot.content.filters import duration
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.needs import Needs
from bot.content.prompts import ALT, OURS, PICTURE, WEEK
from bot.content.sources import fingerprint
from bot.dialogue.flow import Line, State

Kind: TypeAlias = Literal["prompt", "label", "phrases"]
Key: TypeAlias = tuple[Kind, str]

_NO_SLOTS = frozenset(("line", "label", "loop"))
_FEW = 5
"""Places that are named; of what is said in a hundred places a translator needs no hundred notes."""


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one thing to translate: its English text and hash, where it is said, after what, what it reads."""

    kind: Kind
    name: str
    text: str
    hash: str
    file: str
    line: int
    said: tuple[str, ...]
    after: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def key(self) -> Key:
        """Return what the item is known by."""
        return self.kind, self.name

    @property
    def context(self) -> str:
        """Return the key as one text."""
        return f"{self.kind}:{self.name}"


def body(text: str) -> str:
    """Return what is to be translated of a prompt's file: without the empty lines at its ends."""
    return text.strip("\r\n")


def catalogue(content: Content) -> tuple[Item, ...]:
    """Return every prompt, label and list of phrases of the source language, each once."""
    gathering = _Gathering(content)
    gathering.conversations()
    gathering.everywhere()
    gathering.rest()
    return tuple(gathering.items())


@dataclass
class _Gathering:
    """Meet the words in order, and note every place where each is used, with the way it is used."""

    content: Content
    met: dict[Key, dict[str, list[Place]]] = field(default_factory=dict)
    needs: Needs = field(init=False)

    def __post_init__(self) -> None:
        """Make ready to look into prompts."""
        self.needs = Needs(self.content.prompts)

    def conversations(self) -> None:
        """Meet what the flows say."""
        flows = self.content.flows
        for place in journey(flows):
            self._state(place, flows.flows[place[0]].states[place[1]])

    def _state(self, place: Place, state: State) -> None:
        for line in state.say:
            self._prompt(line.prompt, "said in", place)
        if state.ask is not None and state.ask.edits is not None:
            self._prompt(state.ask.edits, "offered for changing in", place)
        for option in state.options:
            if not option.typed:
                self._note(("label", option.label), "button of", place)
            self._note(("phrases", option.says), "heard in", place)
        for line in state.repair.reprompt:
            self._prompt(line.prompt, "asked again in", place)
        self._later(place, state)

    def _later(self, place: Place, state: State) -> None:
        for timer in state.timers:
            if timer.say is not None:
                wait = f"{duration(timer.after)} of silence" if timer.after else "an hour they chose"
                self._prompt(timer.say.prompt, f"said after {wait} in", place)
        if state.picture is not None:
            for name in (PICTURE, ALT, WEEK):
                self._prompt(name, "beside the picture of", place)

    def everywhere(self) -> None:
        """Meet what may be said at any moment."""
        common = self.content.flows.globals
        for one in common.interrupts:
            if one.says is not None:
                self._note(("phrases", one.says), f"the command /{one.command or one.id}, in words,", None)
            self._line(one.say, f"answers /{one.command or one.id}")
        for name, line in common.lines.items():
            self._line(line, f"the line `{name}` of globals.yaml")
        if common.notice is not None:
            self._line(common.notice.say, "the notice of globals.yaml")
        self._elsewhere()

    def _elsewhere(self) -> None:
        """Meet what is said to whom an edit has moved, on the pages of /why, and by the runtime."""
        for flow in self.content.flows.flows.values():
            told = [prompt for step in flow.migrate for _, prompt in step.states.values()]
            for prompt in filter(None, (*told, flow.restart)):
                self._prompt(prompt, f"said to those who come from an older version of {flow.id}", None)
        for page in self.content.why:
            self._prompt(f"why/{page}", "a page of /why, at most 120 words,", None)
        for prompt in OURS:
            self._prompt(prompt, "said by the runtime itself", None)

    def rest(self) -> None:
        """Meet what no walk leads to, in the order of the files."""
        for prompt in sorted(self.content.prompts.names()):
            if ("prompt", prompt) not in self.met:
                self._prompt(prompt, "said in no flow by itself", None)
        for key, entry in self.content.words.entries().items():
            if not {("label", key), ("phrases", key)} & self.met.keys():
                self._note(("label", key), "shown by a prompt or a platform", None)
                if entry.says:
                    self._note(("phrases", key), "heard in no flow by itself", None)
            elif ("label", key) not in self.met:
                self._note(("label", key), "has no button now", None)

    def _line(self, line: Line | None, role: str) -> None:
        if line is not None:
            self._prompt(line.prompt, role, None)

    def _prompt(self, name: str, role: str, place: Place | None) -> None:
        """Note a prompt and, the first time, the prompts in the middle of it."""
        for one in self.needs.matching(name) if "{" in name else (name,):
            source = self.content.prompts.sources.of(SOURCE).get(one)
            new = ("prompt", one) not in self.met
            if source is not None:
                self._note(("prompt", one), role, place)
                for variant in source.variants if new else ():
                    for inner in dict.fromkeys(self.needs.said(variant)):
                        self._prompt(inner, f"in the middle of {one}", None)

    def _note(self, key: Key, role: str, place: Place | None) -> None:
        places = self.met.setdefault(key, {}).setdefault(role, [])
        if place is not None and place not in places:
            places.append(place)

    def items(self) -> Iterator[Item]:
        """Yield what was met and has words in the source language."""
        came = before(self.content.flows)
        for key, roles in self.met.items():
            yield from (
                self._prompt_item(key, roles, came) if key[0] == "prompt" else self._entry(key, roles, came)
            )

    def _prompt_item(
        self, key: Key, roles: Mapping[str, list[Place]], came: Mapping[Place, tuple[Place, ...]]
    ) -> Iterator[Item]:
        source = self.content.prompts.sources.of(SOURCE)[key[1]]
        text = body(written(source.file))
        slots = tuple(sorted(self.needs.reads(key[1]) - _NO_SLOTS))
        yield Item(
            *(*key, text, source.hash, source.file, 1),
            *(_told(roles), _after(roles, came), slots, _places(roles)),
        )

    def _entry(
        self, key: Key, roles: Mapping[str, list[Place]], came: Mapping[Place, tuple[Place, ...]]
    ) -> Iterator[Item]:
        entry = self.content.words.entries().get(key[1])
        if entry is None:
            return
        text = entry.label if key[0] == "label" else "\n".join(entry.says)
        if text:
            spot = entry.spot
            yield Item(
                *(*key, text, fingerprint(text), spot.file, spot.line),
                *(_told(roles), _after(roles, came), (), _places(roles)),
            )


def written(file: str) -> str:
    """Return what is in a file, every character of it."""
    with open(file, encoding="utf-8", newline="") as lines:  # noqa: PTH123  Path.read_text turns \r\n into \n
        return lines.read()


def _told(roles: Mapping[str, list[Place]]) -> tuple[str, ...]:
    return tuple(f"{role} {_listed(places)}".rstrip(" ,") for role, places in roles.items())


def _places(roles: Mapping[str, list[Place]]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place for places in roles.values() for place in places))


def _after(roles: Mapping[str, list[Place]], came: Mapping[Place, tuple[Place, ...]]) -> tuple[str, ...]:
    """Return what a person has read before the first place where it is said."""
    first = next((place for places in roles.values() for place in places), None)
    return tuple(".".join(one) for one in came.get(first, ())[:_FEW]) if first else ()


def _listed(places: list[Place]) -> str:
    more = f" and {len(places) - _FEW} more" if len(places) > _FEW else ""
    return ", ".join(".".join(one) for one in places[:_FEW]) + more
