"""What Discord and the network do to us over a real socket: nothing is lost, nothing is seen twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters import discord_missed
from bot.adapters.discord import Discord, redirect
from bot.adapters.discord_journal import Memory, Place
from bot.adapters.discord_line import Line
from bot.adapters.discord_reading import here
from bot.errors import PersonGone, SettingsError, StoreError, Unreachable
from bot.runtime.messages import Button, Command, Message, Press, Text, Update, Wording
from bot.runtime.ports import Verdict
from tests.adapters.discord_server import CHANNEL, TOKEN, DiscordServer, reply

ANN = here(77)
QUIET = Message("s:1:0", ANN, "Are you *there*?", (Button("yes", "1:0"), Button("no", "1:1")), turn=1)


@dataclass
class Hearer:
    """Keep every update once, as a store does; the `broken` ones cannot be kept."""

    updates: dict[str, Update] = field(default_factory=dict)
    twice: int = 0
    broken: bool = False
    slow: float = 0.0

    async def handle(self, update: Update) -> Verdict | None:
        await asyncio.sleep(self.slow)
        if self.broken:
            return None
        self.twice += update.id in self.updates
        self.updates.setdefault(update.id, update)
        return Verdict.COMMITTED

    @property
    def texts(self) -> list[str]:
        return [update.what.text for update in self.updates.values() if isinstance(update.what, Text)]

    @property
    def what(self) -> list[object]:
        return [update.what for update in self.updates.values()]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    own = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with DiscordServer() as server:
        yield server
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = own
    with contextlib.suppress(AttributeError):
        del DiscordWebSocket.gateway


@pytest.fixture
def hearer() -> Hearer:
    return Hearer()


def adapter(server: DiscordServer, hearer: Hearer, **more: object) -> Discord:
    options = {"gateway": server.gateway, "patience": 15.0, **more}
    return Discord(TOKEN, server.url, hearer.handle, lambda key, _: key, b"k" * 32, **options)  # type: ignore[arg-type]


@pytest.fixture
async def ours(server: DiscordServer, hearer: Hearer) -> AsyncIterator[Discord]:
    discord = adapter(server, hearer)
    await discord.start()
    await server.until(lambda: bool(server.lines))
    yield discord
    await discord.stop()


async def test_a_message_is_heard_and_an_answer_shown(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    await server.say("hello")
    await server.until(lambda: bool(hearer.texts))

    await ours.send(QUIET)

    assert hearer.texts == ["hello"]
    assert server.shown == ["Are you **there**?"]


async def test_no_privileged_intent_is_asked_for(server: DiscordServer, ours: Discord) -> None:
    assert server.identified[0]["intents"] == 1 << 12


async def test_a_message_whose_receipt_was_lost_is_seen_once(server: DiscordServer, ours: Discord) -> None:
    server.faults.append(lambda: web.Response(status=200, text="not what was promised"))

    with contextlib.suppress(Exception):
        await ours.send(QUIET)
    await ours.send(QUIET)

    assert len(server.posts) == 2
    assert len(server.shown) == 1


async def test_a_flood_is_told_at_once_with_its_seconds(server: DiscordServer, ours: Discord) -> None:
    body = {"message": "You are being rate limited.", "retry_after": 64.57, "global": False}
    server.faults.append(lambda: reply(body, 429, Via="1.1 google"))

    with pytest.raises(Unreachable) as caught:
        await ours.send(QUIET)

    assert caught.value.retry_after == 64.57
    assert len(server.posts) == 1


@pytest.mark.parametrize(
    ("told", "anybody"), [({"global": True}, True), ({"global": False}, False), ({}, True)]
)
async def test_a_limit_of_one_channel_is_not_everybody_s(
    server: DiscordServer, ours: Discord, told: dict[str, bool], anybody: bool
) -> None:
    server.faults.append(lambda: reply({"message": "slow", "retry_after": 2.5, **told}, 429))

    with pytest.raises(Unreachable) as caught:
        await ours.send(QUIET)

    assert (caught.value.retry_after, caught.value.anybody) == (2.5, anybody)


async def test_a_flood_without_a_body_goes_by_its_header(server: DiscordServer, ours: Discord) -> None:
    server.faults.append(lambda: web.Response(status=429, text="banned", headers={"Retry-After": "30"}))

    with pytest.raises(Unreachable) as caught:
        await ours.send(QUIET)

    assert caught.value.retry_after == 30


async def test_a_failing_send_ends_at_once_so_that_it_holds_nobody_up(
    server: DiscordServer, ours: Discord
) -> None:
    server.faults.extend([lambda: web.Response(status=500)] * 5)

    with pytest.raises(Unreachable):
        await ours.send(QUIET)

    assert len(server.posts) == 1


async def test_who_closed_their_messages_is_gone(server: DiscordServer, ours: Discord) -> None:
    closed = {"message": "Cannot send messages to this user", "code": 50007}
    server.faults.append(lambda: reply(closed, 403))

    with pytest.raises(PersonGone):
        await ours.send(QUIET)


async def test_a_dropped_line_is_resumed(server: DiscordServer, ours: Discord, hearer: Hearer) -> None:
    await server.drop()
    await server.until(lambda: server.sessions == ["identify", "resume"])
    await server.say("still here")

    await server.until(lambda: hearer.texts == ["still here"])


async def test_a_door_is_open_while_every_line_is_up_and_shut_once_it_stops(
    server: DiscordServer, hearer: Hearer
) -> None:
    ours = adapter(server, hearer)
    before = ours.opened
    await ours.start()
    await server.until(lambda: ours.opened)
    ours.on_line(1, up=False)
    down = ours.opened
    ours.on_line(1, up=True)
    up = ours.opened
    await ours.stop()

    assert (before, down, up, ours.opened) == (False, False, True, False)


@pytest.mark.parametrize("frame", [{"op": 7, "d": None}, {"op": 9, "d": True}], ids=["op 7", "op 9"])
async def test_a_line_that_is_asked_to_come_again_is_resumed(
    server: DiscordServer, ours: Discord, hearer: Hearer, frame: dict[str, object]
) -> None:
    server.on_resume = "LATER"  # once more
    await server.lines[-1].send_json(frame)
    await server.until(lambda: server.sessions == ["identify", "resume", "resume"])
    await server.say("still here")
    await server.until(lambda: hearer.texts == ["still here"])


@pytest.mark.parametrize("elsewhere", ["ws://gateway.invalid/", "ws://192.0.2.1:9/"])
async def test_a_line_is_resumed_at_the_host_that_was_set_and_at_no_other(
    server: DiscordServer, hearer: Hearer, elsewhere: str
) -> None:
    server.resume_at = elsewhere
    ours = adapter(server, hearer)
    await ours.start()
    await server.until(lambda: bool(server.lines))
    await server.drop()
    await server.until(lambda: server.sessions == ["identify", "resume"])
    await server.say("still here")
    await server.until(lambda: hearer.texts == ["still here"])
    await ours.stop()


async def test_a_line_is_resumed_where_its_own_host_says(server: DiscordServer, hearer: Hearer) -> None:
    server.resume_at = f"{server.gateway}?resuming=1"
    ours = adapter(server, hearer)
    await ours.start()
    await server.until(lambda: bool(server.lines))
    await server.drop()
    await server.until(lambda: server.sessions == ["identify", "resume"])
    await ours.stop()


async def test_frames_of_kinds_nobody_knows_pass(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    for frame in (
        {"op": 99, "d": None},
        {"op": 1, "d": None},
        {"op": 11},
        {"op": 0, "t": "NEW", "s": 7, "d": 1},
    ):
        await server.lines[-1].send_json(frame)
    await server.say("hello")
    await server.until(lambda: hearer.texts == ["hello"])

    assert server.sessions == ["identify"]


async def test_a_heartbeat_that_is_not_answered_ends_a_line(server: DiscordServer, hearer: Hearer) -> None:
    server.beat, server.answers_beats = 100, False
    ours = adapter(server, hearer, patience=1.0)
    await ours.start()
    await server.until(lambda: len(server.sessions) > 1)
    server.answers_beats = True
    await server.until(lambda: len(server.lines) == len(server.sessions))
    await server.say("hello")
    await server.until(lambda: "hello" in hearer.texts)
    await ours.stop()


async def test_what_was_said_before_a_new_session_is_read_on_in_order(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    await server.say("one")
    await server.until(lambda: hearer.texts == ["one"])
    server.on_resume = "INVALID_SESSION"
    await server.drop()
    for text in ("two", "three"):
        await server.say(text, heard=False)

    await server.until(lambda: server.sessions[-1] == "identify" and len(server.sessions) > 1, 15)
    await server.say("four")
    await server.until(lambda: "four" in hearer.texts)

    assert hearer.texts == ["one", "two", "three", "four"]


async def test_a_broken_frame_costs_no_message(server: DiscordServer, ours: Discord, hearer: Hearer) -> None:
    await server.say("one")
    await server.until(lambda: hearer.texts == ["one"])

    await server.lines[-1].send_str("{broken")
    await server.say("two", heard=False)
    await server.until(lambda: server.sessions == ["identify", "identify"])

    await server.until(lambda: hearer.texts == ["one", "two"])


async def test_a_resume_that_is_never_answered_is_noticed(server: DiscordServer, hearer: Hearer) -> None:
    impatient = adapter(server, hearer, patience=3.0)
    await impatient.start()
    await server.until(lambda: bool(server.lines))
    await server.say("one")
    await server.until(lambda: hearer.texts == ["one"])
    server.on_resume = "silence"

    await server.drop()
    await server.say("two", heard=False)
    await server.until(lambda: hearer.texts == ["one", "two"])
    await impatient.stop()

    assert server.sessions == ["identify", "resume", "identify"]


async def test_a_message_that_could_not_be_kept_is_read_again(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    hearer.broken = True
    await server.say("one")
    await asyncio.sleep(0.1)
    hearer.broken = False

    await server.lines[-1].send_str("{broken")

    await server.until(lambda: hearer.texts == ["one"])


async def test_the_next_process_reads_on_where_the_last_one_was(server: DiscordServer) -> None:
    journal, first, second = Memory(), Hearer(), Hearer()
    before = adapter(server, first, journal=journal)
    await before.start()
    await server.until(lambda: bool(server.lines))
    await server.say("one")
    await server.until(lambda: first.texts == ["one"])
    await before.stop()
    await server.say("two", heard=False)

    after = adapter(server, second, journal=journal)
    await after.start()
    await server.until(lambda: second.texts == ["two"])
    await after.stop()


async def test_a_channel_that_cannot_be_read_yet_is_read_a_little_later(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    await server.say("one")
    await server.until(lambda: hearer.texts == ["one"])
    server.history_faults.append(lambda: web.Response(status=502))

    await server.lines[-1].send_str("{broken")
    await server.say("two", heard=False)

    await server.until(lambda: hearer.texts == ["one", "two"])


class Slow(Memory):
    """A journal that cannot be read for a while: it is slow, or `broken`."""

    def __init__(self, broken: int = 0) -> None:
        super().__init__()
        self.open, self.broken = asyncio.Event(), broken
        self.asked = 0

    async def recent(self) -> Sequence[Place]:
        if self.asked:  # the first time is at the start, to know the channels
            await self.open.wait()
        self.asked += 1
        if 1 < self.asked <= 1 + self.broken:
            raise StoreError("locked")
        return await super().recent()


@pytest.mark.parametrize("broken", [0, 1])
async def test_what_is_said_in_a_new_session_waits_for_what_was_said_before_it(
    server: DiscordServer, hearer: Hearer, broken: int
) -> None:
    journal = Slow(broken)
    await journal.note(Place(77, CHANNEL, 1))
    await server.say("one", heard=False)
    later = adapter(server, hearer, journal=journal)
    await later.start()
    await server.until(lambda: bool(server.lines))

    await server.say("two")
    await asyncio.sleep(0.05)
    journal.open.set()
    await server.until(lambda: len(hearer.texts) == 2)
    await later.stop()

    assert hearer.texts == ["one", "two"]
    assert (await journal.recent())[0].last == int(server.messages[-1]["id"])


async def test_no_place_moves_over_what_could_not_be_read(
    server: DiscordServer, hearer: Hearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord_missed, "_AGAIN", (0.0,))
    journal = Memory()
    await journal.note(Place(77, CHANNEL, 1))
    await server.say("one", heard=False)
    server.history_faults.extend([lambda: web.Response(status=502)] * 2)
    ours = adapter(server, hearer, journal=journal)
    await ours.start()
    await server.until(lambda: not server.history_faults)

    await server.say("two")
    await server.until(lambda: hearer.texts == ["two"])
    unread = (await journal.recent())[0].last
    await server.lines[-1].send_str("{broken")
    await server.until(lambda: len(hearer.texts) == 2)
    await ours.stop()

    assert unread == 1
    assert hearer.texts == ["two", "one"]
    assert (await journal.recent())[0].last == int(server.messages[-1]["id"])


@pytest.mark.parametrize("first", [10**9, 12345678901234567890])
async def test_numbers_that_are_shorter_or_longer_than_usual_are_taken(
    server: DiscordServer, hearer: Hearer, first: int
) -> None:
    server._next = first
    ours = adapter(server, hearer)
    await ours.start()
    await server.until(lambda: bool(server.lines))

    await server.say("hello")
    await server.until(lambda: bool(hearer.updates))
    await ours.stop()

    [update] = hearer.updates.values()
    assert update.sent_at is None  # no number tells such a time


async def test_a_channel_that_discord_py_cannot_read_holds_up_nobody(
    server: DiscordServer, hearer: Hearer
) -> None:
    journal = Memory()
    await journal.note(Place(77, CHANNEL, 1))
    server.history_faults.append(lambda: reply([{"id": "5"}]))
    ours = adapter(server, hearer, journal=journal)
    await ours.start()
    await server.until(lambda: not server.history_faults)

    await server.say("hello")
    await server.until(lambda: hearer.texts == ["hello"])
    await ours.stop()

    assert (await journal.recent())[0].last == 1  # it is read again in the next session


async def test_a_command_is_answered_in_time_however_long_it_takes(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    hearer.slow = 2.5
    await server.command("lowtide")
    await server.until(lambda: bool(server.answers))
    promised = server.answers[-1][1]
    await server.until(lambda: bool(hearer.updates))

    await ours.send(QUIET)

    assert promised["type"] == 5
    assert hearer.what == [Command("start")]
    assert server.answers[-1][0].startswith("PATCH")
    assert server.answers[-1][0].endswith("@original")
    assert server.answers[-1][1]["content"] == "Are you **there**?"


async def test_among_other_people_only_the_person_sees_an_answer(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    await server.command("lowtide", context=2)
    await server.until(lambda: bool(hearer.updates))

    await ours.send(QUIET)
    await ours.send(Message("s:1:1", ANN, "More."))

    answer, more = (body for _, body in server.answers)
    assert answer["data"]["flags"] & 64
    assert more["flags"] & 64
    assert server.posts == []


async def test_a_person_who_writes_to_us_is_answered_there_from_then_on(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    await server.command("lowtide", context=2)
    await server.until(lambda: bool(hearer.updates))
    await server.say("let us talk here")
    await server.until(lambda: bool(hearer.texts))

    await ours.send(QUIET)

    assert server.shown == ["Are you **there**?"]


async def test_an_answer_that_comes_too_late_for_its_command_is_a_message(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    gone = {"message": "Unknown interaction", "code": 10062}
    server.callback_faults.append(lambda: reply(gone, 404))
    await server.command("lowtide")
    await server.until(lambda: bool(hearer.updates))

    await ours.send(QUIET)

    assert server.shown == ["Are you **there**?"]


async def test_it_is_known_whose_channel_is_still_to_be_opened(server: DiscordServer) -> None:
    journal, hearer = Memory(), Hearer()
    before = adapter(server, hearer, journal=journal)
    await before.start()
    await server.until(lambda: bool(server.lines))
    await server.say("hello")
    await server.until(lambda: hearer.texts == ["hello"])
    new = before.opens("77"), before.opens("78")
    await before.send(Message("s:78:0", here(78), "x"))
    opened = before.opens("78")
    await before.stop()

    after = adapter(server, hearer, journal=journal)
    await after.start()
    later = after.opens("77"), after.opens("78")
    await after.stop()

    assert (new, opened) == ((False, True), False)
    assert later == (False, True)  # who wrote to us is known to the next process
    assert server.opened == [78]


async def test_a_press_is_answered_with_the_choice_and_two_taps_at_once_are_one(
    server: DiscordServer, ours: Discord, hearer: Hearer
) -> None:
    await ours.send(QUIET)
    button = server.posts[0]["components"][0]["components"][1]["custom_id"]
    hearer.slow = 0.2

    await server.press(button)
    await server.press(button)
    await server.until(lambda: len(server.answers) == 2)

    assert hearer.what == [Press("1:1")]
    assert [body["type"] for _, body in server.answers] == [6, 7]
    assert server.answers[1][1]["data"]["content"] == "Are you **there**?\n\n**› no**"
    assert server.answers[1][1]["data"]["components"] == []


async def test_a_wrong_token_is_told_at_the_start_and_never_shown(
    server: DiscordServer, hearer: Hearer, caplog: pytest.LogCaptureFixture
) -> None:
    discord = Discord("wrong-token", server.url, hearer.handle, lambda key, _: key, b"k")

    with pytest.raises(SettingsError, match="LOWTIDE_DISCORD_TOKEN") as caught:
        await discord.start()
    await discord.stop()

    assert "wrong-token" not in f"{caught.value}{caplog.text}"
    with pytest.raises(Unreachable):
        await discord.send(QUIET)


@pytest.mark.parametrize(
    ("code", "setting"),
    [(4004, "LOWTIDE_DISCORD_TOKEN"), (4010, "LOWTIDE_DISCORD_SHARDS"), (4011, "LOWTIDE_DISCORD_SHARDS")],
)
async def test_a_line_that_is_closed_for_good_ends_it_with_what_to_mend(
    server: DiscordServer, ours: Discord, code: int, setting: str
) -> None:
    await server.lines[-1].close(code=code)

    with pytest.raises(SettingsError, match=setting):
        await asyncio.wait_for(ours.ended(), 10)

    assert server.sessions == ["identify"]


async def test_two_shards_identify_apart_and_hear_the_same_person(
    server: DiscordServer, hearer: Hearer
) -> None:
    discord = adapter(server, hearer, shards=2, patience=20.0)
    await discord.start()
    await server.until(lambda: len(server.identified) == 2, 15)

    server.lines.reverse()
    await server.say("hello")
    await server.until(lambda: hearer.texts == ["hello"])
    await discord.stop()

    assert [asked["shard"] for asked in server.identified] == [[0, 2], [1, 2]]


async def test_an_address_without_a_path_is_taken_for_the_root(server: DiscordServer) -> None:
    redirect("http://127.0.0.1:1/", None)
    assert Route.BASE == "http://127.0.0.1:1/api/v10"

    redirect("http://127.0.0.1:1/discord/v10", None)
    assert Route.BASE == "http://127.0.0.1:1/discord/v10"


async def test_a_line_that_cannot_be_made_is_tried_again() -> None:
    made: list[int] = []

    def make() -> object:
        made.append(1)
        raise OSError("no network")

    task = asyncio.create_task(Line(make, "t", waits=(0.01, 0.02)).run())  # type: ignore[arg-type]
    await asyncio.sleep(0.2)
    task.cancel()

    assert len(made) > 2


async def test_what_stands_around_a_question_is_in_its_language(
    server: DiscordServer, hearer: Hearer
) -> None:
    ours = Discord(TOKEN, server.url, hearer.handle, "{} in {}".format, b"k" * 32, gateway=server.gateway)
    six = tuple(Button(str(number), f"1:{number}") for number in range(6))
    await ours.start()
    await ours.send(Message("s:1:0", ANN, "Was?", six, turn=1, language="de"))
    await ours.send(Message("s:2:0", ANN, "Und?", edits=Wording("so", 9), turn=2, language="de"))
    await ours.stop()

    menu, write = (post["components"][0]["components"][0] for post in server.posts)
    assert (menu["placeholder"], write["label"]) == ("choose in de", "write in de")
