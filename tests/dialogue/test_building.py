"""Values built the quick way are the values of their class, in everything but the time they take."""

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from bot.dialogue.building import builder
from bot.dialogue.effects import Arm, Say, new_arm, new_say
from bot.dialogue.session import Frame, Session, new_frame, new_session


@dataclass(frozen=True, slots=True)
class Pair:
    first: int
    second: dict[str, int] = field(default_factory=dict)
    third: str = "3"


new_pair = builder(Pair)


def test_a_built_value_is_of_its_class_and_equal_to_one_of_its_own_making() -> None:
    built = new_frame("flow", 1, "state", 7)

    assert type(built) is Frame
    assert built == Frame("flow", 1, "state", 7)
    assert repr(built) == repr(Frame("flow", 1, "state", 7))


def test_a_built_value_is_frozen_in_every_field() -> None:
    built = new_session("s")

    for one in fields(Session):
        with pytest.raises(FrozenInstanceError):
            setattr(built, one.name, None)
    with pytest.raises(FrozenInstanceError):
        del built.id


def test_a_default_that_is_made_is_made_anew_each_time() -> None:
    one, other = new_pair(1), new_pair(1, third="4")

    assert one.second == {}
    assert one.second is not other.second
    assert (one.third, other.third) == ("3", "4")


def test_a_built_value_can_be_taken_as_a_key_and_changed_by_replace() -> None:
    built = new_say(1, 0, (), (), ())  # type: ignore[arg-type]

    assert {built: 1}[Say(1, 0, (), (), ())] == 1  # type: ignore[arg-type]
    assert replace(built, index=2) == Say(1, 2, (), (), ())  # type: ignore[arg-type]


def test_a_field_too_few_is_an_error_and_names_it() -> None:
    with pytest.raises(TypeError, match="due"):
        new_arm(1, 0, "lapse", 1)  # type: ignore[call-arg]

    assert [one.name for one in fields(Arm)][-1] == "due"
