"""Lowtide runs in the image's root as the image would run it, and talks to a Telegram of our own.

Not as root (the user of the Dockerfile), on a read-only root with the two volumes and nothing else to write,
without any capability and without a way to gain one.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

from tests.adapters.telegram_server import TOKEN, TelegramServer
from tests.bench.dockerfile import Stage
from tests.running import Running

PERSON = 11
WORDS = "hello", "estoy cansada de todos", "ich habe mich zurückgezogen"
"""One text for each encoder, so that both are loaded."""
PATIENCE = 60.0
IMPORTED = (
    "PIL._imaging, PIL._imagingft, PIL.PngImagePlugin, asyncpg, rapidfuzz.distance, cryptography.fernet"
)
"""What a short talk does not come to."""


async def talk(root: Path, stage: Stage, place: Path) -> bool:
    """Start it, say a few words, ask for its health, end it; tell whether all that went well."""
    volumes = {volume: place / f"volume{number}" for number, volume in enumerate(stage.volumes)}
    _own(stage, *volumes.values())
    async with TelegramServer() as server:
        given = {"LOWTIDE_TELEGRAM_TOKEN": TOKEN, "LOWTIDE_TELEGRAM_URL": server.url}
        one = await _start(_sandbox(root, stage, volumes, given), *_started(stage))
        try:
            said = await _heard(one, server)
            print(f"it took {_memory(_within(one.process.pid)) / 1e6:.0f} MB of memory at most")
            checks = {
                "it answers": said == len(WORDS) and not server.broken,
                "its own check of its health": await _done(
                    root, stage, volumes, stage.command["HEALTHCHECK"]
                ),
                "everything else it needs": await _done(root, stage, volumes, _python(f"import {IMPORTED}")),
                "no shell is there": not await _done(root, stage, volumes, ["/bin/sh", "-c", "true"]),
                "its root cannot be written": not await _done(
                    root, stage, volumes, _python("open('/opt/lowtide/x', 'w')")
                ),
                "it ends when told to": await _stopped(one) == 0,
            }
            checks["nothing was missing"] = complaints(one.log) == []
        finally:
            if one.process.returncode is None:
                await one.end(signal.SIGKILL)
    for what, good in checks.items():
        print(f"{'yes' if good else 'NO '}  {what}")
    if not all(checks.values()):
        print(one.log.decode())
    return all(checks.values())


def complaints(log: bytes) -> list[str]:
    """List what the log holds beside that it serves and stops."""
    return [line for line in log.decode().splitlines() if "WARNING bot.run: " not in line]


async def _stopped(one: Running) -> int:
    """Tell the process itself to stop, as an engine does; return its exit code."""
    os.kill(_within(one.process.pid), signal.SIGTERM)
    return await one.ended()


def _within(sandbox: int) -> int:
    """Return the process that is number one in a sandbox, as it is numbered here."""
    (child,) = Path(f"/proc/{sandbox}/task/{sandbox}/children").read_text().split()
    return int(child)


def _memory(process: int) -> int:
    """Return the most bytes of memory that a process held so far."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def _heard(one: Running, server: TelegramServer) -> int:
    """Say the words one after the other; return how many were answered in time."""
    await one.until_serving()
    for number, text in enumerate(WORDS):
        before = len(server.shown(PERSON))
        server.say(PERSON, text)
        try:
            await server.until(lambda before=before: len(server.shown(PERSON)) > before, PATIENCE)
        except TimeoutError:
            return number
    return len(WORDS)


def _started(stage: Stage) -> list[str]:
    return stage.command["ENTRYPOINT"] + stage.command["CMD"]


def _python(line: str) -> list[str]:
    return ["/opt/lowtide/bin/python", "-c", line]


def _own(stage: Stage, *folders: Path) -> None:
    """Make the volumes as an engine makes them: empty, and of the user of the image."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        os.chown(folder, *map(int, stage.user.split(":")))


def _sandbox(root: Path, stage: Stage, volumes: dict[str, Path], given: dict[str, str]) -> list[str]:
    """Return the words that lead into the image: its user, its variables, its read-only root."""
    user, group = stage.user.split(":")
    variables = stage.environment | given
    return [
        *("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"),
        *("bwrap", "--unshare-user", "--uid", user, "--gid", group, "--unshare-pid", "--as-pid-1"),
        *("--cap-drop", "ALL"),
        *("--ro-bind", str(root), "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),
        *(word for inside, outside in volumes.items() for word in ("--bind", str(outside), inside)),
        *("--chdir", stage.directory, "--die-with-parent", "--clearenv"),
        *(word for name, text in variables.items() for word in ("--setenv", name, text)),
    ]


async def _start(sandbox: list[str], *command: str) -> Running:
    """Start a command in the image."""
    pipe = asyncio.subprocess.PIPE
    return Running(await asyncio.create_subprocess_exec(*sandbox, *command, stdout=pipe, stderr=pipe))


async def _done(root: Path, stage: Stage, volumes: dict[str, Path], command: list[str]) -> bool:
    """Tell whether a command in the image ends well."""
    return not await (await _start(_sandbox(root, stage, volumes, {}), *command)).ended()
