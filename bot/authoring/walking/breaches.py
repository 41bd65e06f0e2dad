"""What holds in every conversation, by name, and what is told when it does not."""

from __future__ import annotations

from dataclasses import dataclass

INVARIANTS = {
    "fault": "no move raises anything",
    "speech": "every template renders, in every language, and no message or label is too long or empty",
    "stop": "stop ends everything at once, from every wait, in one message",
    "danger": "a sign of danger is answered at once, from every wait, by its own words and in one step",
    "crowd": "at most three messages come before the person's turn",
    "options": "a question that takes no text shows an answer to tap",
    "silence": "whoever writes is answered, unless they leave by the quick exit",
    "twice": "who answers no question the same way twice reads no line twice in a talk",
    "rung": "no step toward a person is reached before both gates were passed, nor in the visit of a crisis",
    "endless": "every conversation ends: by silence (but after a quick exit), by answers that mean nothing",
    "json": "a session is the same after it was written to JSON and read",
    "slots": "every slot holds a value of its type",
    "timers": "a timer waits only for a question that is open, or for a promise that stands",
    "bounds": "a turn is one later than the one before, and no more than eight flows are stacked",
}
"""Each invariant: the name it is told by, and the sentence that is true of sound flows."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Say which invariant is broken, where, and how; two are the same when name and place are."""

    name: str
    place: str
    told: str

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells this from another."""
        return self.name, self.place

    def __str__(self) -> str:
        """Write it as one line for an author."""
        return f"{self.name} at {self.place or 'the beginning'}: {self.told}"
