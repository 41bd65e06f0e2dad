"""What means the same lies together, in whichever of the languages it is said."""

from __future__ import annotations

import numpy as np

from bot.encoder.loading import encoder
from bot.encoder.tongues import ManyTongues


def test_what_means_the_same_lies_nearer_than_what_does_not() -> None:
    found = encoder("es")
    assert isinstance(found, ManyTongues)

    tired, worn, key = found.encode(
        ["estoy muy cansada hoy", "ich bin heute sehr müde", "wo ist hier der bahnhof"]
    )

    assert tired @ worn > tired @ key + 0.2
    assert abs(float(tired @ tired) - 1) < 1e-3


def test_one_text_is_placed_as_it_is_among_others_and_only_once() -> None:
    found = encoder("de")
    assert isinstance(found, ManyTongues)
    among = found.encode(["mir ist alles zu viel", "niemand da"])

    alone = found.encode(["mir ist alles zu viel"])

    assert np.allclose(alone[0], among[0], atol=1e-4)
    assert found.encode(["mir ist alles zu viel"]) is alone
