"""The composition root: the one place that knows all parts and puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.content.library import Content
from bot.dialogue.flow import Value
from bot.dialogue.session import Session
from bot.runtime.clocks import SystemClock, VirtualClock
from bot.runtime.messages import Address, Update
from bot.runtime.ports import Adapter, Clock, Store, Verdict, Witness
from bot.settings import Settings


@dataclass
class App:
    """Hold the running parts. Use as `async with build(...) as app`, which starts and stops it."""

    store: Store
    clock: Clock

    async def handle(self, update: Update) -> Verdict | None:
        """Take one update through the door; None if it could not be kept (the person was told)."""
        raise NotImplementedError

    async def begin(self, address: Address, flow: str, slots: Mapping[str, Value] | None = None) -> None:
        """Begin a flow for a person, whatever they were doing (`chat --flow`, a rehearsal)."""
        raise NotImplementedError

    async def settle(self) -> None:
        """Wait until everything due now has fired and everything said has been sent."""
        raise NotImplementedError

    async def advance(self, clock: VirtualClock, by: timedelta) -> None:
        """Turn the clock forward, firing every timer on the way at its own time, and settle."""
        raise NotImplementedError

    async def session(self, address: Address) -> Session | None:
        """Read where a person stands."""
        raise NotImplementedError

    async def __aenter__(self) -> App:
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError


def build(  # noqa: PLR0913 -- a composition root takes every part by name
    settings: Settings,
    content: Content,
    store: Store,
    adapters: Mapping[str, Adapter],
    clock: Clock | None = None,
    witness: Witness | None = None,
) -> App:
    """Put the parts together. `adapters` maps a platform's name, as in `Address.platform`, to its adapter."""
    del settings, content, adapters, witness
    return App(store, clock or SystemClock())
