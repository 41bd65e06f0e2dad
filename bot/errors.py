"""Every error Lowtide raises, sorted by whose fault it is.

    LowtideError
    ├── AuthorError          a flow, a prompt or a words file is wrong        (the author mends it)
    │   ├── GuardError       a guard cannot be parsed or has the wrong type
    │   ├── PatternError     a pattern of the lexicon cannot be read
    │   ├── ContentError     the content has faults; carries them all
    │   └── FlowFault        a flow did at run time what `check` would have refused
    │       └── Homeless     a session stands where the present flows have no place for it
    ├── OperatorError        settings, files or rights are wrong              (the operator mends it)
    │   ├── SettingsError    carries every wrong setting at once
    │   ├── EncoderError     the sentence encoder is not the one that was measured
    │   ├── StoreError       the store cannot be opened, is too new, is locked or full
    │   │   └── Superseded   other flows went live; replicas that run those answer now
    │   ├── Older            newer flows are live than those at hand
    │   └── Stranded         people wait where the flows at hand have no place for them
    └── DeliveryError        a message did not go out                         (the courier decides)
        ├── Unreachable      the platform did not take it now: try again
        ├── Refused          it can never be sent: drop it
        └── PersonGone       the person has left: stop writing to them

No message ever holds what a person wrote.
"""

from __future__ import annotations

from collections.abc import Sequence


class LowtideError(Exception):
    """Be the root of all errors of this project."""


class AuthorError(LowtideError):
    """Tell an author what to mend."""


class GuardError(AuthorError):
    """Refuse a guard; `column` counts from 0 inside the expression."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


class ContentError(AuthorError):
    """Refuse content; `faults` holds each fault, or a sentence for it."""

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


class PatternError(AuthorError):
    """Refuse a pattern of the lexicon; `column` counts from 0 inside it."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


class FlowFault(AuthorError):
    """Stop a step that breaks a bound or a rule that `check` proves for checked flows."""


class Homeless(FlowFault):
    """Refuse to guess where a session that an older version of a flow wrote should stand."""


class OperatorError(LowtideError):
    """Tell an operator what to mend."""


class SettingsError(OperatorError):
    """Refuse the settings; `faults` holds a sentence for each that is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class EncoderError(OperatorError):
    """Refuse an encoder whose file is missing or another than the one that was measured."""


class StoreError(OperatorError):
    """Say where a store is, what is wrong with it, and how to mend it."""


class Superseded(StoreError):
    """Leave something to the replicas that run the flows that are live."""

    def __init__(self) -> None:
        super().__init__("other flows are live; start this replica again with them")


class Older(OperatorError):
    """Refuse flows that are older than those that are live, where others may be answering with these."""

    def __init__(self, flows: Sequence[str]) -> None:
        mend = "start with the newer flows, or let these go live again: lowtide release"
        super().__init__("\n".join(("newer flows are live:", *flows, mend)))
        self.flows = tuple(flows)


class Stranded(OperatorError):
    """Refuse flows that would strand people; `places` holds a line for each place that leads nowhere."""

    def __init__(self, places: Sequence[str]) -> None:
        mend = "say under `migrate:` in the flow where they go, or start with the flows that were live before"
        super().__init__("\n".join(("these flows would strand people:", *places, mend)))
        self.places = tuple(places)


class DeliveryError(LowtideError):
    """Tell the courier that a message did not go out."""


class Unreachable(DeliveryError):
    """Ask to try again, after `retry_after` seconds if the platform said so; `anybody` makes all wait."""

    def __init__(self, message: str, retry_after: float | None = None, anybody: bool = True) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.anybody = anybody


class Refused(DeliveryError):
    """Say that this message can never be sent."""


class PersonGone(DeliveryError):
    """Say that this person cannot be reached any more."""


def reason(error: OSError) -> str:
    """Say in the system's own words, small, why it would not; they quote nobody."""
    return (error.strerror or type(error).__name__).lower()
