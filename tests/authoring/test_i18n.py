"""`lowtide i18n`: what is missing is told, a PO file goes out and comes back, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.content.library import load
from bot.content.sources import fingerprint
from bot.orders.asking import FAULTS, GOOD
from tests.authoring.translating import exported, files, german, i18n, message, sent_back
from tests.content.copybook import PROMPTS
from tests.content.house import FILES, build, told


def test_the_messages_stand_in_the_order_of_conversation_each_with_its_notes(tmp_path: Path) -> None:
    build(tmp_path)

    sheet = exported(tmp_path)

    contexts = [one.msgctxt for one in sheet]
    assert contexts[:7] == [
        *("prompt:talk/open", "prompt:talk/again", "prompt:talk/name"),
        *("label:talk/tired", "phrases:talk/tired", "label:talk/first", "phrases:talk/first"),
    ]
    assert len(contexts) == len(set(contexts)) == 7 + 4 + 8
    notes = message(sheet, "prompt:talk/name").comment.splitlines()
    assert notes[:3] == ["said in talk.name", "after talk.open", "reads person"]
    assert notes[3] == f"source {fingerprint(FILES['prompts/en/talk/name.j2'])}"
    assert message(sheet, "phrases:talk/tired").msgid == "so tired of everyone\nno energy left"


def test_a_language_begun_in_a_po_file_is_spoken_after_its_import(tmp_path: Path) -> None:
    build(tmp_path)
    sheet = exported(tmp_path)
    message(sheet, "prompt:talk/open").msgstr = "Um wen geht es?\n---\nAn wen denkst du?\n---\nWer ist es?"
    message(sheet, "label:talk/tired").msgstr = "Ich bin „müde“: sehr"
    message(sheet, "phrases:talk/tired").msgstr = "so müde\n\n  alles zu viel: immer "

    assert sent_back(tmp_path, sheet) == GOOD

    spoken = load(tmp_path / "flows", tmp_path / "prompts")
    assert not spoken.faults
    assert [spoken.prompts.render("talk/open", n, {}, "de") for n in range(3)][2] == "Wer ist es?"
    assert spoken.words.label("talk/tired", "de") == "Ich bin „müde“: sehr"
    assert spoken.words.says("talk/tired", "de") == ("so müde", "alles zu viel: immer")
    assert spoken.words.entries("de")["talk/tired"].stamp == fingerprint("I am tired")
    assert [file for file in files(tmp_path) if "/de/" in file] == [
        "prompts/de/talk/open.j2",
        "prompts/de/talk/options.yaml",
    ]


def test_out_and_back_in_changes_no_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    german(tmp_path)
    (tmp_path / "prompts/de/talk/name.j2").write_bytes(
        b"{{ person }}:\r\n  was\r\n---\r\nwas? {{ person }}\r\n"
    )
    before = files(tmp_path)

    assert sent_back(tmp_path, exported(tmp_path)) == GOOD

    assert files(tmp_path) == before
    assert "0 of 19 messages are new" in capsys.readouterr().out


def test_our_own_words_as_their_own_translation_go_out_and_back_without_a_change(tmp_path: Path) -> None:
    prompts = PROMPTS.sources.root.resolve()
    for lang in ("en", "xx"):
        (tmp_path / lang).symlink_to(prompts / "en", target_is_directory=True)
    where = ["--flows", str(prompts.parent / "flows"), "--prompts", str(tmp_path)]

    assert main(["i18n", "export", "xx", "--to", str(tmp_path / "sheet.po"), *where]) == GOOD
    before = {path: path.stat().st_mtime_ns for path in prompts.rglob("*")}
    assert main(["i18n", "import", str(tmp_path / "sheet.po"), *where]) == GOOD

    assert {path: path.stat().st_mtime_ns for path in prompts.rglob("*")} == before


def test_a_sheet_that_a_tool_has_wrapped_anew_is_read_as_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    german(tmp_path)
    sheet = exported(tmp_path)
    sheet.wrapwidth = 30
    before = files(tmp_path)

    assert sent_back(tmp_path, sheet) == GOOD
    message(sheet, "prompt:talk/name").msgstr = "Lang und breit, und {{ person }} dazu,\nviel mehr {% end %}"
    assert sent_back(tmp_path, sheet) == FAULTS

    lines = (tmp_path / "sheet.po").read_text().splitlines()
    at = int(capsys.readouterr().out.splitlines()[-2].removeprefix(str(tmp_path / "sheet.po")).split(":")[1])
    assert files(tmp_path) == before
    assert lines[at - 1] == '"viel mehr {% end %}"'


def test_what_the_english_has_overtaken_is_marked_and_stays_so_until_somebody_says_it_is_right(
    tmp_path: Path,
) -> None:
    german(tmp_path)
    sheet = exported(tmp_path)
    stale = message(sheet, "prompt:talk/again")

    assert [one.msgctxt for one in sheet if one.fuzzy] == ["prompt:talk/again"]
    assert "STALE: translated from 123456789abc" in stale.comment
    stale.flags.remove("fuzzy")
    sent_back(tmp_path, sheet)

    now = fingerprint(FILES["prompts/en/talk/again.j2"])
    written = (tmp_path / "prompts/de/talk/again.j2").read_text()
    assert written == f"{{# source: {now} #}}\nSag es noch einmal?\n"


def test_a_translation_of_an_english_that_has_changed_meanwhile_is_stale_at_once(tmp_path: Path) -> None:
    german(tmp_path)
    sheet = exported(tmp_path)
    message(sheet, "label:talk/tired").msgstr = "Ich bin sehr müde"
    (tmp_path / "prompts/en/talk/options.yaml").write_text(
        "tired: {label: I am so tired, says: [tired]}\nfirst: {label: I leave first, says: [first]}\n"
    )

    sent_back(tmp_path, sheet)

    entry = load(tmp_path / "flows", tmp_path / "prompts").words.entries("de")["talk/tired"]
    assert (entry.label, entry.stamp) == ("Ich bin sehr müde", fingerprint("I am tired"))


def test_a_message_marked_fuzzy_is_not_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    german(tmp_path)
    sheet = exported(tmp_path)
    changed = message(sheet, "prompt:talk/open")
    changed.msgstr, changed.flags = "Wer?", ["fuzzy"]
    before = files(tmp_path)

    assert sent_back(tmp_path, sheet) == GOOD

    assert files(tmp_path) == before
    assert "1 are marked fuzzy" in capsys.readouterr().out


def test_changed_phrases_leave_every_other_line_as_it_was(tmp_path: Path) -> None:
    german(tmp_path)
    sheet = exported(tmp_path)
    message(sheet, "phrases:talk/tired").msgstr = "sehr müde\nkeine kraft mehr\nnull energie"
    message(sheet, "phrases:talk/first").msgstr = "ich gehe zuerst\nlieber ich"

    sent_back(tmp_path, sheet)

    assert (tmp_path / "prompts/de/talk/options.yaml").read_text().splitlines() == [
        "# Wie Leute es sagen.",
        "",
        "tired:",
        "  label: 'Ich bin müde'   # kurz",
        f'  source: "{fingerprint("I am tired")}"',
        "  says:",
        '    - "sehr müde"',
        "    # ohne Umlaut",
        "    - 'keine kraft mehr'",
        '    - "null energie"',
        "",
        'first: {label: "Ich gehe zuerst", says: ["ich gehe zuerst", "lieber ich"]}',
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        ("prompt:talk/name", "Was ist es?", "W605", 0),
        ("prompt:talk/name", "{{ person }}\n---\nWas {% if %}", "W602", 2),
        ("prompt:talk/name", "{% if person is defined %}{{ person }}{% endif %}", "W613", 0),
        ("prompt:talk/open", "Wer ist {{ persn }}?", "W603", 0),
        ("label:talk/tired", "müde " * 20, "W607", 0),
        ("phrases:common/stop", "halt", "W608", 0),
    ],
)
def test_what_would_not_do_is_refused_at_its_line_and_nothing_is_written(
    wrong: tuple[str, str, str, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context, words, code, row = wrong
    german(tmp_path)
    sheet = exported(tmp_path)
    message(sheet, "label:talk/first").msgstr = "Ich gehe als erste"  # good, and not written all the same
    message(sheet, context).msgstr = words
    before = files(tmp_path)

    assert sent_back(tmp_path, sheet) == FAULTS

    found = capsys.readouterr().out.splitlines()
    lines = (tmp_path / "sheet.po").read_text().splitlines()
    at = int(found[-2].removeprefix(str(tmp_path / "sheet.po")).split(":")[1])
    assert files(tmp_path) == before
    assert f" {code} {context}: " in found[-2]
    assert found[-1] == "nothing was written"
    assert words.split("\n")[row].strip() in lines[at - 1] or code == "W608"


def test_a_message_that_is_there_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    german(tmp_path)
    sheet = exported(tmp_path)
    sheet.append(message(sheet, "prompt:talk/open"))

    assert sent_back(tmp_path, sheet) == FAULTS
    assert "Y129 'prompt:talk/open' is here a second time" in capsys.readouterr().out


def test_what_is_no_po_file_or_names_no_language_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path)
    (tmp_path / "no.po").write_text("What?\n")
    (tmp_path / "nameless.po").write_text('msgid ""\nmsgstr ""\n')

    assert i18n(tmp_path, "import", str(tmp_path / "no.po")) == 2
    assert i18n(tmp_path, "import", str(tmp_path / "nameless.po")) == 2
    assert i18n(tmp_path, "export", "en") == 2
    assert i18n(tmp_path, "export", "../de") == 2

    told = capsys.readouterr().err
    assert "no.po cannot be read as a PO file" in told
    assert "add --lang" in told
    assert "name another language" in told
    assert "'../de' is no language" in told


def test_the_status_counts_what_is_missing_stale_and_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    german(tmp_path)

    assert i18n(tmp_path, "status", "--fail", "--list") == FAULTS
    assert i18n(tmp_path, "status") == GOOD

    rows = capsys.readouterr().out.splitlines()
    assert rows[:2] == ["de", "  2 of 7 prompts, 5 missing, 1 stale"]
    assert "    stale talk/again" in rows
    assert "  2 of 6 labels, 4 missing, 1 untracked" in rows
    assert "  2 of 6 lists of phrases, 4 missing, 2 with fewer than 25" in rows


def test_a_label_whose_english_has_changed_is_told_by_check(tmp_path: Path) -> None:
    stale = "tired: {label: Müde, source: abcdef012345, says: [müde]}\nfirst: {label: Ich, says: [ich]}\n"

    found = told(tmp_path, {"prompts/de/talk/options.yaml": stale})

    assert [one for one in found if "W610" in one] == ["prompts/de/talk/options.yaml:1 W610"]


def test_what_carries_no_hash_is_stamped_and_nothing_else(tmp_path: Path) -> None:
    german(tmp_path)
    (tmp_path / "prompts/de/talk/name.j2").write_text("{{ person }}: was?\n")

    assert i18n(tmp_path, "stamp", "de") == GOOD

    words = load(tmp_path / "flows", tmp_path / "prompts").words.entries("de")
    assert words["talk/first"].stamp == fingerprint("I leave first")
    now = fingerprint(FILES["prompts/en/talk/name.j2"])
    assert (
        tmp_path / "prompts/de/talk/name.j2"
    ).read_text() == f"{{# source: {now} #}}\n{{{{ person }}}}: was?\n"
    assert "123456789abc" in (tmp_path / "prompts/de/talk/again.j2").read_text()
