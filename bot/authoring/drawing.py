"""Flows as pictures: Mermaid for a page, SVG for a file."""

from __future__ import annotations

from pathlib import Path

from bot.content.graph import graph as overview
from bot.content.graph import mermaid
from bot.content.library import flow_named, load_sound
from bot.content.svg import svg, svg_graph
from bot.settings import Settings


def graph(settings: Settings, flow: str | None, folder: Path | None) -> None:
    """Print Mermaid of one flow, or of all and how they call each other; or write each as an SVG file."""
    content = load_sound(settings.flows, settings.prompts)
    flows = content.flows.flows
    chosen = [flow_named(content, flow)] if flow is not None else [flows[name] for name in sorted(flows)]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        drawn = {one.id: svg(one) for one in chosen}
        if flow is None:
            drawn["_all"] = svg_graph(content.flows)  # no flow's id begins so
        for name, text in drawn.items():
            (folder / f"{name}.svg").write_text(text, encoding="utf-8")
        print(f"{len(drawn)} drawn in {folder}")
        return
    if flow is None:
        print(overview(content.flows))
    print("\n".join(mermaid(one) for one in chosen), end="")
