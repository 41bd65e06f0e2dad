"""A button's token, signed for one chat, so that nobody can press what was shown to somebody else.

The signature fits every platform: with its token it takes at most 36 bytes.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from bot.runtime.messages import Address

_KEPT = 16
"""Bytes of the HMAC-SHA256 that are kept: 128 bits cannot be guessed through a chat."""


def sign(token: str, address: Address, key: bytes) -> str:
    """Return the token with its signature for one chat: `turn:index:signature`, at most 36 bytes."""
    return f"{token}:{_signature(token, address, key)}"


def verified(signed: str, address: Address, key: bytes) -> str | None:
    """Return the token of a signed text; None unless it was signed for this chat with this key."""
    token, _, given = signed.rpartition(":")
    whole = hmac.compare_digest(given.encode(errors="replace"), _signature(token, address, key).encode())
    return token if whole else None


def _signature(token: str, address: Address, key: bytes) -> str:
    signed = f"button\0{address.platform}\0{address.chat}\0{token}".encode(errors="replace")
    return urlsafe_b64encode(hmac.digest(key, signed, sha256)[:_KEPT]).decode().rstrip("=")
