"""Every prompt that is said is there and can be said, with whatever its slots may hold, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.content.checks.lines import Sure, Use, named, uses
from bot.content.checks.style import wordy
from bot.content.checks.trials import distinct, possible, worlds
from bot.content.checks.webs import Net
from bot.content.faults import Fault, Spot, did_you_mean
from bot.content.folders import SOURCE
from bot.content.library import Content
from bot.content.markup import plain
from bot.content.needs import Needs
from bot.content.prompts import ALT, OURS, PICTURE, WEEK
from bot.content.templates import PromptFault
from bot.dialogue.flow import Line
from bot.dialogue.weeks import SCALES, SHOWN, TOLD

MOST_CHARACTERS = 2_000
"""What every platform takes in one message (Discord: 2,000; Telegram: 4,096)."""
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_NAME = re.compile(r"[A-Za-z0-9_{}-]+(?:/[A-Za-z0-9_{}-]+)+")


def faults(content: Content, net: Net, sure: Sure, needs: Needs) -> Iterator[Fault]:
    """Report prompts that are missing, unused, wrong in themselves, failing, empty or too long."""
    said: dict[str, list[Use]] = {}
    for use in uses(net, sure):
        said.setdefault(use.prompt, []).append(use)
    for page in content.why:
        everywhere = Use(f"why/{page}", "/why", net.globals.memory, frozenset(), {})
        said.setdefault(everywhere.prompt, []).append(everywhere)
    for name in content.prompts.names() & set(OURS):
        said.setdefault(name, []).append(Use(name, "the runtime", {}, frozenset(), {}))
    for use in _beside_pictures(net):
        said.setdefault(use.prompt, []).append(use)
    yield from _missing(content, said)
    yield from content.prompts.compile_all(needs.tree)
    trial = _Trial(content, needs)
    for name, where in said.items():
        yield from trial.of(name, where)
    yield from _unused(content, net, said, needs)


def _beside_pictures(net: Net) -> Iterator[Use]:
    """Yield what is said beside the pictures that the flows show."""
    for web in net.webs.values():
        for state in web.flow.states.values():
            if state.picture is not None:
                path = ("states", state.id, "picture")
                for name, scope in ((PICTURE, SHOWN), (ALT, SHOWN), (WEEK, TOLD)):
                    sure = frozenset(scope) - SCALES
                    yield Use(name, f"{web.id}.{state.id}", scope, sure, {}, path, web.tree)


def _missing(content: Content, said: Mapping[str, Sequence[Use]]) -> Iterator[Fault]:
    """Report each place that names a prompt there is not; a why page without words is a fault of its own."""
    names = content.prompts.names()
    for name, where in said.items():
        if name in content.prompts.sources.unread:
            continue
        for spot in dict.fromkeys(use.spot for use in where if use.tree is not None and name not in names):
            near = did_you_mean(name, names)
            fix = f"did you mean {near!r}?" if near else f"write prompts/en/{name}.j2"
            yield Fault("W601", spot, f"there is no prompt {name!r}", fix)


@dataclass(eq=False)
class _Trial:
    """Say each prompt with every combination of values, and note what goes wrong, each thing once."""

    content: Content
    needs: Needs
    told: set[tuple[str, Spot, str]] = field(default_factory=set)

    def of(self, name: str, where: Sequence[Use]) -> Iterator[Fault]:
        """Try a prompt in each language that has it."""
        for lang in self.content.prompts.languages:
            source = self.content.prompts.sources.of(lang).get(name)
            if source is not None:
                reads = self.needs.reads(name, lang)
                for use in distinct(where, reads):
                    tried = (name, lang, possible(use, reads))
                    if tried not in self.needs.sound:
                        faults = list(self._tried(use, len(source.variants), reads, lang))
                        yield from self._once(faults)
                        self.needs.sound.update([] if faults else [tried])

    def _tried(self, use: Use, variants: int, reads: frozenset[str], lang: str) -> Iterator[Fault]:
        for variant in range(variants):
            longest = ""
            for world in worlds(use, reads):
                said = self._said(use, variant, world, lang)
                if isinstance(said, Fault):
                    yield said
                elif said.count(" ") > longest.count(" "):
                    longest = said
            yield from wordy(use.prompt, longest, lang, self._spot(use.prompt, variant, lang))

    def _spot(self, prompt: str, variant: int, lang: str) -> Spot:
        source = self.content.prompts.sources.of(lang)[prompt]
        return Spot(source.file, source.variants[variant].line)

    def _once(self, faults: list[Fault]) -> Iterator[Fault]:
        for fault in faults:
            if (fault.code, fault.spot, fault.message) not in self.told:
                self.told.add((fault.code, fault.spot, fault.message))
                yield fault

    def _said(self, use: Use, variant: int, world: Mapping[str, object], lang: str) -> Fault | str:
        """Say a variant in one world: return its text, or what is wrong; "" where that is told already."""
        slots: Any = world  # the values of slots
        try:
            text = self.content.prompts.render(use.prompt, variant, slots, lang)
        except PromptFault as fault:
            return self._failed(fault, use) or ""
        if not text:
            wrong = f"nothing is left of this prompt{_when(world)}"
            return Fault("W613", self._spot(use.prompt, variant, lang), wrong, "give it words for that")
        if len(text) > MOST_CHARACTERS and (size := len(plain(text))) > MOST_CHARACTERS:
            wrong = f"this prompt can be {size:,} characters long, more than {MOST_CHARACTERS:,}"
            fix = "shorten it, or show long slots by `quote`"
            return Fault("W606", self._spot(use.prompt, variant, lang), wrong, fix)
        return text

    def _failed(self, fault: PromptFault, use: Use) -> Fault | None:
        """Return a failure as the author should see it; one to compile is told already."""
        if fault.code == "W602":
            return None
        if fault.code == "W601":
            return Fault("W601", fault.spot, fault.reason)
        return Fault("W603", fault.spot, fault.reason, self._mend(fault.reason, use))

    def _mend(self, reason: str, use: Use) -> str:
        name = reason.split("'")[1] if reason.startswith("'") else ""
        if not name:
            return f"{use.where} says it"
        if name in use.scope:
            return f"{use.where} can say it before it is set; ask {{% if {name} is defined %}}"
        near = did_you_mean(name, (*use.scope, "helpline"))
        return f"did you mean {near!r}?" if near else f"{use.where} says it and has no such slot"


def _when(world: Mapping[str, object]) -> str:
    small = {name: value for name, value in world.items() if len(str(value)) < MOST_CHARACTERS // 100}
    return f" when {', '.join(f'{name} is {value}' for name, value in small.items())}" if small else ""


_LINK = "link/"
"""Where the words of `/link` are, which stands before the flows."""


def _unused(content: Content, net: Net, said: Mapping[str, Sequence[Use]], needs: Needs) -> Iterator[Fault]:
    """Report prompts that nothing names, not even a line that is misspelt or stands in a broken flow."""
    names = content.prompts.names()
    meant = {did_you_mean(name, names) for name in said if name not in names}
    written = _written(content, net, needs)
    for name in sorted(names - said.keys() - meant - content.prompts.templates.lined - written):
        if name.startswith(_LINK):
            continue
        spot = Spot(content.prompts.sources.of(SOURCE)[name].file)
        yield Fault("W604", spot, f"nothing says prompt {name!r}", "say it, or remove the file", "warning")


def _written(content: Content, net: Net, needs: Needs) -> set[str]:
    """Return the prompts that are named anywhere in the flows' files, whatever became of the place."""
    found: set[str] = set()
    for web in net.webs.values():
        for text in _texts(web.tree.data):
            line = Line(text, tuple(_FIELD.findall(text)))
            sure = all(field in web.scope and web.scope[field].of for field in line.fields)
            found.update([one for one, _ in named(line, web.scope)] if sure else needs.matching(text))
    loose = [one for one in content.loaded.values() if one.flow.id not in net.webs]
    for one in (*loose, *content.older.values()):
        for text in _texts(one.tree.data):
            found.update(needs.matching(text) if "{" in text else [text])
    for path in content.broken:
        found.update(_NAME.findall(path.read_text(errors="replace")))
    return found | {name for text in found if "{" in text for name in needs.matching(text)}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
