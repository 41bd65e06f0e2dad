"""A token that never shows."""

from __future__ import annotations

import hmac
from typing import NoReturn


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
