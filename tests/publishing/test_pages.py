"""The pages for people outside say what flows and code do, and nobody signs what they did not read."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.library import Content
from bot.errors import ContentError, OperatorError
from bot.orders.asking import FAULTS, GOOD, WRONG
from bot.publishing.filling import filled, gaps, pages
from bot.publishing.quoting import quoted, table
from bot.publishing.reviews import Review, reviews
from bot.publishing.signing import last_cards
from bot.publishing.spoken import chapters
from bot.settings import Settings
from tests import ours

HOUSE = Path(__file__).parents[2]
SETTINGS = Settings(Path("nowhere"))
SIGNED = 'schema: reviews/1\nlines:\n  crisis/card: {by: "A. Name", on: "2026-01-31", text: 4f1c0a9b22d7}\n'


@pytest.fixture(scope="module")
def content() -> Content:
    return ours.content()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Copy what the pages are made of, so that it can be changed."""
    for name in ("flows", "prompts", "docs"):
        shutil.copytree(HOUSE / name, tmp_path / name)
    return tmp_path


# --- they do not drift -----------------------------------------------------------------------------------


def test_the_pages_in_docs_are_what_the_flows_the_words_and_the_code_say(content: Content) -> None:
    stale = [
        name
        for name, text in pages(content, SETTINGS, HOUSE / "docs")
        if (HOUSE / "docs" / name).read_text(encoding="utf-8") != text
    ]

    assert stale == [], "run `lowtide pages`"


def test_a_page_that_drifted_is_told_and_then_written(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = house / "prompts/en/safety/ask.j2"
    line.write_text(line.read_text().replace("one plain question", "one simple question"))

    assert main(["pages", str(house), "--check"]) == FAULTS
    assert "safety-protocol.md is not what the flows say" in capsys.readouterr().out
    assert main(["pages", str(house)]) == GOOD
    assert "one simple question" in (house / "docs/safety-protocol.md").read_text()
    assert main(["pages", str(house), "--check"]) == GOOD


def test_a_folder_without_templates_and_a_gap_that_nothing_fills_are_told(house: Path) -> None:
    shutil.rmtree(house / "docs")

    assert main(["pages", str(house)]) == WRONG
    with pytest.raises(OperatorError, match="nothing fills <<nothing>>; there are gates, lines"):
        filled("<<gates>> <<nothing>>", {"gates": "", "lines": ""})


# --- they say all of it ----------------------------------------------------------------------------------


def test_the_protocol_names_every_gate_every_number_and_every_count(content: Content) -> None:
    page = dict(pages(content, SETTINGS, HOUSE / "docs"))["safety-protocol.md"]
    flows = content.flows

    assert {f"`{one.call}`" for one in flows.globals.dangers} <= set(re.findall(r"`\w+`", page))
    for country in content.helplines.countries.values():
        numbers = (country.emergency, country.suicide_call, country.text_how, country.chat)
        assert all(number in page for number in (*numbers, country.domestic_call, country.children_call))
    counted = {state.count for flow in flows.flows.values() for state in flow.states.values() if state.count}
    assert all(f"`{name}`" in page for name in counted)


def test_the_privacy_page_names_all_that_is_kept(content: Content) -> None:
    page = dict(pages(content, SETTINGS, HOUSE / "docs"))["privacy.md"]
    tables = "\n".join(one.read_text() for one in (HOUSE / "bot/storage/migrations").glob("*.sql"))

    assert all(f"| {name.replace('_', ' ')} |" in page for name in content.flows.globals.memory)
    assert all(f"| `{name}` |" in page for name in re.findall(r"CREATE TABLE (\w+)", tables))
    private = {slot for flow in content.flows.flows.values() for slot in flow.slots.values() if slot.private}
    assert all(f"| {slot.id.replace('_', ' ')} |" in page for slot in private)


def test_every_line_said_in_a_danger_or_at_a_gate_stands_in_the_review_once(content: Content) -> None:
    page = dict(pages(content, SETTINGS, HOUSE / "docs"))["review.md"]
    listed = re.findall(r"^### (\S+)$", page, re.MULTILINE)
    folders = {"crisis", "safety", "unsafe", "gate", "minor", "person_check", "wanted_check"}
    folders |= {one.call for one in content.flows.globals.dangers}
    written = {name for name in content.prompts.names() if name.partition("/")[0] in folders}

    assert len(listed) == len(set(listed))
    assert sorted(written - set(listed)) == []
    assert {"common/human", "common/notice", "common/apology", "consent/terms"} <= set(listed)
    assert set(last_cards()) <= set(listed)
    assert page.count("Sign-off:") == len(listed)


def test_every_button_of_a_danger_stands_in_the_review(content: Content) -> None:
    labels = {label for chapter in chapters(content) for label in chapter.labels}
    flows = [content.flows.flows[one.call] for one in content.flows.globals.dangers]

    offered = {option.label for flow in flows for state in flow.states.values() for option in state.options}

    assert offered <= labels


# --- who signed ------------------------------------------------------------------------------------------


def test_nobody_has_signed_and_the_page_says_so(content: Content) -> None:
    page = gaps(content, SETTINGS)["lines"]

    assert re.search(r"^0 of \d+ lines are signed\.", page)
    assert "Sign-off: nobody yet" in page


def test_who_signs_stands_under_the_line_and_not_for_older_words(house: Path) -> None:
    (house / "flows/reviews.yaml").write_text(SIGNED)
    main(["pages", str(house)])
    older = (house / "docs/review.md").read_text()
    words = re.search(r"### crisis/card\n\n`(\w+)`", older)
    assert words
    (house / "flows/reviews.yaml").write_text(SIGNED.replace("4f1c0a9b22d7", words[1]))
    main(["pages", str(house)])

    signed = (house / "docs/review.md").read_text()

    assert "Sign-off: A. Name, 2026-01-31, **of older words: read it again**" in older
    assert "Sign-off: A. Name, 2026-01-31\n" in signed
    assert "1 of " in signed


def test_a_review_of_no_line_or_of_a_wrong_form_is_a_fault(tmp_path: Path) -> None:
    for text, told in (
        (SIGNED, "there is no line 'crisis/card' to review"),
        (SIGNED.replace('on: "2026-01-31"', "on: soon"), "a day such as"),
        (SIGNED.replace("schema", "shcema"), "shcema"),
        ("lines: [", "reviews.yaml"),
    ):
        (tmp_path / "reviews.yaml").write_text(text)
        with pytest.raises(ContentError, match=told):
            reviews(tmp_path, {"safety/ask": "0"})


def test_a_house_without_reviews_has_none_and_a_whole_one_is_read(tmp_path: Path) -> None:
    assert reviews(tmp_path, {}) == {}

    (tmp_path / "reviews.yaml").write_text(SIGNED)

    assert reviews(tmp_path, {"crisis/card": "0"}) == {
        "crisis/card": Review("A. Name", date(2026, 1, 31), "4f1c0a9b22d7")
    }


# --- how it is written -----------------------------------------------------------------------------------


def test_a_wording_is_quoted_line_by_line_and_a_bar_breaks_no_table() -> None:
    assert quoted("one\ntwo\n\nthree\n") == "> one  \n> two\n>\n> three"
    assert table(("a",), [("b|c",)]) == "| a |\n| --- |\n| b/c |"
