"""Counts that could point at one person: shown in whole fives, so that nobody sees a single one happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from bot.runtime.fives import fives


class Fives(Collector):
    """Count by labels; `name` is without its `_total`."""

    def __init__(self, name: str, words: str, labels: Sequence[str], registry: CollectorRegistry) -> None:
        self._name, self._words, self._labels = name, words, labels
        self._counts: Counter[tuple[str, ...]] = Counter()
        registry.register(self)

    def add(self, *values: str) -> None:
        """Add one, with a value for each label."""
        self._counts[values] += 1

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give what may be shown."""
        family = CounterMetricFamily(self._name, self._words, labels=self._labels)
        for values, count in sorted(self._counts.items()):
            if told := fives(count):
                family.add_metric(values, told)
        yield family
