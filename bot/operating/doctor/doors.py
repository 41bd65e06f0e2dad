"""The doors: who is served, whether the tokens are known, and whether what is to call us can be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from http import HTTPStatus

from bot.adapters.checkup import Answer, Finding, ask, discord, telegram
from bot.errors import SettingsError, StoreError
from bot.operating.reports import parted
from bot.run import unwilling
from bot.settings import Secret, Settings
from bot.storage.locking import holder
from bot.storage.postgres_faults import place
from bot.storage.postgres_opening import version_of

_GATES = frozenset((HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT))
"""What a proxy says when nobody listens behind it."""


def served(settings: Settings) -> list[Finding]:
    """Tell which platforms are served, and which settings do not fit together."""
    try:
        unwilling(settings)
    except SettingsError as error:
        return [Finding("settings", False, *parted(fault)) for fault in error.faults]
    names = [name for name in ("telegram", "discord") if getattr(settings, f"{name}_token")]
    return [Finding("settings", True, f"to serve {' and '.join(names)}")]


async def platforms(settings: Settings) -> list[Finding]:
    """Ask the platforms and the database's server."""
    asked: list[Awaitable[list[Finding]]] = []
    if settings.db_url:
        asked.append(_postgres(settings.db_url))
    if settings.telegram_token:
        asked.append(telegram(settings))
    if settings.discord_token:
        asked.append(discord(settings))
    return await _all(asked)


async def doors(settings: Settings) -> list[Finding]:
    """Ask what others reach us by: the address that Telegram calls, and the one of our health."""
    asked: list[Awaitable[list[Finding]]] = []
    if settings.telegram_token and settings.telegram_webhook_url:
        asked.append(_webhook(settings, settings.telegram_webhook_url))
    if settings.health_listen:
        asked.append(_health(settings, settings.health_listen))
    return await _all(asked)


async def _all(asked: list[Awaitable[list[Finding]]]) -> list[Finding]:
    return [finding for findings in await asyncio.gather(*asked) for finding in findings]


async def _postgres(url: Secret) -> list[Finding]:
    try:
        version = await version_of(url.reveal())
    except StoreError as error:
        return [Finding("PostgreSQL", False, "it cannot be used", str(error))]
    return [Finding("PostgreSQL", True, f"{place(url.reveal())} answers, version {version}")]


async def _webhook(settings: Settings, url: str) -> list[Finding]:
    """Call the address that Telegram calls, as nobody: our own door takes no such call and says so."""
    answer, runs = await ask(url, follow=False), bool(holder(settings.db))
    if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
        return [Finding("webhook", True, f"{url} leads here")]
    passed = f"let the proxy pass it on to {settings.telegram_listen}"
    if not answer.status:
        mend = "does its name lead to this machine, is the proxy up, and its certificate good?"
        return [Finding("webhook", False, f"{url}: {answer.reason}", mend)]
    if answer.status in _GATES and not runs:
        return [
            Finding("webhook", True, f"{url} reaches a proxy; nobody listens behind it while nothing runs")
        ]
    return [Finding("webhook", False, f"{url} answers {answer.status}, which is not us", passed)]


async def _health(settings: Settings, listen: str) -> list[Finding]:
    """Ask the service whether it is ready; it need not run."""
    answer = await ask(f"http://{listen}/readyz")
    if not answer.status and not holder(settings.db):
        return [Finding("health", True, f"nobody answers at http://{listen}: it does not run here")]
    if answer.status == HTTPStatus.OK:
        return [Finding("health", True, f"it is ready, says http://{listen}/readyz")]
    found = answer.reason or f"it answers {answer.status}{_unready(answer)}"
    mend = "look at the log of the service; where it has a container of its own, ask inside of that"
    return [Finding("health", False, f"http://{listen}/readyz: {found}", mend)]


def _unready(answer: Answer) -> str:
    """Name the parts that are not ready, as the service tells them."""
    parts = answer.body.get("parts")
    told = [f"{part} {why}" for part, why in parts.items()] if isinstance(parts, dict) else []
    return f": {', '.join(told)}" if told else ""
