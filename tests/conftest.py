"""What any test may ask for: a PostgreSQL that comes along, and numpy with one thread."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.storage.postgres_server import Cluster


# Set before anybody imports numpy: its threads would wait for each other beside the other workers of a run.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Set before any command reads settings: a developer's own settings file is none of a test's.
os.environ["XDG_CONFIG_HOME"] = str(Path(__file__).parent / "no such folder")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Run a PostgreSQL for all tests of a session."""
    from tests.storage.postgres_server import cluster  # noqa: PLC0415  only who asks for it pays for it

    with cluster() as one:
        yield one
