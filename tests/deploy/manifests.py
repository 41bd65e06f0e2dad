"""What stands in deploy/, read once for its tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.bench.dockerfile import Stage, read

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
Json = dict[str, Any]


@cache
def image() -> Stage:
    """Return the stage that becomes the image."""
    return read((DEPLOY / "Dockerfile").read_text())[-1]


@cache
def compose() -> Json:
    """Return the compose file."""
    return plain(DEPLOY / "compose.yaml")


@cache
def kustomization() -> Json:
    """Return what puts the manifests together."""
    return plain(KUBERNETES / "kustomization.yaml")


@cache
def manifests() -> dict[str, Json]:
    """Return the manifests that the kustomization names, by their kind."""
    found = [plain(KUBERNETES / name) for name in kustomization()["resources"]]
    return {one["kind"]: one for one in found}


def pod() -> Json:
    """Return what the Deployment says of a pod."""
    spec: Json = manifests()["Deployment"]["spec"]["template"]["spec"]
    return spec


def unit() -> list[tuple[str, str]]:
    """Return what the systemd unit sets, in order."""
    lines = (DEPLOY / "lowtide.service").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return [(name, value) for name, _, value in pairs]


def texts() -> dict[str, str]:
    """Return every file of deploy/ as text, by its name there."""
    paths = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and path.suffix not in (".pyc", "")]
    return {str(path.relative_to(DEPLOY)): path.read_text() for path in [DEPLOY / "Dockerfile", *paths]}


def plain(path: Path) -> Json:
    """Read a YAML file as other programs read it."""
    found: Json = yaml.safe_load(path.read_text())
    return found
