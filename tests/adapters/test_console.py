"""The terminal: options are numbered, typed lines become updates, and nothing typed can steer it."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.adapters.console import HERE, Console, Extra, clean, converse, finished, piped, typed
from bot.content.markup import escape
from bot.errors import Unreachable
from bot.runtime.messages import Button, Command, Document, Message, Picture, Press, Text, Update, What

BUTTONS = (Button("I pull away", "7:0"), Button("They pulled away", "7:2"))


def shown(text: str, buttons: tuple[Button, ...] = (), styled: bool = False) -> tuple[Console, str]:
    out = io.StringIO()
    console = Console(out, styled)
    asyncio.run(console.send(Message("k", HERE, text, buttons)))
    return console, out.getvalue()


def test_a_message_is_shown_with_its_options_numbered_from_one() -> None:
    _, text = shown("Which is it?", BUTTONS)

    assert text == "  Which is it?\n\n   1  I pull away\n   2  They pulled away\n\n"


def test_long_lines_are_broken_at_spaces_and_paragraphs_are_kept() -> None:
    _, text = shown("word " * 40 + "\n\nsecond")

    rows = text.split("\n")
    assert max(map(len, rows)) <= 78
    assert "" in rows[1:-2]
    assert "  second" in rows


def test_a_long_option_goes_on_under_its_own_words() -> None:
    _, text = shown("?", (Button("very " * 30, "1:0"),))

    assert text.split("\n")[3].startswith("      very")


def test_styles_are_drawn_only_where_the_terminal_has_them() -> None:
    assert "\x1b[1mnow\x1b[0m" in shown("do it *now*", styled=True)[1]
    assert "\x1b" not in shown("do it *now*", BUTTONS)[1]


def test_what_a_person_typed_can_neither_be_markup_nor_steer_the_terminal() -> None:
    hostile = "\x1b[2J*bold* \x07 \u202eevil\x9b31m"

    _, text = shown(escape(hostile), styled=True)

    assert text == "  [2J*bold*  evil31m\n\n"


def test_clean_keeps_words_of_every_language_and_emoji() -> None:
    words = "naïve 你好 שלום 👨‍👩‍👧 …\n"

    assert clean(words) == words


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("2", Press("7:2")),
        (" 1 ", Press("7:0")),
        ("3", Text("3")),
        ("0", Text("0")),
        ("²", Text("²")),
        ("9" * 5000, Text("9" * 5000)),
        ("2 things", Text("2 things")),
        ("/why", Command("why")),
        ("/Why  do i ghost", Command("why", "do i ghost")),
        ("/", Text("/")),
        ("/2", Text("/2")),
        ("and/or", Text("and/or")),
        ("stop", Text("stop")),
    ],
)
def test_a_line_is_a_number_a_command_or_text(line: str, meant: What) -> None:
    console, _ = shown("?", BUTTONS)

    assert console.update(line).what == meant


def test_every_line_is_an_update_of_its_own() -> None:
    console, _ = shown("?")

    assert console.update("same").id != console.update("same").id


def test_a_document_is_shown_as_text() -> None:
    out = io.StringIO()

    asyncio.run(Console(out).send(Document("k", HERE, "lowtide.txt", "all: of it")))

    assert out.getvalue() == "  lowtide.txt\n\n  all: of it\n\n"


def test_a_picture_is_its_words_and_a_drawing_of_letters() -> None:
    out = io.StringIO()
    sketch = " 5 Jan  ~~~......\n12 Jan  ~~~~~~..."

    asyncio.run(
        Console(out).send(Picture("k", HERE, "weeks.png", "*Two weeks*", "a picture", b"PNG", sketch))
    )

    assert out.getvalue() == "  Two weeks\n\n   5 Jan  ~~~......\n  12 Jan  ~~~~~~...\n\n"


def test_a_terminal_that_is_gone_is_a_delivery_that_failed() -> None:
    out = io.StringIO()
    out.close()

    with pytest.raises(Unreachable, match="terminal is gone"):
        asyncio.run(Console(out).send(Message("k", HERE, "secret words")))


def talk(*lines: str, echo: bool = False) -> tuple[list[What], str]:
    """Converse with a recorder behind the door."""
    out, taken = io.StringIO(), []

    async def handle(update: Update) -> None:
        taken.append(update.what)

    async def settle() -> None:
        return

    async def spoken() -> AsyncIterator[str]:
        for line in lines:
            yield line

    async def extra(words: str) -> str:
        return f"extra {words}"

    extras: dict[str, Extra] = {"wait": extra}
    asyncio.run(converse(Console(out, echo=echo), spoken(), handle, settle, extras))
    return taken, out.getvalue()


def test_lines_go_through_the_door_one_by_one_and_empty_ones_do_not() -> None:
    assert talk("hello", "", "   ", "/why")[0] == [Text("hello"), Command("why")]


def test_quit_leaves_and_what_stands_behind_it_is_not_read() -> None:
    assert talk("a", "/quit", "b")[0] == [Text("a")]


def pressed(during: str) -> list[str]:
    """Press Ctrl-C while the bot answers, or while it says what else is due; tell what was done."""
    done: list[str] = []

    async def press(moment: str) -> None:
        if during == moment:
            os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.01)
        done.append(moment)

    async def handle(_: Update) -> None:
        await press("handled")

    async def settle() -> None:
        await press("settled")

    async def spoken() -> AsyncIterator[str]:
        for line in ("hello", "not read"):
            yield line

    async def whole() -> None:
        await converse(Console(io.StringIO()), spoken(), handle, settle, {})
        done.append("left")

    asyncio.run(whole())
    return done


@pytest.mark.parametrize("during", ["handled", "settled"])
def test_ctrl_c_while_the_bot_speaks_lets_it_finish_and_then_leaves(during: str) -> None:
    assert pressed(during) == ["handled", "settled", "left"]


def test_ctrl_c_before_a_prompt_takes_keys_ends_the_lines() -> None:
    async def read() -> list[str]:
        os.kill(os.getpid(), signal.SIGINT)
        return [line async for line in typed(Console(io.StringIO()))]

    with create_pipe_input() as keys, create_app_session(keys, DummyOutput()):
        assert asyncio.run(read()) == []


def test_work_that_is_cancelled_by_itself_is_no_ctrl_c() -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(finished(work()))


def test_the_terminals_own_commands_never_reach_the_door() -> None:
    assert talk("/wait 20h") == ([], "\n  extra 20h\n\n")


def test_a_pipe_shows_what_was_said_so_that_it_reads_like_a_conversation() -> None:
    assert talk("hi \x1b[2J", echo=True)[1] == "› hi [2J\n\n"


def test_a_pipe_is_read_line_by_line_to_its_end() -> None:
    async def read() -> list[str]:
        return [line async for line in piped(io.StringIO("one\r\ntwo\n\nlast"))]

    assert asyncio.run(read()) == ["one", "two", "", "last"]
