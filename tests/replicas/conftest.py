"""An empty database for each test of what several replicas do on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.storage.postgres_server import Cluster


@pytest.fixture
async def url(postgres: Cluster) -> AsyncIterator[str]:
    """Give the address of an empty database."""
    async with postgres.database() as one:
        yield one
