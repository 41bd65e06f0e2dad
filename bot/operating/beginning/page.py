"""The settings file as `lowtide init` writes it: every setting with a word on it, most as comments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.settings.envfile import quoted
from bot.settings.given import variable

_HEAD = """# Lowtide's settings, written by `lowtide init` on {day}. Tokens stand here in clear.
#
# KEY=VALUE, one a line; a comment has a line of its own. Every command reads this file, and so can systemd
# (EnvironmentFile=) and compose (env_file:). What is set in the environment wins. `lowtide doctor` looks
# whether all is well.
"""
_ABOUT: Mapping[str, tuple[str, str]] = {
    "telegram_token": ("Telegram: from @BotFather, /mybots, API Token", ""),
    "discord_token": ("Discord: from discord.com/developers, Bot, Reset Token", ""),
    "db": ("where conversations are kept, sealed; the key lies beside it: keep a copy of that elsewhere", ""),
    "content": (
        "a folder with flows/ and prompts/ of your own; `lowtide content new DIR` makes one",
        "/srv/lowtide/mine",
    ),
    "lang": ("the language of whoever has chosen none", "en"),
    "country": ("the country you serve first; `lowtide doctor` looks at its helplines", "GB"),
    "health_listen": ("where /healthz, /readyz and /metrics answer", "127.0.0.1:9464"),
    "log_level": ("what is logged: DEBUG, INFO, WARNING, ERROR or CRITICAL", "WARNING"),
    "log_format": ("how: pretty or json", "json"),
    "telegram_webhook_url": (
        "the https address that Telegram shall call; without it, updates are polled for",
        "https://tide.example/hook",
    ),
    "telegram_listen": ("where those calls arrive, behind a proxy", "127.0.0.1:8443"),
    "telegram_webhook_secret": (
        "what those calls must carry; without it, one is made from the key",
        "letters-and-digits",
    ),
    "telegram_url": ("a Bot API server of your own", "http://127.0.0.1:8081"),
    "discord_shards": ("how many lines to Discord; without it, Discord chooses", "1"),
    "discord_url": ("another server for Discord's calls", "https://discord.com/api/v10"),
    "discord_gateway": ("and for its events", "wss://gateway.discord.gg"),
    "db_url": (
        "a PostgreSQL in place of the file, for several replicas",
        "postgresql://user:password@host/lowtide",
    ),
    "lease": ("seconds of silence after which another replica takes over", "8"),
    "key": (
        "the operator's key in place of the file, 64 hex digits; several with commas, newest first",
        "0" * 64,
    ),
    "cache": ("where what can be made anew is kept", "/var/cache/lowtide"),
    "flows": ("a folder of flows alone", "/srv/lowtide/flows"),
    "prompts": ("a folder of prompts alone", "/srv/lowtide/prompts"),
}
"""What is said of each setting, and an example where it is not set."""


def page(chosen: Mapping[str, str], day: date) -> str:
    """Write a settings file that sets what was chosen, by the settings' small names.

    Raises:
        OperatorError: a value holds what not all who read such a file read alike.
    """
    parts = [_HEAD.format(day=day)]
    for name, (about, example) in _ABOUT.items():
        line = f"{variable(name)}={quoted(chosen[name])}" if chosen.get(name) else _idle(name, example)
        parts.append(f"# {about}\n{line}\n")
    return "\n".join(parts)


def _idle(name: str, example: str) -> str:
    return f"#{variable(name)}={example}"
