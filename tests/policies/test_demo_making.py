"""The demo shows policies at every point of their life, and nothing in it passes for law."""

from __future__ import annotations

import pytest
from django.utils import timezone

from chuangju.policies.demo_making import load_demo_making
from chuangju.policies.expiries import Expiry, policies_in_force, records_with_expiry
from chuangju.policies.models import FeeEntry, PackageImport, PolicyPackage, PolicyRecord
from chuangju.policies.package_imports import has_errors
from chuangju.policies.packages import landed_share

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("demo")
def test_a_newcomer_meets_policies_in_every_state_each_marked_as_a_sample() -> None:
    on = timezone.localdate()
    made = records_with_expiry(PolicyRecord.objects.filter(is_shipped=False), on=on)
    assert {record.state for record in made} >= {"making", "issued"}
    assert {record.expiry for record in made} >= {Expiry.EXPIRED, Expiry.SOON, Expiry.EVALUATED}
    for record in made:
        assert record.title.startswith("示例")
        assert record.confidence == "sample"
    package = PolicyPackage.objects.get()
    assert package.is_sample
    assert package.clauses.count() == 21
    assert {clause.text for clause in package.clauses.all()} == {""}
    landed, total = landed_share(package.clauses.all(), in_force=policies_in_force(on=on))
    assert 0 < landed < total
    assert has_errors(PackageImport.objects.get(state="ready"))
    assert FeeEntry.objects.get().confidence == "sample"


def test_without_a_policy_officer_there_is_no_story(reference_data: None) -> None:
    load_demo_making(timezone.now())
    assert not PolicyPackage.objects.exists()
