"""The picture of a person's weeks: for a phone, by day and night, whatever was noted, in any language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageFont

from bot.dialogue.weeks import Week
from bot.painting.canvas import FONTS
from bot.painting.colours import DAY, NIGHT, Colours
from bot.painting.tide import HEIGHT, LABEL, LEFT, WIDTH, paint
from bot.runtime.picturing import WRITTEN, Sheet

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONDAY = date(2026, 1, 5)


def weeks(*noted: tuple[float | None, float | None, int]) -> tuple[Week, ...]:
    return tuple(
        Week(MONDAY + timedelta(weeks=place), closeness, energy, int(closeness is not None), steps)
        for place, (closeness, energy, steps) in enumerate(noted)
    )


FULL = weeks(
    (0, 0, 0), (1, 1, 0), (0.5, 1, 1), (None, None, 0), (2, 2, 2), (1.5, 1, 1), (3, 2.5, 3), (2.5, 3, 6)
)


def sheet(noted: tuple[Week, ...] = FULL, *, dark: bool = False, **texts: str) -> Sheet:
    return Sheet(noted, {name: name for name in WRITTEN} | texts, MONTHS, dark)


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.load()
    return image.convert("RGB")


def has(image: Image.Image, colour: str, where: tuple[int, int, int, int] | None = None) -> bool:
    """Tell whether a colour is there, within what few colours may shift it."""
    wanted = channels(colour)
    part = image.crop(where) if where else image
    found = part.getcolors(part.width * part.height) or []
    return any(max(abs(a - b) for a, b in zip(rgb, wanted, strict=True)) <= 6 for _, rgb in found)  # type: ignore[arg-type]


def channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize(("dark", "colours"), [(False, DAY), (True, NIGHT)])
def test_all_there_is_to_see_is_drawn_in_the_colours_of_day_or_night(dark: bool, colours: Colours) -> None:
    image = opened(paint(sheet(dark=dark)))

    assert image.size == (WIDTH, HEIGHT)
    assert [colour for colour in astuple(colours) if not has(image, colour)] == []


def test_it_is_small_enough_to_be_sealed_and_sent_at_once() -> None:
    assert len(paint(sheet())) < 40_000


def test_nothing_is_drawn_where_nobody_asked() -> None:
    image = opened(paint(sheet(weeks((None, None, 0), (2, 1, 1), (None, None, 0), (None, None, 0)))))
    empty = (LEFT + 10, 300, LEFT + 190, 1100)

    assert not any(has(image, colour, empty) for colour in (DAY.tide, DAY.ember, DAY.pebble))
    assert has(image, DAY.tide)


def test_empty_and_far_are_seen_too() -> None:
    image = opened(paint(sheet(weeks((0, 0, 0), *[(None, None, 0)] * 3))))

    assert has(image, DAY.tide)
    assert has(image, DAY.ember)
    assert not has(image, DAY.glow)


@pytest.mark.parametrize("noted", [FULL[:4], weeks(*[(None, None, 0)] * 4), FULL[3:4] * 4])
def test_any_weeks_can_be_drawn(noted: tuple[Week, ...]) -> None:
    assert opened(paint(sheet(noted))).size == (WIDTH, HEIGHT)


def test_many_steps_are_told_by_a_number() -> None:
    few = paint(sheet((replace(FULL[0], steps=4), *FULL[1:4])))
    many = [paint(sheet((replace(FULL[0], steps=steps), *FULL[1:4]))) for steps in (5, 6)]

    assert len({few, *many}) == 3


def test_long_words_of_another_language_stay_beside_the_lines() -> None:
    image = opened(paint(sheet(closeness_low="unendlich weit entfernt von allen")))

    assert not has(image, DAY.faint, (0, 480, 44, 560))


@pytest.mark.parametrize("weight", ["regular", "medium"])
def test_letters_of_the_languages_it_may_speak_are_there(weight: str) -> None:
    font = ImageFont.truetype(FONTS / f"{weight}.ttf", LABEL)
    missing = bytes(font.getmask("\u4e2d"))  # what stands where a letter is not there

    letters = "äöüßÄÖÜñ¿¡áéíóúàèçêłčšžőğıåøæœ–’“”…"

    assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_what_is_written_stands_out_from_what_it_is_written_on(colours: Colours) -> None:
    for paper in (colours.paper, colours.card):
        for ink in (colours.ink, colours.faint):
            assert contrast(ink, paper) >= 4.5


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_what_is_drawn_stands_out_from_the_card(colours: Colours) -> None:
    for drawn in (colours.tide, colours.ember, colours.pebble):
        assert contrast(drawn, colours.card) >= 3


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2 has it."""
    lighter, darker = sorted((luminance(channels(one)), luminance(channels(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(rgb: Iterable[int]) -> float:
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
