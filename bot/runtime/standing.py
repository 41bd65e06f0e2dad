"""What a store tells of everybody at once, for who looks whether changed flows have a place for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Protocol, TypeAlias

Standing: TypeAlias = Sequence[tuple[str, str]]
"""The id of each of some persons and their session, as JSON text."""
Versions: TypeAlias = Mapping[str, str]
"""The version and the structure of each flow, in one word each."""


class Kept(Protocol):
    """Read where everybody stands, and what went live last."""

    async def sessions(self, after: str = "", limit: int = 500) -> Standing:
        """Read the sessions of the next persons whose id comes after one, by id."""

    async def live(self) -> Versions:
        """Read which version and structure of each flow went live last."""


class Going(Kept, Protocol):
    """Note what goes live."""

    async def go_live(self, versions: Versions) -> None:
        """Remember what is live now, in place of what was."""

    async def superseded(self) -> bool:
        """Tell whether other flows went live than those this process answers with: others answer now."""


def release_of(versions: Versions) -> str:
    """Name a set of flows in one word: the same flows have the same name, whoever reads them."""
    lines = "\n".join(f"{flow} {version}" for flow, version in sorted(versions.items()))
    return sha256(lines.encode()).hexdigest()[:16]
