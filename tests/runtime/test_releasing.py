"""Flows that would strand somebody do not start; what changed for whom is told in numbers and ids alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.authoring.release import release
from bot.content.library import load
from bot.errors import OperatorError, Stranded
from bot.runtime.messages import Text, Update
from bot.runtime.releasing import versions
from bot.settings import Secret, Settings
from bot.storage.opening import operator_keys
from bot.storage.sqlite import SqliteStore
from tests.runtime.released import CANARY, MIGRATED, RENAMED, app_on, edit, live_through, settled
from tests.runtime.worlds import ANNA, Platform


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settled(tmp_path)


async def test_a_start_with_flows_that_would_strand_somebody_is_refused_and_changes_nothing(
    settings: Settings,
) -> None:
    await live_through(settings)
    content = edit(settings, *RENAMED)

    with pytest.raises(
        Stranded, match=r"1 waits in little.choose \(version 1\) → no place: there is no state"
    ):
        async with app_on(settings, content, Platform()):
            pytest.fail("it started")

    async with app_on(settings, edit(settings, ("version: 2", "version: 1"), ("pick", "choose")), Platform()):
        pass


async def test_a_start_with_flows_that_have_a_place_for_everybody_carries_them(settings: Settings) -> None:
    await live_through(settings)
    platform = Platform()

    async with app_on(settings, edit(settings, *RENAMED, MIGRATED), platform) as app:
        await app.handle(Update("9", ANNA, None, Text("go on")))
        await app.settle()

    assert platform.texts == ["Planned."]


async def test_release_says_in_numbers_where_everybody_lands_and_lets_the_flows_go_live(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await live_through(settings)
    content = edit(settings, *RENAMED, MIGRATED)

    assert await _release(settings)

    told = capsys.readouterr().out
    assert "little: version 1 → version 2" in told
    assert "1 waits in little.choose (version 1) → pick" in told
    assert "1 waits in little.open (version 1) → open" in told
    assert "the flows are live" in told
    assert CANARY not in told
    store = SqliteStore(settings.db)
    await store.open()
    assert await store.live() == versions(content.flows)
    await store.close()


async def test_release_fails_where_somebody_has_no_place_and_marks_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await live_through(settings)
    edit(settings, *RENAMED)

    assert not await _release(settings)

    assert (
        capsys.readouterr().out.splitlines()[1].startswith("1 waits in little.choose (version 1) → no place")
    )


async def test_release_looks_into_a_database_that_a_service_holds(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await live_through(settings)
    content = load(settings.flows, settings.prompts)
    async with app_on(settings, content, Platform()):
        edit(settings, *RENAMED, MIGRATED)

        assert await _release(settings)

    assert "start the service again to let the flows go live" in capsys.readouterr().out


async def test_a_dry_run_marks_nothing(settings: Settings) -> None:
    await live_through(settings)
    before = load(settings.flows, settings.prompts)
    edit(settings, *RENAMED, MIGRATED)

    assert await _release(settings, dry_run=True)

    store = SqliteStore(settings.db)
    await store.open()
    assert await store.live() == versions(before.flows)
    await store.close()


def test_where_nobody_is_kept_there_is_nothing_to_look_at(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release(settings, dry_run=False)
    assert "nobody is kept" in capsys.readouterr().out


async def _release(settings: Settings, dry_run: bool = False) -> bool:
    """Run the command as a shell would: it has a loop of its own."""
    import asyncio  # noqa: PLC0415  only this needs it

    return await asyncio.to_thread(release, settings, dry_run)


async def test_a_release_opens_with_the_operator_s_own_key_what_was_sealed_under_it(
    settings: Settings,
) -> None:
    held = replace(settings, key=Secret("11" * 32))
    content = load(held.flows, held.prompts)
    store = SqliteStore(held.db, operator_keys(held.db, held.keys()))
    async with app_on(held, content, Platform(), store) as app:
        await app.handle(Update("1", ANNA, None, Text("hello")))
        await app.settle()
    edit(held, *RENAMED)

    with pytest.raises(OperatorError, match="key"):
        await _release(settings)

    assert await _release(held)
