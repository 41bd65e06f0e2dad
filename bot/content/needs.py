"""What a prompt reads and shows: the slots it cannot do without, itself and through the lines it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from jinja2 import nodes

from bot.content.folders import SOURCE
from bot.content.prompts import Prompts
from bot.content.sandbox import CALLS, TemplateFault, below
from bot.content.sources import Variant

HELPLINE = "helpline"
"""The name by which a prompt shows whom to call."""
_ANY = "[^/]+"


class Needs:
    """Look into the prompts of every language; what does not compile needs nothing.

    `sound` remembers what was tried and found to be without a fault: a prompt, a language, and what its slots
    could be. Whoever checks again with the same prompts need not try that again; with other ones, whoever was
    there `before` has looked into the wordings that are still the same.
    """

    def __init__(self, prompts: Prompts, before: Needs | None = None) -> None:
        self.sound: set[tuple[object, ...]] = set()
        self._prompts = prompts
        self._reads: dict[tuple[str, str], frozenset[str]] = {}
        self._trees: dict[Variant, nodes.Template | None] = before._trees if before else {}
        self._own: dict[Variant, tuple[frozenset[str], list[str]]] = before._own if before else {}
        self._out: dict[Variant, frozenset[str]] = before._out if before else {}

    def reads(self, name: str, lang: str = SOURCE) -> frozenset[str]:
        """Return the slots (and `helpline`) a prompt reads; `{slot}` in its name stands for anything."""
        names = self.matching(name) if "{" in name else [name]
        return frozenset[str]().union(*(self._read(one, lang) for one in names))

    def shown(self, name: str, lang: str) -> frozenset[str]:
        """Return the slots whose values a prompt puts out, in any of its variants."""
        found = self._prompts.sources.of(lang)[name]
        return frozenset[str]().union(*map(self._put_out, found.variants))

    def shown_by(self, name: str, lang: str) -> frozenset[str]:
        """Return the slots whose values a prompt puts out, itself or by the lines it says."""
        seen, rest, found = {name}, [name], set[str]()
        while rest:
            one = rest.pop()
            source = self._prompts.sources.find(one, lang)
            for variant in source.variants if source else ():
                found |= self._put_out(variant)
                said = [line for line in self.said(variant) if line not in seen]
                seen.update(said)
                rest += said
        return frozenset(found)

    def calls_for_help(self, variant: Variant, lang: str) -> bool:
        """Tell whether a wording shows a helpline, itself or by a line it says."""
        return HELPLINE in self._put_out(variant) or any(
            HELPLINE in self.shown_by(one, lang) for one in self.said(variant)
        )

    def matching(self, name: str) -> list[str]:
        """Return the prompts whose names fit one with `{slot}` in it."""
        parts = re.split(r"\{[^}]*\}", name)
        return self._fitting(_ANY.join(map(re.escape, parts)))

    def said(self, variant: Variant) -> list[str]:
        """Return the prompts that a wording says by `line`; a computed name stands for all that fit."""
        calls = (node for node in self._nodes(variant) if isinstance(node, nodes.Call) and node.args)
        named = (
            call.args[0] for call in calls if isinstance(call.node, nodes.Name) and call.node.name == "line"
        )
        return [
            one
            for node in named
            for one in ([str(node.value)] if isinstance(node, nodes.Const) else self._fitting(_pattern(node)))
        ]

    def _read(self, name: str, lang: str) -> frozenset[str]:
        """Follow every line a prompt says, each once, so that a prompt that says itself ends too."""
        if (name, lang) not in self._reads:
            seen, rest, found = {name}, [name], set[str]()
            while rest:
                source = self._prompts.sources.find(rest.pop(), lang)
                for variant in source.variants if source else ():
                    names, lines = self._seen(variant)
                    found |= names
                    said = [one for one in lines if one not in seen]
                    seen.update(said)
                    rest += said
            self._reads[name, lang] = frozenset(found)
        return self._reads[name, lang]

    def _put_out(self, variant: Variant) -> frozenset[str]:
        """Return the slots whose values a wording puts out; looked for once."""
        if variant not in self._out:
            shown = (
                part.name
                for node in self._nodes(variant)
                if isinstance(node, nodes.Output)
                for part in below(node)
                if isinstance(part, nodes.Name) and part.ctx == "load"
            )
            self._out[variant] = frozenset(shown) - frozenset(("line", "label", "loop"))
        return self._out[variant]

    def _seen(self, variant: Variant) -> tuple[frozenset[str], list[str]]:
        """Return what a wording reads by itself and the prompts it says; looked for once."""
        if variant not in self._own:
            tree = self.tree(variant)
            names = frozenset[str]() if tree is None else frozenset(unknown(tree, set(CALLS)))
            self._own[variant] = names, self.said(variant)
        return self._own[variant]

    def _nodes(self, variant: Variant) -> list[nodes.Node]:
        tree = self.tree(variant)
        return [] if tree is None else list(below(tree))

    def tree(self, variant: Variant) -> nodes.Template | None:
        """Parse a wording once; None for one that has nothing to fill in, or is no template."""
        if variant.constant:
            return None
        if variant not in self._trees:
            try:
                self._trees[variant] = self._prompts.templates.tree(variant)
            except TemplateFault:
                self._trees[variant] = None
        return self._trees[variant]

    def _fitting(self, pattern: str) -> list[str]:
        return [name for name in self._names if re.fullmatch(pattern, name)]

    @cached_property
    def _names(self) -> list[str]:
        return sorted(self._prompts.names())


def unknown(node: nodes.Node, known: set[str]) -> Iterator[str]:
    """Yield the names a part of a template reads and nothing before it sets; `known` grows by what it sets.

    Jinja2 can tell it too, by writing the code of the template a second time.
    """
    match node:
        case nodes.Name(ctx="load"):
            yield from () if node.name in known else (node.name,)
        case nodes.Name():
            known.add(node.name)
        case nodes.Assign():
            yield from _each((node.node, node.target), known)
        case nodes.If():
            yield from unknown(node.test, known)
            for branch in (node.body, node.elif_, node.else_):
                yield from _each(branch, set(known))
        case nodes.For():
            yield from unknown(node.iter, known)
            items = {one.name for one in below(node.target) if isinstance(one, nodes.Name)}
            yield from _each((*([node.test] if node.test else ()), *node.body), known | items | {"loop"})
            yield from _each(node.else_, set(known))
        case _:
            yield from _each(node.iter_child_nodes(), known)


def _each(parts: Iterable[nodes.Node], known: set[str]) -> Iterator[str]:
    for part in parts:
        yield from unknown(part, known)


def _pattern(node: nodes.Node) -> str:
    """Return the pattern of the texts an expression can come to."""
    if isinstance(node, nodes.Const):
        return re.escape(str(node.value))
    if isinstance(node, nodes.Concat):
        return "".join(map(_pattern, node.nodes))
    return _ANY
