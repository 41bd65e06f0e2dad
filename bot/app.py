"""The composition root: the one place that knows all parts and puts them together."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from time import perf_counter

from bot.content.helplines import Helplines
from bot.content.library import Content
from bot.content.prompts import SLOW_DOWN
from bot.dialogue.events import Concern, Reading
from bot.dialogue.expect import Expectation
from bot.dialogue.flow import Value
from bot.dialogue.migrating import Needs
from bot.dialogue.session import Session
from bot.encoder.loading import encoder
from bot.exits import way_out
from bot.listening import Listener
from bot.recent import Recent
from bot.runtime.blame import describe
from bot.runtime.clocks import SystemClock, VirtualClock
from bot.runtime.conversations import Conversations
from bot.runtime.courier import Courier
from bot.runtime.desk import USUAL, Habits
from bot.runtime.flood import Floodgate, Tell
from bot.runtime.hearing import Hearing, each_alone
from bot.runtime.keeping import Keeping
from bot.runtime.leaving import Leaving
from bot.runtime.limits import LIMITS, Limits
from bot.runtime.linking import Linking
from bot.runtime.messages import Address, Message, Update
from bot.runtime.meter import UNCOUNTED, Meter
from bot.runtime.nudger import Nudger
from bot.runtime.picturing import Picturing, Sheet
from bot.runtime.places import language_of
from bot.runtime.ports import Adapter, Card, Clock, Reader, Screen, Store, Verdict, Witness
from bot.runtime.releasing import admit
from bot.runtime.rescue import Rescue
from bot.runtime.showing import Showing
from bot.runtime.waking import Waking
from bot.safety.language import clearly
from bot.safety.last_card import last_card
from bot.safety.screen import Finding, Lexicon, screen
from bot.safety.units import Sense
from bot.sensing.model import Model
from bot.settings import Settings
from bot.understanding.choosing import Sureness
from bot.understanding.features import vectors
from bot.understanding.matching import read

log = logging.getLogger(__name__)

_SCREENED = 5_000
"""Texts of which is remembered what was heard in them, under a keyed hash: "yes" is screened once."""


@dataclass
class App:
    """Hold the running parts. Use as `async with build(...) as app`, which starts and stops it."""

    store: Store
    clock: Clock
    conversations: Conversations
    courier: Courier
    nudger: Nudger
    leaving: Leaving
    needs: Callable[[], Needs]
    shared: bool = False
    meter: Meter = UNCOUNTED
    admitted: bool = False
    """Whether the store is open and these flows may be lived in."""

    async def handle(self, update: Update) -> Verdict | None:
        """Take one update through the door; None if it could not be kept (the person was told)."""
        began = perf_counter()
        verdict = await self.leaving.take(update)
        self.meter.took(update, verdict, perf_counter() - began)
        return verdict

    async def begin(self, address: Address, flow: str, slots: Mapping[str, Value] | None = None) -> None:
        """Begin a flow for a person, whatever they were doing (`chat --flow`, a rehearsal)."""
        await self.conversations.begin(address, flow, slots or {})

    async def part(self, address: Address) -> None:
        """Keep still for a person who cannot be reached: nothing waits to be sent, their timers stand."""
        self.courier.drop(address)
        await self.store.left(address, self.clock.now())

    async def welcome(self, address: Address) -> None:
        """Let the timers of a person who can be reached again go on."""
        await self.store.returned(address)
        self.nudger.wake()

    async def settle(self) -> None:
        """Wait until everything due now has fired and everything said has been sent."""
        await self.nudger.fire()
        await self.courier.settle()
        await self.leaving.settle()

    async def advance(self, clock: VirtualClock, by: timedelta) -> None:
        """Turn the clock forward, firing every timer on the way at its own time, and settle."""
        target, last = clock.now() + by, None
        while (due := await self.store.next_due()) and due <= target and due != last:
            clock.turn_to(due)
            await self.settle()
            last = due
        clock.turn_to(target)
        await self.settle()

    async def session(self, address: Address) -> Session | None:
        """Read where a person stands; None if they never came."""
        return await self.conversations.session(address)

    async def start(self) -> None:
        """Open the store, send what an earlier run left unsent, watch the timers."""
        await self.store.open()
        try:
            await admit(self.conversations.flows, self.store, self.clock.now(), self.needs, self.shared)
            self.admitted = True
            await self.courier.start()
            if not self.shared:
                await self.nudger.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop in the opposite order; what was not sent stays in the store."""
        await self.nudger.stop()
        await self.leaving.stop()
        await self.courier.stop()
        await self.store.close()

    async def __aenter__(self) -> App:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def set_aside() -> None:
    """Take what was loaded out of the collector's rounds: through all of it, one holds everybody up 0.1 s."""
    gc.collect()
    gc.freeze()


