"""What one answer costs: our step and three libraries, on the same questionnaire with the same Jinja2 render.

Twelve questions in a ring, half of them options and half free text. Each answer is validated, kept, leads to
the next question (one of them by a guard), and that question is rendered with all answers so far. Every
library carries the state by its own means, first in memory and then as JSON between two turns, against ours
likewise. What they do besides is theirs: ours fences turns, arms and drops a timer a question, counts tries
and can go back. Understanding of free text and storage are left out of all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from statemachine import State as Place
from statemachine import StateMachine
from telegram import Chat, Message, Update, User
from telegram.ext import Application, CallbackContext, ConversationHandler, MessageHandler, filters
from transitions import EventData, Machine

from bot.content.prompts import Prompts
from bot.dialogue.codec import from_json, to_json
from bot.dialogue.effects import Say
from bot.dialogue.events import Answered, Reading
from bot.dialogue.flow import (
    Ask,
    Flow,
    Line,
    Option,
    Repair,
    Setter,
    Slot,
    State,
    Timer,
    Transition,
)  # fmt: skip  a name a line would hide what follows
from bot.dialogue.flows import Flows, Globals
from bot.dialogue.guards import parse
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step

NOW = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
QUESTIONS = tuple(f"q{number}" for number in range(12))
TEXTS = tuple("low" if number % 2 else f"answer number {number}" for number in range(12))
OPTIONS = ("low", "high", "unsure")
BRANCH = 5
"""The question from which a guard leads on."""
Answer = Callable[[int], str]
"""Answer question number n (from 0), and return the next question as it is said."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """Take part under a name."""

    name: str
    answer: Answer


def after(number: int) -> int:
    """Return the question that follows in the ring."""
    return (number + 1) % len(QUESTIONS)


def fits(number: int, text: str) -> bool:
    """Tell whether a text answers a question: one of its options, or up to 60 characters."""
    return text in OPTIONS if number % 2 else 0 < len(text) <= 60


def write_prompts(folder: Path) -> Prompts:
    """Write a template a question, each naming two earlier answers, and load them as ours."""
    (folder / "en" / "ask").mkdir(parents=True)
    for number, question in enumerate(QUESTIONS):
        before = max(0, number - 1)
        text = (
            f"Question *{question}*.\n"
            "{% if q0 is defined %}You began with {{ q0 | quote }}.{% endif %}\n"
            f"{{% if q{before} is defined %}}Just now: _{{{{ q{before} }}}}_.{{% endif %}}\n"
        )
        (folder / "en" / "ask" / f"{question}.j2").write_text(text)
    return Prompts(folder)


# --- ours ------------------------------------------------------------------------------------------------


def our_flows() -> Flows:
    """Write the questionnaire as a flow."""
    slots = {question: Slot(question, "text", max=60) for question in QUESTIONS}
    flow = Flow("ask", 1, "q0", ("lapsed",), {name: our_state(n) for n, name in enumerate(QUESTIONS)}, slots)
    return Flows({"ask": flow}, Globals("ask", {}, {}, (), ()))


def our_state(number: int) -> State:
    """Write one question: even ones take a text, odd ones have options; all lapse and give up."""
    name, following = QUESTIONS[number], QUESTIONS[after(number)]
    ways: tuple[Transition, ...] = (Transition(following),)
    if number == BRANCH:
        ways = (Transition("q0", parse(f"{name} == 'high'")), *ways)
    asked = {
        "say": (Line(f"ask/{name}"),),
        "repair": Repair((Line(f"ask/{name}"),), 3, "lapsed"),
        "timers": (Timer("lapse", after=259_200, to="lapsed"),),
    }
    if number % 2 == 0:
        return State(name, ask=Ask(name), goto=ways, **asked)
    return State(name, options=tuple(our_option(name, option, ways) for option in OPTIONS), **asked)


def our_option(question: str, option: str, ways: tuple[Transition, ...]) -> Option:
    """Write an option that keeps itself in the question's slot."""
    return Option(option, f"ask/{option}", f"ask/{option}", ways, set=(Setter(question, option),))


def ours(prompts: Prompts, through_json: bool) -> Answer:
    """Answer through `step`, holding the session as a value or as text."""
    flows = our_flows()
    events = [Answered(text, reading=Reading(option=text if n % 2 else None)) for n, text in enumerate(TEXTS)]
    held: Any = begin(flows, Session("bench"), "ask", NOW)[0]

    def answer(number: int) -> str:
        nonlocal held
        session = from_json(json.loads(held)) if isinstance(held, str) else held
        session, effects = step(flows, session, events[number], NOW)
        held = json.dumps(to_json(session)) if through_json else session
        say = effects[0]  # messages come first
        assert isinstance(say, Say)
        return prompts.render(say.lines[0].prompt, say.lines[0].variant, say.slots)

    return answer


