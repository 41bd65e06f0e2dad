"""A fuse in the running code: it counts every step of our own modules, and kills us at one of them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import bot

HOUSE = Path(bot.__file__).parent
WATCHED = tuple(str(HOUSE / part) for part in ("app.py", "runtime", "storage"))
"""Where a step may change the world; the pure parts are walked through within one of these steps."""

Place = tuple[str, int, str]
"""A file below `bot/`, a line, and what happened: `line`, `call` (begun or gone on), `return` (or awaits)."""


@dataclass
class Fuse:
    """Kill this process by SIGKILL at the step numbered `at`, from 1; without it only note the steps."""

    at: int | None = None
    steps: list[Place] = field(default_factory=list)

    def lit(self) -> None:
        """Watch this thread and those begun from now on."""
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def out(self) -> None:
        """Watch no more."""
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]  # it takes None, as its documentation says

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        if not frame.f_code.co_filename.startswith(WATCHED):
            return None
        return self._step(frame, event, arg)

    def _step(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event != "exception":
            name = str(Path(frame.f_code.co_filename).relative_to(HOUSE))
            self.steps.append((name, frame.f_lineno, event))
            if len(self.steps) == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._step
