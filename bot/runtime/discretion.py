"""The last look at every log line: whatever a library wrote into it, a secret leaves as `***`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import quote

MASK = "***"


class Discreet(logging.Formatter):
    """Format as usual, tracebacks included, then take out the secrets, plain and as an address holds them."""

    def __init__(self, secrets: Sequence[str], form: str) -> None:
        super().__init__(form)
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), repr(secret)[1:-1])}
        self._secrets = sorted(filter(None, forms), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return self.masked(super().format(record))

    def masked(self, text: str) -> str:
        """Return a text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text
