"""How our values look inside a row: times as whole microseconds, messages as JSON."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.runtime.messages import Address, Button, Document, Message, Outgoing, Picture, Wording

REACHED_KEPT = 64
"""Turns whose time of delivery is remembered, to tell which question a late text had not seen."""

_USUAL = "en"
"""The language of a message where none is kept."""
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
DAY = 86_400_000_000
"""Microseconds of a day."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parts() -> list[tuple[bytes, bytes]]:
    """Return bounds that part all keyed hashes into pieces of one size, each looked through in a moment.

    So no index by time is needed, which every message would have to write to.
    """
    bounds = [bytes((first,)) for first in range(0, 256, 4)] + [b"\xff" * 17]
    return list(pairwise(bounds))


def to_micros(when: datetime) -> int:
    """Count the microseconds from 1970 to an aware time, exactly."""
    since = when - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """Give the aware time in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def day_of(when: datetime) -> int:
    """Count the microseconds from 1970 to the day of an aware time: the hour would tell who it was."""
    micros = to_micros(when)
    return micros - micros % DAY


def enclose(address: Address) -> bytes:
    """Write an address, to be sealed."""
    return _bytes([address.platform, address.chat])


def disclose(enclosed: bytes) -> Address:
    """Read back what `enclose` wrote."""
    platform, chat = json.loads(enclosed)
    return Address(platform, chat)


def pack(message: Outgoing) -> bytes:
    """Write what is to be shown and where; key and turn have columns of their own."""
    where = {"platform": message.address.platform, "chat": message.address.chat}
    return _bytes(where | shown(message))


def shown(message: Outgoing) -> dict[str, object]:
    """Return what is to be shown as plain data."""
    fields: dict[str, object] = {"text": message.text, "lane": message.lane}
    if message.until:
        fields["until"] = to_micros(message.until)
    if isinstance(message, Document):
        fields["name"] = message.name
    elif isinstance(message, Picture):
        fields |= {"picture": message.name, "alt": message.alt, "sketch": message.sketch}
        fields["data"] = b64encode(message.data).decode()
    else:
        fields["buttons"] = [[button.label, button.token] for button in message.buttons]
        if message.edits:
            fields["edits"] = [message.edits.text, message.edits.most]
        if message.language != _USUAL:
            fields["language"] = message.language
    return fields


def unpack(key: str, turn: int, packed: bytes) -> Outgoing:
    """Read back what `pack` wrote."""
    fields = json.loads(packed)
    address = Address(fields["platform"], fields["chat"])
    text, lane = fields["text"], fields["lane"]
    until = from_micros(fields["until"]) if "until" in fields else None
    if "name" in fields:
        return Document(key, address, fields["name"], text, lane=lane, turn=turn, until=until)
    if "picture" in fields:
        name, alt, sketch = fields["picture"], fields["alt"], fields["sketch"]
        data = b64decode(fields["data"])
        return Picture(key, address, name, text, alt, data, sketch, lane=lane, turn=turn, until=until)
    buttons = tuple(Button(label, token) for label, token in fields["buttons"])
    edits = Wording(*fields["edits"]) if "edits" in fields else None
    language = fields.get("language", _USUAL)
    return Message(key, address, text, buttons, lane, turn, until, edits, language)


def _bytes(plain: object) -> bytes:
    return _ENCODE(plain).encode()  # ASCII: a lone surrogate comes back as it was
