"""The registry of metrics and what a reading is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from chuangju.indicators import metrics
from chuangju.indicators.metrics import (
    ALL_TASKS,
    Evidence,
    EvidenceRecords,
    Metric,
    MetricScope,
    all_metrics,
    metric_of,
    metrics_visible_to,
    reading_of,
    readings_for_task,
    register_metric,
)
from chuangju.kernel.models import User
from chuangju.kernel.registry import AlreadyRegistered, Registry
from chuangju.units.models import Unit

DAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _only_own_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test registers what it needs; what the product registered stands aside."""
    registry: Registry[str, Metric] = object.__new__(Registry)
    registry.name, registry._entries = "metrics of this test", {}
    monkeypatch.setattr(metrics, "_METRICS", registry)


def metric(key: str = "firms", **given: Any) -> Metric:
    values: dict[str, Any] = {
        "label": "帮扶创业组织",
        "definition": "当年获得帮扶的创业组织",
        "unit": "户",
        "compute": lambda _scope: 2,
        "evidence": lambda scope: [Evidence("甲", scope.on, "/a/", "区科委"), Evidence("乙", None, "/b/")],
    }
    return Metric(key, **{**values, **given})


def test_a_key_is_registered_once() -> None:
    register_metric(metric())
    with pytest.raises(AlreadyRegistered):
        register_metric(metric())


def test_a_metric_is_found_by_its_key() -> None:
    register_metric(metric())
    assert metric_of("firms").label == "帮扶创业组织"
    assert metric_of("nothing") is None


def test_metrics_stand_in_their_order() -> None:
    for key, order in (("b", 1), ("c", 2), ("a", 2)):
        register_metric(metric(key, order=order))
    assert [each.key for each in all_metrics()] == ["b", "a", "c"]


def test_a_reading_is_computed_for_its_scope() -> None:
    asked = []
    counted = metric(compute=lambda scope: asked.append(scope) or Decimal("48.0"))
    reading = reading_of(counted, MetricScope(on=DAY, task_code="loans"))
    assert (reading.value, reading.on, asked) == (Decimal("48.0"), DAY, [MetricScope(DAY, None, "loans")])


def test_evidence_is_fetched_only_when_asked_for() -> None:
    fetched = []
    counted = metric(evidence=lambda scope: fetched.append(scope) or [])
    reading = reading_of(counted, MetricScope(on=DAY))
    assert fetched == []
    assert list(reading.evidence) == []
    assert fetched == [MetricScope(DAY)]


def test_a_row_of_the_table_gets_the_metrics_that_serve_it() -> None:
    register_metric(metric("mine", task_codes=("loans",)))
    register_metric(metric("everybodys", task_codes=ALL_TASKS))
    register_metric(metric("others", task_codes=("training",)))
    assert [reading.metric.key for reading in readings_for_task("loans", on=DAY)] == ["everybodys", "mine"]
    assert {reading.scope.task_code for reading in readings_for_task("loans", on=DAY)} == {"loans"}


def test_strangers_see_public_metrics_only(leader: User, entrepreneur: User) -> None:
    register_metric(metric("inside"))
    register_metric(metric("outside", is_public=True))
    for reader in (None, AnonymousUser(), entrepreneur):
        assert [each.key for each in metrics_visible_to(reader, on=DAY)] == ["outside"]
    assert [each.key for each in metrics_visible_to(leader, on=DAY)] == ["inside", "outside"]


@pytest.fixture
def units(make_unit: Callable[..., Unit]) -> EvidenceRecords:
    for number in range(5):
        make_unit(f"u{number}", f"单位{number}")
    return EvidenceRecords(Unit.objects.order_by("code"), lambda unit: Evidence(unit.name, None, "/"))


def test_evidence_from_the_database_is_a_sequence(units: EvidenceRecords) -> None:
    assert len(units) == 5
    assert [record.label for record in units[1:3]] == ["单位1", "单位2"]
    assert (units[0].label, units[-1].label) == ("单位0", "单位4")
    assert [record.label for record in units] == [f"单位{number}" for number in range(5)]
    with pytest.raises(IndexError):
        units[5]


def test_a_page_of_evidence_costs_two_queries(
    units: EvidenceRecords, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    with django_assert_num_queries(2):
        assert len(units) == 5
        assert len(units[0:2]) == 2


def test_evidence_without_an_order_gets_one(make_unit: Callable[..., Unit]) -> None:
    make_unit("a", "甲")
    make_unit("b", "乙")
    records = EvidenceRecords(Unit.objects.order_by(), lambda unit: Evidence(unit.code, None, "/"))
    assert [record.label for record in records] == ["a", "b"]
