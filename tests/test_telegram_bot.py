"""The whole bot on Telegram: what people send on one side, and what they are shown on the other."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.runtime.limits import Limits, Pace
from bot.runtime.messages import Address
from bot.runtime.ports import Change, Store, Verdict
from bot.runtime.rescue import MOST_TRIES
from tests.adapters.telegram_server import TelegramServer
from tests.serving import HELP, serving, settings

ANNA, BEN = 11, 12


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TelegramServer]:
    """Give a server that is served by the whole bot; nothing it refuses goes unnoticed."""
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


async def test_a_text_with_half_a_sign_in_it_is_taken_like_any_other(server: TelegramServer) -> None:
    server.say(ANNA, "hello \ud83c\0")
    await server.until(lambda: server.shown(ANNA) and not server.updates)

    assert "Lowtide" in server.shown(ANNA)[0]["text"]


async def test_a_webhook_update_that_can_never_be_kept_is_told_to_its_person_and_then_let_go(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hooked = webhook()
    async with TelegramServer() as server, serving(settings(tmp_path, server, **hooked)) as service:
        server.say(ANNA, "hello")
        await server.until(lambda: len(server.shown(ANNA)) == 2 and not server.updates)
        await spoil(service.app.store, ANNA)

        server.say(ANNA, "my cat Minoushka")
        server.say(BEN, "/help")
        await server.until(lambda: not server.updates, 20)

    said = [one["text"] for one in server.shown(ANNA)[2:]]
    assert len(said) == 1
    assert "send that again" in said[0]
    assert sum(HELP in one["text"] for one in server.shown(BEN)) == 1
    assert f"could not be kept in {MOST_TRIES} tries and is let go" in caplog.text
    assert "Minoushka" not in caplog.text


async def test_what_is_no_message_counts_and_nothing_is_sent_that_telegram_would_refuse(
    tmp_path: Path,
) -> None:
    people = range(100, 112)
    chosen = Limits(30, chat=Pace(1.0, 3))
    async with (
        TelegramServer(most=30) as server,
        serving(settings(tmp_path, server), limits={"telegram": chosen}),
    ):
        for chat in people:
            server.say(chat, "hello")
        await server.until(lambda: all(len(server.shown(chat)) == 2 for chat in people))
        for chat in people:
            server.press_first(chat)
        await server.until(lambda: len(server.called("editMessageText")) == len(people), 20)

    assert len(server.answered) == len(people)
    assert server.refused() == []


def webhook() -> dict[str, str]:
    """Choose a webhook on a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{found.getsockname()[1]}"
    return {"telegram_webhook_url": f"http://{listen}/hook", "telegram_listen": listen}


async def spoil(store: Store, chat: int) -> None:
    """Let a session look as if a release had written it that we do not know."""
    person = await store.load(Address("telegram", str(chat)))
    later = (person.session or "").replace('"format":1', '"format":99')
    assert later != person.session
    change = Change(person.id, person.address, person.revision, datetime.now(UTC), later)
    assert await store.commit(change) is Verdict.COMMITTED
