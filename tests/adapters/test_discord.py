"""Lowtide as a person on Discord meets it: the real discord.py against a Discord in the same process."""

from __future__ import annotations

from dataclasses import dataclass, field

import discord
import pytest
import simcord

from bot.adapters.discord import Discord
from bot.adapters.discord_reading import here
from bot.errors import PersonGone, Refused, Unreachable
from bot.runtime.messages import Button, Command, Document, Message, Picture, Press, Text, Unsupported, Update
from bot.runtime.ports import Verdict

KEY = b"k" * 32
LABELS = ("in person", "by text", "a call", "a letter", "a song", "not at all")


def words(key: str, language: str) -> str:
    return f"{key} in {language}"


@dataclass
class House:
    """Answer every update with a question, as the core would, and keep what was heard."""

    heard: list[Update] = field(default_factory=list)
    options: int = 2
    keeps: bool = True
    text: str = "And *now*?"
    adapter: Discord = field(init=False)

    def __post_init__(self) -> None:
        self.adapter = Discord("token", None, self.handle, words, KEY)

    async def handle(self, update: Update) -> Verdict | None:
        self.heard.append(update)
        turn = len(self.heard)
        buttons = tuple(Button(label, f"{turn}:{n}") for n, label in enumerate(LABELS[: self.options]))
        await self.adapter.send(Message(f"s:{turn}:0", update.address, self.text, buttons, turn=turn))
        return Verdict.COMMITTED if self.keeps else None

    @property
    def what(self) -> list[object]:
        return [update.what for update in self.heard]


@dataclass
class World:
    house: House
    env: simcord.Env
    ann: simcord.UserHandle

    def shown(self) -> list[discord.Message]:
        """List what the person sees from us in their direct channel, the oldest first."""
        seen = self.ann.dm_channel.history(viewer=self.ann)
        return sorted((m for m in seen if m.author.id != self.ann.id), key=lambda m: m.id)

    def sent(self, method: str, path: str) -> list[dict[str, object]]:
        """List the bodies of the calls we made."""
        calls = self.env.http_requests
        return [dict(call.json or {}) for call in calls if call.method == method and path in call.path]


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def simcord_bot(house: House) -> discord.Client:
    return house.adapter.client()


@pytest.fixture
def world(house: House, simcord_env: simcord.Env) -> World:
    return World(house, simcord_env, simcord_env.create_user("ann"))


async def test_a_message_is_heard_and_answered_in_the_same_channel(world: World) -> None:
    await world.ann.send_dm("I want to vanish from them")

    assert world.house.what == [Text("I want to vanish from them")]
    assert world.house.heard[0].address == here(world.ann.id)
    assert [message.content for message in world.shown()] == ["And **now**?"]


async def test_a_message_is_heard_as_of_when_it_was_sent(world: World) -> None:
    message = await world.ann.send_dm("yes")

    assert world.house.heard[0].id == str(message.id)
    assert world.house.heard[0].sent_at == message.created_at


async def test_a_press_is_heard_and_the_choice_stays_where_the_buttons_were(world: World) -> None:
    await world.ann.send_dm("hello")
    question = world.shown()[0]

    result = await world.ann.click(question, label="by text")

    assert world.house.what[1:] == [Press("1:1")]
    assert result.acknowledged
    assert world.shown()[0].content == "And **now**?\n\n**› by text**"
    assert world.shown()[0].components == []
    assert len(world.shown()) == 2


async def test_a_press_that_could_not_be_kept_leaves_the_buttons(world: World) -> None:
    await world.ann.send_dm("hello")
    world.house.keeps = False

    await world.ann.click(world.shown()[0], label="by text")

    assert len(world.shown()[0].components) == 1


async def test_a_press_on_an_older_question_shows_no_choice(world: World) -> None:
    await world.ann.send_dm("hello")
    await world.ann.send_dm("hello again")

    await world.ann.click(world.shown()[0], label="by text")

    assert world.house.what[2:] == [Press("1:1")]
    assert world.shown()[0].content == "And **now**?"
    assert world.shown()[0].components == []


async def test_buttons_outlive_a_restart(world: World) -> None:
    await world.ann.send_dm("hello")
    later = House()

    await world.env.restart_bot(later.adapter.client())
    await world.ann.click(world.shown()[0], label="in person")

    assert later.what == [Press("1:0")]


