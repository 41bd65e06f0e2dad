"""Whatever can be said of deploy/ without running it is said: by the linters others use, from packages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import kubernetes_validate
import pytest
from jsonschema.validators import validator_for
from yamllint import linter
from yamllint.config import YamlLintConfig

from tests.deploy.manifests import DEPLOY, KUBERNETES, ROOT, compose, kustomization, manifests, plain

SHELL = ["deploy/setup.sh", "deploy/lowtide", ".ci/run"]
CLUSTERS = ("1.32", "1.37")
"""The oldest and the newest Kubernetes that the manifests are held against."""
EXPOSED = 25
"""Tenths that `systemd-analyze security` may give at most."""
ANALYZE = shutil.which("systemd-analyze")
has_systemd = pytest.mark.skipif(not ANALYZE, reason="this machine has no systemd-analyze")


def tool(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a linter that a package brought, beside the Python of these tests."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    assert found, f"{name} is missing; requirements-dev.lock brings it"
    return subprocess.run(
        [found, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    done = tool("hadolint", "deploy/Dockerfile")

    assert (done.stdout, done.returncode) == ("", 0)


def test_hadolint_would_find_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:bookworm-slim\nRUN cd /tmp && sudo apt-get install x\n")

    done = tool("hadolint", tmp_path / "Dockerfile")

    assert done.returncode == 1
    assert "DL3004" in done.stdout


def test_shellcheck_finds_nothing_in_our_scripts() -> None:
    files = [path for path in ROOT.glob("deploy/**/*") if path.is_file() and path.suffix != ".pyc"]
    found = {str(path.relative_to(ROOT)) for path in files if path.read_text().startswith("#!/bin/sh")}

    done = tool("shellcheck", *SHELL)

    assert found == {name for name in SHELL if name.startswith("deploy")}
    assert (done.stdout, done.returncode) == ("", 0)


def test_yamllint_finds_nothing_in_deploy() -> None:
    """It sees what a reader of YAML passes over: a key that stands twice, a word taken for a truth."""
    rules = YamlLintConfig("{extends: relaxed, rules: {line-length: disable, truthy: enable}}")

    found = {path.name: list(linter.run(path.read_text(), rules)) for path in DEPLOY.rglob("*.yaml")}

    assert len(found) > 5
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_the_compose_file_keeps_to_the_schema_of_compose() -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    judge = validator_for(schema)(schema)

    assert [fault.message for fault in judge.iter_errors(compose())] == []
    assert not judge.is_valid(compose() | {"services": {"lowtide": {"read_onyl": True}}})


@pytest.mark.parametrize("version", CLUSTERS)
def test_the_manifests_keep_to_the_schema_of_kubernetes(version: str) -> None:
    for one in manifests().values():
        kubernetes_validate.validate(one, version, strict=True)

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifests()["Service"] | {"sepc": {}}, version, strict=True)


def test_the_kustomization_takes_every_manifest_there_is() -> None:
    there = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}

    assert set(kustomization()["resources"]) == there
    assert len(manifests()) == len(there), "two manifests are of one kind"
    assert all(plain(KUBERNETES / name) for name in there)


@has_systemd
def test_systemd_takes_the_unit_without_a_word(tmp_path: Path) -> None:
    """A copy that starts a program which is there, for where it is installed is no fault of the unit."""
    copy = tmp_path / "lowtide.service"
    unit = (DEPLOY / "lowtide.service").read_text()
    copy.write_text(unit.replace("/opt/lowtide/bin/lowtide", sys.executable))

    done = tool("systemd-analyze", "verify", copy)

    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


@has_systemd
def test_the_unit_is_exposed_by_less_than_two_and_a_half() -> None:
    judged = tool(
        "systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSED}", DEPLOY / "lowtide.service"
    )

    assert judged.returncode == 0, judged.stdout.splitlines()[-1:]
    assert "Overall exposure level for lowtide.service" in judged.stdout
