"""An adapter between the strict server and a recorder behind the door, for tests of one side of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.adapters.telegram import Telegram
from bot.adapters.telegram_opening import Speech, Ways
from bot.runtime.messages import Address, Button, Message, Update, What, token
from bot.runtime.ports import Verdict
from tests.adapters.telegram_server import TOKEN, TelegramServer

KEY = b"k" * 32
MINA, NOOR = 11, 12
FAST = Ways(poll=1, waits=(0.01, 0.05), patience=30.0)
SPEECH = Speech("en", ("en", "de"), ("start", "why", "stop"))


def words(key: str, language: str) -> str:
    return f"{key} in {language}"


def at(chat: int) -> Address:
    return Address("telegram", str(chat))


def asked(
    chat: int, turn: int = 1, text: str = "Which one?", labels: Sequence[str] = ("One", "Two")
) -> Message:
    buttons = tuple(Button(label, token(turn, index)) for index, label in enumerate(labels))
    return Message(f"s:{turn}:0", at(chat), text, buttons, turn=turn)


@dataclass
class Stage:
    """Hold what came through the door. `answer` is what the door says to each update."""

    server: TelegramServer
    heard: list[Update] = field(default_factory=list)
    present: list[tuple[Address, bool]] = field(default_factory=list)
    answer: Callable[[Update], Awaitable[Verdict | None]] | None = None
    telegram: Telegram = field(init=False)

    async def handle(self, update: Update) -> Verdict | None:
        verdict = await self.answer(update) if self.answer else Verdict.COMMITTED
        if verdict is not None:
            self.heard.append(update)
        return verdict

    async def note(self, address: Address, here: bool) -> None:
        self.present.append((address, here))

    def make(self, ways: Ways = FAST) -> Telegram:
        return Telegram(
            TOKEN,
            self.server.url,
            self.handle,
            words,
            KEY,
            presence=self.note,
            ways=ways,
            speech=SPEECH,
        )

    def whats(self) -> list[What]:
        return [update.what for update in self.heard]

    async def drained(self) -> None:
        """Wait until the server knows that everything was kept."""
        await self.server.until(lambda: not self.server.updates)


@asynccontextmanager
async def staged(ways: Ways = FAST, limited: bool = False) -> AsyncIterator[Stage]:
    """Run an adapter against a server of its own."""
    async with TelegramServer(limited=limited) as server:
        stage = Stage(server)
        stage.telegram = stage.make(ways)
        await stage.telegram.start()
        try:
            yield stage
        finally:
            await stage.telegram.stop()
