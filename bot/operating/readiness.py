"""What `lowtide run --check` looks at before anybody is served, and what is to be mended."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable
from dataclasses import dataclass

from bot.adapters.checkup import Finding, discord, telegram
from bot.content.library import load_sound
from bot.errors import ContentError, LowtideError, SettingsError, StoreError
from bot.run import unwilling
from bot.runtime.discretion import Discreet
from bot.settings import Secret, Settings
from bot.storage.opening import operator_keys
from bot.storage.postgres_faults import place
from bot.storage.postgres_opening import version_of


@dataclass(frozen=True, slots=True)
class Report:
    """Hold what was found, thing by thing."""

    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Tell whether nothing needs mending."""
        return all(finding.good for finding in self.findings)

    def written(self, mask: Discreet) -> str:
        """Write a line for each finding, and what to mend under it."""
        return mask.masked("\n".join(map(str, self.findings)))


def ready(settings: Settings) -> bool:
    """Print what was looked at and what is to be mended; tell whether all is well."""
    report = asyncio.run(look(settings))
    print(report.written(Discreet(settings.secrets(), "")))
    return report.good


async def look(settings: Settings) -> Report:
    """Look at everything a run needs; nothing is changed but a missing key, which is made."""
    here = [_settings(settings), _content(settings), _files(settings)]
    asked: list[Awaitable[list[Finding]]] = []
    if settings.db_url:
        asked.append(_postgres(settings.db_url))
    if settings.telegram_token:
        asked.append(telegram(settings))
    if settings.discord_token:
        asked.append(discord(settings))
    there = [finding for findings in await asyncio.gather(*asked) for finding in findings]
    return Report((*here, *there))


def _settings(settings: Settings) -> Finding:
    try:
        unwilling(settings)
    except SettingsError as error:
        return Finding("settings", False, "they do not fit together", "; ".join(error.faults))
    served = [name for name in ("telegram", "discord") if getattr(settings, f"{name}_token")]
    return Finding("settings", True, f"to serve {' and '.join(served)}")


def _content(settings: Settings) -> Finding:
    try:
        content = load_sound(settings.flows, settings.prompts)
    except ContentError as error:
        return Finding("flows", False, f"{len(error.faults)} faults", "run `lowtide check`, which lists them")
    return Finding("flows", True, f"{len(content.flows.flows)} flows load")


async def _postgres(url: Secret) -> list[Finding]:
    try:
        version = await version_of(url.reveal())
    except StoreError as error:
        return [Finding("PostgreSQL", False, "it cannot be used", str(error))]
    return [Finding("PostgreSQL", True, f"{place(url.reveal())} answers, version {version}")]


def _files(settings: Settings) -> Finding:
    try:
        operator_keys(settings.db, settings.keys())
    except LowtideError as error:
        return Finding("database", False, "its folder cannot be used", str(error))
    if settings.db.exists() and not os.access(settings.db, os.R_OK | os.W_OK):
        mend = "give this user the right to read and write it"
        return Finding("database", False, f"{settings.db} cannot be written", mend)
    return Finding("database", True, f"{settings.db} can be written, its key is there")
