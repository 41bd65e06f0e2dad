"""Settings: read once, every fault at once, and an unknown variable's value is never shown."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import HOUSE, Secret, Settings, read_settings


def test_without_any_variable_the_data_folder_of_the_user_is_used() -> None:
    settings = read_settings({"HOME": "/nowhere", "PATH": "/bin"})

    assert settings.db.name == "lowtide.db"
    assert settings.db.parent.name == "lowtide"
    assert (settings.flows, settings.prompts) == (HOUSE / "flows", HOUSE / "prompts")
    assert (settings.log_level, settings.lang) == ("WARNING", "en")


def test_every_variable_is_read(tmp_path: Path) -> None:
    environment = {
        "LOWTIDE_DB": str(tmp_path / "a.db"),
        "LOWTIDE_FLOWS": str(tmp_path),
        "LOWTIDE_PROMPTS": str(tmp_path),
        "LOWTIDE_LOG_LEVEL": " debug ",
        "LOWTIDE_LANG": "pt-BR",
        "LOWTIDE_LOG_FORMAT": "JSON",
        "LOWTIDE_HEALTH_LISTEN": "127.0.0.1:9464",
    }

    settings = read_settings(environment)

    expected = Settings(tmp_path / "a.db", tmp_path, tmp_path, "DEBUG", "pt-BR")
    assert settings == replace(expected, log_format="json", health_listen="127.0.0.1:9464")


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert read_settings({"LOWTIDE_DB": "~/tide.db"}).db == tmp_path / "tide.db"


def test_what_people_call_their_country_is_the_one_in_the_list() -> None:
    assert [read_settings({"LOWTIDE_COUNTRY": one}).country for one in ("uk", "GB", "de")] == [
        "GB",
        "GB",
        "DE",
    ]


def test_a_database_with_a_slash_at_its_end_is_a_folder_that_is_not_there_yet() -> None:
    with pytest.raises(SettingsError, match="is a folder"):
        read_settings({"LOWTIDE_DB": "/nowhere/lowtide/"})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"LOWTIDE_LANG": "", "LOWTIDE_LOG_LEVEL": "  "}).lang == "en"


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    environment = {
        "LOWTIDE_DB": str(tmp_path),
        "LOWTIDE_FLOWS": str(tmp_path / "none"),
        "LOWTIDE_LOG_LEVEL": "loud",
        "LOWTIDE_LANG": "English!",
        "LOWTIDE_LOG_FORMAT": "prose",
        "LOWTIDE_HEALTH_LISTEN": "everywhere",
        "LOWTIDE_PROMTS": str(tmp_path),
    }

    with pytest.raises(SettingsError) as caught:
        read_settings(environment)

    assert caught.value.faults == (
        "LOWTIDE_PROMTS is no setting; did you mean LOWTIDE_PROMPTS?",
        f"LOWTIDE_DB is a folder ({tmp_path}); name a file in it",
        f"LOWTIDE_FLOWS is no folder ({tmp_path / 'none'}); name one that exists",
        "LOWTIDE_LOG_LEVEL is 'loud'; choose one of DEBUG, INFO, WARNING, ERROR, CRITICAL",
        "LOWTIDE_LOG_FORMAT is 'prose'; choose one of pretty, json",
        "LOWTIDE_HEALTH_LISTEN is 'everywhere'; give host:port, such as 127.0.0.1:8443",
        "LOWTIDE_LANG is 'English!'; give a language code such as en or pt-BR",
    )
    assert str(caught.value) == "\n".join(caught.value.faults)


def test_the_value_of_an_unknown_variable_is_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"LOWTIDE_QUIET": "123:hush"})

    assert str(caught.value) == "LOWTIDE_QUIET is no setting; unset it"


def test_the_address_of_a_postgresql_is_a_secret_and_so_is_its_password() -> None:
    settings = read_settings(
        {"LOWTIDE_DB_URL": "postgresql://tide:hush@db.example/tide", "LOWTIDE_LEASE": "4"}
    )

    assert settings.db_url == Secret("postgresql://tide:hush@db.example/tide")
    assert settings.lease == 4.0
    assert settings.secrets() == ("postgresql://tide:hush@db.example/tide", "hush")
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    "wrong", ["mysql://a:hush@b/c", "postgresql://a:hush@b", "postgresql://a:hush@b:port/c", "hush"]
)
def test_a_wrong_address_of_a_database_is_not_quoted(wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"LOWTIDE_DB_URL": wrong, "LOWTIDE_LEASE": "0.2"})

    assert "hush" not in str(caught.value)
    assert [fault.partition(" ")[0] for fault in caught.value.faults] == ["LOWTIDE_DB_URL", "LOWTIDE_LEASE"]


# --- platforms ---------------------------------------------------------------------------------------------

TOKEN = "123456:AAH-hush_hush"


def test_the_platforms_are_read() -> None:
    settings = read_settings(
        {
            "LOWTIDE_TELEGRAM_TOKEN": f" {TOKEN}\n",
            "LOWTIDE_TELEGRAM_URL": "http://127.0.0.1:8081/",
            "LOWTIDE_TELEGRAM_WEBHOOK_URL": "https://tide.example/hook",
            "LOWTIDE_TELEGRAM_WEBHOOK_SECRET": "abc_DEF-1",
            "LOWTIDE_TELEGRAM_LISTEN": "0.0.0.0:9000",
            "LOWTIDE_DISCORD_TOKEN": "a.b.c",
            "LOWTIDE_DISCORD_URL": "http://127.0.0.1:8082/api/v10",
            "LOWTIDE_DISCORD_GATEWAY": "ws://127.0.0.1:8083",
            "LOWTIDE_DISCORD_SHARDS": "4",
        }
    )

    assert settings.telegram_token == Secret(TOKEN)
    assert settings.telegram_url == "http://127.0.0.1:8081"
    assert settings.telegram_webhook_url == "https://tide.example/hook"
    assert settings.telegram_webhook_secret == Secret("abc_DEF-1")
    assert settings.telegram_listen == "0.0.0.0:9000"
    assert settings.discord_token == Secret("a.b.c")
    assert settings.discord_url == "http://127.0.0.1:8082/api/v10"
    assert (settings.discord_gateway, settings.discord_shards) == ("ws://127.0.0.1:8083", 4)
    assert set(settings.secrets()) == {TOKEN, "abc_DEF-1", "a.b.c"}


def test_without_tokens_no_platform_is_served_and_nothing_is_secret() -> None:
    settings = read_settings({})

    assert (settings.telegram_token, settings.discord_token, settings.secrets()) == (None, None, ())
    assert settings.telegram_url == "https://api.telegram.org"


def test_the_address_of_a_server_may_be_given_by_its_other_name_and_with_bot_behind_it() -> None:
    settings = read_settings({"LOWTIDE_TELEGRAM_BASE_URL": "http://localhost:8081/bot"})

    assert settings.telegram_url == "http://localhost:8081"


def test_one_setting_by_two_names_is_refused() -> None:
    environment = {"LOWTIDE_TELEGRAM_BASE_URL": "http://a", "LOWTIDE_TELEGRAM_URL": "http://b"}

    with pytest.raises(SettingsError, match="another name of LOWTIDE_TELEGRAM_URL"):
        read_settings(environment)


def test_everything_wrong_about_the_platforms_is_told_at_once_and_no_secret_with_it() -> None:
    environment = {
        "LOWTIDE_TELEGRAM_TOKEN": f"{TOKEN} 'copied'",
        "LOWTIDE_TELEGRAM_URL": f"https://me:{TOKEN}@host",
        "LOWTIDE_TELEGRAM_WEBHOOK_URL": f"ftp://host/{TOKEN}",
        "LOWTIDE_TELEGRAM_WEBHOOK_SECRET": f"{TOKEN}!",
        "LOWTIDE_TELEGRAM_LISTEN": "8443",
        "LOWTIDE_DISCORD_TOKEN": f"https://{TOKEN}",
        "LOWTIDE_DISCORD_GATEWAY": f"https://host/{TOKEN}",
        "LOWTIDE_DISCORD_SHARDS": "0",
    }

    with pytest.raises(SettingsError) as caught:
        read_settings(environment)

    assert {fault.split()[0] for fault in caught.value.faults} == set(environment)
    assert "hush" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(str, id="str"),
        pytest.param(repr, id="repr"),
        pytest.param("{}".format, id="format"),
        pytest.param("{!r:>20}".format, id="format with a width"),
        pytest.param(lambda secret: f"{secret}", id="f-string"),
        pytest.param(lambda secret: "%s" % secret, id="percent"),  # noqa: UP031  as logging does
        pytest.param(lambda secret: repr(Settings(Path("a"), telegram_token=secret)), id="in the settings"),
        pytest.param(lambda secret: json.dumps([secret], default=repr), id="json"),
        pytest.param(lambda secret: repr(dir(secret)), id="dir"),
    ],
)
def test_a_secret_never_shows(shown: Callable[[Secret], str]) -> None:
    assert "hush" not in shown(Secret(TOKEN))


@pytest.mark.parametrize("write", [json.dumps, pickle.dumps, copy.deepcopy])
def test_a_secret_is_never_written_down(write: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as caught:
        write(Secret(TOKEN))

    assert "hush" not in str(caught.value)


def test_a_traceback_that_shows_variables_does_not_show_a_secret() -> None:
    secret, trace = Secret(TOKEN), ""

    try:
        int(secret)  # type: ignore[call-overload]
    except TypeError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        trace = "".join(told.format())

    assert "secret = ***" in trace
    # the name of the constant is a global; only what is local is shown
    assert "hush" not in trace


def test_two_secrets_are_the_same_when_their_words_are() -> None:
    assert Secret(TOKEN) == Secret(TOKEN)
    assert len({Secret(TOKEN), Secret(TOKEN), Secret("other")}) == 2
    assert Secret(TOKEN) != TOKEN
    assert Secret(TOKEN).reveal() == TOKEN
