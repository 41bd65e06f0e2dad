"""What passes between a platform and the core, in our own types: updates come in, messages go out.

Nothing a person wrote shows in the `repr` of these, so that it cannot slip into a log or a traceback.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import TypeAlias

from bot.dialogue.effects import Lane


@dataclass(frozen=True, slots=True)
class Address:
    """Name where a person is reached: a platform and a private chat on it."""

    platform: str
    chat: str


@dataclass(frozen=True, slots=True)
class Text:
    """A person typed this; `turn` is that of the question whose words they changed to it."""

    text: str = field(repr=False)
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A person pressed the button that carries this token."""

    token: str


@dataclass(frozen=True, slots=True)
class Command:
    """A person gave a command; `text` is what stood behind its name.

    `about` is what a link that they followed leads to: nothing they wrote themselves.
    """

    name: str
    text: str = field(default="", repr=False)
    about: str = ""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A person sent what we cannot read; `kind` is one word, such as `sticker` or `voice`."""

    kind: str


What: TypeAlias = Text | Press | Command | Unsupported


@dataclass(frozen=True, slots=True)
class Update:
    """Say what a platform sent. `id` is unique on its platform and the same when it is sent again.

    `sent_at` is aware, and the end of the second where a platform tells whole seconds only; None says that
    everything shown so far had been read. `speaks` is the language their app is set to, as in `pt-br`.
    """

    id: str
    address: Address
    sent_at: datetime | None
    what: What
    speaks: str = ""

    @property
    def fingerprint(self) -> str:
        """Give the key by which a repeated update is recognised; it names nobody."""
        return blake2b(f"{self.address.platform}\0{self.id}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Button:
    """Show a choice. The token is `turn:index`; an adapter may sign it on the way."""

    label: str = field(repr=False)
    token: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold words, as plain text, that a person may change to at most so many characters of their own."""

    text: str = field(repr=False)
    most: int


@dataclass(frozen=True, slots=True)
class Message:
    """Show a text in our markup with its buttons. `turn` is 0 for what stands outside the turns.

    `key` is the same whenever the message is sent again. After `until`, an aware time, it comes too late and
    is dropped. What `edits` has become is an answer like any other that is typed. `language` is that of the
    text, for what a platform says around it.
    """

    key: str
    address: Address
    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    lane: Lane = "reply"
    turn: int = 0
    until: datetime | None = None
    edits: Wording | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Document:
    """Hand over a file of plain text called `name`."""

    key: str
    address: Address
    name: str
    text: str = field(repr=False)
    lane: Lane = "reply"
    turn: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Show a picture, the bytes of a PNG called `name`, under a text in our markup that says the same.

    `alt` says what the picture is to who cannot see it, `sketch` draws it with letters for a terminal.
    """

    key: str
    address: Address
    name: str
    text: str = field(repr=False)
    alt: str = field(repr=False)
    data: bytes = field(repr=False)
    sketch: str = field(default="", repr=False)
    lane: Lane = "reply"
    turn: int = 0
    until: datetime | None = None


Outgoing: TypeAlias = Message | Document | Picture


def legible(text: str) -> str:
    """Return a text as every store and platform can carry it: half a sign becomes �, and no NUL is in it.

    What was something does not become nothing.
    """
    if text.isascii() and "\0" not in text:
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "") or "�"


_TOKEN = re.compile(r"([0-9]{1,9}):([0-9]{1,3})", re.ASCII)


def token(turn: int, index: int) -> str:
    """Make the token of the button at `index` of the question asked at `turn`."""
    return f"{turn}:{index}"


def parse_token(text: str) -> tuple[int, int] | None:
    """Read turn and index back; None for anything we did not make. Never raises."""
    match = _TOKEN.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None
