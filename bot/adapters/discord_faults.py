"""What Discord refuses, in the courier's words; its own are never passed on, they may quote a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp
import discord

from bot.errors import DeliveryError, PersonGone, Refused, Unreachable

_GONE = {10003, 10013, 50001, 50007, 50278}
"""Unknown channel, unknown user, no access, direct messages closed, no server in common."""
_OURS = {0, 20026, 40003}
"""No word from Discord itself (a wall in front of it), quarantined, channels opened too fast."""
_IMPATIENT: ContextVar[bool] = ContextVar("impatient", default=False)
_TROUBLE = (aiohttp.ClientError, OSError, TimeoutError)


@contextmanager
def sorted_faults() -> Iterator[None]:
    """Turn whatever Discord or the network does into a `DeliveryError`, at once and without trying again.

    discord.py would hold one send for 25 seconds of errors, or for as long as a limit lasts; the courier
    tries again itself, and serves others meanwhile.
    """
    mark = _IMPATIENT.set(True)
    try:
        yield
    except discord.RateLimited as error:
        raise _silence(error.retry_after, anybody=False) from None
    except discord.HTTPException as error:
        raise _fault(error.status, error.code, error.response.headers) from None
    except _TROUBLE as error:
        raise Unreachable(f"Discord cannot be reached: {type(error).__name__}") from None
    finally:
        _IMPATIENT.reset(mark)


def impatience() -> aiohttp.TraceConfig:
    """Make the hook by which a call inside `sorted_faults` ends at the first 429 or 5xx."""
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_ended)
    return trace


async def _ended(_: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
    if not _IMPATIENT.get():
        return
    if end.response.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise await _told(end.response)
    if end.response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _fault(end.response.status, 0, {})


async def _told(response: aiohttp.ClientResponse) -> Unreachable:
    """Read for how long Discord wants silence: to the millisecond in the body, in whole seconds outside.

    A limit of one route, that is of one channel, is no reason to be silent towards others.
    """
    try:
        body = await response.json(content_type=None)
        return _silence(body["retry_after"], anybody=body.get("global", True) is not False)
    except (ValueError, KeyError, TypeError, AttributeError, *_TROUBLE):
        return _silence(response.headers.get("Retry-After"))


def _silence(seconds: object, anybody: bool = True) -> Unreachable:
    try:
        wait = max(0.0, float(str(seconds)))
    except ValueError:
        wait = 1.0
    return Unreachable(f"Discord asks for {wait:g} seconds of silence", wait, anybody)


def _fault(status: int, code: int, headers: object) -> DeliveryError:
    """Sort an error by what the courier should do about it."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _silence(headers.get("Retry-After") if hasattr(headers, "get") else None)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unreachable(f"Discord has trouble of its own ({status})")
    if status == HTTPStatus.UNAUTHORIZED:
        return Unreachable("Discord does not know the bot token; mend LOWTIDE_DISCORD_TOKEN")
    if code in _GONE:
        return PersonGone(f"they closed their messages or left ({code})")
    if status == HTTPStatus.FORBIDDEN and code in _OURS:
        return Unreachable(f"Discord keeps this bot from writing for a while ({code})")
    return Refused(f"Discord will not take it ({status}, {code})")
