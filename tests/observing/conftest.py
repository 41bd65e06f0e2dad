"""The little world, read once."""

from __future__ import annotations

import pytest

from bot.content.library import Content
from tests.runtime.little import little_world


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return little_world(tmp_path_factory.mktemp("little"))
