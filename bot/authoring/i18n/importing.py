"""Back from translators' tools: what a sheet changes, in the files of its language, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.authoring.i18n.catalogue import Item, body, catalogue, written
from bot.authoring.i18n.po import Sent, Sheet
from bot.authoring.i18n.standing import standing
from bot.authoring.i18n.wording import Wording, reworded
from bot.content.library import Content
from bot.content.sources import ENDING, STAMP
from bot.content.words import OPTIONS


@dataclass(frozen=True, slots=True)
class Plan:
    """Say what an import would do: the text of each file below `lang`, the messages it was made from.

    `unsure` and `gone` count messages left out: marked fuzzy, or about what is no longer said.
    """

    lang: str
    files: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, Sequence[Sent]] = field(default_factory=dict)
    unsure: int = 0
    gone: int = 0


def plan(content: Content, sheet: Sheet, lang: str) -> Plan:
    """Work out which files a sheet changes; what is as it was is left alone, byte for byte."""
    items = {item.context: item for item in catalogue(content)}
    known = [(one, items[one.context]) for one in sheet.messages if one.context in items]
    fresh = [(one, item) for one, item in known if _news(content, one, item, lang)]
    taken = [(one, item) for one, item in fresh if not one.fuzzy]
    sent: dict[str, list[Sent]] = {}
    for one, item in taken:
        sent.setdefault(home(item)[0], []).append(one)
    files = {home(item)[0]: _prompt(content, one, item, lang) for one, item in taken if item.kind == "prompt"}
    for file, wordings in _wordings(taken).items():
        files[file] = entries_written(content, lang, file, wordings)
    return Plan(lang, files, sent, len(fresh) - len(taken), len(sheet.messages) - len(known))


def _news(content: Content, sent: Sent, item: Item, lang: str) -> bool:
    """Tell whether a message says something new: other words, or that overtaken ones are right again."""
    now = standing(content, item, lang)
    text = body(sent.text)
    return bool(text.strip()) and (text != now.text or (now.state == "stale" and not sent.fuzzy))


def _stamp(sent: Sent, item: Item) -> str:
    """Return the hash of the English that a message translates, which may not be today's."""
    return item.hash if sent.english == item.text else sent.hash or item.hash


def home(item: Item) -> tuple[str, str]:
    """Return the file an item is written to, below its language, and its name there."""
    if item.kind == "prompt":
        return item.name + ENDING, ""
    folder, _, name = item.name.rpartition("/")
    return f"{folder}/{OPTIONS}", name


def _prompt(content: Content, sent: Sent, item: Item, lang: str) -> str:
    """Return the file of a prompt: the words that were sent, under the hash of what they translate."""
    source = content.prompts.sources.of(lang).get(item.name)
    old = written(source.file) if source else ""
    stamp = STAMP.match(old)
    rest = old[stamp.end() :] if stamp else old
    same = body(rest) == body(sent.text)
    return stamped(old, _stamp(sent, item), rest if same else f"{body(sent.text)}\n")


def stamped(old: str, stamp: str, rest: str) -> str:
    """Return a prompt's file with a hash in its first line, which else stays as it was."""
    there = STAMP.match(old)
    if there is None:
        return f"{{# source: {stamp} #}}\n{rest}"
    return old[: there.start(1)] + stamp + old[there.end(1) : there.end()] + rest


def _wordings(taken: Sequence[tuple[Sent, Item]]) -> dict[str, dict[str, Wording]]:
    found: dict[str, dict[str, Wording]] = {}
    for sent, item in taken:
        file, name = home(item)
        if item.kind == "label":
            entries = found.setdefault(file, {})
            said = entries.get(name, Wording()).says
            entries[name] = Wording(sent.text.strip(), _stamp(sent, item), said)
        elif item.kind == "phrases":
            entries = found.setdefault(file, {})
            before = entries.get(name, Wording())
            phrases = tuple(line.strip() for line in sent.text.splitlines() if line.strip())
            entries[name] = Wording(before.label, before.stamp, phrases)
    return found


def entries_written(content: Content, lang: str, file: str, wordings: Mapping[str, Wording]) -> str:
    """Return an options file of a language with entries changed or added, in the order of the English."""
    present = content.prompts.sources.root / lang / file
    folder = file.removesuffix(OPTIONS)
    order = [entry.name for key, entry in content.words.entries().items() if key == folder + entry.name]
    return reworded(written(str(present)) if present.is_file() else "", wordings, order)


def write(prompts: Path, wanted: Plan) -> None:
    """Write the files of a plan below a folder of prompts."""
    for file, text in wanted.files.items():
        path = prompts / wanted.lang / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def outline(wanted: Plan, sheet: Sheet) -> Iterator[str]:
    """Say what was taken, a line each."""
    taken = sum(map(len, wanted.sent.values()))
    yield f"{taken} of {len(sheet.messages)} messages are new: {len(wanted.files)} files written"
    if wanted.unsure:
        yield f"{wanted.unsure} are marked fuzzy, and were left as they are"
    if wanted.gone:
        yield f"{wanted.gone} are about what is no longer said, and were left out"
