"""The list of what Lowtide is made of is whole, keeps to its schema, and is the same each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema.validators import validator_for
from referencing import Registry, Resource

from deploy.sbom import bill, pins, written
from tests.deploy.manifests import ROOT, Json

LOCK = (ROOT / "requirements.lock").read_text()
SCHEMA = "bom-1.6.SNAPSHOT.schema.json"
BUILD_ONLY = {"hatchling", "pathspec", "pluggy", "trove-classifiers"}


@pytest.fixture(scope="module")
def found() -> Json:
    return bill(ROOT)


def schemas() -> dict[str, Any]:
    """Return the schemas of CycloneDX, as its own library carries them."""
    place = files("cyclonedx.schema") / "_res"
    names = SCHEMA, "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"
    return {name: json.loads((place / name).read_text()) for name in names}


def test_it_keeps_to_the_schema_of_cyclonedx(found: Json) -> None:
    carried = schemas()
    registry: Registry[Any] = Registry().with_resources(
        (urljoin(carried[SCHEMA]["$id"], name), Resource.from_contents(one)) for name, one in carried.items()
    )
    judge = validator_for(carried[SCHEMA])(carried[SCHEMA], registry=registry)

    assert [fault.message for fault in judge.iter_errors(found)] == []
    assert not judge.is_valid(found | {"components": [{"name": "no type"}]})


def test_every_package_of_the_lock_is_in_it_but_what_only_the_build_needs(found: Json) -> None:
    listed = {one["purl"] for one in found["components"] if "purl" in one}

    left_out = {pin.name for pin in pins(LOCK) if pin.ref not in listed}

    assert left_out >= BUILD_ONLY
    assert not left_out & {"numpy", "packaging", "idna", "aiohttp"}
    assert len(listed) + len(left_out) >= LOCK.count("    # via")


def test_whoever_asks_for_a_package_is_told(found: Json) -> None:
    asks = {one["ref"].partition("@")[0]: one["dependsOn"] for one in found["dependencies"]}
    refs = {one["bom-ref"] for one in found["components"]}

    assert any("cffi" in one for one in asks["pkg:pypi/cryptography"])
    assert "bot/painting/roboto" in asks["pkg:pypi/lowtide"]
    assert {ref for named in asks.values() for ref in named} == refs


def test_what_is_carried_is_there(found: Json) -> None:
    carried = [one["bom-ref"] for one in found["components"] if "purl" not in one]

    assert len(carried) == 5
    assert all((ROOT / path).exists() for path in carried)


def test_almost_every_package_has_its_licence(found: Json) -> None:
    """What is installed only on other systems or Pythons cannot tell its own."""
    bare = [one["name"] for one in found["components"] if not one["licenses"] and "properties" not in one]

    assert bare == []


def test_the_same_lock_gives_the_same_list_wherever_it_is_made(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.sbom"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == written(ROOT)
    assert "://" not in done.stdout, "it names a host"
    assert str(ROOT) not in done.stdout
