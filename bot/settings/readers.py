"""How each setting is read from its text, and what is said of one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.settings.secret import Secret

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _file(text: str) -> Path:
    path = Path(text).expanduser()
    if path.is_dir() or text.strip().endswith("/"):
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


def _content(text: str) -> Path:
    path = _folder(text)
    for inside in ("flows", "prompts"):
        if not (path / inside).is_dir():
            raise ValueError(
                f"has no {inside}/ in it ({path}); `lowtide content new DIR` makes such a folder"
            )
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


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text.strip()):
        raise ValueError(f"is {text!r}; give the two letters of a country, such as GB")
    own = text.strip().upper()
    return "GB" if own == "UK" else own  # what people there say; only GB is in the list of countries


def _token(text: str) -> Secret:
    token = text.strip()
    if not re.fullmatch(r"[!-~]+", token) or set(token) & set("/?#%\"'"):  # it becomes part of an address
        raise ValueError("does not look like a bot token; copy it again, without quotes or spaces")
    return Secret(token)


def parts(text: str) -> list[str]:
    """Part what stands between commas."""
    return [part.strip() for part in text.split(",")]


def _keys(text: str) -> Secret:
    if not all(re.fullmatch(r"[0-9A-Fa-f]{64}", part) for part in parts(text)):
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
ALIASES: Mapping[str, str] = {
    "telegram_base_url": "telegram_url",
    "discord_base_url": "discord_url",
    "discord_gateway_url": "discord_gateway",
}
READERS: Mapping[str, Callable[[str], object]] = {
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
    "content": _content,
    "country": _country,
}
PATHS = frozenset(("db", "flows", "prompts", "content", "cache"))
SECRETS = frozenset(("telegram_token", "telegram_webhook_secret", "discord_token", "db_url", "key"))
