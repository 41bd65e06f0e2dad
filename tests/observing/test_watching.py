"""The dashboard, the alerts and the page about them speak of numbers that exist, and say what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import promql_parser as promql
import pytest
import yaml

from bot.content.library import Content
from bot.observing.labels import labels
from bot.observing.look import Look
from bot.observing.metrics import Metrics

HOUSE = Path(__file__).parents[2]
ALERTS, DASHBOARD = HOUSE / "deploy/prometheus/alerts.yaml", HOUSE / "deploy/grafana/lowtide.json"
RUNBOOK, PAGE = HOUSE / "deploy/runbook.md", HOUSE / "docs/watch.md"
PROMETHEUS_ADDS = {"instance", "job"}
Known: TypeAlias = dict[str, set[str]]


@pytest.fixture(scope="session")
def known(content: Content) -> Known:
    """Return every number there is, as Prometheus names its series, with its labels."""
    metrics = Metrics(content.flows, labels(content.flows, ["telegram"]))
    metrics.written(Look({"store": ""}), 0.0)
    found: Known = {"up": set()}
    for name, family in families(metrics).items():
        own = set(getattr(family, "_labelnames", ()) or getattr(family, "_labels", ()))
        kind = next(iter(family.collect())).type
        if kind == "histogram":
            found |= {f"{name}_bucket": own | {"le"}, f"{name}_count": own, f"{name}_sum": own}
        else:
            found[f"{name}_total" if kind == "counter" else name] = own
    process = (sample.name for one in metrics.registry.collect() for sample in one.samples)
    return found | {name: set() for name in process if name.startswith("process_")}


def families(metrics: Metrics) -> dict[str, Any]:
    return {one._name: one for one in vars(metrics).values() if hasattr(one, "_name")}


@cache
def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


@cache
def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


def expressions() -> Iterator[tuple[str, str]]:
    """Yield everything that is asked of Prometheus, and where."""
    yield from ((rule["alert"], rule["expr"]) for rule in alerts())
    for panel in panels():
        yield from ((panel["title"], target["expr"]) for target in panel.get("targets", ()))
    for block in re.findall(r"```promql\n(.*?)```", PAGE.read_text(), re.DOTALL):
        yield from (("docs/watch.md", line) for line in block.splitlines())


ASKED = list(expressions())


def parts(expr: Any) -> Iterator[Any]:
    """Yield an expression and everything in it."""
    yield expr
    for name in ("expr", "lhs", "rhs", "param", "vector_selector", "vs"):
        if (inner := getattr(expr, name, None)) is not None and not isinstance(inner, str | float):
            yield from parts(inner)
    for inner in getattr(expr, "args", None) or ():
        yield from parts(inner)


def selectors(text: str) -> list[Any]:
    return [one for one in parts(promql.parse(text)) if isinstance(one, promql.VectorSelector)]


@pytest.mark.parametrize(("where", "text"), ASKED, ids=[where for where, _ in ASKED])
def test_what_is_asked_can_be_parsed_and_speaks_of_numbers_and_labels_that_exist(
    known: Known, where: str, text: str
) -> None:
    found = selectors(text)

    assert found, where
    for one in found:
        assert one.name in known
        assert {matcher.name for matcher in one.matchers.matchers} <= known[one.name] | PROMETHEUS_ADDS
    grouped = {label for one in parts(promql.parse(text)) for label in by(one)}
    assert grouped <= set().union(*(known[one.name] for one in found)) | PROMETHEUS_ADDS


def by(expr: Any) -> list[str]:
    modifier = getattr(expr, "modifier", None)
    return list(modifier.labels) if isinstance(expr, promql.AggregateExpr) and modifier else []


def test_a_number_that_is_none_would_be_found(known: Known) -> None:
    (one,) = selectors("sum by (lane) (rate(lowtide_sendings_total[5m])) > 1")

    assert one.name not in known
    assert next(by(part) for part in parts(promql.parse("sum by (lane) (x)"))) == ["lane"]


def anchors() -> set[str]:
    heads = re.findall(r"^#+ (.+)$", RUNBOOK.read_text(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("alert", alerts(), ids=[rule["alert"] for rule in alerts()])
def test_an_alert_says_what_it_is_what_to_do_and_where_that_is_told_at_length(alert: dict[str, Any]) -> None:
    notes = alert["annotations"]
    file, _, anchor = notes["runbook"].partition("#")

    assert set(notes) == {"summary", "action", "runbook"}
    assert all(notes.values())
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert HOUSE / file == RUNBOOK
    assert anchor == alert["alert"].lower()
    assert anchor in anchors()


def test_what_is_told_of_an_alert_names_only_labels_it_has() -> None:
    for alert in alerts():
        told = set(re.findall(r"\$labels\.(\w+)", " ".join(alert["annotations"].values())))
        grouped = [set(by(part)) for part in parts(promql.parse(alert["expr"])) if by(part)]
        assert told <= set().union(*grouped) | ({"instance"} if not grouped else set()), alert["alert"]


def test_an_alert_about_people_waits_for_no_crowd_and_names_nobody() -> None:
    pages = {rule["alert"] for rule in alerts() if rule["labels"]["severity"] == "page"}

    assert {"LowtideDown", "LowtideNotReady", "LowtideAnswersFail", "LowtideRepliesWait"} <= pages


def test_the_page_tells_of_every_number_with_its_labels_and_of_no_other(content: Content) -> None:
    rows = re.findall(r"^\| `(lowtide_\w+)` \|([^|]*)\|", PAGE.read_text(), re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", cell)) for name, cell in rows}
    metrics = Metrics(content.flows, labels(content.flows, ["telegram"]))
    kinds = {name: next(iter(one.collect())).type for name, one in families(metrics).items()}
    exist = {
        f"{name}_total" if kinds[name] == "counter" else name: set(
            getattr(one, "_labelnames", ()) or getattr(one, "_labels", ())
        )
        for name, one in families(metrics).items()
    }

    assert told == exist


def test_the_dashboard_is_whole_and_nothing_of_it_lies_on_something_else() -> None:
    taken = set[tuple[int, int]]()
    for panel in panels():
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells

    assert len({panel["id"] for panel in panels()}) == len(panels())
    assert all(panel.get("description") for panel in panels() if panel["type"] != "row")


def test_the_dashboard_shows_every_number_there_is(known: Known) -> None:
    targets = (target for panel in panels() for target in panel.get("targets", ()))
    asked = {one.name for target in targets for one in selectors(target["expr"])}
    ours = {name for name in known if name.startswith("lowtide_") and not name.endswith(("_sum", "_count"))}

    assert ours - asked == set()


def test_the_example_watches_the_port_that_the_files_beside_it_open() -> None:
    example = yaml.safe_load((ALERTS.parent / "prometheus.yaml").read_text())
    (job,) = example["scrape_configs"]

    assert example["rule_files"] == [ALERTS.name]
    assert job["job_name"] == "lowtide"
    assert job["static_configs"] == [{"targets": ["127.0.0.1:9464"]}]
    assert "LOWTIDE_HEALTH_LISTEN: 127.0.0.1:9464" in (HOUSE / "deploy/compose.yaml").read_text()
