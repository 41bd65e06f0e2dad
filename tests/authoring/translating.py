"""A house with a translation that somebody wrote by hand, and the PO file as a translator fills it."""

from __future__ import annotations

from pathlib import Path

import polib

from bot.cli import main
from bot.content.sources import fingerprint
from tests.content.house import FILES, build

OPEN = fingerprint(FILES["prompts/en/talk/open.j2"])
GERMAN: dict[str, str | None] = {
    "prompts/de/talk/open.j2": f"{{# source: {OPEN} #}}\nUm wen geht es?\n---\n  An wen denkst du?\n\n",
    "prompts/de/talk/again.j2": "{# source: 123456789abc #}\nSag es noch einmal?\n",
    "prompts/de/talk/options.yaml": f"""
        # Wie Leute es sagen.

        tired:
          label: 'Ich bin müde'   # kurz
          source: "{fingerprint("I am tired")}"
          says:
            - "so müde von allen"
            # ohne Umlaut
            - 'keine kraft mehr'

        first: {{label: "Ich gehe zuerst", says: [ich gehe bevor sie gehen, "lieber ich"]}}
        """,
}


def i18n(root: Path, *words: str) -> int:
    """Run `lowtide i18n` on a house."""
    where = ["--flows", str(root / "flows"), "--prompts", str(root / "prompts")]
    return main(["i18n", *words, *where])


def german(root: Path) -> None:
    """Write a house with its translation."""
    build(root, GERMAN)


def exported(root: Path, lang: str = "de") -> polib.POFile:
    """Return the PO file of a language."""
    assert i18n(root, "export", lang, "--to", str(root / "sheet.po")) == 0
    return polib.pofile(str(root / "sheet.po"), wrapwidth=0)


def message(sheet: polib.POFile, context: str) -> polib.POEntry:
    """Return one message."""
    return next(one for one in sheet if one.msgctxt == context)


def sent_back(root: Path, sheet: polib.POFile) -> int:
    """Import a PO file."""
    sheet.save(str(root / "sheet.po"))
    return i18n(root, "import", str(root / "sheet.po"))


def files(root: Path) -> dict[str, bytes]:
    """Return all files of the prompts."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted((root / "prompts").rglob("*"))
        if path.is_file()
    }
