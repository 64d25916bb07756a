"""Lists of loans, vouchers and needs ask the database the same number of questions for few rows and for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chuangju.applications.models import (
    Application,
    Decision,
    FinancingAnswer,
    FinancingNeed,
    InterestPeriod,
    LoanFacility,
    LoanMovement,
    Voucher,
    VoucherUse,
    Window,
)
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import Party
from tests.conftest import NOW
from tests.people import make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database("sqlite"), pytest.mark.usefixtures("clock")]

FEW, MANY = 2, 30


def _unit() -> Unit:
    return Unit.objects.filter(code="money").first() or make_unit("money", "资金单位")


def _party(number: int, kind: str = Party.Kind.FIRM) -> Party:
    return Party.objects.create(
        kind=kind, name=f"企业{number:03d}", source=Party.Source.REGISTER, is_checked=True, created_at=NOW
    )


def _case(number: int, policy_id: str) -> Application:
    window, _is_new = Window.objects.get_or_create(policy_id=policy_id, defaults={"title": "批次", "created_at": NOW})
    return Application.objects.create(
        window=window,
        policy_id=policy_id,
        policy_version="2024",
        title="事项",
        number=f"N{number}",
        state=Application.State.GRANTED,
        subject=_party(number),
        unit=_unit(),
        started_at=NOW,
        changed_at=NOW,
        submitted_at=NOW,
        decided_at=NOW,
    )


def _add_loan(number: int) -> None:
    case = _case(number, "guaranteed_loan_organisation")
    facility = LoanFacility.objects.create(
        application=case,
        borrower=case.subject,
        bank="银行",
        contract=f"HT{number}",
        principal=1_000_000,
        rate=345,
        state=LoanFacility.State.DRAWN,
        signed_on=date(2026, 1, 1),
        drawn_on=date(2026, 1, 2),
        ends_on=date(2027, 1, 2),
        recorded_at=NOW,
    )
    LoanMovement.objects.create(facility=facility, kind="drawn", on=date(2026, 1, 2), amount=1_000_000, reference="1")
    InterestPeriod.objects.create(
        facility=facility,
        number=1,
        begins_on=date(2026, 1, 2),
        ends_on=date(2026, 4, 2),
        interest=100,
        subsidy=50,
        policy_key="a@1",
        share=5000,
    )


def _add_voucher(number: int) -> None:
    case = _case(number, "startup_service_voucher")
    decision = Decision.objects.create(
        application=case,
        outcome=Decision.Outcome.GRANTED,
        state=Decision.State.PUBLISHED,
        amount=500,
        proposed_at=NOW,
        approved_at=NOW,
        published_at=NOW,
        effective_on=NOW.date(),
    )
    voucher = Voucher.objects.create(
        decision=decision,
        holder=case.subject,
        policy_id=case.policy_id,
        title=case.title,
        number=f"FQ{number}",
        amount=500,
        starts_on=NOW.date(),
        ends_on=NOW.date() + timedelta(days=300),
        issued_at=NOW,
    )
    VoucherUse.objects.create(
        voucher=voucher,
        provider=_party(1000 + number, Party.Kind.PROVIDER),
        service="检测",
        price=100,
        amount=100,
        ordered_by=_anybody(),
        ordered_at=NOW,
    )


def _add_need(number: int) -> None:
    need = FinancingNeed.objects.create(
        party=_party(number),
        kind=FinancingNeed.Kind.LOAN,
        amount=100,
        purpose="设备",
        contact="某人",
        posted_by=_anybody(),
        posted_at=NOW,
        open_until=NOW.date() + timedelta(days=30),
    )
    FinancingAnswer.objects.create(
        need=need, institution="银行", kind="interested", answered_by=_anybody(), answered_at=NOW, days=2
    )


def _anybody() -> User:
    return User.objects.filter(username="anybody").first() or make_user("anybody")


CASES: dict[str, tuple[str, Callable[[int], None]]] = {
    "loans": ("/loans/", _add_loan),
    "vouchers": ("/vouchers/", _add_voucher),
    "financing": ("/financing/", _add_need),
}


@pytest.mark.parametrize("key", ["loans", "vouchers", "financing"])
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(key: str, client: Client, clock: datetime) -> None:
    del clock
    address, add = CASES[key]
    client.force_login(make_user("leader-of-money", Role.LEADER))
    _asked(client, address)
    for number in range(FEW):
        add(number)
    few = _asked(client, address)
    for number in range(FEW, MANY):
        add(number)
    many = _asked(client, address)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(few) <= 20


def _asked(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in asked.captured_queries]
