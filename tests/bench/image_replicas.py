"""Two replicas of the image on a PostgreSQL, with the settings of the Kubernetes manifests; one is killed.

A pod's network is its own; here the two share one, so the second tells its health elsewhere.
"""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeAlias

from aiohttp import ClientSession

from tests.adapters.telegram_server import TOKEN, TelegramServer
from tests.bench.dockerfile import Stage
from tests.bench.sandbox import own, sandbox, started
from tests.deploy.manifests import KUBERNETES, manifests, pod
from tests.running import Running
from tests.storage.postgres_server import Cluster, cluster

PERSON = 12
PATIENCE = 60.0
PORTS = manifests()["ConfigMap"]["data"]["LOWTIDE_HEALTH_LISTEN"].rpartition(":")[2], "9465"
SECRET = {"LOWTIDE_KEY": "5e" * 32, "LOWTIDE_TELEGRAM_TOKEN": TOKEN}
Check: TypeAlias = tuple[str, bool]


async def replicated(root: Path, stage: Stage, place: Path) -> list[Check]:
    """Run a PostgreSQL for two, and see what they do on it."""
    with cluster() as postgres:
        async with postgres.database() as url, TelegramServer() as server:
            secret = {**SECRET, "LOWTIDE_DB_URL": url}
            given = {**manifests()["ConfigMap"]["data"], **secret, "LOWTIDE_TELEGRAM_URL": server.url}
            boxes = {
                port: _pod(root, stage, place / f"pod{port}", _reached(postgres), given | _at(port))
                for port in PORTS
            }
            named = ("the Secret's example names what is needed", _named() >= secret.keys())
            return [named, *(await _together(boxes, stage, server))]


async def _together(boxes: Mapping[str, list[str]], stage: Stage, server: TelegramServer) -> list[Check]:
    """Start both, ask whether they are ready, talk, kill the one that hears, and talk on."""
    async with AsyncExitStack() as stack:
        replicas = []
        for box in boxes.values():
            one = await started(box, *stage.command["ENTRYPOINT"], *stage.command["CMD"])
            stack.push_async_callback(_killed, one)
            await one.until_serving()
            replicas.append(one)
        ready = all([await _ready(port) for port in boxes])
        heard = await _answered(server)
        await _killed(replicas[0])
        return [
            ("two replicas are ready on a PostgreSQL", ready),
            ("they answer", heard and not server.broken),
            ("one of them is killed and the other answers", await _answered(server)),
        ]


def _at(port: str) -> dict[str, str]:
    return {"LOWTIDE_HEALTH_LISTEN": f"0.0.0.0:{port}"}


def _reached(postgres: Cluster) -> Path:
    """Let others than its server come to the folder in which its socket lies."""
    folder = Path(postgres.ours.pgdata)
    folder.chmod(0o755)
    return folder


def _pod(root: Path, stage: Stage, folder: Path, socket: Path, given: Mapping[str, str]) -> list[str]:
    """Lead into a pod: every folder that the Deployment mounts, empty."""
    (container,) = pod()["containers"]
    folder.mkdir(exist_ok=True)
    mounts = {one["mountPath"]: folder / one["name"] for one in container["volumeMounts"]}
    own(stage, *mounts.values())
    return sandbox(root, stage, {**mounts, str(socket): socket}, given)


def _named() -> set[str]:
    return set(re.findall(r"^(LOWTIDE_\w+)=", (KUBERNETES / "lowtide.env.example").read_text(), re.M))


async def _ready(port: str) -> bool:
    """Ask the readiness probe's question until it is answered well."""
    (container,) = pod()["containers"]
    address = f"http://127.0.0.1:{port}{container['readinessProbe']['httpGet']['path']}"
    async with ClientSession() as session:
        for _ in range(int(PATIENCE)):
            async with session.get(address) as answer:
                if answer.status == 200:
                    return True
            await asyncio.sleep(1)
    return False


async def _answered(server: TelegramServer) -> bool:
    """Say something, and tell whether something was said to it."""
    before = len(server.shown(PERSON))
    server.say(PERSON, "hello")
    try:
        await server.until(lambda: len(server.shown(PERSON)) > before, PATIENCE)
    except TimeoutError:
        return False
    return True


async def _killed(one: Running) -> None:
    """Kill a replica, with all that it has in hand."""
    if one.process.returncode is None:
        await one.end(signal.SIGKILL)
