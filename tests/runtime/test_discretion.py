"""No secret passes the log, in whatever form a library writes it."""

from __future__ import annotations

import logging
import sys
from urllib.parse import quote

from bot.runtime.discretion import Discreet

TOKEN = "123:AA/hush"


def line(message: str, *values: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("aiohttp", logging.ERROR, __file__, 1, message, values, info)
    return Discreet([TOKEN], "%(name)s: %(message)s").format(record)


def test_a_secret_is_taken_out_of_a_message_and_its_values() -> None:
    assert line("GET /bot%s/getMe", TOKEN) == "aiohttp: GET /bot***/getMe"


def test_a_secret_is_taken_out_as_an_address_writes_it() -> None:
    assert "hush" not in line(f"GET https://host/{quote(TOKEN, safe='')}/x")


def test_a_secret_is_taken_out_of_a_traceback() -> None:
    try:
        raise OSError(f"cannot reach https://host/bot{TOKEN}")
    except OSError:
        shown = line("a task failed", error=sys.exception())

    assert "OSError: cannot reach https://host/bot***" in shown


def test_without_secrets_nothing_is_changed() -> None:
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "hello", (), None)

    assert Discreet([], "%(message)s").format(record) == "hello"
    assert Discreet([""], "%(message)s").format(record) == "hello"
