"""What a prompt may hold: a small, closed part of Jinja2, in its immutable sandbox, where values stay text.

The list is here and everything else is refused when a template is compiled: no includes, no macros, no
attributes but those of `helpline` and `loop`, no call but `line` and `label`, no loop in a loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from types import CodeType, TracebackType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.content.filters import clock, quote, roughly, row, told_duration, yours
from bot.content.helplines import Helpline
from bot.content.markup import escape

CALLS = ("line", "label")
"""The functions a template may call."""
_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign),
    *(nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Call),
    *(nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg),
)
_FILTERS = ("default", "join", "length", "first", "last", "lower", "upper", "capitalize", "trim", "replace")
_TESTS = ("defined", "undefined", "in")
_GAP = re.compile(r"\n{3,}")
_ELSEWHERE = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


class TemplateFault(Exception):
    """Tell at which line of its file a template is wrong, and how to mend it."""

    def __init__(self, line: int, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.fix = fix


_LIVE = re.compile(r"(?<![\w/])([/@])(?=\w)")
_JOINED = "\\1\u2060"
"""What a person typed may look like a command or a mention; behind its first sign stands a word joiner, which
shows as nothing, so that no platform makes something of it that can be tapped."""


class Ready(str):
    """Mark text that is markup already and must not be escaped again."""

    __slots__ = ()


class _Sandbox(ImmutableSandboxedEnvironment):
    """Allow the attributes of two kinds of things only."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        del value
        return isinstance(obj, Helpline | LoopContext) and not attr.startswith("_")


def environment(**functions: Callable[..., str]) -> ImmutableSandboxedEnvironment:
    """Build the sandbox around the functions that templates may call."""
    env = _Sandbox(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown)
    env.globals = dict(functions)
    env.filters = {name: env.filters[name] for name in _FILTERS}
    env.filters |= {
        "quote": quote,
        "row": row,
        "duration": told_duration,
        "clock": clock,
        "yours": yours,
        "roughly": roughly,
    }
    env.tests = {name: env.tests[name] for name in _TESTS}
    return env


def _shown(value: Any) -> str:
    """Turn a value into markup that reads as exactly that value."""
    if value.__class__ is str:
        return escape(_LIVE.sub(_JOINED, value) if "/" in value or "@" in value else value)
    if isinstance(value, Ready):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | StrictUndefined):
        raise TypeError("neither text nor a number")
    return escape(str(value))


def parsed(env: ImmutableSandboxedEnvironment, text: str, first: int = 1) -> nodes.Template:
    """Parse a template that begins at line `first` of its file.

    Raises:
        TemplateFault: it is no template, or holds what a prompt may not.
    """
    try:
        tree = env.parse(text)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.lineno + first - 1, error.message or "this is no template") from None
    for node in below(tree):
        if node.lineno is not None:  # Jinja2 leaves it out of `a if b else c`
            node.lineno += first - 1
        _permit(node)
    return tree


def below(node: nodes.Node) -> Iterator[nodes.Node]:
    """Give a node and everything in it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.iter_child_nodes()


def _permit(node: nodes.Node) -> None:
    """Refuse a node that a prompt may not hold."""
    if isinstance(node, _ELSEWHERE):
        raise TemplateFault(
            node.lineno, "a prompt takes nothing from other files", "say it by {{ line('name') }}"
        )
    if not isinstance(node, _NODES):
        raise TemplateFault(
            node.lineno,
            f"a prompt may not use {type(node).__name__}",
            "see prompts/README.md for what it may use",
        )
    if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name in CALLS):
        raise TemplateFault(node.lineno, "a prompt calls nothing but line() and label()")
    if isinstance(node, nodes.For) and (node.recursive or next(node.find_all(nodes.For), None)):
        raise TemplateFault(node.lineno, "a prompt holds no loop in a loop")
    if isinstance(node, nodes.Name) and node.name.startswith("_"):
        raise TemplateFault(node.lineno, f"no slot is called {node.name!r}")
    if isinstance(node, nodes.Output):
        _permit_backslashes(node)


def _permit_backslashes(node: nodes.Output) -> None:
    """Refuse a backslash right before a value: it would undo the escaping of what a person typed."""
    for text, value in pairwise(node.nodes):
        if isinstance(text, nodes.TemplateData) and not isinstance(value, nodes.TemplateData):
            slashes = len(text.data) - len(text.data.rstrip("\\"))
            if slashes % 2:
                raise TemplateFault(
                    value.lineno, "a lone backslash stands before {{ }}", "double or remove it"
                )


def compiled(
    env: ImmutableSandboxedEnvironment, text: str, first: int, file: str, tree: nodes.Template | None = None
) -> Template:
    """Compile a template that begins at line `first` of `file`; `tree` is it parsed, where somebody has that.

    A text is compiled once a process, however often it is loaded: what templates may call is no part of it.

    Raises:
        TemplateFault: it is no template, holds what a prompt may not, or names a filter or a test that does
            not exist.
    """
    key = (text, first, file)
    if key not in _CODE:
        _CODE[key] = _compiled(text, first, file, tree)
    # A plain dict: the chain of maps that Jinja2 makes here costs a third of every rendering.
    return Template.from_code(env, _CODE[key], dict(env.globals))


_CODE: dict[tuple[str, int, str], CodeType] = {}


def _compiled(text: str, first: int, file: str, tree: nodes.Template | None) -> CodeType:
    env = _plain_environment()
    try:
        return env.compile(parsed(env, text, first) if tree is None else tree, filename=file)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.lineno, error.message or "this is no template") from None


@cache
def _plain_environment() -> ImmutableSandboxedEnvironment:
    return environment()


def rendered(template: Template, values: dict[str, Any]) -> str:
    """Return what a template says."""
    context = template.new_context({**template.globals, **values}, shared=True)  # or Jinja2 copies them twice
    return tidied("".join(template.root_render_func(context)))


def tidied(text: str) -> str:
    """Return a text without blanks at the edges of its lines, and with at most one blank line in a row."""
    text = text.strip()
    if " \n" in text or "\n " in text or "\n\n\n" in text or "\t" in text or "\r" in text:
        lines = text.replace("\r\n", "\n").split("\n")
        return _GAP.sub("\n\n", "\n".join([line.strip(" \t") for line in lines]))
    return text


def failed_at(template: Template, trace: TracebackType | None) -> int:
    """Return the line of its file at which a template failed, 1 when none is known."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.filename:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
