"""What is recorded beside the flows: each version's structure, and the schema that editors complete with."""

from __future__ import annotations

import json
import sys

from bot.content.library import load_sound
from bot.content.lock import write_lock
from bot.content.schema import flow_schema
from bot.settings import Settings


def lock(settings: Settings, amend: bool) -> bool:
    """Record the structure of new versions; tell whether no recorded one had changed."""
    faults = write_lock(load_sound(settings.flows, settings.prompts).loaded, settings.flows, amend=amend)
    for fault in faults:
        print(fault)
    return not faults


def schema(settings: Settings, write: bool) -> None:
    """Print the schema of flow files, or write it beside the flows."""
    text = json.dumps(flow_schema(), indent=2, ensure_ascii=False) + "\n"
    if write:
        (settings.flows / "flow.schema.json").write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