# --- transitions -------------------------------------------------------------------------------------------


class Model:
    """Hold one person's answers, as `transitions` wants it."""

    state: str
    answer: Callable[..., bool]

    def __init__(self, prompts: Prompts, answers: dict[str, str]) -> None:
        self.prompts = prompts
        self.answers = answers
        self.said = ""

    def fits(self, event: EventData) -> bool:
        return fits(int(self.state[1:]), event.kwargs["text"])

    def high(self, event: EventData) -> bool:
        return bool(event.kwargs["text"] == "high")

    def keep(self, event: EventData) -> None:
        self.answers[self.state] = event.kwargs["text"]

    def ask(self, _: EventData) -> None:
        self.said = self.prompts.render(f"ask/{self.state}", 0, self.answers)


def machine() -> Machine:
    """Build the machine that moves every model."""
    ring = Machine(None, list(QUESTIONS), initial="q0", auto_transitions=False, send_event=True)
    steps = {"before": "keep", "after": "ask"}
    for number, question in enumerate(QUESTIONS):
        if number == BRANCH:
            ring.add_transition("answer", question, "q0", conditions=["fits", "high"], **steps)
        ring.add_transition("answer", question, QUESTIONS[after(number)], conditions="fits", **steps)
    return ring


def with_transitions(prompts: Prompts) -> Answer:
    """Answer through a `transitions` machine and a model that stays in memory."""
    model = Model(prompts, {})
    machine().add_model(model)

    def answer(number: int) -> str:
        model.answer(text=TEXTS[number])
        return model.said

    return answer


def with_transitions_kept(prompts: Prompts) -> Answer:
    """Answer through a `transitions` machine and a model that is read from JSON and written again."""
    ring, held = machine(), json.dumps(["q0", {}])

    def answer(number: int) -> str:
        nonlocal held
        state, answers = json.loads(held)
        model = Model(prompts, answers)
        ring.add_model(model, initial=state)
        model.answer(text=TEXTS[number])
        ring.remove_model(model)
        held = json.dumps([model.state, model.answers])
        return model.said

    return answer


# --- python-statemachine -----------------------------------------------------------------------------------


class Ring(StateMachine):
    """Ask in a ring, as python-statemachine wants it."""

    q0 = Place(initial=True)
    q1, q2, q3, q4, q5 = Place(), Place(), Place(), Place(), Place()
    q6, q7, q8, q9, q10, q11 = Place(), Place(), Place(), Place(), Place(), Place()

    answer = (
        (q0.to(q1, cond="fits") | q1.to(q2, cond="fits") | q2.to(q3, cond="fits"))
        | (q3.to(q4, cond="fits") | q4.to(q5, cond="fits") | q5.to(q0, cond=["fits", "high"]))
        | (q5.to(q6, cond="fits") | q6.to(q7, cond="fits") | q7.to(q8, cond="fits"))
        | (q8.to(q9, cond="fits") | q9.to(q10, cond="fits") | q10.to(q11, cond="fits"))
        | q11.to(q0, cond="fits")
    )

    def __init__(self, prompts: Prompts, answers: dict[str, str], state: str = "q0") -> None:
        self.prompts = prompts
        self.answers = answers
        self.said = ""
        super().__init__(start_value=state)

    def fits(self, source: Place, text: str) -> bool:
        return fits(int(source.id[1:]), text)

    def high(self, text: str) -> bool:
        return text == "high"

    def before_answer(self, source: Place, text: str) -> None:
        self.answers[source.id] = text

    def after_answer(self, target: Place) -> None:
        self.said = self.prompts.render(f"ask/{target.id}", 0, self.answers)


def with_statemachine(prompts: Prompts) -> Answer:
    """Answer through a python-statemachine machine that stays in memory."""
    ring = Ring(prompts, {})

    def answer(number: int) -> str:
        ring.send("answer", text=TEXTS[number])
        return ring.said

    return answer


def with_statemachine_kept(prompts: Prompts) -> Answer:
    """Answer through a python-statemachine machine that is built from JSON and written again."""
    held = json.dumps(["q0", {}])

    def answer(number: int) -> str:
        nonlocal held
        state, answers = json.loads(held)
        ring = Ring(prompts, answers, state)
        ring.send("answer", text=TEXTS[number])
        held = json.dumps([next(iter(ring.configuration)).id, ring.answers])
        return ring.said

    return answer


