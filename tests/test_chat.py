"""Whole conversations through the command a person types, on a real file.

What a process or a pipe has a part in is a process of its own; the others run the command in this one, which
reads the encoders once for all of them.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.adapters.console import HERE
from bot.cli import main
from bot.dialogue.codec import from_json
from bot.dialogue.session import Session
from bot.settings import Settings
from bot.storage.sqlite import SqliteStore

HOUSE = Path(__file__).parent.parent
CAREFUL = ("ok", "ok", "1", "1", "1")
"""What leads through the careful turns after the card."""
OPENING = (
    "1",
    "United States",
    "i'm about to stop answering Ana",
    "I’m pulling away",
    "Ana",
    "I don’t reply",
)
TO_NAME = (*OPENING, "Some weeks", "A little", "no", "no")
PLANNED = (
    *TO_NAME,
    "I have no energy for anyone",
    "no, it's a figure of speech",
    "Yes, that fits",
    "A small step",
    "1",
    "A friend",
    "Use this",
    "Set a moment for it",
    "After dinner",
    "I’ll be too tired",
    "Yes, in a day or two",
    "18:30",
    "No, thanks",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def command(home: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    words = [sys.executable, "-m", "bot", "chat", "--db", str(home / "chat.db"), *arguments]
    learnt = str(Settings(home / "chat.db").kept_anew)  # once for all tests: it takes half a minute
    fixed = {"TZ": "UTC", "PYTHONPATH": str(HOUSE), "LOWTIDE_CACHE": learnt}
    return words, {"PATH": os.environ["PATH"], "HOME": str(home), **fixed}


def chat(home: Path, *lines: str, arguments: tuple[str, ...] = ()) -> str:
    """Type lines, and return what was shown."""
    words, environment = command(home, *arguments)
    out, err, typed = io.StringIO(), io.StringIO(), io.StringIO("".join(f"{line}\n" for line in lines))
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(logging.root, "handlers", []),  # it logs as it would in a process of its own
        patch("sys.stdin", typed),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main(words[words.index("chat") :])
    assert (code, err.getvalue()) == (0, "")
    return out.getvalue()


def piped(home: Path, *lines: str) -> str:
    """Type lines into a pipe to a process, and return what was shown."""
    words, environment = command(home)
    typed = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(words, input=typed, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def kept(home: Path) -> tuple[Session, dict[str, int]]:
    """Return where the person stands, and the anonymous counters."""

    async def read() -> tuple[Session, dict[str, int]]:
        store = SqliteStore(home / "chat.db")
        await store.open()
        person, counters = await store.load(HERE), await store.counters()
        await store.close()
        assert person.session is not None
        return from_json(json.loads(person.session)), dict(counters)

    return asyncio.run(read())


def flat(text: str) -> str:
    """Return shown text without its line breaks, so that wrapped words can be found."""
    return " ".join(text.split())


# --- three people ----------------------------------------------------------------------------------------


def test_a_scripted_person_reaches_a_plan_with_a_draft(home: Path) -> None:
    shown = piped(home, *PLANNED)

    session, counters = kept(home)
    assert counters["planned"] == 1
    assert [reminder.flow for reminder in session.reminders] == ["report"]
    assert "Your plan" in shown
    assert "When: after dinner" in shown
    assert "Who it’s about: Ana" in shown
    assert session.frames == ()


def test_who_is_afraid_of_someone_reaches_no_rung_and_gets_the_card(home: Path) -> None:
    shown = chat(home, *OPENING, "Some weeks", "A little", "yes, I'm afraid of him")

    session, counters = kept(home)
    assert "1-800-799-7233" in flat(shown)
    assert session.frames[-1].flow == "unsafe"
    assert not any(frame.flow == "ladder" for frame in session.frames)
    assert "planned" not in counters
    assert "Ana" not in shown.split("afraid of him")[1]


def test_who_wants_to_die_gets_the_card_at_once_and_can_come_back(home: Path) -> None:
    shown = chat(home, *TO_NAME, "I want to die")

    card = flat(shown.split("I want to die")[1])
    session, _ = kept(home)
    assert "988" in card
    assert session.frames[-1].flow == "crisis_self"
    assert [frame.flow for frame in session.parked] == ["start", "reflect", "name_driver"]

    chat(home, *CAREFUL, "Go back to where we were")

    session, _ = kept(home)
    assert (session.frames[-1].flow, session.parked) == ("name_driver", ())


def test_the_ladder_rests_for_the_visit_in_which_somebody_wanted_to_die(home: Path) -> None:
    shown = chat(home, *PLANNED[:15], "I want to die", *CAREFUL, "Go back to where we were")

    session, counters = kept(home)
    assert re.search(r"No steps to(day|night)", shown.split("Go back to where we were\n\n")[-1])
    assert (session.frames, session.careful) == ((), 2)
    assert "planned" not in counters


@pytest.mark.parametrize("place", range(2, len(PLANNED), 8))
def test_danger_is_heard_at_every_question(home: Path, place: int) -> None:
    chat(home, *PLANNED[:place], "i want to kill myself")

    assert kept(home)[0].frames[-1].flow == "crisis_self"


# --- coming and going ------------------------------------------------------------------------------------


class Process:
    """A terminal process that is typed into line by line."""

    def __init__(self, home: Path) -> None:
        words, environment = command(home)
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True, bufsize=1
        )

    def say(self, *lines: str) -> str:
        """Type lines and return what is shown until all of them were answered."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        for line in (*lines, "/wait nonsense"):
            self.process.stdin.write(f"{line}\n")
        shown = ""
        while "/wait takes a time" not in shown:
            line = self.process.stdout.readline()
            assert line, "the process ended"
            shown += line
        return shown.split("› /wait nonsense")[0]

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def question(shown: str) -> tuple[str, list[str]]:
    """Return the last question that was shown, and its options."""
    body = shown.rstrip()
    options = re.findall(r"^ {2,3}\d{1,2}  (.*)$", body.split("›")[-1], re.MULTILINE)
    head = re.split(r"\n\n {2,3} ?1  ", body)[-2 if options else -1]
    return flat(head.split("\n\n")[-1]), options


