"""The JSON Schema of flow files, drawn from the tables that read them, so that editors and loader agree."""

from __future__ import annotations

from typing import Any

from bot.content.flows import FLOW
from bot.content.shapes import Schema

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest draft that YAML editors handle in full."""


def flow_schema() -> dict[str, Any]:
    """Return the schema of a flow file, ready to be written as JSON."""
    shared: dict[str, Schema] = {}
    FLOW.schema(shared)
    root = shared.pop("flow")
    return {
        "$schema": DRAFT,
        "title": "A Lowtide flow",
        **root,
        "description": "Written by `lowtide schema`; flows/README.md is the reference.",
        "definitions": dict(sorted(shared.items())),
    }
