"""What `lowtide run --check` looks at before anybody is served, and what is to be mended."""

from __future__ import annotations

import asyncio
import os

from bot.adapters.checkup import Finding
from bot.content.library import load_sound
from bot.errors import ContentError, LowtideError
from bot.operating.doctor.doors import platforms, served
from bot.operating.reports import Report
from bot.runtime.discretion import Discreet
from bot.settings import Settings
from bot.storage.opening import operator_keys


def ready(settings: Settings) -> bool:
    """Print what was looked at and what is to be mended; tell whether all is well."""
    report = asyncio.run(look(settings))
    print(report.written(Discreet(settings.secrets(), "")))
    return report.good


async def look(settings: Settings) -> Report:
    """Look at everything a run needs; nothing is changed but a missing key, which is made."""
    here = (*served(settings), _content(settings), _files(settings))
    return Report((*here, *await platforms(settings)))


def _content(settings: Settings) -> Finding:
    try:
        content = load_sound(settings.flows, settings.prompts)
    except ContentError as error:
        return Finding("flows", False, f"{len(error.faults)} faults", "run `lowtide check`, which lists them")
    return Finding("flows", True, f"{len(content.flows.flows)} flows load")


def _files(settings: Settings) -> Finding:
    try:
        operator_keys(settings.db, settings.keys())
    except LowtideError as error:
        return Finding("database", False, "its folder cannot be used", str(error))
    if settings.db.exists() and not os.access(settings.db, os.R_OK | os.W_OK):
        mend = "give this user the right to read and write it"
        return Finding("database", False, f"{settings.db} cannot be written", mend)
    return Finding("database", True, f"{settings.db} can be written, its key is there")
