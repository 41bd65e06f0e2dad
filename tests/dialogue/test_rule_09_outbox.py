"""Rule 9: effects are an outbox keyed (session, turn, index)."""

from tests.dialogue.talk import QUESTION, Talk, flow, nudging, offers, option, says, to


def keys(talk: Talk) -> list[tuple[int, int]]:
    return [(effect.turn, effect.index) for effect in talk.effects]


def test_effects_of_one_step_are_numbered_in_order() -> None:
    talk = Talk(nudging()).begin().press("on")

    assert keys(talk) == [(2, 0), (2, 1)]


def test_no_key_is_used_twice_in_a_conversation() -> None:
    talk = Talk(QUESTION, nudging()).begin()
    seen = keys(talk)
    for move in (
        lambda: talk.command("why"),
        lambda: talk.type("Sam"),
        lambda: talk.press("good", turn=1),
        lambda: talk.command("back"),
        talk.danger,
        lambda: talk.press("back"),
        lambda: talk.command("settings"),
        lambda: talk.press("none"),
        lambda: talk.command("stop"),
    ):
        move()
        seen += keys(talk)

    assert len(seen) == len(set(seen)) > 12


def test_messages_come_first_and_only_the_last_carries_the_options() -> None:
    talk = Talk(flow("q", says("a", "one", goto=(to("b"),)), offers("b", option("x", "done")))).begin()

    assert [len(say.choices) for say in talk.says] == [0, 1]
    assert [say.index for say in talk.says] == [0, 1]


def test_a_message_carries_what_its_template_may_use_at_that_moment() -> None:
    talk = Talk(QUESTION, memory={"country": "DE"}).begin().type("Sam")

    slots = talk.says[0].slots

    assert (slots["name"], slots["country"], slots["careful"], slots["first_visit"]) == (
        "Sam",
        "DE",
        False,
        True,
    )
