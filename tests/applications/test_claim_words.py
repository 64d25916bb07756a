"""The ledger names what its money is for: cases by title and number, whether their decision is in force yet or not."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from chuangju.applications.case_money import submission_claim
from chuangju.budget.claim_names import names_of_claims
from chuangju.budget.models import Entry
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock")]


def test_money_set_aside_is_named_before_and_after_its_decision_is_in_force(now: datetime) -> None:
    founder = make_user("founder", "entrepreneur")
    case = deciding.case_at_approval(desk.make_firm(1, founder=founder), founder=founder, at=now)
    deciding.give_line(1_000_000 * deciding.YUAN, at=now)
    deciding.approved(case, at=now)
    keys = set(Entry.objects.exclude(claim_key="").values_list("claim_key", flat=True))
    assert keys
    names = names_of_claims(keys)
    assert set(names) == keys
    assert all(case.number and case.number in name and case.title in name for name in names.values())


def test_money_of_a_decision_in_force_is_named(now: datetime) -> None:
    founder = make_user("founder", "entrepreneur")
    case = deciding.case_at_approval(desk.make_firm(1, founder=founder), founder=founder, at=now)
    deciding.give_line(1_000_000 * deciding.YUAN, at=now)
    deciding.granted(case, at=now, later=now + timedelta(days=30))
    keys = set(Entry.objects.exclude(claim_key="").values_list("claim_key", flat=True))
    assert all(case.number and case.number in name for name in names_of_claims(keys).values())


def test_what_a_case_holds_since_it_was_handed_in_bears_its_number(now: datetime) -> None:
    founder = make_user("founder", "entrepreneur")
    case = desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)
    key = submission_claim(case)
    assert names_of_claims([key]) == {key: f"{case.title} {case.number}"}


@pytest.mark.parametrize(
    "key", ["applications.instalment:x", f"applications.application:{uuid.UUID(int=1)}", "else:12"]
)
def test_what_nobody_knows_shows_the_end_of_its_key(key: str) -> None:
    assert names_of_claims([key, ""]) == {key: f"…{key[-8:]}"}
