"""`lowtide why`: every page with its source and days, found by topic, by synonym and by a free question."""

from __future__ import annotations

import pytest

from bot.cli import main
from bot.orders.asking import FAULTS, GOOD
from tests.content.copybook import pages


def test_the_list_names_every_page_with_how_sure_it_is_and_until_when(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["why", "--list"]) == GOOD

    *rows, total = capsys.readouterr().out.splitlines()
    assert total == f"{len(pages())} pages"
    assert [row.split()[0] for row in rows] == list(pages())
    assert all(
        page.claim in row and page.title in row for row, page in zip(rows, pages().values(), strict=True)
    )
    assert all("until 20" in row for row in rows)


def test_there_are_enough_pages() -> None:
    assert len(pages()) >= 22


@pytest.mark.parametrize(
    "asked",
    [
        ["why-repair"],
        ["saying", "sorry"],
        ["how do I apologise to my sister?"],
        ["WHAT MAKES A REPAIR A REPAIR"],
    ],
)
def test_a_page_is_shown_with_its_source(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", *asked]) == GOOD

    shown = capsys.readouterr().out
    assert shown.startswith(pages()["why-repair"].title)
    assert "*" not in shown
    assert "https://doi.org/10.1111/ncmr.12073" in shown
    assert pages()["why-repair"].source in shown
    assert "reviewed  20" in shown


def test_a_page_for_nobodys_country_names_the_list_of_all_helplines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["why", "why-burden-feeling-lies"])

    assert "findahelpline.com" in capsys.readouterr().out


def test_what_no_page_is_about_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "why", "is", "the", "sky", "blue"]) == FAULTS

    assert "lowtide why --list" in capsys.readouterr().out
