"""Every error Lowtide raises, sorted by whose fault it is.

    LowtideError
    ├── AuthorError          a flow, a prompt or a words file is wrong        (the author mends it)
    │   ├── GuardError       a guard cannot be parsed or has the wrong type
    │   ├── ContentError     the content has faults; carries them all
    │   └── FlowFault        a flow did at run time what `check` would have refused
    ├── OperatorError        settings, files or rights are wrong              (the operator mends it)
    │   ├── SettingsError    carries every wrong setting at once
    │   └── StoreError       the store cannot be opened, is too new, is locked or full
    └── DeliveryError        the platform refused or could not be reached     (the courier decides)

No message ever holds what a person wrote.
"""

from __future__ import annotations


class LowtideError(Exception):
    """Be the root of all errors of this project."""


class AuthorError(LowtideError):
    """Tell an author what to mend."""


class GuardError(AuthorError):
    """Refuse a guard; `column` counts from 0 inside the expression."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


class FlowFault(AuthorError):
    """Stop a step that breaks a bound or a rule that `check` proves for checked flows."""


class OperatorError(LowtideError):
    """Tell an operator what to mend."""


class DeliveryError(LowtideError):
    """Tell the courier that a message did not go out."""
