"""Opening a business: outcomes entered back, each fee with what freed it, and the dated list from the licence on."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chuangju.applications.bundles import (
    BundleRefused,
    begin_bundle,
    dated_list,
    fees_of,
    licensed_on,
    note_step,
    tick_follow,
)
from chuangju.applications.life_events import life_events
from chuangju.applications.models import ApplicationBundle, FeeWaiver
from chuangju.kernel.models import User
from tests.applications.desk import make_firm
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
EVENT, DAY = "open_business", date(2026, 6, 1)


@pytest.fixture
def founder(reference_data: None) -> User:
    """Somebody who opens a business."""
    return make_user("founder", "entrepreneur")


@pytest.fixture
def bundle(founder: User, now: datetime) -> ApplicationBundle:
    """Just begun."""
    return begin_bundle(EVENT, by=founder, at=now)


def test_every_fee_of_the_guide_stands_in_the_list_of_fees(now: datetime) -> None:
    wanted = {fee for event in life_events().values() for step in event.steps for fee in step.fees}
    assert {fee.id for fee in fees_of(wanted, on=now.date())} == wanted


def test_begun_twice_is_the_same_until_the_business_stands(
    bundle: ApplicationBundle, founder: User, now: datetime
) -> None:
    assert begin_bundle(EVENT, by=founder, at=now) == bundle


def test_the_outcome_of_the_licence_starts_the_list_and_names_the_subject(
    bundle: ApplicationBundle, founder: User, now: datetime
) -> None:
    firm = make_firm(1, founder=founder)
    given = {"licensed_on": "2026-06-01", "credit_code": str(firm.credit_code)}
    kept = note_step(bundle, "licence", given, done_on=DAY, by=founder, at=now)
    assert kept.subject == firm
    assert licensed_on(kept) == DAY
    assert dated_list(kept)[0].due_on == date(2026, 6, 8)
    assert dated_list(kept)[-1].due_on == date(2026, 8, 30)
    ticked = tick_follow(kept, "seal_kept", is_done=True, by=founder, at=now)
    assert next(one.is_done for one in dated_list(ticked))


def test_each_fee_of_a_step_is_recorded_with_what_freed_it(
    bundle: ApplicationBundle, founder: User, now: datetime
) -> None:
    note_step(bundle, "licence", {}, done_on=DAY, by=founder, at=now)
    rows = list(FeeWaiver.objects.order_by("fee_id"))
    assert {row.fee_id for row in rows} == {"enterprise_registration", "individual_business_registration"}
    assert all(row.ground != FeeWaiver.Ground.CHARGED and row.rule for row in rows)
    # Corrected, not doubled.
    note_step(bundle, "licence", {}, done_on=DAY, by=founder, at=now)
    assert FeeWaiver.objects.count() == len(rows)


def test_what_is_wrong_is_said_and_nothing_kept(bundle: ApplicationBundle, founder: User, now: datetime) -> None:
    with pytest.raises(BundleRefused, match="18"):
        note_step(bundle, "licence", {"credit_code": "12"}, done_on=DAY, by=founder, at=now)
    with pytest.raises(BundleRefused, match="晚于今天"):
        note_step(bundle, "name", {}, done_on=date(2027, 1, 1), by=founder, at=now)
    with pytest.raises(BundleRefused, match="不能办理"):
        note_step(bundle, "name", {}, done_on=DAY, by=make_user("other"), at=now)
    assert not FeeWaiver.objects.exists()
