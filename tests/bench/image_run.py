"""Lowtide runs in the image's root as the image would run it, and talks to a Telegram of our own.

    python -m tests.bench.image_run FOLDER     where tests.bench.image left its roots (--keep)

Not as root (the user of the Dockerfile), on a read-only root with the two volumes and nothing else to write,
without any capability and without a way to gain one.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TypeAlias

from tests.adapters.telegram_server import TOKEN, TelegramServer
from tests.bench import fence
from tests.bench.dockerfile import Stage, read
from tests.bench.image_replicas import replicated
from tests.bench.sandbox import asked, memory, own, sandbox, started, stopped, within
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
    own(stage, *volumes.values())
    async with TelegramServer() as server:
        box = sandbox(root, stage, volumes, {"LOWTIDE_TELEGRAM_URL": server.url})
        checks = [
            *(await _before(box, root, stage.command["ENTRYPOINT"])),
            *(await _served(box, stage, server)),
            *(await _fenced(box, stage, server)),
        ]
    checks += await replicated(root, stage, place)
    for what, good in checks:
        print(f"{'yes' if good else 'NO '}  {what}")
    return all(good for _, good in checks)


async def _before(box: list[str], root: Path, lowtide: list[str]) -> list[Check]:
    """Begin as an operator does, and look whether the image holds what it should and no more."""
    return [
        ("init writes its settings into the volume", await asked(box, [*lowtide, "init"], ANSWERS)),
        ("doctor finds nothing to mend", await asked(box, [*lowtide, "doctor"])),
        ("what a short talk does not come to is there", await asked(box, _python(f"import {REST}"))),
        ("no shell is there", not (root / "bin" / "sh").exists()),
        ("its root cannot be written", await asked(box, _python(UNWRITABLE))),
    ]


async def _served(box: list[str], stage: Stage, server: TelegramServer) -> list[Check]:
    """Start it, say a few words, ask for its health, end it."""
    one = await started(box, *stage.command["ENTRYPOINT"], *stage.command["CMD"])
    try:
        checks = [
            ("it answers in three languages", await _heard(one, server) and not server.broken),
            ("it tells its own health", await asked(box, stage.command["HEALTHCHECK"])),
        ]
        print(f"it took {memory(within(one.process.pid)) / 1e6:.0f} MB of memory at most")
        checks.append(("it ends when told to", await stopped(one) == 0))
        print("\n".join(complaints(one.log)))
        return [*checks, ("it had nothing to complain of", not complaints(one.log))]
    finally:
        if one.process.returncode is None:
            await one.end(signal.SIGKILL)


async def _fenced(box: list[str], stage: Stage, server: TelegramServer) -> list[Check]:
    """Start it once more, behind the filter of system calls that the systemd unit sets."""
    file = fence.program()
    fenced = [
        *box[: box.index("bwrap") + 1],
        "--seccomp",
        str(file),
        *box[box.index("bwrap") + 1 :],
    ]
    one = await started(fenced, *stage.command["ENTRYPOINT"], *stage.command["CMD"], pass_fds=[file])
    try:
        heard = await _heard(one, server)
        ended = await stopped(one) == 0
        return [("it answers with the system calls of the unit", heard and ended and not complaints(one.log))]
    finally:
        if one.process.returncode is None:
            await one.end(signal.SIGKILL)
        print("\n".join(complaints(one.log)))


def complaints(log: bytes) -> list[str]:
    """List what the log holds beside that it serves and stops."""
    return [line for line in log.decode().splitlines() if "bot.run" not in line]


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


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    image = read((ROOT / "deploy" / "Dockerfile").read_text())[-1]
    sys.exit(not asyncio.run(talk(folder / image.name, image, folder)))
