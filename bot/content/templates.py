"""Prompts compiled and said: a template is compiled when it is first needed, and kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Template, nodes, pass_context
from jinja2.runtime import Context

from bot.content.faults import Fault, Spot
from bot.content.sandbox import Ready, TemplateFault, compiled, environment, failed_at, parsed, rendered
from bot.content.sources import Sources
from bot.content.words import Words
from bot.errors import FlowFault


class Templates:
    """Hold the compiled variants of every prompt; `lined` gathers the prompts that `line` was asked for."""

    def __init__(self, sources: Sources, words: Words) -> None:
        self.lined: set[str] = set()
        self._sources = sources
        self._words = words
        self._compiled: dict[tuple[str, str, int], Template] = {}
        self._env = environment(line=self._line, label=self._label)

    def tree(self, name: str, variant: int, lang: str) -> nodes.Template:
        """Parse one variant anew, for whoever looks into it; raises `TemplateFault`."""
        wording = self._sources.of(lang)[name].variants[variant]
        return parsed(self._env, wording.text, wording.line)

    def fault(self, name: str, variant: int, lang: str) -> Fault | None:
        """Return what is wrong with one variant of a language, None when it compiles."""
        try:
            self._template(name, variant, lang)
        except TemplateFault as fault:
            file = self._sources.of(lang)[name].file
            return Fault("W602", Spot(file, fault.line), fault.message, fault.fix)
        return None

    def say(self, name: str, variant: int, values: Mapping[str, Any], lang: str) -> str:
        """Render a variant with everything a template may use; raises `FlowFault` without any value in it."""
        try:
            template = self._template(name, variant, lang)
        except TemplateFault as fault:
            raise FlowFault(f"prompt {name!r} does not compile: line {fault.line}: {fault.message}") from None
        try:
            return rendered(template, {**values, "_lang": lang})
        except FlowFault:
            raise
        # Whatever fails in a template, its exception may hold what a person wrote: it must not go on.
        except Exception as error:
            place = f"{template.filename}:{failed_at(template, error.__traceback__)}"
            raise FlowFault(f"{place}: prompt {name!r} fails: {_told(error)}") from None

    def _template(self, name: str, variant: int, lang: str) -> Template:
        """Return a compiled template; `variant` begins again past the last."""
        key = (lang, name, variant)
        if key not in self._compiled:
            source = self._sources.find(name, lang)
            if source is None:
                raise FlowFault(f"there is no prompt {name!r}")
            wording = source.variants[variant % len(source.variants)]
            tree = parsed(self._env, wording.text, wording.line)
            self._compiled[key] = compiled(self._env, tree, source.file)
        return self._compiled[key]

    @pass_context
    def _line(self, context: Context, name: str, n: int = 0) -> Ready:
        """Say another prompt with the same slots; the `line` of templates."""
        self.lined.add(name)
        return Ready(self.say(name, n, context.get_all(), context["_lang"]))

    @pass_context
    def _label(self, context: Context, key: str) -> str:
        """Return a label; the `label` of templates."""
        return self._words.label(key, context["_lang"])


def _told(error: Exception) -> str:
    """Say what failed without any value: the name of a slot that is not set, or else the kind of error."""
    unset = re.fullmatch(r"'(\w+)' is undefined", str(error))
    if unset:
        return f"{unset[1]!r} is not set here"
    if isinstance(error, RecursionError):
        return "it says itself"
    return (
        "it shows what is neither text nor a number" if isinstance(error, TypeError) else "it breaks a rule"
    )
