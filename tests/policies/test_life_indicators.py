"""Figures of the life of policies: each has its records behind it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from chuangju.indicators.metrics import MetricScope, metric_of, reading_of, readings_for_task
from chuangju.kernel.models import User
from chuangju.policies.models import FeeEntry, PackageClause, PolicyPackage
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import TODAY, entered

pytestmark = pytest.mark.django_db


def _read(key: str, unit: Unit | None = None) -> tuple[object, list[str]]:
    metric = metric_of(key)
    assert metric is not None
    reading = reading_of(metric, MetricScope(on=TODAY, unit=unit))
    return reading.value, [each.label for each in reading.evidence]


def test_policies_in_force_with_their_sources_and_those_that_run_out(unit: Unit, other_unit: Unit) -> None:
    entered("a", unit=unit, confidence="official")
    entered("b", unit=unit, confidence="sample", valid_until=TODAY + timedelta(days=30))
    entered("c", unit=other_unit, confidence="secondary")
    entered("over", unit=unit, valid_until=TODAY - timedelta(days=1))
    value, labels = _read("policies.in_force")
    assert value == 3
    assert labels[0] == "a办法 2024 · 官方来源"
    assert _read("policies.official_share")[0] == Decimal("33.3")
    assert _read("policies.official_share", unit)[0] == Decimal("50.0")
    assert _read("policies.expiring") == (1, ["b办法 2024"])
    assert _read("policies.in_force", other_unit)[0] == 1


def test_nothing_to_count_is_no_value() -> None:
    assert _read("policies.official_share") == (None, [])
    assert _read("policies.clauses_landed") == (None, [])
    assert _read("policies.in_force") == (0, [])


def test_clauses_that_have_landed(office: User, unit: Unit) -> None:
    entered("a")
    package = PolicyPackage.objects.create(title="条款", imported_by=office, imported_at=NOW)
    old = PolicyPackage.objects.create(title="旧条款", state="superseded", imported_by=office, imported_at=NOW)
    for number, (of, policy_id) in enumerate(((package, "a"), (package, ""), (package, "x"), (old, "a")), 1):
        PackageClause.objects.create(package=of, number=number, heading="题目", policy_id=policy_id, unit=unit)
    assert _read("policies.clauses_landed") == (Decimal("33.3"), ["条款 1. 题目"])
    assert _read("policies.clauses_landed", unit)[0] == Decimal("33.3")


def test_only_what_is_still_charged_counts_as_waived(office: User) -> None:
    value, labels = _read("policies.fees_waived")
    assert value == len(labels)
    FeeEntry.objects.create(
        fee_id="seal", kind="licence", name="刻章", standing="exempt", starts_on=TODAY, by=office, at=NOW
    )
    FeeEntry.objects.create(
        fee_id="paper", kind="licence", name="工本", standing="abolished", starts_on=TODAY, by=office, at=NOW
    )
    more, labels = _read("policies.fees_waived")
    assert more == value + 1  # type: ignore[operator]
    assert "刻章" in labels


def test_the_figures_hang_on_the_rows_they_serve() -> None:
    keys = {
        code: {reading.metric.key for reading in readings_for_task(code, on=TODAY)} for code in ("funding", "talent")
    }
    assert {"policies.in_force", "policies.official_share", "policies.expiring"} <= keys["funding"]
    assert "policies.clauses_landed" in keys["talent"]
