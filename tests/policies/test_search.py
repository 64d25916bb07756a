"""Policies and clauses are found by the staff side by name and number, and by nobody else."""

from __future__ import annotations

import pytest

from chuangju.kernel.models import User
from chuangju.kernel.search import find_records, rebuild_index
from chuangju.policies.models import PackageClause, PolicyPackage
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import entered

pytestmark = pytest.mark.django_db


def test_records_and_clauses_are_found_by_staff_alone(leader: User, office: User, stranger: User, unit: Unit) -> None:
    entered("rent_help", unit=unit, title="场地租金办法", title_en="Help with rent", document_number="示例〔2026〕7号")
    package = PolicyPackage.objects.create(title="若干条款", imported_by=office, imported_at=NOW)
    PackageClause.objects.create(package=package, number=3, heading="场地支持", text="占位")
    rebuild_index()

    def found(text: str, user: User) -> list[str]:
        hits = find_records(text, user, limit=50).hits
        return sorted(hit.address for hit in hits if hit.source in {"policies.record", "policies.clause"})

    assert [address.split("/")[2] for address in found("场地", leader)] == ["policy-clauses", "policy-records"]
    assert [address.split("/")[2] for address in found("Help with rent", leader)] == ["policy-records"]
    assert found("场地", stranger) == []
