"""What Lowtide is made of, as a CycloneDX list: python -m deploy.sbom prints it.

It is read from requirements.lock, which holds every package with its reason, and from what is installed here,
which knows the licences. The same lock gives the same list: no time and no place goes in, and no host.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
LOCK = "requirements.lock"
BUILD = "lowtide (pyproject.toml:setup)"
_PIN = re.compile(r"^([a-z0-9.-]+)==([\w.]+)(?: ; (.+?))? \\\n(?:    --hash=.*\n)+    # via (.*)$", re.M)

CARRIED: tuple[Json, ...] = (
    {
        "type": "file",
        "bom-ref": "bot/painting/roboto",
        "name": "Roboto",
        "version": "2.138",
        "description": "the letters on the picture of somebody's weeks, cut down to the Latin ones",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    },
    {
        "type": "file",
        "bom-ref": "bot/encoder/vocabulary.txt",
        "name": "BERT's uncased vocabulary",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    },
    {
        "type": "machine-learning-model",
        "bom-ref": "bot/sensing/weights.npz",
        "name": "Lowtide's model of danger",
        "description": "taught with the sentences in flows/danger by `python -m bot.sensing`",
        "licenses": [{"license": {"id": "MIT"}}],
    },
    {
        "type": "machine-learning-model",
        "bom-ref": "bot/encoder/minilm.npz",
        "name": "the layers of all-MiniLM-L6-v2, tuned for danger",
        "description": "tuned with the sentences in flows/danger/en by tests/bench/tuning/minilm.py",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    },
    {
        "type": "machine-learning-model",
        "bom-ref": "bot/encoder/tongues.npz",
        "name": "the network of universal-sentence-encoder-multilingual 3, tuned for danger",
        "description": "tuned with the sentences in flows/danger by tests/bench/tuning/tongues.py",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    },
)
"""What lies in the package itself and was made elsewhere, or is no program."""
_SPELLED = {"The MIT License (MIT)": "MIT", "MIT License": "MIT", "Apache Software License": "Apache-2.0"}
"""How authors write a licence that has a name of its own."""
_CLASS = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Pin:
    """Hold one line of the lock: a package, where it is needed, and who asks for it."""

    name: str
    version: str
    where: str
    asked_by: tuple[str, ...]

    @property
    def ref(self) -> str:
        """Name it for every tool that reads the list."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(lock: str) -> list[Pin]:
    """Read a lock."""
    found = _PIN.findall(lock)
    return [Pin(name, version, where, tuple(via.split(", "))) for name, version, where, via in found]


def bill(root: Path) -> Json:
    """Make the list."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lock = (root / LOCK).read_text()
    own = Pin(project["name"], project["version"], "", ())
    packages = [one for one in pins(lock) if BUILD not in one.asked_by]
    needed = sorted(_reached(packages), key=lambda one: one.ref)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid5(NAMESPACE_URL, own.ref + lock).urn,
        "version": 1,
        "metadata": {
            "component": {"type": "application", "licenses": _named(project["license"]), **_identity(own)},
            "properties": [{"name": "lowtide:lock:sha256", "value": sha256(lock.encode()).hexdigest()}],
        },
        "components": [*map(_component, needed), *CARRIED],
        "dependencies": list(_graph(own, needed)),
    }


def written(root: Path) -> str:
    """Write the list as text."""
    return json.dumps(bill(root), indent=2, ensure_ascii=False) + "\n"


def _reached(packages: list[Pin]) -> set[Pin]:
    """Keep what a run asks for, by one or more steps; what only the build needs is not part of Lowtide."""
    found = {one for one in packages if "lowtide (pyproject.toml)" in one.asked_by}
    while more := {one for one in packages if {by.name for by in found} & {*one.asked_by}} - found:
        found |= more
    return found


def _identity(pin: Pin) -> Json:
    return {"bom-ref": pin.ref, "name": pin.name, "version": pin.version, "purl": pin.ref}


def _component(pin: Pin) -> Json:
    where = [{"name": "lowtide:only-where", "value": pin.where}] if pin.where else []
    found: Json = {"type": "library", **_identity(pin), "licenses": _licence(pin)}
    return found | ({"properties": where} if where else {})


def _licence(pin: Pin) -> list[Json]:
    """Return the licence that the installed package names; none where this version is not installed here."""
    try:
        told = metadata(pin.name)
    except PackageNotFoundError:
        return []
    if told["Version"] != pin.version:
        return []
    classes = [one for one in told.get_all("Classifier", []) if one.startswith(_CLASS)]
    written = (*told.get_all("License-Expression", []), *told.get_all("License", []))
    text = next((one for one in written if one), " AND ".join(one.removeprefix(_CLASS) for one in classes))
    first = text.strip().partition("\n")[0]  # some put the whole of its text there
    return _named(_SPELLED.get(first, first))


def _named(text: str) -> list[Json]:
    if not text:
        return []
    expression = re.fullmatch(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)+", text)
    if expression:
        return [{"expression": text}]
    return [{"license": {"id" if re.fullmatch(r"[A-Za-z0-9.+-]+", text) else "name": text}}]


def _graph(own: Pin, needed: list[Pin]) -> Iterator[Json]:
    """Tell who asks for what, Lowtide first."""
    yield {
        "ref": own.ref,
        "dependsOn": [
            *(one.ref for one in needed if "lowtide (pyproject.toml)" in one.asked_by),
            *(one["bom-ref"] for one in CARRIED),
        ],
    }
    for pin in needed:
        yield {"ref": pin.ref, "dependsOn": [one.ref for one in needed if pin.name in one.asked_by]}


if __name__ == "__main__":
    sys.stdout.write(written(Path(__file__).parent.parent))
