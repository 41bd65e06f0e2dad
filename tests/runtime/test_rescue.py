"""When something fails the person is answered all the same, and no log tells what they wrote."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content.library import Content
from bot.dialogue.events import Concern
from bot.dialogue.retention import KEEP
from bot.errors import StoreError
from bot.runtime.messages import Address, Command, Press, Text, Update
from bot.runtime.ports import Change, Verdict
from bot.runtime.rescue import LAST_APOLOGY, MOST_TRIES, Rescue, Tries
from bot.runtime.waking import Waking
from bot.storage.sqlite import SqliteStore
from tests.runtime.conftest import World, running
from tests.runtime.worlds import ANNA, BEN, NOON, Platform
from tests.storage.keeping import due

APOLOGY = "Something broke here, not with you."
CLEO = Address("test", "cleo")
CANARY = "canary-9f31-zirpt"


async def test_a_store_that_fails_is_apologised_for(world: World) -> None:
    await world.text("hello")
    await world.store.close()

    verdict = await world.tell(Text("Sam"))

    assert (verdict, world.said) == (None, [APOLOGY])
    await world.store.open()
    assert await world.text("Sam") == ["You wrote Sam.", "What now?"]


@pytest.mark.parametrize(
    "what", [Text("i want to die"), Text("no point anymore"), Command("why", "i want to die")]
)
async def test_danger_is_answered_with_a_card_even_when_the_store_fails(world: World, what: Text) -> None:
    await world.text("hello")
    await world.store.close()

    await world.tell(what)

    assert len(world.said) == 1
    assert "findahelpline.com" in world.said[0]
    await world.store.open()


async def test_the_card_names_the_helpline_of_the_country_where_it_is_known(world: World) -> None:
    await world.begin("little", country="US")
    await world.text("Sam")
    await world.press("For ever")
    world.app.conversations.flows = replace(world.content.flows, flows={})

    await world.text("i want to die")

    assert "988" in world.said[0]


async def test_a_file_locked_by_another_process_is_apologised_for(tmp_path: Path, content: Content) -> None:
    store = SqliteStore(tmp_path / "l.db", patience=0.01)
    async with running(content, store, Platform()) as world:
        await world.text("hello")

        with locked(store.path):
            during = await world.text("Sam")
            danger = await world.text("i want to die")

        assert during == [APOLOGY]
        assert "findahelpline.com" in danger[0]
        assert await world.text("Sam") == ["You wrote Sam.", "What now?"]


async def test_a_prompt_that_fails_ends_the_conversation_in_a_safe_place(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    said = await world.press("Say the unsaid")

    session = await world.session()
    assert said == [APOLOGY]
    assert (session.frames, session.memory["friend"], session.turn) == ((), "Sam", 3)
    assert await world.text("hello") == ["Who is it?"]


async def test_a_flow_that_goes_round_for_ever_ends_in_a_safe_place(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    verdict = await world.press("For ever"), await world.session()

    assert verdict[0] == [APOLOGY]
    assert verdict[1].frames == ()


async def test_an_update_that_ended_in_a_safe_place_is_not_taken_again(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")
    token = world.platform.messages[-1].buttons[2].token

    first = await world.tell(Press(token), update="p")
    await world.text("hello")
    again = await world.tell(Press(token), update="p")

    assert (first, again) == (Verdict.COMMITTED, Verdict.DUPLICATE)
    assert await world.where() == "little.open"


async def test_a_safe_place_that_breaks_as_well_leaves_the_update_to_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(change: Change) -> Verdict:
        raise ValueError(change.session)

    await world.text("hello")
    world.app.conversations.flows = replace(world.content.flows, flows={})
    monkeypatch.setattr(world.store, "commit", broken)

    verdict = await world.tell(Text("Sam"))

    assert (verdict, world.said) == (None, [APOLOGY])


async def test_danger_in_a_faulty_flow_gets_the_card_and_care_for_the_rest_of_the_visit(world: World) -> None:
    await world.text("hello")
    world.app.conversations.flows = replace(world.content.flows, flows={})

    await world.text("i want to die")

    assert "findahelpline.com" in world.said[0]
    assert (await world.session()).careful == 2


async def test_a_timer_of_a_faulty_flow_is_let_go_and_the_conversation_stays(world: World) -> None:
    await world.text("hello")
    before = await world.session()
    flows = dict(world.content.flows.flows)
    open_ = flows["little"].states["open"]
    timers = tuple(replace(timer, to="nowhere", say=None) for timer in open_.timers)
    states = {**flows["little"].states, "open": replace(open_, timers=timers)}
    flows["little"] = replace(flows["little"], states=states, outcomes=())
    world.app.conversations.keeping.flows = replace(world.content.flows, flows=flows)

    said = await world.wait(hours=100)

    assert said == []
    assert await world.timers() == [KEEP]
    assert (await world.session()).id == before.id


async def test_a_session_of_a_later_release_is_left_as_it_is(world: World) -> None:
    await world.text("hello")
    person = await world.store.load(ANNA)
    assert person.session
    later = person.session.replace('"format":1', '"format":99')
    await world.store.commit(Change(person.id, ANNA, person.revision, NOON, later))

    said = await world.text("Sam")
    silence = await world.wait(hours=100)

    assert (said, silence) == ([APOLOGY], [])
    assert (await world.store.load(ANNA)).session == later
    assert await world.timers() == [KEEP]


async def test_an_update_that_can_never_be_kept_is_let_go_and_its_session_stays(world: World) -> None:
    await world.text("hello")
    person = await world.store.load(ANNA)
    assert person.session
    later = person.session.replace('"format":1', '"format":99')
    await world.store.commit(Change(person.id, ANNA, person.revision, NOON, later))

    verdicts = [await world.tell(Text("Sam"), update="u") for _ in range(MOST_TRIES + 1)]

    assert verdicts == [None] * (MOST_TRIES - 1) + [Verdict.LET_GO, Verdict.LET_GO]
    assert (await world.store.load(ANNA)).session == later


async def test_a_newcomer_whose_first_update_can_never_be_kept_is_let_go(world: World) -> None:
    world.app.conversations.keeping.keep = failing  # type: ignore[method-assign]

    verdicts = [await world.tell(Text("hello"), update="u") for _ in range(MOST_TRIES)]

    assert verdicts == [None] * (MOST_TRIES - 1) + [Verdict.LET_GO]


async def failing(*_: object) -> Verdict:
    raise StoreError("a row that will not be written")


async def test_while_nothing_can_be_kept_nothing_is_let_go(world: World) -> None:
    await world.text("hello")
    await world.store.close()

    verdicts = [await world.tell(Text("Sam"), update="u") for _ in range(2 * MOST_TRIES)]

    assert verdicts == [None] * 2 * MOST_TRIES
    await world.store.open()
    assert await world.tell(Text("Sam"), update="u") is Verdict.COMMITTED


async def test_a_database_locked_for_half_a_minute_loses_nothing_and_says_nothing_twice(
    tmp_path: Path, content: Content
) -> None:
    store = SqliteStore(tmp_path / "l.db", patience=0.01)
    async with running(content, store, Platform()) as world:
        await world.text("hello", BEN)
        await world.wait(hours=19, minutes=59, seconds=50)
        await world.text("hello")
        verdicts, fired = [], 0
        with locked(store.path):
            for _ in range(30):
                world.clock.turn_to(world.clock.now() + timedelta(seconds=1))
                verdicts.append(await world.tell(Text("Sam"), update="u"))
                try:
                    await world.app.nudger.fire()
                except StoreError:
                    fired += 1
            card = await world.text("i want to die", CLEO)

        verdicts += [await world.tell(Text("Sam"), update="u")]
        answer = world.said
        verdicts += [await world.tell(Text("Sam"), update="u")]
        nudges = world.said + await world.wait(minutes=2)

    assert verdicts == [None] * 30 + [Verdict.COMMITTED, Verdict.DUPLICATE]
    assert fired > 0
    assert "988" in card[0] or "findahelpline.com" in card[0]
    assert answer == ["You wrote Sam.", "What now?"]
    assert nudges == ["Still there?"]


def test_what_failed_long_ago_is_not_remembered_for_ever() -> None:
    tries = Tries(most=2, remembered=2)

    assert [tries.spent(name) for name in ("a", "b", "c", "a")] == [False, False, False, False]
    assert tries.spent("a")


async def test_when_not_even_the_apology_can_be_rendered_there_is_one_that_needs_nothing() -> None:
    class NoPrompts:
        def render(self, *_: object) -> str:
            raise LookupError

    rescue = Rescue(lambda *_: "the card", NoPrompts(), "en")
    update = Update("1", ANNA, None, Text("hm"))

    assert rescue.message(update, None, {}).text == LAST_APOLOGY
    assert rescue.message(update, Concern("self", "hard"), {}).text == "the card"


async def test_operator_s_orders_tell_that_the_store_failed(world: World) -> None:
    await world.store.close()

    with pytest.raises(StoreError):
        await world.app.begin(ANNA, "little")

    await world.store.open()


# --- nothing that was written is told ------------------------------------------------------------------


async def test_no_log_tells_what_a_person_wrote_whatever_fails(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await world.text(f"hello {CANARY}")
    await world.text(f"Sam {CANARY}")
    await world.press("Say the unsaid")
    await world.text(CANARY)
    await world.text(CANARY)
    await world.press("For ever")
    world.platform.troubles.extend([ValueError(CANARY), ConnectionError(CANARY)])
    await world.text(f"i want to die {CANARY}")
    await world.command("why", CANARY)
    await world.store.close()
    await world.text(f"i want to die {CANARY}")
    await world.store.open()
    world.app.conversations.flows = replace(world.content.flows, flows={})
    await world.text(CANARY)
    await world.wait(hours=100)

    told = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "failed" in told
    assert "ValueError" in told
    assert CANARY not in told


async def test_no_exception_that_leaves_the_door_tells_what_a_person_wrote(world: World) -> None:
    await world.text(f"hello {CANARY}")
    late = await due(world.store, NOON + timedelta(days=9))
    await world.store.close()

    with pytest.raises(StoreError) as caught:
        await Waking(world.app.conversations.keeping, world.app.conversations.doors).wake(late[:1])

    chain, told = caught.value, ""
    while chain:
        told, chain = told + repr(chain), chain.__cause__ or chain.__context__  # type: ignore[assignment]
    assert CANARY not in told
    await world.store.open()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file as another process would in the middle of a write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
