"""The platforms that are served: an adapter for each that has a token, imported only where it is served."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.content.library import Content
from bot.replicas import Door
from bot.runtime.clearing import Glance, unmoved
from bot.runtime.desk import USUAL, Habits
from bot.runtime.messages import Address, Update
from bot.runtime.ports import Store, Verdict
from bot.settings import Secret, Settings

UNSEEN = 3600.0
"""Seconds before typing is shown where another replica may send the answer: never."""

OURS = ("link",)
"""Commands that are no interrupt of any flow."""

Handle: TypeAlias = Callable[[Update], Awaitable[Verdict | None]]
Note: TypeAlias = Callable[[Address, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Tempo:
    """Say how hard things are tried, and for how many seconds a line to Discord may be silent."""

    habits: Habits = USUAL
    silence: float = 45.0


USUAL_TEMPO = Tempo()


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold what an adapter is made of."""

    settings: Settings
    content: Content
    store: Store
    key: bytes = field(repr=False)
    handle: Handle
    presence: Note
    tempo: Tempo = USUAL_TEMPO
    glance: Glance = unmoved

    def line(self, key: str, language: str) -> str:
        """Give a line of an adapter's own.

        Raises:
            LookupError: nobody wrote it.
        """
        entry = self.content.words.entry(key, language)
        if entry is None:
            raise LookupError(key)
        return entry.label

    def commands(self) -> tuple[str, ...]:
        """Return the commands that exist and have a description, as the menus of the platforms show them."""
        found = (one.command for one in self.content.flows.globals.interrupts if one.command)
        described = self.content.words.entries()
        return tuple(name for name in (*found, *OURS) if f"platform/command_{name}" in described)


def platforms(parts: Parts) -> Mapping[str, Door]:
    """Make an adapter for every platform that has a token."""
    settings, made = parts.settings, dict[str, Door]()
    if settings.telegram_token:
        made["telegram"] = _telegram(parts, settings.telegram_token)
    if settings.discord_token:
        made["discord"] = _discord(parts, settings.discord_token)
    return made


def _telegram(parts: Parts, token: Secret) -> Door:
    from bot.adapters.telegram import Telegram  # noqa: PLC0415  see above
    from bot.adapters.telegram_asides import PATIENCE  # noqa: PLC0415  see above
    from bot.adapters.telegram_opening import Speech, Ways  # noqa: PLC0415  see above

    settings, secret = parts.settings, parts.settings.telegram_webhook_secret
    return Telegram(
        token.reveal(),
        settings.telegram_url,
        parts.handle,
        parts.line,
        parts.key,
        presence=parts.presence,
        glance=parts.glance,
        ways=Ways(
            settings.telegram_webhook_url,
            secret.reveal() if secret else None,
            settings.telegram_listen,
            patience=UNSEEN if settings.db_url else PATIENCE,
        ),
        speech=Speech(settings.lang, parts.content.prompts.languages, parts.commands()),
    )


def _discord(parts: Parts, token: Secret) -> Door:
    from bot.adapters.discord import Discord  # noqa: PLC0415  see above
    from bot.hearsay import Hearsay  # noqa: PLC0415  it belongs to Discord

    settings = parts.settings
    return Discord(
        token.reveal(),
        settings.discord_url,
        parts.handle,
        lambda key, language: parts.line(f"platform/{key}", language),
        parts.key,
        gateway=settings.discord_gateway,
        shards=settings.discord_shards,
        commands=parts.commands(),
        languages=parts.content.prompts.languages,
        language=settings.lang,
        journal=Hearsay(parts.store),
        patience=parts.tempo.silence,
        glance=parts.glance,
    )
