"""The grammar of guards: a scanner and an operator-precedence parser, bounded in size and depth."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue.guard_nodes import FUNCTIONS, LARGEST, Apply, Binary, Items, Literal, Name, Node, Unary
from bot.errors import GuardError

LONGEST, DEEPEST = 500, 24
"""The most characters a guard may have, and the deepest nesting: its cost is bounded by its length."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<duration>\d+[smhdw]\b)|(?P<int>\d+\b)|(?P<text>'[^'\n]*'|"[^"\n]*")"""
    r"""|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>==|!=|<=|>=|[<>+\-*()\[\],]))"""
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_BINDS = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6} | dict.fromkeys(
    ("==", "!=", "<", "<=", ">", ">=", "in", "not in"), 4
)
_COMPARES = 4


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one token and the column it begins at."""

    kind: str
    text: str
    column: int


def parse_tree(source: str) -> Node:
    """Parse a whole guard.

    Raises:
        GuardError: with the column, from 0, of what is wrong.
    """
    if len(source) > LONGEST:
        raise GuardError(f"a guard has at most {LONGEST} characters; move part of it into another state")
    parser = _Parser(scan(source))
    node = parser.expression(0, 0)
    parser.expect("end", "an operator or the end")
    return node


def scan(source: str) -> list[Token]:
    """Cut a guard into tokens; the last is of kind `end`."""
    tokens: list[Token] = []
    at = 0
    end = len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None:
            column = at + len(source[at:]) - len(source[at:].lstrip())
            raise GuardError(f"a guard cannot hold {source[column]!r} here", column)
        kind = str(match.lastgroup)
        tokens.append(Token(kind, match.group(kind), match.start(kind)))
        at = match.end()
    return [*tokens, Token("end", "", end)]


class _Parser:
    """Climb precedence over a list of tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def expect(self, text: str, wanted: str) -> None:
        token = self.next()
        if text not in (token.text, token.kind):
            raise GuardError(f"expected {wanted}, found {token.text or 'the end'!r}", token.column)

    def operator(self) -> tuple[str, int]:
        """Look at the operator that comes next, and how many tokens it takes."""
        token = self.tokens[self.at]
        if token.text == "not" and self.tokens[self.at + 1].text == "in":
            return "not in", 2
        return (token.text if token.kind in {"word", "mark"} else ""), 1

    def expression(self, floor: int, depth: int) -> Node:
        if depth > DEEPEST:
            raise GuardError(
                "a guard may not nest so deep; move part of it into another state",
                self.tokens[self.at].column,
            )
        left = self.operand(depth)
        while True:
            op, width = self.operator()
            binds = _BINDS.get(op, 0)
            if binds == 0 or binds <= floor:
                return left
            column = self.tokens[self.at].column
            self.at += width
            left = Binary(op, left, self.expression(binds, depth + 1), column)
            self.refuse_chain(binds)

    def refuse_chain(self, binds: int) -> None:
        """Refuse `a < b < c`: it reads like one thing and means another."""
        if binds == _COMPARES and _BINDS.get(self.operator()[0], 0) == _COMPARES:
            raise GuardError("join two comparisons with `and`", self.tokens[self.at].column)

    def operand(self, depth: int) -> Node:
        token = self.next()
        if token.kind == "word":
            return self.word(token, depth)
        if token.kind == "mark":
            return self.mark(token, depth)
        if token.kind == "end":
            raise GuardError("the guard ends where a value should stand", token.column)
        return literal(token)

    def word(self, token: Token, depth: int) -> Node:
        if token.text == "not":
            # Binds looser than a comparison: `not a == b` is `not (a == b)`.
            return Unary("not", self.expression(3, depth + 1), token.column)
        if token.text in {"true", "false"}:
            return Literal(token.text == "true", "bool", token.column)
        if token.text in {"and", "or", "in"}:
            raise GuardError(f"`{token.text}` stands where a value should", token.column)
        if self.tokens[self.at].text == "(":
            return self.call(token, depth)
        return Name(token.text, token.column)

    def mark(self, token: Token, depth: int) -> Node:
        if token.text == "(":
            inner = self.expression(0, depth + 1)
            self.expect(")", "`)`")
            return inner
        if token.text == "-":
            return Unary("-", self.expression(7, depth + 1), token.column)
        if token.text == "[":
            return self.items(token)
        raise GuardError(f"`{token.text}` stands where a value should", token.column)

    def items(self, opening: Token) -> Node:
        found: list[Literal] = []
        while self.tokens[self.at].text != "]" or not found:
            token = self.next()
            if token.kind not in {"int", "text", "duration"}:
                raise GuardError("a list holds texts, numbers or durations", token.column)
            found.append(literal(token))
            if self.tokens[self.at].text != "]":
                self.expect(",", "`,` or `]`")
        self.next()
        return Items(tuple(found), opening.column)

    def call(self, name: Token, depth: int) -> Node:
        arity = FUNCTIONS.get(name.text)
        if arity is None:
            raise GuardError(
                f"no function is called {name.text!r}; there are {', '.join(FUNCTIONS)}", name.column
            )
        self.next()
        args = [self.expression(0, depth + 1)]
        while self.tokens[self.at].text == ",":
            self.next()
            args.append(self.expression(0, depth + 1))
        self.expect(")", "`)`")
        if len(args) != arity:
            raise GuardError(f"{name.text} takes {arity}, not {len(args)}", name.column)
        return Apply(name.text, tuple(args), name.column)


def literal(token: Token) -> Literal:
    """Read a literal's value: a number saturates, a duration becomes seconds."""
    if token.kind == "text":
        return Literal(token.text[1:-1], "text", token.column)
    unit = _SECONDS[token.text[-1]] if token.kind == "duration" else 1
    number = int(token.text.rstrip("smhdw")[:20]) * unit
    return Literal(min(number, LARGEST), token.kind, token.column)
