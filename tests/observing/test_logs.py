"""A line of the log is read by eyes or by machines, and tells of a library only the words of its source."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.errors import StoreError
from bot.observing.lines import part_of
from bot.observing.logs import formatter, listen_to_log, listen_to_loop

CANARY, PERSON = "zirpelbaum", "0123456789abcdef"
TOKEN = '123:A"A/hush'
FORMS = pytest.mark.parametrize("form", ["json", "pretty"])


@pytest.fixture
def own_log() -> Iterator[None]:
    """Give the log, and what Python calls for strays, back as they were."""
    root = logging.getLogger()
    handlers, level, hooks = root.handlers[:], root.level, (threading.excepthook, sys.unraisablehook)
    raises = logging.raiseExceptions
    yield
    logging.raiseExceptions = raises
    root.handlers[:], root.level = handlers, level
    threading.excepthook, sys.unraisablehook = hooks


def record(
    name: str, message: object, *values: object, error: BaseException | None = None, **more: Any
) -> Any:
    info = (type(error), error, error.__traceback__) if error else None
    one = logging.LogRecord(name, logging.ERROR, __file__, 7, message, values, info)
    one.__dict__.update(more)
    return one


def line(form: str, one: logging.LogRecord, *secrets: str) -> str:
    return formatter(form, secrets).format(one)


def told(one: logging.LogRecord, *secrets: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(line("json", one, *secrets))
    return found


def raised(error: BaseException) -> BaseException:
    """Return an error that has a place."""
    try:
        raise error
    except BaseException as caught:
        return caught


def test_a_line_for_machines_carries_time_level_logger_and_event_and_what_belongs_to_it() -> None:
    found = told(record("bot.runtime.desk", "message %s, try %d", "m", 2, platform="telegram", lane="reply"))

    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "error",
        "logger": "bot.runtime.desk",
        "part": "runtime",
        "event": "message m, try 2",
        "platform": "telegram",
        "lane": "reply",
    }


def test_a_line_for_machines_is_one_line_whatever_is_in_it() -> None:
    text = line("json", record("bot.run", "one\ntwo “three” %s", "\x00\u2028\ud800"))

    assert len(text.splitlines()) == 1
    assert text.isascii()
    assert json.loads(text)["event"] == "one\ntwo “three” \x00\u2028\ud800"


def test_a_line_for_eyes_says_the_same_without_colours_where_there_is_no_terminal() -> None:
    text = line("pretty", record("bot.run", "serving %s", "telegram"))

    assert "serving telegram" in text
    assert "bot.run" in text
    assert "\x1b" not in text


@FORMS
def test_a_secret_is_taken_out_of_every_field(form: str) -> None:
    text = line(form, record("bot.run", "GET /bot%s/getMe", TOKEN, platform=TOKEN), TOKEN)

    assert "hush" not in text
    assert "GET /bot***/getMe" in text


@FORMS
def test_of_an_error_its_kind_and_place_are_told_and_not_its_words(form: str) -> None:
    error = raised(ValueError(f"cannot read {CANARY}"))

    text = line(form, record("asyncio", "Task exception was never retrieved", error=error))

    assert CANARY not in text
    assert "ValueError at test_logs.py:" in text
    assert "Traceback" not in text


def test_the_words_of_our_own_errors_are_told() -> None:
    found = told(record("bot.run", "it failed", error=raised(StoreError("the disk is full"))))

    assert found["error"].endswith("the disk is full")


def test_a_person_has_another_name_in_the_log_than_in_the_database_and_the_same_all_day() -> None:
    first = told(record("bot.runtime.waking", "timers of %s failed", PERSON))["event"]
    key = told(record("bot.runtime.desk", "message %s is dropped", f"{PERSON}:3:1"))["event"]

    assert PERSON not in first + key
    assert first.split()[2] == key.split()[1].split(":")[0]


def test_the_fixed_words_of_a_library_are_told_and_what_it_put_into_them_is_not() -> None:
    logger, out = logging.Logger("a.library"), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter("json", []))
    logger.addHandler(handler)

    logger.error("chat %s said %d words of %(x)s", CANARY, 12)
    logger.error(f"somebody said {CANARY} to me")
    logger.error(CANARY)
    logger.error({"words": CANARY})

    assert CANARY not in out.getvalue()
    first, *others = [json.loads(one)["event"] for one in out.getvalue().splitlines()]
    assert first == "chat … said … words of …"
    assert all("whose words are not told" in other for other in others)


def test_a_library_whose_source_is_not_there_is_told_by_its_place() -> None:
    one = record("a.library", "two words")
    one.pathname = "/nowhere/gone.py"

    assert told(one)["event"] == "a line of gone.py:7, whose words are not told"


@pytest.mark.parametrize(
    ("logger", "part"),
    [
        ("bot", "bot"),
        ("bot.run", "run"),
        ("bot.runtime.desk", "runtime"),
        ("bots.x", "library"),
    ],
)
def test_a_line_comes_from_a_part_of_the_house_or_from_a_library(logger: str, part: str) -> None:
    assert part_of(logger) == part


@pytest.mark.usefixtures("own_log")
def test_with_no_form_asked_for_a_pipe_gets_json_and_a_terminal_colours() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    pipe, terminal = io.StringIO(), Terminal()
    for out in (pipe, terminal):
        listen_to_log("WARNING", None, [], out)
        logging.getLogger("bot.run").warning("serving")
        logging.getLogger("bot.run").info("nobody asked for this")

    assert json.loads(pipe.getvalue())["event"] == "serving"
    assert "\x1b[" in terminal.getvalue()
    assert "nobody" not in pipe.getvalue() + terminal.getvalue()


@pytest.mark.usefixtures("own_log")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_errors_that_nobody_caught_are_told_without_their_words() -> None:
    out, loop = io.StringIO(), asyncio.get_running_loop()
    listen_to_log("DEBUG", "json", [], out)
    listen_to_loop(loop)

    async def fails() -> None:
        raise ValueError(CANARY)

    def failing() -> None:
        raise ValueError(CANARY)

    class Closing:
        def __del__(self) -> None:
            raise ValueError(CANARY)

    thread = threading.Thread(target=failing)
    thread.start()
    thread.join()
    del thread
    one = Closing()
    del one
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del task
    loop.call_soon(failing)
    await asyncio.sleep(0)
    loop.call_exception_handler({"message": CANARY})

    assert CANARY not in out.getvalue()
    found = [json.loads(each)["event"] for each in out.getvalue().splitlines()]
    assert [event.partition(":")[0] for event in found] == [
        "a thread ended with an error",
        "an error could not be raised",
        *["an error reached the event loop"] * 3,
    ]
    assert sum("ValueError at test_logs.py:" in event for event in found) == 4
