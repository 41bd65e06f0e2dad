"""Prompts compiled and said: a template is compiled when it is first needed, and kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from jinja2 import Template, nodes, pass_context
from jinja2.runtime import Context

from bot.content.faults import Fault, Spot
from bot.content.sandbox import (
    Ready,
    TemplateFault,
    compiled,
    environment,
    failed_at,
    parsed,
    rendered,
    tidied,
)
from bot.content.sources import Sources, Variant
from bot.content.words import Words
from bot.errors import FlowFault

Look: TypeAlias = Callable[[Variant], "nodes.Template | None"]


class PromptFault(FlowFault):
    """Say at which spot a prompt failed and why, without any value; `code` is a key of `CODES`."""

    def __init__(self, code: str, spot: Spot, reason: str) -> None:
        super().__init__(f"{spot.file}:{spot.line}: {reason}")
        self.code = code
        self.spot = spot
        self.reason = reason


class _NoPrompt(Exception):
    """A template says a prompt that does not exist."""


class Templates:
    """Hold the compiled variants of every prompt.

    `lined` and `labelled` gather the prompts and labels that templates have asked for.
    """

    def __init__(self, sources: Sources, words: Words) -> None:
        self.lined: set[str] = set()
        self.labelled: set[str] = set()
        self._sources = sources
        self._words = words
        self._compiled: dict[tuple[str, str, int], Template | str] = {}
        self._env = environment(line=self._line, label=self._label)

    def tree(self, variant: Variant) -> nodes.Template:
        """Parse a wording anew, for whoever looks into it; raises `TemplateFault`."""
        return parsed(self._env, variant.text, variant.line)

    def fault(self, name: str, variant: int, lang: str, look: Look | None = None) -> Fault | None:
        """Return what is wrong with one variant of a language, None when it compiles.

        `look` gives what somebody has parsed already, None where that is nothing.
        """
        try:
            self._template(name, variant, lang, look)
        except TemplateFault as fault:
            file = self._sources.of(lang)[name].file
            return Fault("W602", Spot(file, fault.line), fault.message, fault.fix)
        return None

    def say(self, name: str, variant: int, values: dict[str, Any], lang: str) -> str:
        """Render a variant with everything a template may use, `_lang` too.

        Raises:
            FlowFault: it fails; no value is in the message.
        """
        try:
            template = self._template(name, variant, lang)
        except _NoPrompt:
            raise FlowFault(f"there is no prompt {name!r}") from None
        except TemplateFault as fault:
            found = self._sources.find(name, lang)
            spot = Spot(found.file if found else name, fault.line)
            raise PromptFault("W602", spot, f"this prompt does not compile: {fault.message}") from None
        if isinstance(template, str):
            return template
        try:
            return rendered(template, values)
        except PromptFault:
            raise
        # Whatever fails in a template, its exception may hold what a person wrote: it must not go on.
        except Exception as error:
            spot = Spot(template.filename or name, failed_at(template, error.__traceback__))
            raise PromptFault(
                "W601" if isinstance(error, _NoPrompt) else "W603", spot, _told(error)
            ) from None

    def _template(self, name: str, variant: int, lang: str, look: Look | None = None) -> Template | str:
        """Return a compiled template, or the text of one that has nothing to fill in."""
        key = (lang, name, variant)
        if key not in self._compiled:
            source = self._sources.find(name, lang)
            if source is None:
                raise _NoPrompt(name)
            wording = source.variants[variant % len(source.variants)]
            self._compiled[key] = (
                tidied(wording.text)
                if wording.constant
                else compiled(
                    self._env, wording.text, wording.line, source.file, look(wording) if look else None
                )
            )
        return self._compiled[key]

    @pass_context
    def _line(self, context: Context, name: str, n: int = 0) -> Ready:
        """Say another prompt with the same slots; the `line` of templates."""
        self.lined.add(name)
        if self._sources.find(name, context["_lang"]) is None:
            raise _NoPrompt(name)
        return Ready(self.say(name, n, context.get_all(), context["_lang"]))

    @pass_context
    def _label(self, context: Context, key: str) -> str:
        """Return a label; the `label` of templates."""
        self.labelled.add(key)
        return self._words.label(key, context["_lang"])


def _told(error: Exception) -> str:
    """Say what failed without any value: the name of a slot that is not set, or else the kind of error."""
    unset = re.fullmatch(r"'(\w+)' is undefined", str(error))
    if unset:
        return f"{unset[1]!r} is not set here"
    if isinstance(error, _NoPrompt):
        return f"there is no prompt {error.args[0]!r}"
    if isinstance(error, RecursionError):
        return "this prompt says itself"
    return (
        "it shows what is neither text nor a number" if isinstance(error, TypeError) else "it breaks a rule"
    )
