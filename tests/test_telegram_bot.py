"""The whole bot on Telegram: what people send on one side, and what they are shown on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram_server import TelegramServer
from tests.serving import serving, settings

ANNA = 11


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TelegramServer]:
    """A server that is served by the whole bot; nothing it refuses goes unnoticed."""
    async with TelegramServer() as one:
        async with serving(settings(tmp_path, one)):
            yield one
        assert not one.broken


async def test_a_link_to_a_page_shows_a_newcomer_the_page_and_then_the_way_in(server: TelegramServer) -> None:
    server.say(ANNA, "/start why-ghosting")
    await server.until(lambda: len(server.shown(ANNA)) == 3 and not server.updates)

    page, hello, question = server.shown(ANNA)
    assert "ghost" in page["text"].lower()
    assert "Lowtide" in hello["text"]
    assert "reply_markup" in question
