"""How far each line is to be moved in: two blanks for each level, counted while the signs go by."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.content.tokens import Token

STEP = 2


@dataclass(slots=True)
class Level:
    """Hold one block: where its lines begin and are to begin; `bare` is a list no deeper than its key."""

    was: int
    now: int
    kind: str
    bare: bool = False


@dataclass(slots=True)
class Indents:
    """Follow the blocks; `moved` is how far the last line of a block has moved, `inside` counts brackets."""

    levels: list[Level] = field(default_factory=list)
    moved: int = 0
    inside: int = 0

    def pass_by(self, token: Token) -> None:
        """Take note of a sign."""
        if token.kind in {"map", "list"}:
            self.levels.append(Level(token.column, self._deeper(), token.kind))
        elif token.kind == "end":
            self._leave_bare()
            self.levels.pop()
        elif token.kind in {"{", "["}:
            self.inside += 1
        elif token.kind in {"}", "]"}:
            self.inside -= 1
        elif not self.inside:
            self._bare(token)

    def _bare(self, token: Token) -> None:
        """Notice a list that stands no deeper than its key, and its end; YAML has no sign for them."""
        top = self.levels[-1] if self.levels else None
        if top is None:
            return
        if token.kind == "-" and top.kind == "map" and token.column == top.was:
            self.levels.append(Level(top.was, top.now + STEP, "list", bare=True))
        elif token.kind == "key" and top.bare and token.column == top.was:
            self.levels.pop()

    def _leave_bare(self) -> None:
        if self.levels[-1].bare:
            self.levels.pop()

    def _deeper(self) -> int:
        return self.levels[-1].now + STEP if self.levels else 0

    def line(self, token: Token) -> int:
        """Return where a line that begins with this sign is to begin."""
        if self.inside - (token.kind in {"{", "["}) > 0 or not self.levels or token.kind == "other":
            return max(0, token.column + self.moved)
        top = self.levels[-1]
        begin = top.now if token.column == top.was else top.now + STEP
        self.moved = begin - token.column
        return begin

    def places(self) -> dict[int, int]:
        """Return where lines of each open block began, and are to begin: comments among them go along."""
        return {level.was: level.now for level in self.levels if not level.bare}
