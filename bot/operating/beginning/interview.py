"""The questions put one by one, in a terminal or through a pipe; a token is never shown."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.adapters.checkup import Finding
from bot.errors import ContentError, LowtideError, OperatorError, reason
from bot.operating.beginning.questions import QUESTIONS, Question, guess
from bot.runtime.discretion import Discreet
from bot.settings import Settings, read_settings
from bot.settings.envfile import quoted
from bot.settings.given import variable

NONE = "none"
"""What is typed to leave out what has a default."""
_INTRODUCTION = """Six questions, then Lowtide can run. Enter takes what stands in brackets, `none` leaves a
thing out; Ctrl-C ends this, and nothing is written."""
_HIDDEN = " (typing is not shown)"
_UNWRITTEN = "nothing was written"


@dataclass
class Interview:
    """Ask in an environment, beside what was `chosen` before, by the settings' small names."""

    environment: Mapping[str, str]
    chosen: dict[str, str] = field(default_factory=dict, repr=False)
    person: bool = False

    def answers(self) -> dict[str, str]:
        """Return what was chosen before, with the answers to all questions.

        Raises:
            OperatorError: an answer through a pipe is wrong, or no more came.
        """
        print(f"{_INTRODUCTION}\n")
        try:
            for number, question in enumerate(QUESTIONS, 1):
                self._put(number, question)
        except EOFError:
            print()
            raise OperatorError(f"no more answers came; {_UNWRITTEN}") from None
        except KeyboardInterrupt:
            print(f"\n{_UNWRITTEN}")
            raise
        return self.chosen

    def settings(self, **more: str) -> Settings:
        """Return the settings as they would be."""
        named = {variable(name): text for name, text in {**self.chosen, **more}.items()}
        return read_settings({**self.environment, **named})

    def _put(self, number: int, question: Question) -> None:
        """Ask until the answer will do; through a pipe there is one try."""
        default = self.chosen.get(question.name) or guess(question.name, self.environment, self.settings())
        shown = ("***" if question.secret else default) if default else question.none
        hidden = _HIDDEN if question.secret and self.person else ""
        ask = f"{number}/{len(QUESTIONS)}  {question.words} [{shown}]{hidden}: "
        while not self._takes(question, self._heard(ask, question) or default):
            if not self.person:
                raise OperatorError(f"question {number} has no answer that will do; {_UNWRITTEN}")
        print()

    def _heard(self, ask: str, question: Question) -> str:
        if not self.person:
            print(ask)
            if not (line := sys.stdin.readline()):  # an empty line is an answer; the end of a pipe is none
                raise EOFError
            return line.strip()
        return (getpass.getpass if question.secret else input)(ask).strip()

    def _takes(self, question: Question, answer: str) -> bool:
        """Look at an answer, say what was found, and keep it where it will do."""
        try:
            quoted(text := _written(question, answer))
            settings = self.settings(**{question.name: text})
            found = question.look(settings)
        except ContentError as error:
            return _told(f"it has {len(error.faults)} faults; run `lowtide check` on it")
        except LowtideError as error:
            return _told(str(error))
        except OSError as error:
            return _told(f"it cannot be looked at ({reason(error)})")
        _tell(found, Discreet(settings.secrets(), ""))
        wrong = [one for one in found if not one.good]
        if any(one.what in question.grave for one in wrong):
            return False
        if wrong:
            print("     the answer stands; `lowtide doctor` looks again")
        if self.environment.get(variable(question.name), text) != text:
            print(f"     {variable(question.name)} of the environment is another, and wins: unset it there")
        self.chosen[question.name] = text
        if question.name == "content" and text:  # what a folder alone would say, it says now
            self.chosen |= {"flows": "", "prompts": ""}
        return True


def _written(question: Question, answer: str) -> str:
    if answer.lower() != NONE:
        return question.written(answer)
    if question.none:
        return ""
    raise OperatorError("this one cannot be left out; Enter takes what stands in brackets")


def _told(wrong: str) -> bool:
    print(f"     {wrong}")
    return False


def _tell(found: list[Finding], mask: Discreet) -> None:
    for line in (line for one in found for line in str(one).splitlines()):
        print(mask.masked(f"     {line}"))
