"""What the operator chose, and what holds where nothing was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings.readers import parts
from bot.settings.secret import Secret

_PACKED = Path(__file__).parent.parent / "_content"
HOUSE = _PACKED if _PACKED.is_dir() else _PACKED.parent.parent
"""The folder that holds `flows/` and `prompts/`: what a wheel brought along, or the checkout."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold what the operator chose; each field is the variable `LOWTIDE_` and its name in capitals.

    `db` is the database file; with `db_url` a PostgreSQL takes its place, where the work of a replica is
    another's after `lease` silent seconds. `flows` and `prompts` are folders, `log_level` a name of
    `logging`, `lang` the language of whoever has chosen none. A platform is served when its token is there.
    `telegram_url` and `discord_url` are the servers that take calls, `discord_gateway` is where Discord's
    events come from; with `telegram_webhook_url` Telegram calls us, at `telegram_listen`. `discord_shards` of
    None lets Discord choose. `key` holds the operator's keys, the newest first, where no file does. What can
    be made anew is kept in the folder `cache`, else where this system keeps such things. `log_format` of None
    is pretty in a terminal and json elsewhere. Health and metrics are told at `health_listen`, or nowhere.
    `country` is the one whose helplines `doctor` looks at. `file` is the settings file that was read.
    """

    db: Path
    flows: Path = HOUSE / "flows"
    prompts: Path = HOUSE / "prompts"
    log_level: str = "WARNING"
    lang: str = "en"
    telegram_token: Secret | None = None
    telegram_url: str = "https://api.telegram.org"
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: Secret | None = None
    telegram_listen: str = "127.0.0.1:8443"
    discord_token: Secret | None = None
    discord_url: str | None = None
    discord_gateway: str | None = None
    discord_shards: int | None = None
    db_url: Secret | None = None
    lease: float = 8.0
    key: Secret | None = None
    cache: Path | None = None
    log_format: str | None = None
    health_listen: str | None = None
    country: str | None = None
    file: Path | None = None

    @property
    def kept_anew(self) -> Path:
        """Return the folder of what can be made anew."""
        from platformdirs import user_cache_path  # noqa: PLC0415  only who looks for it pays for it

        return self.cache or user_cache_path("lowtide", appauthor=False)

    def secrets(self) -> tuple[str, ...]:
        """Return every secret in clear, for whoever keeps them out of the log."""
        given = (self.telegram_token, self.telegram_webhook_secret, self.discord_token, self.db_url, self.key)
        password = urlsplit(self.db_url.reveal()).password if self.db_url else None
        return (*(secret.reveal() for secret in given if secret), *([password] if password else ()))

    def keys(self) -> tuple[bytes, ...]:
        """Return the operator's keys, the newest first; none where they are in a file."""
        return tuple(bytes.fromhex(each) for each in parts(self.key.reveal())) if self.key else ()
