"""What operators are given works: every query is one, and asks for numbers that there are."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import CollectorRegistry

from tests.architecture.sources import ROOT
from vestibule.appointments.metrics import AppointmentMetrics

OPERATIONS = ROOT / "docs" / "operations"
ALERTS: dict[str, Any] = yaml.safe_load((OPERATIONS / "alerts.yml").read_text())
DASHBOARD: dict[str, Any] = json.loads((OPERATIONS / "dashboard.json").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
OF_PROMETHEUS = {"up"}


def queries() -> list[str]:
    shown = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return shown + [rule["expr"] for rule in RULES]


def selectors(expression: Any) -> Iterator[promql_parser.VectorSelector]:
    """Every selector anywhere in a parsed query."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
    parts = ("expr", "lhs", "rhs", "param", "vector_selector")
    inside = [getattr(expression, name, None) for name in parts]
    for part in [*inside, *(getattr(expression, "args", None) or [])]:
        if part is not None:
            yield from selectors(part)


def there_are() -> dict[str, set[str]]:
    """Every series of an installation, with the labels it has."""
    registry = CollectorRegistry()
    AppointmentMetrics(registry)
    found: dict[str, set[str]] = {}
    for collector in registry._collector_to_names:
        labels = set(getattr(collector, "_labelnames", ()))
        for name in registry._collector_to_names[collector]:
            found[name] = labels
    return found


@pytest.mark.parametrize("query", queries())
def test_every_query_asks_for_numbers_that_there_are(query: str) -> None:
    found, asked = there_are(), list(selectors(promql_parser.parse(query)))
    assert asked, "the query asks for nothing"
    for selector in asked:
        name = str(selector.name)
        if name in OF_PROMETHEUS:
            continue
        assert name in found
        matched = {matcher.name for matcher in selector.matchers.matchers}
        assert matched <= found[name], name


def test_the_page_of_metrics_tells_of_each_one() -> None:
    told = set(re.findall(r"^\| `(\w+)`", (OPERATIONS / "metrics.md").read_text(), re.M))
    assert told - {"provider"} == {
        name
        for name in there_are()
        if not name.endswith(("_created", "_bucket", "_sum", "_count"))
        and (name.endswith("_total") or name + "_total" not in there_are())
    }


def test_each_alert_says_what_is_wrong_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) >= 5
    for rule in RULES:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "action"}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus is not installed here")
def test_prometheus_itself_takes_the_rules() -> None:
    asked = ["promtool", "check", "rules", str(OPERATIONS / "alerts.yml")]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
