"""Lowtide in a terminal: options are numbered, lines are answers, and a pipe works as well as a person."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TextIO
from uuid import uuid4

from bot.content.markup import Span, parse
from bot.errors import Unreachable
from bot.runtime.messages import (
    Address,
    Button,
    Command,
    Document,
    Message,
    Outgoing,
    Picture,
    Press,
    Text,
    Update,
    What,
)

HERE = Address("console", "terminal")
"""The one person a terminal speaks to."""
WIDEST, MARGIN = 76, "  "
"""Columns a line of text may take, and what stands before it."""
CLEAR = "\x1b[H\x1b[2J\x1b[3J"
"""Go home, clear the screen, clear what was scrolled away."""
BOLD, ITALIC, DIM, BLUE, RESET = "\x1b[1m", "\x1b[3m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PROMPT = "› "

Extra = Callable[[str], Awaitable[str]]
"""A command of the terminal's own: from the words behind it to what is shown."""


@dataclass
class Console:
    """Show messages on a stream and make updates of what is typed. `styled` draws with colours.

    Without `out` it writes to whatever `sys.stdout` is at the moment: line editing puts its own there. Only
    a `screen` can be cleared; `wiped` counts how often it was.
    """

    out: TextIO | None = None
    styled: bool = False
    echo: bool = False
    screen: bool = False
    wiped: int = field(default=0, init=False)
    shown: int = field(default=0, init=False)
    buttons: tuple[Button, ...] = field(default=(), init=False)

    async def send(self, message: Outgoing) -> None:
        """Show a message, with its options numbered from 1."""
        if isinstance(message, Document):
            self.write(f"{message.name}\n\n{message.text}")
        else:
            self.write(self.drawn(parse(message.text)))
        if isinstance(message, Message):
            self.offer(message.buttons)
        elif isinstance(message, Picture):
            self.put(indented(message.sketch) + "\n\n")
        self.shown += 1

    async def clear(self, chat: str, text: str) -> None:
        """Clear the screen and what was scrolled off it, and show a text; a pipe gets the text alone."""
        del chat
        self.buttons, self.wiped = (), self.wiped + 1
        if self.screen:
            self.put(CLEAR)
        if text:
            self.write(clean(text))

    def offer(self, buttons: tuple[Button, ...]) -> None:
        """Number the options; they stay good until others are shown."""
        if buttons:
            self.buttons = buttons
            rows = [f"{self.style(BLUE, f'{n:>2}')}  {clean(b.label)}" for n, b in enumerate(buttons, 1)]
            self.write("\n".join(rows))

    def write(self, text: str) -> None:
        """Print a block of text with a margin and an empty line behind it."""
        columns = min(WIDEST, shutil.get_terminal_size((WIDEST + 4, 24)).columns - 4)
        for line in text.split("\n"):
            for row in wrapped(line, max(20, columns)):
                self.put(f"{MARGIN}{row}".rstrip() + "\n")
        self.put("\n")

    def put(self, text: str) -> None:
        """Write to the stream as it is; a stream that is gone is a delivery that failed."""
        try:
            out = self.out or sys.stdout
            out.write(text)
            out.flush()
        except (OSError, ValueError) as error:
            raise Unreachable(f"the terminal is gone: {type(error).__name__}") from None

    def drawn(self, spans: tuple[Span, ...]) -> str:
        """Draw markup with the terminal's own styles; nothing a person typed can steer the terminal."""
        return "".join(self._span(span) for span in spans)

    def _span(self, span: Span) -> str:
        style = (BOLD if span.bold else "") + (ITALIC if span.italic else "")
        return self.style(style, clean(span.text)) if style else clean(span.text)

    def style(self, code: str, text: str) -> str:
        """Wrap text in a style where the terminal has styles."""
        return f"{code}{text}{RESET}" if self.styled else text

    def update(self, line: str) -> Update:
        """Make an update of a typed line: a command, the number of an option, or text."""
        return Update(uuid4().hex, HERE, None, self._meant(line))

    def _meant(self, line: str) -> What:
        words = line.strip()
        if re.fullmatch(r"/[A-Za-z_]+(\s.*)?", words, re.DOTALL):
            name, _, rest = words[1:].partition(" ")
            return Command(name.lower(), rest.strip())
        if words.isascii() and words.isdigit() and 0 < int(words[:4]) <= len(self.buttons):
            return Press(self.buttons[int(words[:4]) - 1].token)
        return Text(line)


