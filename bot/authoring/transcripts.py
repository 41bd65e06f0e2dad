"""Whole conversations as pages to read aloud, written from `*.test.yaml` by playing them: they stay true."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

from bot.adapters.rehearsal_story import Told
from bot.authoring.gathering import gather
from bot.authoring.playing import play
from bot.content.library import Content, load_sound
from bot.content.markup import Span, parse
from bot.content.rehearsals import Rehearsal
from bot.errors import ContentError
from bot.settings import Settings

_FOLDER = Path("docs/transcripts")
_NOTE = (
    "<!-- Written by `lowtide transcripts` from {file}. Change the test or the prompts, not this page. -->"
)
_MARKS = re.compile(r"([\\\\`*_\[\]<>#|])")


def transcripts(settings: Settings, folder: Path | None, *, check: bool) -> bool:
    """Write every page, or with `check` only tell which are not as they would be written.

    Returns:
        Whether all conversations went as expected and, with `check`, every page is as it should be.

    Raises:
        ContentError: the flows, prompts or tests have faults.
    """
    where = folder or settings.flows.parent / _FOLDER
    pages, misses = asyncio.run(_written(settings))
    for miss in misses:
        print(miss)
    stray = sorted(set(where.glob("*.md")) - {where / f"{name}.md" for name in pages})
    if check:
        stale = [*_stale(where, pages), *(str(path) for path in stray)]
        print("\n".join(f"{path} is not as written" for path in stale) or f"{len(pages)} pages as written")
        return not stale and not misses
    where.mkdir(parents=True, exist_ok=True)
    for path in stray:
        path.unlink()
    for name, text in pages.items():
        (where / f"{name}.md").write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages written to {where}")
    return not misses


def _stale(where: Path, pages: dict[str, str]) -> list[str]:
    paths = {where / f"{name}.md": text for name, text in pages.items()}
    return [
        str(path) for path, text in paths.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]  # fmt: skip


async def _written(settings: Settings) -> tuple[dict[str, str], list[str]]:
    """Play every rehearsal that has a page, and write it."""
    content = load_sound(settings.flows, settings.prompts)
    rehearsals, faults = gather(settings, "")
    if faults:
        raise ContentError(faults)
    pages: dict[str, str] = {}
    misses = []
    for rehearsal in (one for one in rehearsals if one.transcript):
        told, miss = await _played(settings, content, rehearsal)
        pages[rehearsal.transcript] = _page(rehearsal, told)
        misses += [miss] if miss else []
    return pages, misses


async def _played(
    settings: Settings, content: Content, rehearsal: Rehearsal
) -> tuple[list[Told], str | None]:
    player, miss = await play(settings, content, rehearsal)
    return player.told, None if miss is None else str(miss)


def _page(rehearsal: Rehearsal, told: list[Told]) -> str:
    """Write a conversation: its name, then each turn; what we say is quoted, with its buttons under it."""
    note = _NOTE.format(file=f"flows/{Path(rehearsal.spot.file).name}")
    title = rehearsal.name[0].upper() + rehearsal.name[1:]
    blocks = [note, f"# {title}", *(block for one in told for block in _block(one))]
    return "\n\n".join(blocks) + "\n"


def _block(told: Told) -> Iterator[str]:
    if told.by == "us":
        lines = "".join(map(_drawn, parse(told.words))).split("\n")
        buttons = ["", " ".join(f"`{label}`" for label in told.labels)] if told.labels else []
        yield "\n".join(f"> {line}".rstrip() for line in _broken([*lines, *buttons]))
    elif told.by == "press":
        yield f"**Person** taps `{told.labels[0] or told.words}`"
    elif told.by == "words":
        yield f"**Person** {_plain(told.words)}"
    elif told.words != "to JSON and back":
        yield f"_{told.words}_"


def _broken(lines: list[str]) -> list[str]:
    """Keep each line break of a message: Markdown would join the lines of a paragraph."""
    following = [*lines[1:], ""]
    return [f"{line}\\" if line and after else line for line, after in zip(lines, following, strict=True)]


def _drawn(span: Span) -> str:
    text = _plain(span.text)
    text = f"*{text}*" if span.italic else text
    return f"**{text}**" if span.bold else text


def _plain(text: str) -> str:
    """Return Markdown that reads as exactly this text."""
    return _MARKS.sub(r"\\\1", text)