async def test_a_button_of_another_person_is_a_press_of_nothing(world: World) -> None:
    ben = world.env.create_user("ben")
    await world.ann.send_dm("hello")
    stolen = world.shown()[0].components[0].children[0].custom_id
    view = discord.ui.View(timeout=None).add_item(discord.ui.Button(label="x", custom_id=stolen))
    await ben.send_dm("hello")
    bot = world.env.bot
    theirs = await bot.get_partial_messageable(ben.dm_channel.id).send("x", view=view)

    await ben.click(theirs, label="x")

    assert world.house.what[2:] == [Press("")]


async def test_more_than_five_options_make_a_menu(world: World) -> None:
    world.house.options = 6
    await world.ann.send_dm("hello")
    menu = world.shown()[0].components[0].children[0]

    await world.ann.select(world.shown()[0], [menu.options[5].value])

    assert [entry.label for entry in menu.options] == list(LABELS)
    assert world.house.what[1:] == [Press("1:5")]
    assert world.shown()[0].content.endswith("**› not at all**")


async def test_a_custom_id_has_room_for_every_turn(world: World) -> None:
    await world.ann.send_dm("hello")
    await world.house.adapter.send(
        Message("s:9:0", here(world.ann.id), "?", (Button("yes", "999999999:999"),), turn=999999999)
    )

    assert len(world.shown()[-1].components[0].children[0].custom_id) <= 100


async def test_a_command_is_answered_where_it_was_given(world: World) -> None:
    result = await world.ann.slash("lowtide")

    assert world.house.what == [Command("start")]
    assert result.response is not None
    assert result.response.content == "And **now**?"
    assert not result.ephemeral


async def test_what_follows_a_first_answer_is_a_message_of_its_own(world: World) -> None:
    await world.ann.slash("lowtide")

    await world.house.adapter.send(Message("s:1:1", here(world.ann.id), "More."))

    assert world.shown()[-1].content == "More."
    assert len(world.sent("POST", "/channels/")) == 1


async def test_a_command_takes_its_words(world: World) -> None:
    await world.ann.slash("why", about="ghosting")

    assert world.house.what == [Command("why", "ghosting")]


async def test_a_typed_command_is_a_command_too(world: World) -> None:
    await world.ann.send_dm("/why ghosting")
    await world.ann.send_dm("/lowtide")
    await world.ann.send_dm("/shrug it all off")

    assert world.house.what == [Command("why", "ghosting"), Command("start"), Text("/shrug it all off")]


async def test_on_a_server_a_command_is_pointed_to_the_direct_channel_for_one_pair_of_eyes(
    world: World,
) -> None:
    guild = world.env.create_guild()
    channel = guild.create_text_channel("general")
    member = guild.add_member(world.ann)

    result = await member.slash(channel, "why", about="I hate myself")

    assert result.ephemeral
    assert result.response is not None
    assert result.response.content.startswith("pointer in en <@")
    assert world.house.heard == []
    assert channel.history() == []


async def test_what_is_said_on_a_server_is_not_heard(world: World) -> None:
    guild = world.env.create_guild()
    channel = guild.create_text_channel("general")

    await guild.add_member(world.ann).send(channel, "/why do I do this")

    assert world.house.heard == []


async def test_an_edited_message_is_heard_as_of_when_it_was_first_written(world: World) -> None:
    message = await world.ann.send_dm("fine")

    await world.ann.edit(message, "not fine")

    assert world.house.what == [Text("fine"), Text("not fine")]
    assert world.house.heard[1].sent_at == message.created_at
    assert world.house.heard[1].id != world.house.heard[0].id


async def test_a_picture_without_words_is_unsupported_and_with_words_is_heard(world: World) -> None:
    files = world.env.backend.store_attachments(world.ann.dm_channel.id, [("me.png", b"x")])
    await world.ann.send_dm("", attachments=files)
    more = world.env.backend.store_attachments(world.ann.dm_channel.id, [("me.png", b"x")])
    await world.ann.send_dm("look", attachments=more)

    assert [type(what) for what in world.house.what] == [Unsupported, Text]


