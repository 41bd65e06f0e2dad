"""Where Discord is reached, if not at its own addresses: a server of one's own, or a proxy before Discord."""

from __future__ import annotations

from typing import Any

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class _Kept:
    """Keep a line on the host that was set, whatever is said of where to resume."""

    def __init__(self, ours: yarl.URL) -> None:
        self._ours = ours

    def __get__(self, line: Any, kind: Any = None) -> Any:
        return self if line is None else line.__dict__.get("gateway", self._ours)

    def __set__(self, line: Any, address: yarl.URL) -> None:
        line.__dict__["gateway"] = address if address.host == self._ours.host else self._ours


def redirect(url: str | None, gateway: str | None) -> None:
    """Reach Discord at other addresses than its own, in this whole process."""
    if url:
        base = yarl.URL(url.rstrip("/"))
        Route.BASE = str(base if base.path.strip("/") else base / "api" / "v10")
    if gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = ours = yarl.URL(gateway)
        DiscordWebSocket.gateway = _Kept(ours)  # type: ignore[assignment]  # it behaves as the address would
