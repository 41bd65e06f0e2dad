"""`/healthz` says that it lives, `/readyz` which part is not ready, and neither says anything of anybody."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot import run
from bot.content.library import Content
from bot.errors import OperatorError
from bot.health import Health
from bot.observing.look import Look
from bot.observing.lookout import Lookout
from bot.observing.pulse import Pulse
from bot.platforms import Tempo
from bot.runtime.desk import Habits
from tests.adapters.telegram_server import TelegramServer
from tests.observing.watched import Door, watched
from tests.serving import serving, settings

READY = {"process": "ready", "store": "ready", "flows": "ready", "test": "ready"}


async def test_a_service_whose_parts_are_all_there_is_alive_and_ready(content: Content) -> None:
    async with watched(content) as one:
        assert await one.asked("/healthz") == (200, "alive\n")
        assert await one.ready() == (200, {"ready": True, "parts": READY})


async def test_a_store_that_does_not_answer_is_named_and_the_process_is_alive(content: Content) -> None:
    async with watched(content) as one:
        await one.app.store.close()
        status, told = await one.ready()
        alive, _ = await one.asked("/healthz")
        shown = await one.number("lowtide_ready", part="store")
        await one.app.store.open()

        assert (status, alive, shown) == (503, 200, 0)
        assert told == {"ready": False, "parts": READY | {"store": "does not answer"}}
        assert (await one.ready())[0] == 200


async def test_a_platform_whose_door_is_shut_is_named(content: Content) -> None:
    async with watched(content, door=Door(opened=False)) as one:
        status, told = await one.ready()

    assert (status, told["parts"]["test"]) == (503, "the door is shut")


async def test_before_the_store_is_open_and_the_flows_are_admitted_nothing_is_ready(content: Content) -> None:
    async with watched(content) as one:
        one.app.admitted = False
        status, told = await one.ready()

    assert status == 503
    assert told["parts"] == READY | {"store": "not open yet", "flows": "not admitted yet"}


async def test_a_lookout_that_looks_at_nothing_yet_is_not_ready(content: Content) -> None:
    lookout = Lookout("127.0.0.1:0", content.flows, ["test"])

    async def nothing() -> Look:
        return Look({"process": "not started yet"})

    await lookout.start(nothing)
    async with ClientSession() as web, web.get(f"http://127.0.0.1:{lookout.port}/readyz") as answer:
        status = answer.status
    await lookout.stop()

    assert status == 503


async def test_nothing_else_is_answered_and_nothing_can_be_sent(content: Content) -> None:
    async with watched(content) as one:
        found = [(await one.asked(path))[0] for path in ("/", "/metrics/", "/healthz/../x")]
        async with one.web.post(f"http://127.0.0.1:{one.lookout.port}/metrics") as answer:
            posted = answer.status

    assert (found, posted) == ([404, 404, 404], 405)


async def test_a_port_that_somebody_has_is_told_with_what_to_do(content: Content) -> None:
    async with watched(content) as one:
        second = Lookout(f"127.0.0.1:{one.lookout.port}", content.flows, ["test"])
        with pytest.raises(OperatorError, match="LOWTIDE_HEALTH_LISTEN"):
            await second.start(one.health.look)


async def test_numbers_that_cannot_be_written_leave_the_rest_alive(content: Content) -> None:
    async with watched(content) as one:
        one.lookout.metrics.written = None  # type: ignore[method-assign, assignment]

        assert (await one.asked("/metrics"))[0] == 500
        assert (await one.asked("/healthz"))[0] == 200


async def test_a_loop_that_was_held_up_shows_for_how_long() -> None:
    pulse = Pulse()
    pulse.start()
    await asyncio.sleep(0)
    time.sleep(0.7)  # noqa: ASYNC251  what holds up the loop is what is measured
    await asyncio.sleep(0.05)
    await pulse.stop()

    assert pulse.worst > 0.1


async def test_a_service_that_was_told_to_stop_is_not_ready_while_it_sends_what_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LAST_WORDS", 0.5)
    chosen, tempo = {"health_listen": "127.0.0.1:0"}, Tempo(Habits(grace=0.01))
    async with TelegramServer() as server, ClientSession() as web:
        async with serving(settings(tmp_path, server, **chosen), tempo) as service:
            assert service.lookout
            where = f"http://127.0.0.1:{service.lookout.port}"
            before = await until(web, where, status=200)
            server.fail("sendMessage", "hang")
            server.say(11, "hello")
            await server.until(lambda: server.called("sendMessage"))
            stopping = asyncio.create_task(until(web, where, status=503))
        after = await stopping

    assert before == {"process": "ready", "store": "ready", "flows": "ready", "telegram": "ready"}
    assert after["process"] == "told to stop"


async def until(web: ClientSession, where: str, *, status: int) -> dict[str, str]:
    """Ask whether it is ready, until that is answered with a status; what it says is alive meanwhile."""
    async with asyncio.timeout(30):
        while True:
            async with web.get(f"{where}/readyz") as ready, web.get(f"{where}/healthz") as alive:
                assert alive.status == 200
                if ready.status == status:
                    told: dict[str, str] = (await ready.json())["parts"]
                    return told
            await asyncio.sleep(0.02)


class Elsewhere:
    """A replica that stands by: another one hears the platform, or others' flows are live."""

    def __init__(self, ours: bool, retired: bool = False) -> None:
        self.retired = retired
        self._ours = ours

    def hears(self, platform: str) -> bool:
        return False

    def duties(self) -> dict[str, bool]:
        return {"test": self._ours, "nudger": self._ours}


@pytest.mark.parametrize(
    ("ours", "retired", "lacking"),
    [
        (False, False, {}),
        (True, False, {"test": "the door is shut"}),
        (False, True, {"flows": "others are live"}),
    ],
)
async def test_a_replica_that_stands_by_is_ready_and_a_retired_one_is_not(
    content: Content, ours: bool, retired: bool, lacking: dict[str, str]
) -> None:
    async with watched(content, door=Door(opened=False)) as one:
        replica = Elsewhere(ours, retired)
        look = await Health(one.app, one.health.platforms, replica).look()  # type: ignore[arg-type]

    assert {part: lack for part, lack in look.parts.items() if lack} == lacking
    assert look.duties == {"test": ours, "nudger": ours}
