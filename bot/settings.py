"""The environment, read once at start; everything wrong with it is told at once."""

from __future__ import annotations

import difflib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

from bot.errors import SettingsError

PREFIX = "LOWTIDE_"
_PACKED = Path(__file__).parent / "_content"
HOUSE = _PACKED if _PACKED.is_dir() else _PACKED.parent.parent
"""The folder that holds `flows/` and `prompts/`: what a wheel brought along, or the checkout."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _default_db() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415  only a run that keeps something pays for it

    return user_data_path("lowtide", appauthor=False) / "lowtide.db"


class Secret:
    """Hold a token that shows as `***` wherever it is printed, logged, formatted or part of a traceback."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def reveal(self) -> str:
        """Return the token itself, for the one call that needs it."""
        return self._secret

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(
            self._secret.encode(), other._secret.encode()
        )

    def __hash__(self) -> int:
        return hash((Secret, self._secret))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not to be pickled, copied or written down")


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
        return tuple(bytes.fromhex(each) for each in _parts(self.key.reveal())) if self.key else ()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the `LOWTIDE_` variables; an empty one counts as not set.

    Raises:
        SettingsError: carries a sentence for every variable that is wrong or unknown.
    """
    given = {name[len(PREFIX) :].lower(): text for name, text in environment.items() if _is_ours(name, text)}
    faults = [_twice(name) for name in _ALIASES if name in given and _ALIASES[name] in given]
    given = {_ALIASES.get(name, name): text for name, text in given.items()}
    faults += [_unknown(name) for name in given if name not in _READERS]
    chosen: dict[str, object] = {}
    for name, reader in _READERS.items():
        if name in given:
            try:
                chosen[name] = reader(given[name])
            except ValueError as error:
                faults.append(f"{PREFIX}{name.upper()} {error}")
    if faults:
        raise SettingsError(faults)
    chosen = {"db": _default_db()} | chosen if "db" not in chosen else chosen
    return Settings(**chosen)  # type: ignore[arg-type]  # a reader returns what its field holds


def _is_ours(name: str, text: str) -> bool:
    return name.startswith(PREFIX) and bool(text.strip())


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, _READERS, n=1)
    hint = f"did you mean {PREFIX}{near[0].upper()}?" if near else "unset it"
    return f"{PREFIX}{name.upper()} is no setting; {hint}"


def _twice(alias: str) -> str:
    name = _ALIASES[alias]
    return f"{PREFIX}{alias.upper()} is another name of {PREFIX}{name.upper()}, which is set too; unset one"


def _file(text: str) -> Path:
    path = Path(text).expanduser()
    if path.is_dir():
        raise ValueError(f"is a folder ({path}); name a file in it")
    return path


def _database(text: str) -> Secret:
    """Read the address of a PostgreSQL; a wrong one is not quoted, it may hold a password."""
    try:
        parts = urlsplit(text.strip())
        known = parts.scheme in ("postgresql", "postgres") and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or not parts.path.strip("/"):
        raise ValueError("is no address of a database; give one like postgresql://user:password@host/lowtide")
    return Secret(text.strip())


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]+)?", text.strip()) or not _SHORTEST <= float(text) <= _LONGEST:
        raise ValueError(f"is {text!r}; give seconds from {_SHORTEST:g} to {_LONGEST:g}, such as 8")
    return float(text)


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_dir():
        raise ValueError(f"is no folder ({path}); name one that exists")
    return path


def _any_folder(text: str) -> Path:
    path = Path(text).expanduser()
    if path.is_file():
        raise ValueError(f"is a file ({path}); name a folder, which is made when it is needed")
    return path


def _one_of(*choices: str) -> Callable[[str], str]:
    """Make a reader of one word out of a few, in small letters or capitals."""

    def read(text: str) -> str:
        found = next((one for one in choices if one.lower() == text.strip().lower()), None)
        if found is None:
            raise ValueError(f"is {text!r}; choose one of {', '.join(choices)}")
        return found

    return read


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError(f"is {text!r}; give a language code such as en or pt-BR")
    return text


def _token(text: str) -> Secret:
    token = text.strip()
    if not re.fullmatch(r"[!-~]+", token) or set(token) & set("/?#%\"'"):  # it becomes part of an address
        raise ValueError("does not look like a bot token; copy it again, without quotes or spaces")
    return Secret(token)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _keys(text: str) -> Secret:
    if not all(re.fullmatch(r"[0-9A-Fa-f]{64}", part) for part in _parts(text)):
        raise ValueError(
            "is no key; make one by `openssl rand -hex 32`; several are parted by commas, newest first"
        )
    return Secret(text.strip())


def _passphrase(text: str) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text.strip()):
        raise ValueError("may hold letters, digits, _ and - only, at most 256; make another")
    return Secret(text.strip())


def _url(*schemes: str) -> Callable[[str], str]:
    """Make a reader of addresses; a wrong one is not quoted, it may hold a password."""

    def read(text: str) -> str:
        wanted = f"give one like {schemes[0]}://host/path, with no name or password and nothing behind ?"
        try:
            parts = urlsplit(text.strip())
            known = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            known = False
        if not known or "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"is no address; {wanted}")
        return _plain(parts)

    return read


def _plain(parts: SplitResult) -> str:
    return parts._replace(path=parts.path.rstrip("/")).geturl()


def _gateway(text: str) -> str:
    _url("wss", "ws")(text)
    return text.strip()  # a slash at its end may matter there


def _telegram(text: str) -> str:
    return _url("https", "http")(text).removesuffix("/bot")  # some libraries want the address with it


def _listen(text: str) -> str:
    host, _, port = text.strip().rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > _LAST_PORT:
        raise ValueError(f"is {text!r}; give host:port, such as 127.0.0.1:8443")
    return text.strip()


def _shards(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text.strip()):
        raise ValueError(f"is {text!r}; give a number from 1, or unset it and Discord chooses")
    return int(text)


_LAST_PORT = 65535
_SHORTEST, _LONGEST = 1.0, 60.0
_ALIASES: Mapping[str, str] = {
    "telegram_base_url": "telegram_url",
    "discord_base_url": "discord_url",
    "discord_gateway_url": "discord_gateway",
}
_READERS: Mapping[str, Callable[[str], object]] = {
    "db": _file,
    "db_url": _database,
    "lease": _seconds,
    "key": _keys,
    "flows": _folder,
    "prompts": _folder,
    "log_level": _one_of(*LEVELS),
    "log_format": _one_of("pretty", "json"),
    "health_listen": _listen,
    "lang": _language,
    "telegram_token": _token,
    "telegram_url": _telegram,
    "telegram_webhook_url": _url("https", "http"),
    "telegram_webhook_secret": _passphrase,
    "telegram_listen": _listen,
    "discord_token": _token,
    "discord_url": _url("https", "http"),
    "discord_gateway": _gateway,
    "discord_shards": _shards,
    "cache": _any_folder,
}
