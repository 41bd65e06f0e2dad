"""A look at the platforms before anybody is served: tokens, webhook, intents, and whether our clock is right.

It asks and changes nothing. What a platform says of itself is put in our words: its own may hold the token.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.settings import Settings

DISCORD = "https://discord.com/api/v10"
PATIENCE = 10.0
FASTEST, MOST_WAITING = 30.0, 100
"""Seconds our clock may differ from a platform's; updates that wait before it is worth a word."""
_HERE = ("127.0.0.1", "::1", "localhost")
"""Where a Bot API server of one's own may call without a certificate."""
_PRIVILEGED = {3 << 12: "presence", 3 << 14: "server members", 3 << 18: "message content"}
"""Flags of an application that hold an intent we do not need (limited or verified)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Say what was looked at, what was found, and how to mend it."""

    what: str
    good: bool
    found: str
    mend: str = ""

    @property
    def kind(self) -> str:
        """Name what it is: ok, a note where it is good and could be better, or a fault."""
        return ("note" if self.mend else "ok") if self.good else "fault"

    def __str__(self) -> str:
        mend = f"\n       mend: {self.mend}" if self.mend else ""
        kind = self.kind if self.good else "FAULT"
        return f"{kind:<5}  {self.what}: {self.found}{mend}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a server said: 0 and a reason where it was not reached, and how far our clock is off.

    `ahead` is in seconds, None where the server named no time.
    """

    status: int
    body: dict[str, Any]
    reason: str = ""
    ahead: float | None = None


async def ask(url: str, headers: dict[str, str] | None = None, follow: bool = True) -> Answer:
    """Ask a server for a JSON object; never raises for what it says, and may `follow` where it is sent."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=PATIENCE)) as session,
            session.get(url, headers=headers, allow_redirects=follow) as reply,
        ):
            payload = await reply.read()
            return Answer(reply.status, _read(payload), ahead=_ahead(reply.headers.get("Date", "")))
    except TimeoutError:
        return Answer(0, {}, f"it gave no answer within {PATIENCE:g} seconds")
    except (ClientError, OSError, ValueError) as error:
        return Answer(0, {}, f"it cannot be reached ({type(error).__name__})")


