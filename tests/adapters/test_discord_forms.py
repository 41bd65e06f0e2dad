"""A question with words to be changed opens a field that holds them; what is written answers it alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import Discord
from bot.adapters.discord_reading import here
from bot.adapters.rendering_discord import quoted, unquoted
from bot.runtime.messages import Button, Message, Press, Text, Update, Wording
from bot.runtime.ports import Verdict
from tests.adapters.discord_server import TOKEN, DiscordServer

ANN = here(77)
DRAFT = "Hey *Sam*,\n1. quiet, not gone > _you_?"
ASKED = Message("s:1:0", ANN, "Say it?", (Button("change it", "1:0"), Button("use it", "1:1")), turn=1)
EDITED = Message(
    "s:2:0", ANN, "Write it your way.", (Button("keep", "2:0"),), turn=2, edits=Wording(DRAFT, 280)
)

Handle = Callable[[Update], Awaitable[Verdict | None]]


class House:
    """Answer a press with the question that has words to be changed, as the courier would."""

    def __init__(self, server: DiscordServer) -> None:
        self.heard: list[Update] = []
        self.adapter = Discord(
            TOKEN, server.url, self.handle, lambda key, _: key, b"k" * 32, gateway=server.gateway
        )

    async def handle(self, update: Update) -> Verdict:
        self.heard.append(update)
        if update.what == Press("1:0"):
            self.adapter.foresee(EDITED)
        return Verdict.COMMITTED

    @property
    def what(self) -> list[object]:
        return [update.what for update in self.heard]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    own = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with DiscordServer() as server:
        yield server
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = own


@pytest.fixture
async def house(server: DiscordServer) -> AsyncIterator[House]:
    one = House(server)
    await one.adapter.start()
    await server.until(lambda: bool(server.lines))
    yield one
    await one.adapter.stop()


async def answer(server: DiscordServer, count: int = 1) -> dict[str, Any]:
    """Wait for so many answers to interactions, and return the last."""
    await server.until(lambda: len(server.answers) == count)
    return server.answers[-1][1]


def field(form: dict[str, Any]) -> dict[str, Any]:
    [row] = form["components"]
    return dict(row["components"][0])


async def test_a_press_that_leads_there_is_answered_with_the_field_and_its_question_closed(
    server: DiscordServer, house: House
) -> None:
    await house.adapter.send(ASKED)
    await server.press(server.component("change it"))

    form = await answer(server)
    await server.until(lambda: not server.messages[0]["components"])

    assert form["type"] == 9
    assert field(form["data"])["value"] == DRAFT
    assert field(form["data"])["max_length"] == 280
    assert server.messages[0]["content"] == "Say it?\n\n**› change it**"


async def test_another_press_is_answered_as_ever(server: DiscordServer, house: House) -> None:
    house.adapter.foresee(EDITED)  # of an earlier press
    await house.adapter.send(ASKED)
    await server.press(server.component("use it"))

    assert (await answer(server))["type"] == 7


@pytest.mark.parametrize("labelled", [False, True])
async def test_what_is_written_is_a_text_for_that_question_alone(
    server: DiscordServer, house: House, labelled: bool
) -> None:
    house.adapter.foresee(EDITED)
    await house.adapter.send(EDITED)
    await server.press(server.component("write"))
    form = await answer(server)
    await server.submit(form["data"], "Hey. Quiet, not gone. ", labelled)
    closed = await answer(server, 2)

    assert house.what == [Text("Hey. Quiet, not gone.", 2)]
    assert house.heard[0].address == ANN
    assert (closed["type"], closed["data"]["components"]) == (7, [])


async def test_the_words_stand_below_their_question_and_the_button_outlives_a_restart(
    server: DiscordServer, house: House
) -> None:
    await house.adapter.send(EDITED)
    await house.adapter.stop()
    later = House(server)
    await later.adapter.start()
    await server.until(lambda: len(server.lines) == 2)

    await server.press(server.component("write"))
    form = await answer(server)
    await later.adapter.stop()
    latest = House(server)
    await latest.adapter.start()
    await server.until(lambda: len(server.lines) == 3)
    await server.submit(form["data"], "Hey you")
    await server.until(lambda: bool(latest.heard))
    await latest.adapter.stop()

    assert server.shown[0].startswith("Write it your way.\n\n> ")
    assert field(form["data"])["value"] == DRAFT
    assert field(form["data"])["max_length"] == 280
    assert latest.what == [Text("Hey you", 2)]


async def test_the_button_of_a_question_that_is_gone_is_a_press_on_what_is_gone(
    server: DiscordServer, house: House
) -> None:
    await house.adapter.send(EDITED)
    button = server.component("write")
    await house.adapter.send(Message("s:3:0", ANN, "And now?", (Button("fine", "3:0"),), turn=3))
    await server.press(button)

    assert (await answer(server))["type"] == 7
    assert house.what == [Press("2:999")]


async def test_a_form_that_is_not_ours_answers_no_question(server: DiscordServer, house: House) -> None:
    await house.adapter.send(EDITED)
    await server.submit({"custom_id": "lowtide-form:2:999:forged"}, "in danger?")
    await server.until(lambda: bool(house.heard))

    assert house.what == [Text("in danger?", -1)]


async def test_words_too_long_to_stand_below_their_question_get_a_message_of_their_own(
    server: DiscordServer, house: House
) -> None:
    long = Message("s:2:0", ANN, "Why? " * 300, turn=2, edits=Wording("w" * 1500, 1500))
    await house.adapter.send(long)

    assert len(server.shown) == 2
    assert server.shown[1] == "> " + "w" * 1500
    assert [bool(one["components"]) for one in server.messages] == [False, True]


@given(
    st.text(
        st.characters(exclude_characters="\u2060\r", exclude_categories=("Cs", "Zl", "Zp", "Cc"))
        | st.just("\n")
    )
)
def test_every_text_is_read_back_from_its_quote(text: str) -> None:
    assert unquoted(f"Write it.\n\n{quoted(text)}") == text


def test_a_message_without_a_quote_at_its_end_holds_no_words() -> None:
    assert unquoted("> quoted\n\nand more") == ""
