"""Room for calls that are no message, where no desk has any to give: there is always some."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Boundless:
    """Be the room of an adapter that stands alone."""

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Give room at once."""
        yield