def _read(payload: bytes) -> dict[str, Any]:
    try:
        found = json.loads(payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _ahead(date: str) -> float | None:
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (datetime.now(UTC) - theirs).total_seconds()


def clock(what: str, answer: Answer) -> list[Finding]:
    """Judge our clock by a server's; nudges and quiet hours depend on it."""
    if answer.ahead is None:
        return []
    if abs(answer.ahead) <= FASTEST:
        return [Finding(f"{what} clock", True, "ours agrees with theirs")]
    side = "ahead of" if answer.ahead > 0 else "behind"
    found = f"ours is {abs(answer.ahead):.0f} seconds {side} theirs"
    return [Finding(f"{what} clock", False, found, "let it be set by itself: timedatectl set-ntp true")]


# --- Telegram ----------------------------------------------------------------------------------------------


async def telegram(settings: Settings) -> list[Finding]:
    """Look at the token, the webhook and the clock."""
    token = settings.telegram_token.reveal() if settings.telegram_token else ""
    base = f"{settings.telegram_url}/bot{token}"
    me = await ask(f"{base}/getMe")
    if not me.body.get("ok"):
        return [_no_bot(settings, me)]
    bot = me.body.get("result")
    name = _name(bot if isinstance(bot, dict) else {}, "username")
    hook = await ask(f"{base}/getWebhookInfo")
    found = [Finding("telegram token", True, f"it is @{name}'s"), *clock("telegram", me)]
    result = hook.body.get("result")
    return found + (_webhook(settings, result) if isinstance(result, dict) else [])


def _no_bot(settings: Settings, answer: Answer) -> Finding:
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        mend = "copy it again from @BotFather (/mybots, API Token) into LOWTIDE_TELEGRAM_TOKEN"
        return Finding("telegram token", False, "Telegram does not know it", mend)
    found = answer.reason or f"it answered {answer.status}"
    return Finding(
        "telegram", False, found, f"check the network, and LOWTIDE_TELEGRAM_URL ({settings.telegram_url})"
    )


def _webhook(settings: Settings, info: dict[str, Any]) -> list[Finding]:
    wanted, there = settings.telegram_webhook_url or "", info.get("url") or ""
    found = [_way(wanted, there)]
    if wanted.startswith("http://") and urlsplit(wanted).hostname not in _HERE:
        mend = "Telegram calls https only; put a proxy with a certificate before it"
        found.append(Finding("telegram webhook", False, "its address is not https", mend))
    if wanted and wanted == there and info.get("last_error_date"):
        when = datetime.fromtimestamp(info["last_error_date"], UTC)
        mend = f"check that the proxy passes it on to {settings.telegram_listen}"
        found.append(Finding("telegram webhook", False, f"a call failed at {when:%Y-%m-%d %H:%M} UTC", mend))
    waiting = info.get("pending_update_count", 0)
    if isinstance(waiting, int) and waiting > MOST_WAITING:
        found.append(Finding("telegram updates", True, f"{waiting} wait and will be answered at the start"))
    return found


def _way(wanted: str, there: str) -> Finding:
    if wanted:
        said = "it is set" if wanted == there else "it will be set at the start"
        return Finding("telegram webhook", True, said)
    said = (
        "one is set, and will be removed at the start: updates are polled for" if there else "none; polling"
    )
    return Finding("telegram webhook", True, said)


# --- Discord -----------------------------------------------------------------------------------------------


async def discord(settings: Settings) -> list[Finding]:
    """Look at the token, the intents, the starts that are left, and the clock."""
    token = settings.discord_token.reveal() if settings.discord_token else ""
    base, headers = _base(settings.discord_url), {"Authorization": f"Bot {token}"}
    me = await ask(f"{base}/users/@me", headers)
    if me.status != HTTPStatus.OK or "id" not in me.body:
        return [_no_application(base, me)]
    found = [Finding("discord token", True, f"it is {_name(me.body, 'username')}'s"), *clock("discord", me)]
    application = await ask(f"{base}/applications/@me", headers)
    if application.status == HTTPStatus.OK:
        found.append(_intents(application.body))
    gateway = await ask(f"{base}/gateway/bot", headers)
    return found + ([_starts(settings, gateway.body)] if gateway.status == HTTPStatus.OK else [])


def _base(url: str | None) -> str:
    """Return where the calls go: the adapter too reads an address without a path so."""
    return (url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/api/v10") if url else DISCORD


def _no_application(base: str, answer: Answer) -> Finding:
    if answer.status == HTTPStatus.UNAUTHORIZED:
        mend = "make a new one at discord.com/developers (Bot, Reset Token) for LOWTIDE_DISCORD_TOKEN"
        return Finding("discord token", False, "Discord does not know it", mend)
    found = answer.reason or f"it answered {answer.status}"
    return Finding("discord", False, found, f"check the network, and LOWTIDE_DISCORD_URL ({base})")


def _intents(application: dict[str, Any]) -> Finding:
    flags = application.get("flags")
    on = [name for mask, name in _PRIVILEGED.items() if isinstance(flags, int) and flags & mask]
    if not on:
        return Finding("discord intents", True, "none is needed beyond direct messages")
    mend = "switch them off at discord.com/developers (Bot, Privileged Gateway Intents): they are not used"
    return Finding("discord intents", True, f"more is allowed than needed: {', '.join(on)}", mend)


def _starts(settings: Settings, gateway: dict[str, Any]) -> Finding:
    limit = gateway.get("session_start_limit") or {}
    needed, left = settings.discord_shards or gateway.get("shards", 1), limit.get("remaining")
    if isinstance(left, int) and left < needed:
        wait = limit.get("reset_after", 0) / 3_600_000
        return Finding(
            "discord gateway", False, f"{left} starts are left and {needed} needed", f"wait {wait:.0f} hours"
        )
    return Finding("discord gateway", True, f"{needed} shard{'s'[: needed != 1]}, starts are left")


def _name(body: dict[str, Any], field: str) -> str:
    found = body.get(field)
    return found if isinstance(found, str) else "a bot without a name"