def test_after_sigkill_at_any_answer_the_next_start_asks_the_same_question(home: Path) -> None:
    terminal = Process(home)
    before = terminal.say()
    answers = ["Another country" if answer == "United States" else answer for answer in PLANNED]
    for number, answer in enumerate(answers[:21]):
        before = terminal.say(answer)
        if number % 3:  # tests/crash kills between any two steps
            continue
        terminal.kill()
        terminal = Process(home)
        after = terminal.say()
        assert question(after) == question(before), f"after answer {number}"
        assert flat(after).count(question(after)[0]) == 1, f"asked twice after answer {number}"

    terminal.say(answers[21])
    terminal.kill()
    session, counters = kept(home)
    assert counters["planned"] == 1
    assert len(session.reminders) == 1


def test_a_terminal_that_is_gone_loses_nothing(home: Path) -> None:
    first = chat(home, *OPENING)
    broken = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m bot chat --db "{home}/chat.db" >/dev/full'],
        input="Some weeks\n", env=command(home)[1], text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in broken.stderr

    assert question(chat(home)) == question(first)


def test_a_conversation_goes_on_where_it_was_left(home: Path) -> None:
    first = piped(home, *OPENING)

    again = piped(home)

    assert question(again) == question(first)
    assert flat(again).index(question(first)[0]) > 0  # some words of welcome come first


def test_new_begins_anew_and_keeps_what_was_settled(home: Path) -> None:
    chat(home, *OPENING)

    chat(home, arguments=("--new",))

    session, _ = kept(home)
    assert session.frames[-1].state == "open"
    assert session.memory["country"] == "US"


def test_another_flow_can_be_begun_and_looked_at(home: Path) -> None:
    shown = chat(home, "/slots", arguments=("--flow", "vent"))

    assert "vent." in shown


def test_the_file_is_private_to_its_owner(home: Path) -> None:
    chat(home)

    assert stat.S_IMODE((home / "chat.db").stat().st_mode) == 0o600


# --- the clock -------------------------------------------------------------------------------------------


def test_the_clock_can_be_turned_to_meet_the_check_in(home: Path) -> None:
    shown = chat(home, *PLANNED, "/wait 3d")

    after = shown.split("› /wait 3d")[1]
    assert kept(home)[0].frames[0].flow == "report"
    assert "Ana" not in after.split("It is")[0]


def test_a_wait_that_is_none_is_explained(home: Path) -> None:
    waits = [f"/wait {words}" for words in ("", "soon", "0h", "-3h", "9999999999999h", "500d", "'x'")]

    _, *answers = chat(home, *waits).split("› /wait")

    assert len(answers) == len(waits)
    for wait, answer in zip(waits, answers, strict=True):
        assert "/wait takes a time" in answer or "/wait goes forward" in answer, wait


