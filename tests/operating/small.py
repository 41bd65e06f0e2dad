"""A small content without a fault, of which there is a second version that carries people over."""

from __future__ import annotations

from pathlib import Path

from tests.runtime.little import little_world

_MIGRATE = "migrate:\n  - from: 1\n    states: {choose: pick}\nslots:\n"


def small_world(folder: Path) -> None:
    """Write a content that `check` has nothing to say of but in warnings."""
    little_world(folder)
    prompts = folder / "prompts" / "en" / "little"
    (prompts / "unsaid.j2").unlink()
    (prompts.parent / "platform").mkdir()
    (prompts.parent / "platform" / "options.yaml").write_text(
        "command_stop: {label: stop}\n", encoding="utf-8"
    )
    _change(prompts / "heard.j2", "person }}", "person | quote }}")
    flow = folder / "flows" / "little.yaml"
    lines = flow.read_text(encoding="utf-8").splitlines(keepends=True)
    flow.write_text("".join(one for one in lines if "unsaid" not in one and "endless" not in one), "utf-8")
    _change(flow, "lapsed, gone]", "lapsed]")


def second_version(folder: Path) -> None:
    """Edit it: the question `choose` is called otherwise and said in other words."""
    flow = folder / "flows" / "little.yaml"
    _change(flow, "version: 1", "version: 2")
    _change(flow, "goto: choose", "goto: pick")
    _change(flow, "\n  choose:\n", "\n  pick:\n")
    _change(flow, "slots:\n", _MIGRATE)
    _change(folder / "prompts" / "en" / "little" / "plan.j2", "Planned.", "Planned anew.")


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