def clean(text: str) -> str:
    """Return text without characters that would steer a terminal."""
    return _CONTROL.sub("", text.replace("\t", " "))


def indented(text: str) -> str:
    """Return lines with the margin, as they are: a drawing is not wrapped."""
    return "\n".join(f"{MARGIN}{line}".rstrip() for line in text.split("\n"))


def wrapped(line: str, columns: int) -> list[str]:
    """Break a line at spaces; continued rows of a numbered option stand under its words."""
    indent = re.match(r"(\x1b\[\d+m)?\s*\d+(\x1b\[0m)?  ", line)
    hang = "    " if indent else ""
    return textwrap.wrap(line, columns, subsequent_indent=hang, break_on_hyphens=False) or [""]


async def converse(
    console: Console,
    lines: AsyncIterator[str],
    handle: Callable[[Update], Awaitable[Any]],
    settle: Callable[[], Awaitable[None]],
    extras: dict[str, Extra],
) -> None:
    """Take typed lines until they end or say `/quit`. `extras` are commands of the terminal's own."""
    async for line in lines:
        console.put(f"{PROMPT}{clean(line)}\n\n" if console.echo else "\n")
        if not line.strip():
            continue
        update = console.update(line)
        name = update.what.name if isinstance(update.what, Command) else ""
        if name in {"quit", "exit", "q"}:
            return
        if name in extras and isinstance(update.what, Command):
            work = _shown(console, extras[name](update.what.text))
        else:
            console.buttons = ()
            work = _answered(handle(update), settle)
        if not await finished(work):
            return


async def _shown(console: Console, words: Awaitable[str]) -> None:
    console.write(await words)


async def _answered(handled: Awaitable[Any], settle: Callable[[], Awaitable[None]]) -> None:
    await handled
    await settle()


async def finished(work: Coroutine[Any, Any, None]) -> bool:
    """Do work to its end, whatever is pressed; tell False where Ctrl-C was pressed meanwhile.

    While words are on their way no prompt takes the key, so asyncio cancels whoever waits (and a second one
    ends the program at once). The conversation ends then as it does at a prompt, with nothing half said.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not _pressed():
            raise  # it was the work that was cancelled, not whoever waits for it
        await task
        return False
    return True


def _pressed() -> bool:
    """Tell whether whoever waits was cancelled, as Ctrl-C does, and take it as heard."""
    waiting = asyncio.current_task()
    if waiting is None or not waiting.cancelling():
        return False
    waiting.uncancel()
    return True


async def typed(console: Console) -> AsyncIterator[str]:
    """Yield the lines of a person at a terminal, with line editing; Ctrl-C and Ctrl-D end it.

    What was typed is remembered for the arrow keys until the screen is cleared or the program ends, and
    never written to a file.
    """
    # Imported late: it takes longer to load than the first words take to say.
    from prompt_toolkit import PromptSession  # noqa: PLC0415  see above
    from prompt_toolkit.formatted_text import ANSI  # noqa: PLC0415  see above
    from prompt_toolkit.history import InMemoryHistory  # noqa: PLC0415  see above
    from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415  see above

    wiped = -1
    prompt = ANSI(f"{BLUE}{PROMPT}{RESET}") if console.styled else PROMPT
    with patch_stdout(raw=True):  # a nudge that arrives while somebody types is printed above their line
        while True:
            if wiped != console.wiped:
                wiped, session = console.wiped, PromptSession[str](history=InMemoryHistory())
            try:
                yield await session.prompt_async(prompt)
            except (EOFError, KeyboardInterrupt):
                return
            except asyncio.CancelledError:  # Ctrl-C a moment before the prompt began to take keys
                if not _pressed():
                    raise
                return


async def piped(stream: TextIO) -> AsyncIterator[str]:
    """Yield the lines of a stream, without holding up the loop; bytes that are no text are replaced."""
    while line := await asyncio.to_thread(stream.readline):
        yield line.rstrip("\r\n")
