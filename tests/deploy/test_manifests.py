"""What stands in deploy/ fits the bot it starts, and gives it no more than it needs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from bot import __version__
from bot.settings.envfile import read_file
from bot.settings.readers import READERS, SECRETS
from bot.settings.reading import read_settings
from tests.deploy.manifests import (
    DEPLOY,
    KUBERNETES,
    Json,
    compose,
    image,
    kustomization,
    manifests,
    pod,
    texts,
    unit,
)

VARIABLE = re.compile(r"\bLOWTIDE_([A-Z_]+)\b")
OTHERS = {"settings", "telegram_base_url", "discord_base_url", "discord_gateway_url"}
"""Names beside the settings: where the file of them is, and what some settings are called as well."""
PRIVATE = {f"LOWTIDE_{name.upper()}" for name in SECRETS}
OURS = ("lowtide", "replicas")


def services() -> Iterator[tuple[str, Json]]:
    yield from compose()["services"].items()


def container() -> Json:
    (one,) = pod()["containers"]
    return dict(one)


def port() -> str:
    """Return where the image tells its health."""
    return image().environment["LOWTIDE_HEALTH_LISTEN"].rpartition(":")[2]


def test_every_setting_that_deploy_names_is_one() -> None:
    unknown = {
        f"{file}: LOWTIDE_{name}"
        for file, text in texts().items()
        for name in VARIABLE.findall(text)
        if name.lower() not in READERS.keys() | OTHERS
    }

    assert unknown == set()


@pytest.mark.parametrize(
    "given", [image().environment, *(one.get("environment", {}) for _, one in services())]
)
def test_the_settings_that_are_given_can_be_read(given: dict[str, str]) -> None:
    read_settings({name: text for name, text in given.items() if name.startswith("LOWTIDE_")})


def test_the_config_map_can_be_read_and_holds_no_secret() -> None:
    given = manifests()["ConfigMap"]["data"]

    read_settings(given)

    assert given.keys() & PRIVATE == set()


def test_the_example_of_a_secret_holds_names_alone() -> None:
    written = read_file(KUBERNETES / "lowtide.env.example")
    names = re.findall(r"^(LOWTIDE_\w+)=(.*)$", (KUBERNETES / "lowtide.env.example").read_text(), re.M)

    assert written.faults == ()
    assert {name for name, _ in names} <= PRIVATE
    assert {text for _, text in names} == {""}


def test_no_file_of_deploy_holds_anything_like_a_token_a_key_or_a_password() -> None:
    secret = re.compile(r"\b\d{6,}:[\w-]{30,}|\b[0-9a-f]{64}\b|://\w+:(?!\$\{|…|password@)[^@\s]+@")

    assert {file for file, text in texts().items() if secret.search(text)} == set()


def test_what_holds_secrets_is_kept_from_git_and_from_the_builder() -> None:
    ignored = (DEPLOY.parent / ".gitignore").read_text().split()

    assert {"lowtide.env", "deploy/.env"} <= set(ignored)
    assert (DEPLOY.parent / ".dockerignore").read_text().splitlines()[1] == "*"


def test_everywhere_it_runs_as_the_same_person_who_is_not_root() -> None:
    user, group = image().user.split(":")
    security = pod()["securityContext"]

    assert int(user) > 0
    assert {compose()["services"][name]["user"] for name in OURS} == {f"{user}:{group}"}
    assert (security["runAsUser"], security["runAsGroup"]) == (int(user), int(group))
    assert security["runAsNonRoot"] is True
    assert ("User", "lowtide") in unit()


def test_every_service_of_compose_is_restrained() -> None:
    loose = [
        name
        for name, one in services()
        if not one["read_only"]
        or one["cap_drop"] != ["ALL"]
        or one["security_opt"] != ["no-new-privileges:true"]
        or one["user"].startswith("0")
        or "ports" in one
        or not one["mem_limit"]
    ]

    assert loose == []


def test_the_pod_keeps_to_the_restricted_standard() -> None:
    security = container()["securityContext"]

    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod()["automountServiceAccountToken"] is False
    assert security["allowPrivilegeEscalation"] is False
    assert security["readOnlyRootFilesystem"] is True
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert {next(iter(set(volume) - {"name"})) for volume in pod()["volumes"]} == {"emptyDir"}
    assert (
        manifests()["Namespace"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    )


def test_the_port_of_health_is_one_and_the_same() -> None:
    (named,) = container()["ports"]
    (served,) = manifests()["Service"]["spec"]["ports"]
    (allowed,) = manifests()["NetworkPolicy"]["spec"]["ingress"][0]["ports"]
    given = manifests()["ConfigMap"]["data"]["LOWTIDE_HEALTH_LISTEN"]

    assert {named["containerPort"], served["port"], allowed["port"]} == {int(port())}
    assert given == f"0.0.0.0:{port()}", "the probes come from outside the pod"
    assert f":{port()}/healthz" in image().command["HEALTHCHECK"][-1]
    assert manifests()["Service"]["metadata"]["annotations"]["prometheus.io/port"] == port()
    assert compose()["services"]["lowtide"]["environment"]["LOWTIDE_HEALTH_LISTEN"].endswith(f":{port()}")


def test_the_probes_ask_whether_it_lives_and_whether_it_is_ready() -> None:
    probes = {name: one["httpGet"]["path"] for name, one in container().items() if name.endswith("Probe")}

    assert probes == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}


def test_two_replicas_run_and_one_stays() -> None:
    assert manifests()["Deployment"]["spec"]["replicas"] == 2
    assert compose()["services"]["replicas"]["deploy"]["replicas"] == 2
    assert manifests()["PodDisruptionBudget"]["spec"]["minAvailable"] == 1


def test_all_that_choose_pods_choose_ours() -> None:
    labels = manifests()["Deployment"]["spec"]["template"]["metadata"]["labels"]

    chosen = [
        manifests()["Deployment"]["spec"]["selector"]["matchLabels"],
        manifests()["Service"]["spec"]["selector"],
        manifests()["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ]

    assert chosen == [labels] * 3


def test_what_it_writes_lies_where_it_may_write() -> None:
    written = {
        image().environment[name].removesuffix("/lowtide.db") for name in ("LOWTIDE_DB", "LOWTIDE_CACHE")
    }
    mounted = {one["mountPath"] for one in container()["volumeMounts"]}

    assert written == set(image().volumes)
    assert written <= mounted
    for name in OURS:
        one = compose()["services"][name]
        assert {volume.partition(":")[2] for volume in one["volumes"]} == written
        assert one["environment"]["LOWTIDE_DB"] == image().environment["LOWTIDE_DB"]
    assert {("StateDirectory", "lowtide"), ("CacheDirectory", "lowtide")} <= set(unit())


def test_an_operators_command_stands_where_the_service_stands() -> None:
    places = {"%E": "/etc", "%S": "/var/lib", "%C": "/var/cache"}
    service = {value for name, value in unit() if name == "Environment"}
    command = re.findall(r"^    (LOWTIDE_\w+=\S+)", (DEPLOY / "lowtide").read_text(), re.M)

    assert {re.sub("%[A-Z]", lambda found: places[found[0]], one) for one in service} == set(command)
    assert {one.partition("=")[2] for one in command} >= {image().environment["LOWTIDE_DB"]}
    assert ("User", "lowtide") in unit()
    assert "runuser -u lowtide" in (DEPLOY / "lowtide").read_text()


def test_the_image_is_named_as_this_release() -> None:
    assert {compose()["services"][name]["image"] for name in OURS} == {f"lowtide:{__version__}"}
    assert kustomization()["images"] == [{"name": "lowtide", "newTag": __version__}]
    assert container()["image"] == "lowtide"


def test_the_machine_elsewhere_is_one_and_keeps_what_is_kept() -> None:
    machine = tomllib.loads((DEPLOY / "single-machine.md").read_text().split("```")[1].removeprefix("toml"))

    read_settings(machine["env"])
    assert machine["checks"]["alive"]["port"] == int(port())
    assert [one["destination"] for one in machine["mounts"]] == ["/var/lib/lowtide"]
    assert machine["deploy"]["strategy"] == "immediate", "others let two run at once for a while"


def test_a_wrong_setting_is_not_tried_again_and_again() -> None:
    from bot.orders.asking import WRONG  # noqa: PLC0415  what the unit must know of it

    assert ("RestartPreventExitStatus", str(WRONG)) in unit()


def test_whoever_is_told_to_stop_has_more_time_than_it_takes() -> None:
    from bot.run import LAST_WORDS  # noqa: PLC0415  slow to import

    given = {
        float(compose()["services"]["lowtide"]["stop_grace_period"].rstrip("s")),
        float(pod()["terminationGracePeriodSeconds"]),
        float(dict(unit())["TimeoutStopSec"].rstrip("s")),
    }

    assert min(given) > LAST_WORDS * 2
