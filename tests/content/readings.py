"""All that a template may say: each branch of every `if` with each branch of the others, and values in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.content.helplines import Helpline

_TAG = re.compile(r"(\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\})", re.DOTALL)
_KEYWORD = re.compile(r"\{%-?\s*(\w+)\s*(.*?)\s*-?%\}", re.DOTALL)
_LINE = re.compile(r"line\(\s*['\"]([\w/-]+)['\"]\s*(?:,\s*\d+\s*)?\)")
_LABEL = re.compile(r"label\(\s*['\"]([\w/-]+)['\"]\s*\)")
_SOME_LINE = "I have nothing left, not even for the people I love."
_SOME_QUOTE = "“I just want everyone to leave me alone”"
SOME_NAME = "Sam"
_DEEPEST, _MOST = 3, 500


@dataclass(frozen=True, slots=True)
class Reader:
    """Read templates with the helplines of one country; without one, our own words stand out alone.

    `texts` gives the wordings of a prompt, `label` the label of a key.
    """

    texts: Callable[[str], Sequence[str]]
    label: Callable[[str], str]
    helpline: Helpline | None = None
    depth: int = 0

    def read(self, text: str) -> list[str]:
        """Return all that the text may say."""
        whole, _ = self._block(iter(_TAG.split(text)))
        trimmed = (re.sub(r"[ \t]*\n[ \t]*", "\n", one) for one in whole)
        return [re.sub(r"\n{3,}", "\n\n", one).strip() for one in trimmed]

    def _block(self, parts: Iterator[str]) -> tuple[list[str], str]:
        """Read up to the tag that ends a branch; return what may be said, and that tag."""
        said = [""]
        for part in parts:
            if _keyword(part)[0] in ("elif", "else", "endif", "endfor"):
                return said, part
            said = [before + now for before in said for now in self._part(part, parts)][:_MOST]
        return said, ""

    def _part(self, part: str, parts: Iterator[str]) -> list[str]:
        if _keyword(part)[0] in ("if", "for"):
            return self._branches(part, parts)
        if part.startswith("{{"):
            return [self._value(part[2:-2].strip("- "))]
        return [""] if part.startswith(("{%", "{#")) else [part]

    def _branches(self, tag: str, parts: Iterator[str]) -> list[str]:
        """Read all branches that may be taken."""
        found: list[str] = []
        may_go_on = True
        while _keyword(tag)[0] in ("if", "for", "elif", "else"):
            holds = self._holds(*_keyword(tag))
            said, tag = self._block(parts)
            found += said if may_go_on and holds is not False else []
            may_go_on = may_go_on and holds is not True
        return [*found, ""] if may_go_on else found

    def _holds(self, word: str, condition: str) -> bool | None:
        """Tell whether a branch is taken; None when that depends on the person."""
        if word in ("for", "else"):
            return True
        names = re.findall(r"helpline\.(\w+)", condition)
        if self.helpline is None or not names:
            return None
        values = [getattr(self.helpline, name) for name in names]
        return values[0] != values[1] if "!=" in condition else bool(values[0])

    def _value(self, expression: str) -> str:
        """Return what stands for a value: a helpline, a wording of another prompt, a label, a quotation."""
        if (line := _LINE.match(expression)) and self.depth < _DEEPEST:
            deeper = replace(self, depth=self.depth + 1)
            return max(
                (one for text in self.texts(line[1]) for one in deeper.read(text)), key=len, default=""
            )
        if label := _LABEL.match(expression):
            return self.label(label[1])
        if self.helpline and expression.startswith("helpline."):
            return str(getattr(self.helpline, expression.removeprefix("helpline.").split("|")[0].strip()))
        if expression.startswith("line("):
            return _SOME_LINE
        return _SOME_QUOTE if "quote" in expression else SOME_NAME


def _keyword(part: str) -> tuple[str, str]:
    found = _KEYWORD.match(part)
    return (found[1], found[2]) if found else ("", "")
