"""The bench of Telegram's clients runs and prints both rows."""

import pytest

from tests.bench import telegram_client


def test_both_clients_send_every_message(capsys: pytest.CaptureFixture[str]) -> None:
    telegram_client.main(["--sends", "16"])

    printed = capsys.readouterr().out.splitlines()

    assert [line.split(",")[0] for line in printed[1:]] == ["ours", "python-telegram-bot's own"]
