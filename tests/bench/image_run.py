"""Lowtide runs in the image's root as the image would run it, and talks to a Telegram of our own.

    python -m tests.bench.image_run FOLDER     where tests.bench.image left its roots (--keep)

Not as root (the user of the Dockerfile), on a read-only root with the two volumes and nothing else to write,
without any capability and without a way to gain one.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, TypeAlias

from tests.adapters.telegram_server import TOKEN, TelegramServer
from tests.bench import fence
from tests.bench.dockerfile import Stage, read
from tests.deploy.manifests import ROOT
from tests.running import Running

PERSON = 11
WORDS = "hello", "estoy cansada de todos", "ich habe mich zurückgezogen"
"""One text for each encoder, so that both are loaded."""
ANSWERS = f"{TOKEN}\n" + "\n" * 5
"""What is answered to the six questions of `init`: a token, and what stands in brackets."""
PATIENCE = 60.0
REST = (
    "PIL._imaging, PIL._imagingft, PIL.PngImagePlugin, asyncpg, rapidfuzz.distance, discord, prompt_toolkit"
)
UNWRITABLE = "import os; assert not any(os.access(path, os.W_OK) for path in ('/', '/opt', '/etc', '/usr'))"
Check: TypeAlias = tuple[str, bool]


async def talk(root: Path, stage: Stage, place: Path) -> bool:
    """Do with it what an operator does, and what an engine does; tell whether all that went well."""
    volumes = {volume: place / f"volume{number}" for number, volume in enumerate(stage.volumes)}
    _own(stage, *volumes.values())
    async with TelegramServer() as server:
        sandbox = _sandbox(root, stage, volumes, {"LOWTIDE_TELEGRAM_URL": server.url})
        checks = [
            *(await _before(sandbox, root, stage.command["ENTRYPOINT"])),
            *(await _served(sandbox, stage, server)),
            *(await _fenced(sandbox, stage, server)),
        ]
    for what, good in checks:
        print(f"{'yes' if good else 'NO '}  {what}")
    return all(good for _, good in checks)


async def _before(sandbox: list[str], root: Path, lowtide: list[str]) -> list[Check]:
    """Begin as an operator does, and look whether the image holds what it should and no more."""
    return [
        ("init writes its settings into the volume", await _asked(sandbox, [*lowtide, "init"], ANSWERS)),
        ("doctor finds nothing to mend", await _asked(sandbox, [*lowtide, "doctor"])),
        ("what a short talk does not come to is there", await _asked(sandbox, _python(f"import {REST}"))),
        ("no shell is there", not (root / "bin" / "sh").exists()),
        ("its root cannot be written", await _asked(sandbox, _python(UNWRITABLE))),
    ]


async def _served(sandbox: list[str], stage: Stage, server: TelegramServer) -> list[Check]:
    """Start it, say a few words, ask for its health, end it."""
    one = await _start(sandbox, *stage.command["ENTRYPOINT"], *stage.command["CMD"])
    try:
        checks = [
            ("it answers in three languages", await _heard(one, server) and not server.broken),
            ("it tells its own health", await _asked(sandbox, stage.command["HEALTHCHECK"])),
        ]
        print(f"it took {_memory(_within(one.process.pid)) / 1e6:.0f} MB of memory at most")
        checks.append(("it ends when told to", await _stopped(one) == 0))
        print("\n".join(complaints(one.log)))
        return [*checks, ("it had nothing to complain of", not complaints(one.log))]
    finally:
        if one.process.returncode is None:
            await one.end(signal.SIGKILL)


async def _fenced(sandbox: list[str], stage: Stage, server: TelegramServer) -> list[Check]:
    """Start it once more, behind the filter of system calls that the systemd unit sets."""
    file = fence.program()
    fenced = [
        *sandbox[: sandbox.index("bwrap") + 1],
        "--seccomp",
        str(file),
        *sandbox[sandbox.index("bwrap") + 1 :],
    ]
    one = await _start(fenced, *stage.command["ENTRYPOINT"], *stage.command["CMD"], pass_fds=[file])
    try:
        heard = await _heard(one, server)
        ended = await _stopped(one) == 0
        return [("it answers with the system calls of the unit", heard and ended and not complaints(one.log))]
    finally:
        if one.process.returncode is None:
            await one.end(signal.SIGKILL)
        print("\n".join(complaints(one.log)))


def complaints(log: bytes) -> list[str]:
    """List what the log holds beside that it serves and stops."""
    return [line for line in log.decode().splitlines() if "bot.run" not in line]


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


async def _heard(one: Running, server: TelegramServer) -> bool:
    """Say the words one after the other; tell whether all were answered in time."""
    await one.until_serving()
    for text in WORDS:
        before = len(server.shown(PERSON))
        server.say(PERSON, text)
        try:
            await server.until(lambda before=before: len(server.shown(PERSON)) > before, PATIENCE)
        except TimeoutError:
            return False
    return True


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


async def _start(sandbox: list[str], *command: str, **more: Any) -> Running:
    """Start a command in the image."""
    pipe = asyncio.subprocess.PIPE
    return Running(await asyncio.create_subprocess_exec(*sandbox, *command, stdout=pipe, stderr=pipe, **more))


async def _asked(sandbox: list[str], command: list[str], answers: str = "") -> bool:
    """Tell whether a command in the image ends well; print what it says where it does not."""
    one = await _start(sandbox, *command, stdin=asyncio.subprocess.PIPE)
    said, complained = await one.process.communicate(answers.encode())
    if one.process.returncode:
        print(*command[:3], "ended with", one.process.returncode, (said + complained).decode()[-2000:])
    return one.process.returncode == 0


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    image = read((ROOT / "deploy" / "Dockerfile").read_text())[-1]
    sys.exit(not asyncio.run(talk(folder / image.name, image, folder)))
