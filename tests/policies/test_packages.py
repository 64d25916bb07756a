"""A clause has landed when the policy it is tied to is in force on the day; nobody types that in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.access import clauses_visible_to, packages_visible_to
from chuangju.policies.expiries import policies_in_force
from chuangju.policies.models import PackageClause, PolicyPackage
from chuangju.policies.package_imports import PackageRefused
from chuangju.policies.packages import (
    Landing,
    clauses_with_landing,
    landed_share,
    landing_sign,
    packages_with_counts,
    policies_of,
    tie_clause,
)
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import TODAY, entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(office: User) -> PolicyPackage:
    return PolicyPackage.objects.create(title="条款", imported_by=office, imported_at=NOW)


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("policy", "policy_officer", unit=unit)


def _clause(package: PolicyPackage, number: int, policy_id: str = "", unit: Unit | None = None) -> PackageClause:
    return PackageClause.objects.create(
        package=package, number=number, heading=f"题目{number}", policy_id=policy_id, unit=unit
    )


def test_landing_follows_from_the_policy_and_the_day(package: PolicyPackage) -> None:
    entered("now")
    entered("over", valid_until=TODAY - timedelta(days=1))
    for number, policy_id in enumerate(("now", "over", "unknown", ""), 1):
        _clause(package, number, policy_id)
    shown = clauses_with_landing(package.clauses.all(), in_force=policies_in_force(on=TODAY))
    assert [clause.landing for clause in shown] == ["landed", "no_rules", "no_rules", "no_rules"]
    assert [landing_sign(clause).text for clause in shown][:2] == [Landing.LANDED.label, Landing.NO_RULES.label]
    earlier = policies_in_force(on=TODAY - timedelta(days=2))
    assert landed_share(package.clauses.all(), in_force=earlier) == (2, 4)
    counted = packages_with_counts(PolicyPackage.objects.all(), in_force=policies_in_force(on=TODAY)).get()
    assert (counted.clauses_total, counted.clauses_landed) == (4, 1)


def test_with_no_policy_in_force_nothing_has_landed(package: PolicyPackage) -> None:
    clause = _clause(package, 1, "now")
    assert clauses_with_landing(package.clauses.all(), in_force=frozenset()).get(pk=clause.pk).landing == "no_rules"
    assert landed_share(package.clauses.all(), in_force=frozenset()) == (0, 1)


def test_the_newest_record_of_a_policy_is_shown(package: PolicyPackage) -> None:
    entered("now", version="2018", effective_from=TODAY - timedelta(days=900), state="superseded")
    newest = entered("now", version="2023")
    assert policies_of([_clause(package, 1, "now"), _clause(package, 2)]) == {"now": newest}


def test_a_clause_is_tied_by_the_policy_officer_of_its_unit_with_the_change_in_the_log(
    package: PolicyPackage, keeper: User, unit: Unit
) -> None:
    entered("rent_help")
    clause = _clause(package, 1, unit=unit)
    tied = tie_clause(clause, policy_id=" rent_help ", unit=unit, note="已有细则", revision=1, by=keeper, at=NOW)
    assert (tied.policy_id, tied.note, tied.revision) == ("rent_help", "已有细则", 2)
    event = events_about(clause).get()
    assert set(event.changes) == {"policy_id", "note"}
    assert events_about(package).get() == event


def test_what_cannot_be_tied_is_refused(
    package: PolicyPackage, keeper: User, office: User, liaison: User, unit: Unit, other_unit: Unit
) -> None:
    entered("rent_help")
    clause = _clause(package, 1, unit=unit)

    def tie(by: User, policy_id: str = "rent_help", revision: int = 1, subject: PackageClause = clause) -> None:
        tie_clause(subject, policy_id=policy_id, unit=subject.unit, note="", revision=revision, by=by, at=NOW)

    with pytest.raises(PackageRefused, match="只有条款责任单位"):
        tie(liaison)
    with pytest.raises(PackageRefused, match="只有条款责任单位"):
        tie(keeper, subject=_clause(package, 2, unit=other_unit))
    with pytest.raises(PackageRefused, match="政策编号由小写字母"):
        tie(keeper, "租金")
    with pytest.raises(PackageRefused, match="没有编号为“nothing”"):
        tie(keeper, "nothing")
    with pytest.raises(PackageRefused, match="没有任何改动"):
        tie(keeper, "")
    with pytest.raises(StaleForm):
        tie(keeper, revision=4)
    package.state = PolicyPackage.State.SUPERSEDED
    package.save()
    with pytest.raises(PackageRefused, match="已被替代"):
        tie(office)


def test_strangers_see_packages_in_force_that_are_no_samples(package: PolicyPackage, office: User) -> None:
    PolicyPackage.objects.create(title="示例", is_sample=True, imported_by=office, imported_at=NOW)
    PolicyPackage.objects.create(title="旧", state="superseded", imported_by=office, imported_at=NOW)
    _clause(package, 1)
    assert list(packages_visible_to(AnonymousUser(), on=TODAY)) == [package]
    assert packages_visible_to(office, on=TODAY).count() == 3
    assert clauses_visible_to(None, on=TODAY).count() == 1
