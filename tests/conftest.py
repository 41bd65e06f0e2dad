"""What any test may ask for: a PostgreSQL that comes along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.storage.postgres_server import Cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Run a PostgreSQL for all tests of a session."""
    from tests.storage.postgres_server import cluster  # noqa: PLC0415  only who asks for it pays for it

    with cluster() as one:
        yield one
