"""Two replicas rolled one after the other to new flows, under load: everybody is answered, exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.authoring.release import faultless
from bot.operating.looking import look
from bot.settings import Secret, Settings
from tests.adapters.telegram_server import TelegramServer
from tests.replicas.climbers import Climbers, house, names, settled
from tests.replicas.crowd import PATIENCE, fleet

STILL = {200: 2, 201: 3, 202: 4, 203: 5}
"""Who waits in the middle while replicas roll, and after how many steps."""


async def landings(settings: Settings, url: str) -> Mapping[str, tuple[str, int]]:
    """Say as `lowtide upgrade --check` does where those of the first version land, and how many."""
    seen = await look(replace(settings, db_url=Secret(url)), faultless(settings))
    assert seen.sound
    return {one.state: (one.to, times) for one, times in seen.found.items() if one.version == 1}


async def test_two_replicas_are_rolled_to_new_flows_and_everybody_is_answered_exactly_once(
    url: str, tmp_path: Path
) -> None:
    first, second = (settled(tmp_path / f"v{version}", version) for version in (1, 2))
    async with (
        TelegramServer() as server,
        fleet(tmp_path, server, url, webhook=True, count=2, house=house(first)) as replicas,
    ):
        crowd = Climbers(server, range(100, 108), replicas.ports, dict(STILL))
        async with crowd.climbing():
            told = await landings(second, url)
            replicas.house = house(second)
            await replicas.stop(0)
            await replicas.start(0)
            await replicas.until_told(1, b"this replica takes nothing any more")
            await server.until(lambda: crowd.all_in(2), PATIENCE)
            await replicas.stop(1)
            await replicas.start(1)
        left = await landings(second, url)

    assert crowd.wrong() == []
    assert {state: to for state, (to, _) in told.items()} == dict(zip(names(1), names(2), strict=True))
    assert {crowd.version(chat) for chat in STILL} == {2}
    assert left == {}
    assert min(crowd.said[chat] for chat in crowd.chats) > 3
