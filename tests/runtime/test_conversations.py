"""The one door: what comes in is answered once, in order, and everything it changes is kept together."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.dialogue.events import Answered, Commanded, Operated, Pressed, TimerFired
from bot.runtime.messages import Address, Command, Press, Text, Unsupported, Update
from bot.runtime.ports import Change, Verdict
from bot.runtime.waking import Waking
from tests.runtime.conftest import World, running
from tests.runtime.worlds import ANNA, BEN, NOON, Platform
from tests.storage.keeping import due

# --- the way through -----------------------------------------------------------------------------------


async def test_a_conversation_goes_from_hello_to_its_end(world: World) -> None:
    assert await world.text("hello") == ["Who is it?"]
    assert await world.text("Sam") == ["You wrote Sam.", "What now?"]
    assert await world.press("Go on") == ["Planned."]

    assert (await world.session()).frames == ()
    assert (await world.store.counters())["planned"] == 1


async def test_buttons_carry_turn_and_place_and_hang_under_the_last_message(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    turn = (await world.session()).turn
    first, last = world.platform.messages
    assert first.buttons == ()
    assert [(one.label, one.token) for one in last.buttons] == [
        ("Go on", f"{turn}:0"), ("Say the unsaid", f"{turn}:1"), ("For ever", f"{turn}:2"),
    ]  # fmt: skip


async def test_words_of_an_option_do_what_its_button_does(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    assert await world.text("go on") == ["Planned."]


async def test_every_message_has_a_key_of_its_own_made_of_session_turn_and_place(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    session = await world.session()
    assert [one.key for one in world.platform.messages] == [f"{session.id}:2:0", f"{session.id}:2:1"]


async def test_two_people_talk_without_noticing_each_other(world: World) -> None:
    await asyncio.gather(
        world.app.handle(Update("a", ANNA, None, Text("hello"))),
        world.app.handle(Update("b", BEN, None, Text("hello"))),
    )
    await world.app.settle()
    await world.text("Sam", ANNA)
    await world.text("Kim", BEN)

    assert (await world.session(ANNA)).memory["friend"] == "Sam"
    assert (await world.session(BEN)).memory["friend"] == "Kim"


async def test_updates_of_one_person_are_taken_one_after_the_other(world: World) -> None:
    texts = ["hello", "Sam", "go on"]
    updates = [Update(text, ANNA, None, Text(text)) for text in texts]

    verdicts = await asyncio.gather(*(world.app.handle(update) for update in updates))
    await world.app.settle()

    assert verdicts == [Verdict.COMMITTED] * 3
    assert world.said == ["Who is it?", "You wrote Sam.", "What now?", "Planned."]
    assert len(world.app.conversations.doors) == 0


async def test_a_witness_sees_every_committed_step(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")
    await world.press("Go on")
    await world.tell(Command("why"))

    kinds = [type(moment.event) for moment in world.moments]
    assert kinds == [Answered, Answered, Pressed, Commanded]
    assert [moment.before.turn for moment in world.moments] == [0, 1, 2, 3]
    assert world.moments[2].after.frames == ()


async def test_words_written_into_the_form_of_an_answered_question_answer_no_other(world: World) -> None:
    await world.text("hello")
    await world.tell(Text("Sam", turn=1))
    before = await world.where(), (await world.session()).memory["friend"]
    await world.tell(Text("go on", turn=1))

    assert before == ("little.choose", "Sam")
    assert await world.where() == "little.choose"
    assert (await world.session()).frames[-1].slots["person"] == "Sam\ngo on"


# --- once, and in order --------------------------------------------------------------------------------


async def test_a_repeated_update_is_answered_once(world: World) -> None:
    first = await world.tell(Text("hello"), update="7")
    again = await world.tell(Text("hello"), update="7")

    assert (first, again) == (Verdict.COMMITTED, Verdict.DUPLICATE)
    assert world.said == []
    assert (await world.session()).turn == 1


async def test_a_second_tap_changes_nothing_and_says_nothing(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")
    button = world.platform.messages[-1].buttons[0]
    await world.tell(Press(button.token))
    before = await world.session()

    await world.tell(Press(button.token))

    assert world.said == []
    assert await world.session() == before


@pytest.mark.parametrize("token", ["1:0", "", "hello", "9:9", "-1:-1", "2:" + "9" * 400, "\0", "1:0:1"])
async def test_a_button_that_is_old_or_forged_changes_nothing_and_is_answered(
    world: World, token: str
) -> None:
    await world.text("hello")
    await world.text("Sam")

    await world.tell(Press(token))

    assert world.said == ["That button is old.", "What now?"]
    assert await world.where() == "little.choose"


async def test_a_text_sent_before_the_question_had_arrived_does_not_answer_it(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")
    burst = world.clock.now() - timedelta(seconds=1)

    await world.tell(Text("go on"), sent_at=burst)

    assert await world.where() == "little.choose"
    assert any("go on" in str(frame.slots) for frame in (await world.session()).frames) or "go on" in str(
        (await world.session()).asides
    )


async def test_a_text_without_a_time_answers_what_stands_last(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    await world.app.handle(Update("x", ANNA, None, Text("go on")))

    assert (await world.session()).frames == ()


async def test_a_question_that_could_not_be_delivered_is_not_answered_by_chance(world: World) -> None:
    world.platform.troubles.append(ConnectionError())
    await world.tell(Text("hello"))

    await world.tell(Text("are you there"))

    assert await world.where() == "little.open"
    assert "person" not in (await world.session()).frames[-1].slots


async def test_another_writer_in_between_costs_a_second_reading_and_nothing_else(world: World) -> None:
    await world.text("hello")
    real, interfered = world.store.commit, list[Change]()

    async def commit(change: Change) -> Verdict:
        if not interfered:
            interfered.append(change)
            person = await world.store.load(ANNA)
            assert person.session
            await real(Change(person.id, ANNA, person.revision, NOON, person.session))
        return await real(change)

    world.store.commit = commit  # type: ignore[method-assign]  # another process on the same store
    verdict = await world.tell(Text("Sam"))

    assert verdict is Verdict.COMMITTED
    assert world.said == ["You wrote Sam.", "What now?"]


# --- what is sent --------------------------------------------------------------------------------------


async def test_a_sticker_gets_a_kind_line_and_the_question_again_and_costs_no_try(world: World) -> None:
    await world.text("hello")

    await world.tell(Unsupported("sticker"))

    assert world.said == ["I can only read text.", "Who is it?"]
    assert (await world.session()).frames[-1].tries == 0


async def test_a_sticker_can_begin_a_conversation(world: World) -> None:
    await world.tell(Unsupported("sticker"))

    assert world.said == ["Who is it?"]


async def test_a_very_long_text_is_screened_to_its_end_and_stored_cut(world: World) -> None:
    await world.text("hello")
    long = "we used to talk. " * 1000

    await world.text(long)
    stored = (await world.session()).memory["friend"]
    await world.text(long + "i want to die")

    assert (len(str(stored)), stored) == (4000, long[:4000])
    assert await world.where() == "crisis.card"


async def test_a_command_in_words_and_one_by_name_lead_to_the_same_page(world: World) -> None:
    await world.text("hello")

    by_name = await world.command("why", "are you a script")
    by_words = await world.text("why are you a script")

    assert by_name == by_words == ["Because it is one.", "Who is it?"]


async def test_danger_in_the_words_behind_a_command_is_heard(world: World) -> None:
    await world.text("hello")

    assert await world.command("why", "i want to die") == ["Call findahelpline.com now."]


async def test_a_sentence_that_was_sent_in_pieces_is_heard_whole(world: World) -> None:
    await world.text("hello")
    await world.text("i want")
    await world.text("to")

    assert await world.text("die") == ["Call findahelpline.com now."]


async def test_pieces_that_lie_a_minute_apart_or_belong_to_two_people_are_no_sentence(world: World) -> None:
    await world.text("i want to")
    await world.text("die", BEN)
    world.clock.turn_to(NOON + timedelta(seconds=61))

    await world.text("die")

    assert await world.where() != "crisis.card"
    assert (await world.app.conversations.session(BEN)).frames[-1].flow == "little"


async def test_a_piece_that_was_part_of_a_sign_of_danger_is_not_heard_again(world: World) -> None:
    await world.text("i want to")
    await world.text("die")
    await world.press("Take me back")

    await world.text("see")

    assert await world.where() == "little.choose"


async def test_a_soft_sign_ends_no_sentence_and_the_whole_of_it_brings_the_card(world: World) -> None:
    await world.text("hello")
    await world.text("i want")

    assert await world.text("to die") == ["Call findahelpline.com now."]


async def test_what_was_asked_about_becomes_clear_with_the_next_words(world: World) -> None:
    await world.text("hello")
    assert await world.text("no point anymore i want") == ["Do you think of suicide?"]

    assert await world.text("to die") == ["Call findahelpline.com now."]


async def test_a_sign_that_was_asked_about_is_not_heard_again_in_the_next_words(world: World) -> None:
    await world.text("hello")
    await world.text("no point")
    assert await world.text("anymore") == ["Do you think of suicide?"]

    assert await world.text("between us") == ["You can say it here."]


@pytest.mark.parametrize("order", ["stop", "STOP!", "why are you a script"])
async def test_an_order_in_words_is_no_piece_of_a_sentence(world: World, order: str) -> None:
    await world.text("hello")
    await world.text("i want to")
    await world.text(order)

    await world.text("die")

    assert await world.where() != "crisis.card"


async def test_an_answer_that_was_taken_is_no_piece_of_a_sentence(world: World) -> None:
    await world.text("hello")
    await world.text("i want to")
    assert await world.text("go on") != []

    await world.text("die")

    assert await world.where() != "crisis.card"


async def test_a_person_in_care_hears_the_clear_sign_that_a_soft_one_completes(world: World) -> None:
    await world.text("hello")
    await world.text("i want to die")
    await world.press("Take me back")
    await world.text("i want")

    await world.text("to die")

    assert await world.where() == "crisis.card"


async def test_a_person_in_care_is_listened_to_more_closely(world: World) -> None:
    await world.text("hello")
    await world.text("just kidding")
    assert await world.where() == "little.choose"

    await world.text("i want to die")
    await world.press("Take me back")
    await world.text("just kidding")

    assert await world.where() == "asking.ask"


# --- time ----------------------------------------------------------------------------------------------


async def test_silence_brings_one_nudge_at_its_hour_and_then_a_lapse(world: World) -> None:
    await world.text("hello")

    assert await world.wait(hours=19) == []
    assert await world.wait(hours=2) == ["Still there?"]
    assert await world.wait(hours=60) == []

    assert (await world.session()).frames == ()
    assert [type(moment.event) for moment in world.moments] == [Answered, TimerFired, TimerFired]
    assert world.moments[1].effects[0].lane == "nudge"  # type: ignore[union-attr]


async def test_an_answer_clears_the_timers_of_its_question(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    assert await world.wait(hours=30) == []


async def test_a_reminder_comes_at_its_hour_in_the_person_s_own_zone(world: World) -> None:
    await world.begin("little", zone="America/New_York")
    await world.text("Sam")
    await world.press("Go on")

    quiet_there = await world.wait(hours=20)  # 08:00 in UTC, 03:00 in New York
    morning = await world.wait(hours=5)

    assert (quiet_there, morning) == ([], ["How was it?"])
    assert world.clock.now() == NOON + timedelta(hours=25)


async def test_timers_that_came_due_while_nobody_ran_fire_once_at_the_next_start(
    world: World,
) -> None:
    await world.text("hello")
    await world.app.stop()
    world.clock.turn_to(NOON + timedelta(days=20))

    platform = Platform()
    async with running(world.content, world.store, platform) as later:
        later.clock.turn_to(world.clock.now())
        await later.app.settle()

    assert platform.shown == []
    await world.app.start()
    assert (await world.session()).frames == ()


async def test_a_timer_for_somebody_who_was_forgotten_meanwhile_is_dropped(world: World) -> None:
    await world.text("hello")
    late = await due(world.store, NOON + timedelta(days=9))
    await world.store.forget(late[0].person.id)
    await world.text("hello again")
    before = await world.session()

    await Waking(world.app.conversations.keeping, world.app.conversations.doors).wake(late[:1])

    assert await world.session() == before


# --- leaving -------------------------------------------------------------------------------------------


async def test_deleting_leaves_nothing_and_the_farewell_still_arrives(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")
    person = await world.store.load(ANNA)
    await world.command("delete")

    said = await world.press("Delete everything")

    assert said == ["Gone. Take care."]
    assert await world.store.export(person.id) == {}
    assert await world.store.next_due() is None
    assert not await world.store.undelivered()
    assert await world.app.session(ANNA) is None


async def test_after_deleting_one_begins_as_a_stranger(world: World) -> None:
    await world.text("hello")
    old = (await world.session()).id
    await world.command("delete")
    await world.press("Delete everything")

    assert await world.text("hello") == ["Who is it?"]
    assert (await world.session()).id != old


async def test_a_farewell_that_could_not_be_sent_is_sent_by_the_next_run(world: World) -> None:
    await world.text("hello")
    await world.command("delete")
    button = next(one for one in world.platform.messages[-1].buttons if one.label == "Delete everything")
    world.platform.troubles.append(ConnectionError())
    await world.tell(Press(button.token))
    await world.app.stop()

    platform = Platform()
    async with running(world.content, world.store, platform) as later:
        await later.app.settle()

    assert platform.texts == ["Gone. Take care."]
    await world.app.start()


async def test_deleting_drops_what_still_waited_to_be_sent(world: World) -> None:
    await world.text("hello")
    await world.command("delete")
    button = next(one for one in world.platform.messages[-1].buttons if one.label == "Delete everything")
    await world.app.courier.stop()
    await world.app.handle(Update("s", ANNA, None, Unsupported("voice")))

    await world.app.handle(Update("d", ANNA, None, Press(button.token)))

    assert [one.message.key.count("rescue") for one in await world.store.undelivered()] == [0]
    assert [getattr(one.message, "text", "") for one in await world.store.undelivered()] == [
        "Gone. Take care."
    ]


async def test_an_export_hands_over_everything_in_a_file_that_can_be_read(world: World) -> None:
    await world.text("hello")
    await world.text("Sam")

    said = await world.command("export")

    assert said == ["Here is all I keep.", "What now?"]
    (document,) = world.platform.documents
    assert document.name == "lowtide.txt"
    assert "friend: Sam" in document.text
    assert "chat: anna" in document.text
    assert "timer: lapse" in document.text


# --- orders from outside -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "said"),
    [(Operated("again", "welcome_back"), ["Welcome back.", "Who is it?"]), (Operated("stop"), [])],
)
async def test_the_operator_can_ask_again_and_can_stop(
    world: World, order: Operated, said: list[str]
) -> None:
    await world.text("hello")
    world.platform.shown.clear()

    await world.app.conversations.operate(ANNA, order)
    await world.app.settle()

    assert world.said == said
    assert len((await world.session()).frames) == len(said) // 2


async def test_a_flow_can_be_begun_with_first_values_of_its_slots_and_of_memory(world: World) -> None:
    said = await world.begin("little", first="well", friend="Kim")

    assert said == ["Who is it?"]
    session = await world.session()
    assert session.frames[-1].slots["first"] == "well"
    assert session.memory["friend"] == "Kim"


async def test_nobody_stands_anywhere_before_they_came(world: World) -> None:
    assert await world.app.session(Address("test", "stranger")) is None
