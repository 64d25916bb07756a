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
    percentage,
    reading_of,
    readings_for_task,
    readings_of,
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


def test_figures_read_together_are_those_read_one_by_one_in_a_single_query(
    make_unit: Callable[..., Unit], django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    for code in ("a", "b", "c"):
        make_unit(code, code)
    named = Unit.objects.filter(code__in=("a", "b"))
    several = [
        metric("all", compute=lambda scope: scope.count(Unit.objects.all())),
        metric("share", compute=lambda scope: percentage(scope.count(named), of=scope.count(Unit.objects.all()))),
        metric("sum", compute=lambda scope: scope.total(named, "position")),
        metric("none", compute=lambda scope: scope.total(Unit.objects.none(), "position")),
        metric("plain"),
    ]
    scope = MetricScope(on=DAY)
    alone = [reading_of(one, scope).value for one in several]
    assert alone[0] == 3
    with django_assert_num_queries(1):
        assert [reading.value for reading in readings_of(several, scope)] == alone


def test_what_figures_stand_on_is_read_once() -> None:
    read = iter(range(1, 10))

    def compute(scope: MetricScope) -> int:
        return scope.once("here", lambda: next(read))

    several = [metric("a", compute=compute), metric("b", compute=compute)]
    assert [reading.value for reading in readings_of(several, MetricScope(on=DAY))] == [1, 1]
    assert next(read) == 2


def test_a_figure_that_asks_something_else_the_second_time_is_told() -> None:
    turns = iter([User.objects.none(), Unit.objects.none()])
    with pytest.raises(RuntimeError, match="second round"):
        readings_of([metric(compute=lambda scope: scope.count(next(turns)))], MetricScope(on=DAY))
