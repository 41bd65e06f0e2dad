"""A root of the image as an engine would fence it: its user, nothing to write but volumes, no capability."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.dockerfile import Stage
from tests.running import Running


def own(stage: Stage, *folders: Path) -> None:
    """Make the volumes as an engine makes them: empty, and of the user of the image."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        os.chown(folder, *map(int, stage.user.split(":")))


def sandbox(root: Path, stage: Stage, volumes: Mapping[str, Path], given: Mapping[str, str]) -> list[str]:
    """Return the words that lead into the image: its user, its variables, its read-only root."""
    user, group = stage.user.split(":")
    variables = {**stage.environment, **given}
    return [
        *("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"),
        *("bwrap", "--unshare-user", "--uid", user, "--gid", group, "--unshare-pid", "--as-pid-1"),
        *("--cap-drop", "ALL"),
        *("--ro-bind", str(root), "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),
        *(word for inside, outside in volumes.items() for word in ("--bind", str(outside), inside)),
        *("--chdir", stage.directory, "--die-with-parent", "--clearenv"),
        *(word for name, text in variables.items() for word in ("--setenv", name, text)),
    ]


async def started(sandbox: list[str], *command: str, **more: Any) -> Running:
    """Start a command in the image."""
    pipe = asyncio.subprocess.PIPE
    return Running(await asyncio.create_subprocess_exec(*sandbox, *command, stdout=pipe, stderr=pipe, **more))


async def asked(sandbox: list[str], command: list[str], answers: str = "") -> bool:
    """Tell whether a command in the image ends well; print what it says where it does not."""
    one = await started(sandbox, *command, stdin=asyncio.subprocess.PIPE)
    said, complained = await one.process.communicate(answers.encode())
    if one.process.returncode:
        print(*command[:3], "ended with", one.process.returncode, (said + complained).decode()[-2000:])
    return one.process.returncode == 0


async def stopped(one: Running) -> int:
    """Tell the process itself to stop, as an engine does; return its exit code."""
    os.kill(within(one.process.pid), signal.SIGTERM)
    return await one.ended()


def within(sandbox: int) -> int:
    """Return the process that is number one in a sandbox, as it is numbered here."""
    (child,) = Path(f"/proc/{sandbox}/task/{sandbox}/children").read_text().split()
    return int(child)


def memory(process: int) -> int:
    """Return the most bytes of memory that a process held so far."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
