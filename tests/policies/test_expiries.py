"""Last days: what counts as near, said alike by the rule and by the database; what is in force on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangju.policies.expiries import (
    Expiry,
    days_left,
    evaluation_due_on,
    expiring_records,
    expiry_of,
    expiry_sign,
    months_after,
    months_before,
    policies_in_force,
    records_in_force,
    records_with_expiry,
)
from chuangju.policies.models import PolicyRecord
from tests.policies.life import TODAY, entered

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_months_keep_the_day_or_take_the_last_of_a_shorter_one() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_before(date(2028, 3, 31), 1) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert months_before(date(2026, 1, 15), 3) == date(2025, 10, 15)


CASES = {
    "ended": (TODAY - DAY, "", Expiry.EXPIRED),
    "today": (TODAY, "", Expiry.URGENT),
    "one month": (months_after(TODAY, 1), "", Expiry.URGENT),
    "a day more": (months_after(TODAY, 1) + DAY, "", Expiry.SOON),
    "six months": (months_after(TODAY, 6), "", Expiry.SOON),
    "later": (months_after(TODAY, 6) + DAY, "", Expiry.LATER),
    "none": (None, "", Expiry.OPEN_ENDED),
    "amended": (months_after(TODAY, 1), "amend", Expiry.EVALUATED),
    "continued": (months_after(TODAY, 1), "continue", Expiry.URGENT),
    "amended and over": (TODAY - DAY, "amend", Expiry.EXPIRED),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rule_and_the_database_say_the_same(case: str) -> None:
    until, conclusion, wanted = CASES[case]
    more = {"conclusion": conclusion, "evaluated_on": TODAY} if conclusion else {}
    record = entered("a", valid_until=until, **more)
    assert expiry_of(record, on=TODAY) == wanted
    assert records_with_expiry(PolicyRecord.objects.all(), on=TODAY).get().expiry == wanted
    sign = expiry_sign(record, on=TODAY)
    assert sign is not None
    assert sign.text == wanted.label


def test_only_what_is_issued_has_a_light_and_what_is_being_made_comes_first() -> None:
    entered("over", state="superseded", valid_until=TODAY - DAY)
    entered("issued", valid_until=TODAY)
    entered("making", state="making", version="")
    rows = list(records_with_expiry(PolicyRecord.objects.all(), on=TODAY).order_by("rank"))
    assert [(row.policy_id, row.expiry) for row in rows] == [("making", ""), ("issued", "urgent"), ("over", "")]
    assert expiry_sign(rows[0], on=TODAY) is None


def test_the_evaluation_is_due_three_months_before_the_end_and_days_are_counted() -> None:
    record = entered("a", valid_until=date(2026, 12, 31))
    assert evaluation_due_on(record) == date(2026, 9, 30)
    assert days_left(record, on=date(2026, 12, 1)) == "还有 30 天"
    assert days_left(record, on=date(2027, 1, 2)) == "已过 2 天"
    none = entered("b")
    assert (evaluation_due_on(none), days_left(none, on=TODAY)) == (None, "")


def test_in_force_is_what_has_begun_and_not_ended_whatever_its_state() -> None:
    entered("issued")
    entered("ahead", effective_from=TODAY + DAY)
    entered("ended", valid_until=TODAY - DAY)
    entered("last_day", valid_until=TODAY)
    entered("repealed", state="repealed", repealed_on=TODAY - DAY)
    entered("superseded_later", state="superseded", valid_until=TODAY + DAY)
    entered("making", state="making", version="")
    entered("given_up", state="abandoned")
    expected = {"issued", "last_day", "superseded_later"}
    assert policies_in_force(on=TODAY) == expected
    for record in PolicyRecord.objects.all():
        assert record.holds_on(TODAY) == (record.policy_id in expected), record.policy_id
    assert records_in_force(on=TODAY + DAY).filter(policy_id="ahead").exists()


def test_what_runs_out_is_listed_by_its_day() -> None:
    entered("later", valid_until=months_after(TODAY, 7))
    entered("second", valid_until=months_after(TODAY, 5))
    entered("first", valid_until=months_after(TODAY, 1))
    entered("over", valid_until=TODAY - DAY)
    assert [record.policy_id for record in expiring_records(on=TODAY)] == ["first", "second"]
