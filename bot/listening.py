"""The ear of the bot: it learns once from all that authors wrote, and then ranks what a text may mean."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.content.library import Content
from bot.content.pseudo import HEARD_AS
from bot.content.words import Words
from bot.dialogue.expect import Expectation
from bot.remembering import remembered
from bot.safety.encoding import Encoder
from bot.shelf import Shelf
from bot.understanding import features, model
from bot.understanding.choosing import Sureness

if TYPE_CHECKING:
    from bot.understanding.features import Rows
    from bot.understanding.model import Corpus

log = logging.getLogger(__name__)

_NOT_SAID = ("platform/", "heard/")
"""Words that answer no question: the adapters’ own lines, and words for somebody in a story."""

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Hold what is learnt from in one language: phrases by the key they mean, and texts that mean nothing."""

    phrases: tuple[tuple[str, str], ...]
    nothing: tuple[str, ...]

    def digest(self, encoder: str) -> str:
        """Return a name for all that decides what is learnt from this."""
        made_by = [features.VERSION, model.VERSION, encoder]
        whole = json.dumps([made_by, self.phrases, self.nothing])
        return sha256(whole.encode()).hexdigest()[:24]


def lessons(words: Words, lang: str) -> Lessons:
    """Gather the labels and phrases of a language."""
    keys = [key for key in words.entries() if not key.startswith(_NOT_SAID)]
    said = ((key, (words.label(key, lang), *words.says(key, lang))) for key in keys)
    pairs = tuple((key, phrase) for key, phrases in said for phrase in dict.fromkeys(phrases))
    return Lessons(pairs, words.nothing(lang))


class Learner:
    """Learn one language; each question's judge is made when it is first needed, or comes from the shelf."""

    def __init__(self, taught: Lessons, encoder: Encoder | None, root: Path) -> None:
        self._taught, self._encoder, self._root = taught, encoder, root
        self._shelf = Shelf(root, taught.digest(encoder.name if encoder else "none"))
        self._judges: dict[Keys, Rows | None] = {}
        self._lock = threading.Lock()

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {
            key: number for number, key in enumerate(dict.fromkeys(key for key, _ in self._taught.phrases))
        }

    @cached_property
    def _tells(self) -> Rows:
        kept = self._shelf.get("tells")
        if kept is not None:
            found: Rows = kept["tells"]
            return found
        texts = [phrase for _, phrase in self._taught.phrases]
        made = features.rarity(features.buckets([*texts, *self._taught.nothing]))
        self._shelf.put("tells", {"tells": made})
        return made

    @cached_property
    def _corpus(self) -> Corpus:
        owners = [self._numbers[key] for key, _ in self._taught.phrases]
        phrases = [phrase for _, phrase in self._taught.phrases]
        rows = self._rows([*phrases, *self._taught.nothing])
        return model.corpus(rows[: len(phrases)], owners, rows[len(phrases) :])

    def _rows(self, texts: Sequence[str]) -> Rows:
        """Return the features of what authors wrote, of which the encoder's part is remembered."""
        placed = remembered(texts, self._encoder, self._root) if self._encoder else None
        return features.features(texts, self._tells, placed)

    def judge(self, keys: Keys) -> Rows | None:
        """Return the judge of a question by the keys of its options; None where no option has a phrase."""
        self.learn([keys])
        return self._judges[keys]

    def learn(self, questions: Sequence[Keys]) -> None:
        """Have the judges of questions at hand: what another process makes now is waited for, and read."""

        def there() -> bool:
            return all(map(self._found, questions))

        if there():
            return
        with self._shelf.alone(there), self._lock:
            for keys in questions:
                if not self._found(keys):
                    self._judges[keys] = self._made(keys)

    def ready(self, keys: Keys) -> bool:
        """Tell whether a judge is at hand and costs no time."""
        return keys in self._judges

    def _found(self, keys: Keys) -> bool:
        """Take a judge from the shelf if it is there; tell whether it is at hand."""
        if keys in self._judges:
            return True
        if not all(key in self._numbers for key in keys):
            self._judges[keys] = None
        elif kept := self._shelf.get(_name(keys)):
            self._judges[keys] = kept["judge"]
        return keys in self._judges

    def _made(self, keys: Keys) -> Rows:
        made = model.judge(self._corpus, [self._numbers[key] for key in keys])
        self._shelf.put(_name(keys), {"judge": made})
        return made

    def scores(self, text: str, judge: Rows) -> Any:
        """Return how a text stands with each option, and with none of them."""
        placed = features.vectors([text], self._encoder) if self._encoder else None
        return features.features([text], self._tells, placed)[0] @ judge

    def rest(self) -> None:
        """Let go of what judges are made from; it is 40 MB, and all are made."""
        self.__dict__.pop("_corpus", None)