# --- clumsy people ---------------------------------------------------------------------------------------

CLUMSY = [
    "👍",
    "x" * 50_000,
    "\x00\x1b[2J",
    "{{ 7*7 }}",
    "*_`<b>@everyone",
    "/",
    "/nonsense",
    "🙃" * 10_000,
    "1:0",
]


@pytest.mark.parametrize("lines", [CLUMSY[::3], CLUMSY[1::3], CLUMSY[2::3]])
def test_nothing_that_can_be_typed_breaks_it(home: Path, lines: list[str]) -> None:
    shown = piped(home, lines[0], *OPENING[:2], *lines, "/why", "/back", "/back", lines[1])

    assert "Traceback" not in shown
    assert "49" not in shown.replace("1-800", "")
    assert kept(home)[0].frames


def test_bytes_that_are_no_text_are_replaced_and_not_a_crash(home: Path) -> None:
    words, environment = command(home)

    done = subprocess.run(words, input=b"\xff\xfe hello\n", env=environment, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")


def test_why_explains_where_the_person_stands_and_the_question_stands(home: Path) -> None:
    shown = chat(home, *OPENING, "/why", "/why ghosting", "/why do I do this")

    assert "Why ghosting feels easier" in shown
    assert "Why we push people away" in shown.split("/why do I do this")[1]
    before = chat(home)
    assert shown.count(question(before)[0]) == 4
    assert kept(home)[0].frames[-1].tries == 0


def test_settings_are_wrong_in_one_clear_sentence(home: Path) -> None:
    words, environment = command(home)
    (home / "not.db").write_text("this is no database " * 500)

    done = subprocess.run(
        [*words[:-1], str(home / "not.db")], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr.startswith("lowtide: ")
    assert "not.db" in done.stderr
    assert "Traceback" not in done.stderr


# --- a real terminal -------------------------------------------------------------------------------------


@pytest.fixture
def tmux(home: Path) -> Iterator[list[str]]:
    """Open a terminal of its own, if this machine has tmux."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed here; the pipe is tested above")
    socket = ["tmux", "-S", str(home / "tmux")]
    words, environment = command(home)
    settings = [f"{name}={value}" for name, value in environment.items()]
    line = ["env", *settings, "TERM=xterm-256color", *words]
    subprocess.run(
        [*socket, "new-session", "-d", "-x", "80", "-y", "50", *line, ";", "set", "remain-on-exit", "on"],
        check=True,
    )
    yield socket
    subprocess.run([*socket, "kill-server"], check=False)


def seen(socket: list[str], words: str) -> str:
    """Wait until words are on the screen, and return the screen."""
    deadline = datetime.now(UTC).timestamp() + 30
    while datetime.now(UTC).timestamp() < deadline:
        screen = subprocess.run(
            [*socket, "capture-pane", "-p"], capture_output=True, text=True, check=True
        ).stdout
        if words in flat(screen):
            return screen
        time.sleep(0.1)  # to look without a pause takes the very core that the words are waiting for
    raise AssertionError(f"not on the screen: {words}\n{screen}")


def test_a_real_terminal_takes_numbers_words_edited_lines_and_ctrl_c(home: Path, tmux: list[str]) -> None:
    seen(tmux, "18 or older")
    subprocess.run([*tmux, "send-keys", "1", "Enter"], check=True)
    seen(tmux, "Another country")
    subprocess.run([*tmux, "send-keys", "Germanx", "BSpace", "y", "Enter"], check=True)
    seen(tmux, "I just need to vent")
    subprocess.run([*tmux, "send-keys", "C-c"], check=True)

    screen = seen(tmux, "Your place is kept")

    assert "Traceback" not in screen
    session, _ = kept(home)
    assert (session.frames[-1].state, session.memory["country"]) == ("open", "DE")


def test_the_pseudo_language_is_spoken_throughout_whatever_is_typed_in_english(home: Path) -> None:
    told = chat(home, "hello, i would like to know more about this", "1", arguments=("--lang", "pseudo"))

    answers = told.split("›")[1:]
    assert len(answers) == 2
    assert all(" 1  [" in answer and "[Ţ" in told for answer in answers)
    assert kept(home)[0].memory["language"] == "pseudo"
