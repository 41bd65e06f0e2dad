"""Flows as Mermaid, so that a diagram lives beside the text that a page already shows."""

from __future__ import annotations

from collections.abc import Set

from bot.content.chart import ANYWHERE, ENTRY, Chart, Edge, Node, chart, overview, shown
from bot.content.marks import Mark
from bot.dialogue.flow import Flow
from bot.dialogue.flows import Flows

_SHAPES = {
    "entry": ("((", "))"),
    "waits": ("([", "])"),
    "calls": ("[[", "]]"),
    "moves": ("[", "]"),
    "outcome": ("{{", "}}"),
}
_CLASSES = {"gate": "gate", "toward": "rung", "elsewhere": "rung"}
_NAMES = {ENTRY: "entry", ANYWHERE: "anywhere"}
"""Every other node's name gets a prefix: `end` and the like are Mermaid's own words."""
_STYLES = (
    "classDef gate stroke:#b7791f,stroke-width:3px",
    "classDef rung stroke:#0f766e,stroke-width:3px",
    "classDef outcome stroke-width:2px",
)
_UNMET = "stroke:#c2410c,stroke-dasharray:2 3"


def mermaid(flow: Flow, unmet: Set[Mark] = frozenset()) -> str:
    """Draw a flow: a question is round, a call has double sides, what needs no answer is dashed.

    What is `unmet` by tests is dotted, and has a sign before it.
    """
    return _drawn(chart(flow, unmet))


def graph(flows: Flows) -> str:
    """Draw which flow calls which; dashed is what begins later."""
    return _drawn(overview(flows))


def _drawn(drawn: Chart) -> str:
    names = {node.id: _NAMES.get(node.id, f"s_{node.id}") for node in drawn.nodes}
    lines = ["---", f"title: {drawn.title}", "---", "flowchart TD"]
    lines += [f"  accDescr: {drawn.about}"]
    lines += [f"  {_node(node, names[node.id])}" for node in drawn.nodes]
    edges = [edge for edge in drawn.edges if {edge.source, edge.target} <= names.keys()]
    lines += [f"  {_edge(edge, names)}" for edge in edges]
    lines += [f"  {style}" for style in _STYLES]
    lines += [f"  style {names[node.id]} {_UNMET}" for node in drawn.nodes if node.unmet]
    lines += [f"  linkStyle {number} {_UNMET}" for number, edge in enumerate(edges) if edge.unmet]
    return "\n".join(lines) + "\n"


def _node(node: Node, name: str) -> str:
    left, right = _SHAPES[node.shape]
    kind = _CLASSES.get(node.mark) or ("outcome" if node.shape == "outcome" else "")
    return f'{name}{left}"{_text((node.title, *node.notes))}"{right}' + (f":::{kind}" if kind else "")


def _edge(edge: Edge, names: dict[str, str]) -> str:
    arrow = "-.->" if edge.silent else "-->"
    label = f'|"{_text(shown(edge.label))}"|' if edge.label else ""
    return f"{names[edge.source]} {arrow}{label} {names[edge.target]}"


def _text(lines: tuple[str, ...]) -> str:
    """Escape what Mermaid would read as its own: quotes, tags, entities."""
    escapes = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;"}
    return "<br>".join("".join(escapes.get(letter, letter) for letter in line) for line in lines)