def build(  # noqa: PLR0913  a composition root takes every part by name
    settings: Settings,
    content: Content,
    store: Store,
    adapters: Mapping[str, Adapter],
    *,
    clock: Clock | None = None,
    witness: Witness | None = None,
    limits: Mapping[str, Limits] = LIMITS,
    habits: Habits = USUAL,
    shared: bool = False,
    sense: Sense | None = None,
    listening: Listener | None = None,
    meter: Meter = UNCOUNTED,
) -> App:
    """Put the parts together. `adapters` maps a platform's name, as in `Address.platform`, to its adapter.

    With `shared` others use the store too: somebody else says when to nudge, and brings what was committed.
    """
    time = clock or SystemClock()
    courier = Courier(store, adapters, time, limits, habits, claimed=shared, meter=meter)
    showing = Showing(content.prompts, content.words)
    picturing = Picturing(content.prompts, content.words, _paint, settings.lang)
    keeping = Keeping(content.flows, store, time, courier, showing, picturing, settings.lang, witness)
    keeping.meter = meter
    hearing = _hearing(content, sense, listening or listener(settings, content))
    rescue = Rescue(_card(content.helplines), content.prompts, settings.lang)
    conversations = Conversations(content.flows, hearing, keeping, rescue, meter=meter)
    nudger = Nudger(store, time, Waking(keeping, conversations.doors, meter).wake)
    keeping.wake = nudger.wake
    handle, doors = conversations.handle, conversations.doors
    linking = Linking(handle, store, time, courier, content.prompts, settings.lang, doors)
    ruled = replace(hearing, screen=_screen(content.lexicon, None)).concern
    tell = _slow_down(conversations, courier)
    floodgate = Floodgate(linking.take, ruled, hearing.concern, tell, time, limits)
    leaving = Leaving(floodgate.take, linking.take, way_out(content, settings.lang), courier, time)
    keeping.cleared = leaving.left
    needs = partial(_surely_set, content)
    return App(store, time, conversations, courier, nudger, leaving, needs, shared, meter)


def _slow_down(conversations: Conversations, courier: Courier) -> Tell:
    """Say once to whoever floods us that we are still here, in their language."""

    async def tell(update: Update) -> None:
        session = await conversations.session(update.address)
        language = language_of(session.memory if session else {}, conversations.rescue.language)
        text = conversations.rescue.prompts.render(SLOW_DOWN, 0, {}, language)
        courier.post([Message(f"slow:{update.fingerprint}", update.address, text)])

    return tell


def _paint(sheet: Sheet) -> bytes:
    from bot.painting.tide import paint  # noqa: PLC0415  only who asks for a picture pays for Pillow

    return paint(sheet)


def _surely_set(content: Content) -> Needs:
    from bot.content.checks.together import surely_set  # noqa: PLC0415  only changed flows pay for it

    return surely_set(content)


def _hearing(content: Content, sense: Sense | None, listening: Listener) -> Hearing:
    screening, reading = _screen(content.lexicon, sense), _reader(content, listening)
    place = _place if isinstance(sense, Model) else each_alone
    return Hearing(
        content.flows, screening, reading, content.why.find, lambda text: clearly(text) or "", place
    )


def _place(texts: Sequence[str]) -> None:
    """Let the encoder, which remembers for a while, place texts together that are screened one by one."""
    try:
        if found := encoder():
            vectors(texts, found)
    except Exception as error:  # the screen asks again, and hears without it
        log.error("texts could not be placed: %s", describe(error))


def _screen(lexicon: Lexicon, sense: Sense | None) -> Screen:
    recent: Recent[tuple[Concern | None]] = Recent(_SCREENED)

    def heard(text: str, careful: bool) -> Concern | None:
        mark = recent.mark(f"{careful:d}{text}".encode(errors="surrogatepass"))
        known = recent.get(mark)
        if known is None:
            try:
                known = (_concern(screen(text, lexicon, careful, sense)),)
            except Exception as error:  # the rules must hear even where the model breaks
                log.error("the model of danger failed: %s", describe(error))
                return _concern(screen(text, lexicon, careful))
            recent.put(mark, known)
        return known[0]

    return heard


def _concern(finding: Finding | None) -> Concern | None:
    return Concern(finding.gate, finding.tier, finding.figure) if finding else None


_LINES = {"unsafe": "domestic", "coerced": "domestic", "minor": "children"}
"""Gates for which another line than the one for suicide is named on the last card."""


def _card(helplines: Helplines) -> Card:
    def card(concern: Concern, country: str, language: str) -> str:
        if country not in helplines.countries:
            return last_card(concern.gate, language=language)
        there = helplines.of(country, language)
        kind = _LINES.get(concern.gate, "suicide")
        name, call = (getattr(there, f"{kind}_{part}") for part in ("name", "call"))
        if not call:
            name, call = there.suicide_name, there.suicide_call
        return last_card(concern.gate, there.emergency, f"{name}, {call}", language)

    return card


def listener(settings: Settings, content: Content, *, patient: bool = True) -> Listener:
    """Make the ear; `patient` as there."""
    return Listener(content, encoder, settings.kept_anew / "listening", patient=patient)


def _reader(content: Content, listening: Listener) -> Reader:
    def understood(text: str, expectation: Expectation, language: str) -> Reading:
        def judge(text: str, expectation: Expectation) -> Sureness | None:
            return listening.sure(text, expectation, language)

        return read(text, expectation, content.words.speaking(language), content.why.find, judge)

    return understood
