"""`lowtide run` as a process of its own, for tests that talk to it over sockets and end it in every way."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.adapters.telegram_server import TOKEN, TelegramServer

SERVING = b"serving"
PATIENCE = 30.0


@dataclass
class Running:
    """Hold a process and what it wrote so far."""

    process: asyncio.subprocess.Process
    log: bytes = b""

    async def until_serving(self) -> None:
        """Wait for its word that it serves."""
        assert self.process.stderr
        async with asyncio.timeout(PATIENCE):
            while SERVING not in self.log:
                line = await self.process.stderr.readline()
                assert line, f"it ended: {self.log.decode()}"
                self.log += line

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal and return its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it ends by itself."""
        async with asyncio.timeout(PATIENCE):
            _, rest = await self.process.communicate()
        self.log += rest
        return self.process.returncode or 0


def environment(database: Path, server: TelegramServer | None = None, **more: str) -> dict[str, str]:
    """Return the variables of a run on a database, for a server."""
    bare = {name: text for name, text in os.environ.items() if not name.startswith("LOWTIDE_")}
    telegram = {"LOWTIDE_TELEGRAM_TOKEN": TOKEN, "LOWTIDE_TELEGRAM_URL": server.url} if server else {}
    return {**bare, "LOWTIDE_DB": str(database), **telegram, **more}


async def started(variables: Mapping[str, str], *arguments: str, folder: Path | None = None) -> Running:
    """Start `lowtide run`, in a folder."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", *arguments),
        env=dict(variables),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return Running(process)


@asynccontextmanager
async def running(variables: Mapping[str, str], folder: Path | None = None) -> AsyncIterator[Running]:
    """Run it, and kill it in the end if it still lives."""
    one = await started(variables, folder=folder)
    try:
        await one.until_serving()
        yield one
    finally:
        if one.process.returncode is None:
            await one.end(signal.SIGKILL)