def _name(keys: Keys) -> str:
    """Return what the judge of a question is called on the shelf."""
    return sha256("\n".join(keys).encode()).hexdigest()[:24]


class Listener:
    """Rank what a text may mean. With `patient` a judge that is not there yet is made at once."""

    def __init__(
        self, content: Content, encoder: Callable[[str], Encoder | None], root: Path, *, patient: bool = True
    ) -> None:
        self._content, self._encoder, self._root = content, encoder, root
        self._patient = patient
        self._learners: dict[str, Learner] = {}
        self._lock = threading.Lock()

    def among(self, content: Content) -> Listener:
        """Return an ear for other flows that are said in the same words: it need not learn them again."""
        other = self.relearning(content)
        other._learners = self._learners
        return other

    def relearning(self, content: Content) -> Listener:
        """Return an ear for other words, which it has to learn."""
        return Listener(content, self._encoder, self._root, patient=self._patient)

    def sure(self, text: str, expectation: Expectation, language: str) -> Sureness | None:
        """Return how sure each option is meant; None: nothing can be said, likeness decides."""
        try:
            return self._sure(text, expectation, language)
        except Exception as error:  # its words may hold the text; a person is answered in any case
            log.error("the ear failed: %s", type(error).__name__)
            return None

    def _sure(self, text: str, expectation: Expectation, language: str) -> Sureness | None:
        every, language = self._every(expectation), HEARD_AS.get(language, language)
        places = {key: place for place, key in enumerate(every)}
        shown = [places.get(one.says) for one in expectation.options]
        if not every or None in shown or not self._may(language, every):
            return None
        learner = self._learner(language)
        judge = learner.judge(every)
        if judge is None:
            return None
        scores = learner.scores(text, judge)
        options, nothing = model.confidences(scores, [place for place in shown if place is not None])
        return Sureness(tuple(options), nothing)

    def warm_beside(self) -> None:
        """Make every judge in a thread of its own, which keeps nobody from leaving."""
        threading.Thread(target=self._warm_or_tell, name="lowtide-listening", daemon=True).start()

    def _warm_or_tell(self) -> None:
        try:
            self.warm()
        except Exception as error:  # people are answered by likeness alone
            log.error("the ear learnt nothing: %s", type(error).__name__)

    def warm(self) -> None:
        """Make every judge; called beside the event loop, it takes seconds the first time."""
        languages = self._content.words.languages
        for language in dict.fromkeys(HEARD_AS.get(one, one) for one in languages):
            learner = self._learner(language)
            learner.learn(list(self._questions()))
            learner.rest()

    def _may(self, language: str, keys: Keys) -> bool:
        if self._patient:
            return True
        return language in self._learners and self._learners[language].ready(keys)

    def _learner(self, language: str) -> Learner:
        with self._lock:
            if language not in self._learners:
                taught = lessons(self._content.words, language)
                self._learners[language] = Learner(taught, self._encoder(language), self._root)
            return self._learners[language]

    def _every(self, expectation: Expectation) -> Keys:
        """Return the keys of all options of a state, those that are hidden now too."""
        flow = self._content.flows.flows.get(expectation.flow)
        state = flow.states.get(expectation.state) if flow else None
        options = state.options if state else expectation.options
        return tuple(dict.fromkeys(one.says for one in options))

    def _questions(self) -> Iterator[Keys]:
        states = (state for flow in self._content.flows.flows.values() for state in flow.states.values())
        yield from dict.fromkeys(
            tuple(dict.fromkeys(one.says for one in state.options)) for state in states if state.options
        )
