"""Who has taken what, for stores that one process owns: it is kept in mind and ends with the process."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.runtime.ports import Change, Claim, Posted, Verdict, Waiting


class Claims:
    """Remember until when persons are taken, and how far each owner has taken the outbox."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._outbox: dict[str, tuple[str, int]] = {}

    def held(self, now: datetime) -> Collection[str]:
        """Name the persons who are taken."""
        self._until = {person: until for person, until in self._until.items() if until > now}
        return self._until.keys()

    def hold(self, found: Sequence[Waiting], claim: Claim, now: datetime) -> Sequence[Waiting]:
        """Take those who have not been taken meanwhile, and return them."""
        held = self.held(now)
        free = [waiting for waiting in found if waiting.person.id not in held]
        self._until |= {waiting.person.id: claim.until for waiting in free}
        return free

    def end(self, changes: Sequence[Change], verdicts: Sequence[Verdict]) -> None:
        """Let go of those whose timers have fired."""
        for change, verdict in zip(changes, verdicts, strict=True):
            if verdict is Verdict.COMMITTED and change.fired:
                self._until.pop(change.person, None)

    def taken_to(self, platform: str, owner: str) -> int:
        """Tell the last number an owner took; a new owner has taken none."""
        name, number = self._outbox.get(platform, (owner, 0))
        return number if name == owner else 0

    def take_to(self, platform: str, owner: str, found: Sequence[Posted]) -> None:
        """Note what an owner took."""
        after = self.taken_to(platform, owner)
        self._outbox[platform] = (owner, max([after, *(posted.number for posted in found)]))