# --- python-telegram-bot -----------------------------------------------------------------------------------


def with_conversation_handler(prompts: Prompts) -> Answer:
    """Answer through a ConversationHandler alone: no network, no dispatch through the Application."""
    said = ""

    def callback(number: int) -> Callable[[Update, Any], Any]:
        async def take(update: Update, context: Any) -> int:
            nonlocal said
            text = update.message.text
            if not fits(number, text):
                return number
            context.user_data[QUESTIONS[number]] = text
            following = 0 if number == BRANCH and text == "high" else after(number)
            said = prompts.render(f"ask/{QUESTIONS[following]}", 0, context.user_data)
            return following

        return take

    states = {n: [MessageHandler(filters.TEXT, callback(n))] for n in range(len(QUESTIONS))}
    handler = ConversationHandler([MessageHandler(filters.TEXT, callback(len(QUESTIONS) - 1))], states, [])
    application = Application.builder().token("1:bench").updater(None).build()
    updates = [update(text) for text in TEXTS]
    loop = asyncio.new_event_loop()

    def answer(number: int) -> str:
        drive(handle(handler, application, updates[number]))
        return said

    answer(len(QUESTIONS) - 1)  # the entry point takes it, and asks the first question
    loop.close()
    return answer


async def handle(handler: Any, application: Any, update: Update) -> None:
    """Let a handler look at an update and take it, as Application.process_update would."""
    found = handler.check_update(update)
    context = CallbackContext.from_update(update, application)
    await handler.handle_update(update, application, found, context)


def drive(work: Any) -> None:
    """Run a coroutine that never waits, without the cost of an event loop."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise RuntimeError("it waited for something")


def update(text: str) -> Update:
    """Write an update as Telegram sends it."""
    person = User(7, "Sam", is_bot=False)
    return Update(1, Message(1, NOW, Chat(7, "private"), from_user=person, text=text))


# --- the measurement ---------------------------------------------------------------------------------------


def entrants(prompts: Prompts) -> list[Entrant]:
    """Line them up, ours first; then those whose state is JSON between two turns, for a bot restarts."""
    transitions, statemachine = (f"{name} {version(name)}" for name in ("transitions", "python-statemachine"))
    telegram = f"python-telegram-bot {version('python-telegram-bot')}"
    return [
        Entrant("lowtide", ours(prompts, through_json=False)),
        Entrant(transitions, with_transitions(prompts)),
        Entrant(telegram, with_conversation_handler(prompts)),
        Entrant(statemachine, with_statemachine(prompts)),
        Entrant("lowtide, through JSON", ours(prompts, through_json=True)),
        Entrant(f"{transitions}, through JSON", with_transitions_kept(prompts)),
        Entrant(f"{statemachine}, through JSON", with_statemachine_kept(prompts)),
        Entrant("the render alone", lambda n: prompts.render(f"ask/{QUESTIONS[after(n)]}", 0, ANSWERS)),
    ]


ANSWERS = dict(zip(QUESTIONS, TEXTS, strict=True))


def agree(field: list[Entrant]) -> None:
    """Make sure that all say the same, all the way round; that also warms them."""
    for _ in range(2):
        for number in range(len(QUESTIONS)):
            said = {entrant.answer(number) for entrant in field[:-1]}
            if len(said) != 1:
                raise SystemExit(f"question {number}: they do not say the same: {said}")


def measure(field: list[Entrant], rounds: int, laps: int) -> dict[str, float]:
    """Return the median microseconds of a step, taking turns so that a busy moment meets all."""
    times: dict[str, list[float]] = {entrant.name: [] for entrant in field}
    for _ in range(rounds):
        for entrant in field:
            started = time.perf_counter()
            for number in [*range(len(QUESTIONS))] * laps:
                entrant.answer(number)
            steps = laps * len(QUESTIONS)
            times[entrant.name].append((time.perf_counter() - started) / steps * 1e6)
    return {name: statistics.median(each) for name, each in times.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--laps", type=int, default=100, help="times round the twelve questions, a round")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        field = entrants(write_prompts(Path(folder)))
        agree(field)
        medians = measure(field, given.rounds, given.laps)
    print(f"a step of a 12-state questionnaire with its Jinja2 render, median of {given.rounds} rounds")
    print(f"{'':40}{'µs a step':>10}{'x ours':>9}")
    for name, median in medians.items():
        own = "lowtide, through JSON" if name.endswith("JSON") else "lowtide"
        print(f"{name:40}{median:10.1f}{median / medians[own]:9.2f}")


if __name__ == "__main__":
    main()
