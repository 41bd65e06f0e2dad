"""Out to translators' tools: a gettext PO file in the order of conversation, with notes and what there is.

A prompt is one message with all its wordings, because a language may need more of them, or fewer; phrases are
one message, one a line, because they are not translated but written anew. What the English has overtaken is
marked `fuzzy`, which every tool shows as work to be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polib

from bot.authoring.i18n.catalogue import Item, Kind, catalogue
from bot.authoring.i18n.standing import ENOUGH, Standing, standing
from bot.content.checks.labels import LONGEST_LABEL
from bot.content.library import Content

_HEAD = """What Lowtide says, in the order in which a person meets it.
A line `---` parts wordings of the same thing: write as many as you like, at least one.
Leave {{ … }} and {% … %} as they are; the words between them are yours. *bold* and _italic_ are marks.
Phrases are what people type: do not translate them, write how people say it where you live."""
_KINDS: dict[Kind, str] = {
    "prompt": "",
    "label": f"a label: at most {LONGEST_LABEL} characters, better 30 on a button",
    "phrases": f"phrases people type when they mean this, one a line: write your own, {ENOUGH} or more",
}


def export(content: Content, lang: str) -> str:
    """Return the PO file of a language, which may be one that there is nothing of yet."""
    file = polib.POFile(wrapwidth=0)
    file.header = _HEAD
    file.metadata = {
        "Project-Id-Version": "lowtide",
        "Language": lang,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    file.extend(entries(content, catalogue(content), lang))
    return f"{file}\n".rstrip("\n") + "\n"


def entries(content: Content, items: Iterable[Item], lang: str) -> Iterator[polib.POEntry]:
    """Yield a message for each item."""
    for item in items:
        now = standing(content, item, lang)
        yield polib.POEntry(
            msgctxt=item.context,
            msgid=item.text,
            msgstr=now.text,
            comment="\n".join(_notes(item, now)),
            occurrences=[(item.file, str(item.line))],
            flags=["fuzzy"] if now.state == "stale" else [],
        )


def _notes(item: Item, now: Standing) -> Iterator[str]:
    yield from filter(None, (_KINDS[item.kind],))
    yield from item.said
    if item.after:
        yield f"after {', '.join(item.after)}"
    if item.slots:
        yield f"reads {', '.join(item.slots)}"
    yield f"source {item.hash}"
    if now.state == "stale":
        yield f"STALE: translated from {now.stamp}"