async def test_nobody_is_mentioned_and_no_link_is_unfolded(world: World) -> None:
    world.house.text = "You said @everyone <@1> https://x.org/a_b \\*no\\*"

    await world.ann.send_dm("hello")

    body = world.sent("POST", "/messages")[0]
    assert body["allowed_mentions"] == {"parse": []}
    assert discord.MessageFlags._from_value(int(str(body["flags"]))).suppress_embeds
    assert body["content"] == "You said @\u2060everyone \\<@\u20601> https://x.org/a_b \\*no\\*"


async def test_a_message_sent_again_carries_the_same_nonce(world: World) -> None:
    await world.ann.send_dm("hello")
    message = Message("s:5:0", here(world.ann.id), "Still here?")

    await world.house.adapter.send(message)
    await world.house.adapter.send(message)

    first, again = world.sent("POST", "/messages")[-2:]
    assert first["nonce"] == again["nonce"]
    assert len(str(first["nonce"])) <= 25
    assert first["enforce_nonce"] is True


async def test_a_long_text_comes_in_pieces_and_the_last_one_has_the_buttons(world: World) -> None:
    world.house.text = "One sentence is here. " * 200

    await world.ann.send_dm("hello")

    assert len(world.shown()) == 3
    assert all(m.content.endswith("here.") and len(m.content) <= 2000 for m in world.shown())
    assert [len(m.components) for m in world.shown()] == [0, 0, 1]


async def test_a_document_comes_as_a_file(world: World) -> None:
    await world.ann.send_dm("hello")

    await world.house.adapter.send(Document("s:6:0", here(world.ann.id), "lowtide.txt", "all of it"))

    assert [file.filename for file in world.shown()[-1].attachments] == ["lowtide.txt"]


async def test_a_picture_comes_with_its_words_and_says_what_it_is(world: World) -> None:
    await world.ann.send_dm("hello")
    picture = Picture("s:7:0", here(world.ann.id), "weeks.png", "*Your weeks*", "a picture of weeks", b"PNG")

    await world.house.adapter.send(picture)

    shown = world.shown()[-1]
    assert shown.content == "**Your weeks**"
    assert [(one.filename, one.description) for one in shown.attachments] == [
        ("weeks.png", "a picture of weeks")
    ]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, 50007, PersonGone),
        (404, 10003, Unreachable),
        (404, 10013, PersonGone),
        (403, 0, Unreachable),
        (403, 40003, Unreachable),
        (403, 50013, Refused),
        (400, 50035, Refused),
        (401, 0, Unreachable),
        (429, 0, Unreachable),
        (500, 0, Unreachable),
        (503, 0, Unreachable),
    ],
)
async def test_a_refusal_says_what_to_do(world: World, status: int, code: int, kind: type[Exception]) -> None:
    await world.ann.send_dm("hello")
    world.env.inject_error("POST", "/channels/*/messages", status=status, code=code)

    with pytest.raises(kind):
        await world.house.adapter.send(Message("s:7:0", here(world.ann.id), "x"))


async def test_a_channel_that_is_gone_is_opened_anew_once(world: World) -> None:
    await world.ann.send_dm("hello")
    for kind in (Unreachable, PersonGone):
        world.env.inject_error("POST", "/channels/*/messages", status=404, code=10003)
        with pytest.raises(kind):
            await world.house.adapter.send(Message("s:7:0", here(world.ann.id), "x"))

    await world.house.adapter.send(Message("s:7:0", here(world.ann.id), "x"))

    assert world.shown()[-1].content == "x"


async def test_a_person_who_never_wrote_is_reached_by_opening_their_channel(world: World) -> None:
    await world.house.adapter.send(Message("s:1:0", here(world.ann.id), "Tonight you wanted to write."))

    assert [message.content for message in world.shown()] == ["Tonight you wanted to write."]


async def test_commands_can_be_taken_along_by_a_person(world: World) -> None:
    commands = world.env.backend.visible_commands(user_id=world.ann.id, channel_id=world.ann.dm_channel.id)

    assert {"lowtide", "why", "settings", "delete", "stop"} <= {command["name"] for command in commands}
    assert all(command["contexts"] == [0, 1, 2] for command in commands)
    assert all(command["integration_types"] == [0, 1] for command in commands)
