"""A table of answers to read texts against, and sentences for it, written for these tests alone."""

from __future__ import annotations

from bot.dialogue.expect import Expectation
from bot.dialogue.flow import Option, Slot, Transition
from bot.dialogue.flows import Interrupt

SAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "empty": (
        "I have nothing left for people",
        (
            "i'm so tired of everyone",
            "no energy to answer anyone",
            "replying feels like too much",
            "everything feels heavy, people too",
            "i stay in bed and ignore my phone",
            "i have nothing to give right now",
            "cant face talking to people",
            "i just feel numb",
        ),
    ),
    "burden": (
        "I only weigh them down",
        (
            "i'm a burden to everyone",
            "a burden",
            "they'd be happier without me around",
            "i don't want to drag them down",
            "i ruin everything for her",
            "i don't deserve them",
            "they are only being nice to me out of pity",
        ),
    ),
    "first": (
        "I leave before they leave me",
        (
            "i leave before they can leave me",
            "everyone leaves in the end",
            "i'm waiting for him to dump me",
            "better i end it than she does",
            "i know she will get bored of me",
            "people always leave",
        ),
    ),
    "close": (
        "It got too close",
        (
            "it was going well and then i panicked",
            "he said he loves me and i wanted to run",
            "it's getting too close",
            "i feel trapped when someone likes me",
            "after a good weekend i want to disappear",
        ),
    ),
    "shame": (
        "It has been too long to answer",
        (
            "it's been months and i don't know what to say",
            "i'm too ashamed to write back now",
            "i left her on read for weeks",
            "what do i even say after all this time",
            "i feel guilty for ghosting him",
        ),
    ),
    "line": (
        "I need this distance",
        (
            "he treats me badly and i'm done",
            "i need space from her",
            "i said no and they keep pushing",
            "she is not good for me",
        ),
    ),
    "other": ("That's not it", ("none of these", "something else", "it's something different")),
    "yes": ("Yes", ("i am afraid of him", "she controls me", "i feel unsafe")),
    "no": ("No", ("i'm not afraid of them", "it's safe with them")),
    "unsure": ("Not sure", ("i don't know", "maybe", "hard to say", "sometimes")),
    "rather_not": ("I'd rather not say", ("skip this", "don't want to talk about that")),
    "fine": ("Fine", ("👍", "all good")),
    "stop": ("", ("stop", "quit", "stop it please", "leave me alone")),
    "human": ("", ("are you human", "are you a bot", "am i talking to a real person")),
    "back": ("", ("back", "go back", "one step back")),
    "why": ("", ("why", "why do you ask", "tell me why")),
}


class Words:
    """Give the words of the table above."""

    def label(self, key: str) -> str:
        return SAYS[key][0]

    def says(self, key: str) -> tuple[str, ...]:
        return SAYS[key][1]


WORDS = Words()
INTERRUPTS = (
    Interrupt("stop", "stop", command="stop", says="stop"),
    Interrupt("human", "say", says="human"),
    Interrupt("back", "back", says="back"),
    Interrupt("why", "why", says="why"),
)
DRIVERS = ("empty", "burden", "first", "close", "shame", "line", "other")
GATE = ("yes", "no", "unsure", "rather_not")


def table(*keys: str, slot: Slot | None = None, passes: str = "", typed: str = "") -> Expectation:
    """Lay options on the table, with the interrupts that are always there; `passes` opens a gate."""
    options = tuple(
        Option(key, key, key, (Transition("on"),), passes=key == passes, typed=key == typed) for key in keys
    )
    return Expectation("flow", "state", options, slot, INTERRUPTS, 1)


def no_page(_: str) -> str | None:
    """Find no page, whatever is asked."""
    return None


CLEAR = {
    "empty": (
        "honestly i'm just so tired of everyone",
        "I'm SO tired. of. everyone.",
        "im exhausted and ignoring my phone, staying in bed all day",
        "feel numb",
        "i have no energy to answer anybody. work was long and the kids were loud and then the car broke",
        "evrything feels hevy",
    ),
    "burden": (
        "i feel like im a burden on everyone",
        "theyd be happier without me",
        "i dont deserve her",
        "I just ruin everything for everyone",
        "im such a burdan",
        "they're nice to me only out of pity i think",
    ),
    "first": (
        "i always leave before they can leave me",
        "everyone leaves eventually",
        "she'll get bored of me, i know it",
        "waiting for him to dump me tbh",
        "ppl always leave",
    ),
    "close": (
        "we had a good weekend and now i want to disappear",
        "he told me he loves me and i wanted to run away",
        "feeling trapped because someone likes me",
    ),
    "shame": (
        "it's been like five months and i dont know what to say",
        "too ashamed to write back",
        "i left him on read for three weeks",
        "so guilty about ghosting my friend",
    ),
    "line": (
        "I just need some space from my sister",
        "he treats me really badly. I'm done.",
    ),
    "other": ("none of those", "something else", "its something different really", "that's not it"),
}
"""What means one option clearly."""

UNCLEAR = (
    "what time is it in lisbon",
    "my dog ate the remote again",
    "can you write my homework",
    "ok",
    "hm",
    "i don't understand the question",
    "the weather has been strange all week and my train was late so i read half a book about bees",
    "tell me a joke",
    "pizza",
    "my sister is getting married in june and i have to find a dress",
    "who made you",
    "i never said i was a mechanic",
    "he works nights at the hospital",
    "nice",
    "how long does this take",
    "asdfgh",
    "😀",
    "we met at school, then she moved to spain for work",
    "it is what it is",
    "i love him",
)
"""What means none of the drivers."""
