"""A guaranteed loan: its contract, what the bank reports, interest by period, and the money that follows."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from chuangju.applications.facilities import Contract, LoanRefused, record_facility, take_movements
from chuangju.applications.interest_periods import interest_differences, refresh_periods, settle_period, stop_period
from chuangju.applications.loan_files import MovementsRefused, judge_movements
from chuangju.applications.loan_portfolio import portfolio_of
from chuangju.applications.models import Application, Decision, InterestPeriod, LoanFacility, LoanMovement, Window
from chuangju.budget.ledger import balances_of, claim_balances, plan_money
from chuangju.budget.lines import LineFacts, enter_line, open_line
from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payments import stop_payment
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.facts import known_facts, record_fact
from tests.applications.desk import clerk_of, make_firm, unit_of
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

SIGNED, NOW = date(2025, 2, 20), datetime(2025, 12, 5, 10).astimezone()
LOAN = 30_000_000
State = InterestPeriod.State


@pytest.fixture
def clerk() -> User:
    """A clerk of the unit that leads loans."""
    return clerk_of("rsj")


@pytest.fixture
def case(clerk: User) -> Application:
    """A case of a loan that was granted 300,000 yuan and waits at the bank."""
    del clerk
    founder = make_user("boss", Role.ENTREPRENEUR)
    firm = make_firm(1, founder=founder)
    window = Window.objects.create(policy_id="guaranteed_loan_organisation", title="担保贷款", created_at=NOW)
    return Application.objects.create(
        window=window,
        policy_id=window.policy_id,
        policy_version="2024",
        title="创业组织担保贷款",
        number="310112202502010001",
        state=Application.State.IN_REVIEW,
        subject=firm,
        unit=unit_of("rsj"),
        town=firm.town,
        submitter=founder,
        expected_amount=LOAN,
        account=json.dumps({"name": firm.name, "number": "6222000000000000", "bank": "演示银行"}),
        started_at=NOW,
        changed_at=NOW,
        submitted_at=NOW,
    )


def _contract(**changes: Any) -> Contract:
    told: dict[str, Any] = {
        "bank": "演示银行",
        "number": "HT-1",
        "principal": LOAN,
        "rate": 345,
        "signed_on": SIGNED,
        "ends_on": date(2026, 3, 1),
        "jobs": 12,
    }
    return Contract(**{**told, **changes})


def _rows(*lines: tuple[str, str, str, str, str]) -> list[dict[str, Any]]:
    keys = ("contract", "on", "kind", "amount", "reference")
    return [{"row": place, "cells": dict(zip(keys, line, strict=True))} for place, line in enumerate(lines, start=2)]


def _take(facility: LoanFacility, by: User, *lines: tuple[str, str, str, str, str], at: datetime = NOW) -> None:
    rows = _rows(*lines)
    judged = judge_movements(rows, {facility.contract: facility}, on=at.date())
    digest = hashlib.sha256(repr(lines).encode()).hexdigest()
    take_movements(judged, name="流水.xlsx", sha256=digest, by=by, at=at)
    facility.refresh_from_db()
    refresh_periods(facility, by=by, at=at)


@pytest.fixture
def facility(case: Application, clerk: User) -> LoanFacility:
    """A loan drawn on 1 March 2025."""
    found = record_facility(case, _contract(), by=clerk, at=NOW)
    _take(found, clerk, ("HT-1", "2025-03-01", "放款", "30万元", "L1"))
    return found


def _line(amount: int) -> BudgetLine:
    finance = make_user("finance", Role.FINANCE, unit=unit_of("czj"))
    told = LineFacts(year=2025, code="TX", name="贴息", unit=unit_of("rsj"), policy_id="national_interest_subsidy")
    line = enter_line(told, by=finance, at=NOW)
    plan_money(line, amount, reason="批复", by=finance, at=NOW)
    return open_line(line, revision=line.revision, by=finance, at=NOW)


def _period(facility: LoanFacility, number: int) -> InterestPeriod:
    return facility.periods.get(number=number)


def test_a_contract_is_written_down_once_and_not_above_what_was_granted(case: Application, clerk: User) -> None:
    with pytest.raises(LoanRefused, match="超过核定的 300,000 元"):
        record_facility(case, _contract(principal=LOAN + 1), by=clerk, at=NOW)
    with pytest.raises(LoanRefused, match="只有经办银行和牵头单位的经办人"):
        record_facility(case, _contract(), by=clerk_of("kw"), at=NOW)
    record_facility(case, _contract(), by=clerk, at=NOW)
    with pytest.raises(LoanRefused, match="已经登记过"):
        record_facility(case, _contract(number="HT-2"), by=clerk, at=NOW)


def test_the_banks_file_draws_the_loan_and_makes_its_periods(facility: LoanFacility) -> None:
    assert (facility.state, facility.drawn_on) == (LoanFacility.State.DRAWN, date(2025, 3, 1))
    told = [(one.number, one.state, one.interest, one.subsidy) for one in facility.periods.all()]
    assert told == [
        (1, State.DUE, 264_500, 132_250),
        (2, State.DUE, 264_500, 132_250),
        (3, State.DUE, 261_625, 130_813),
        (4, State.RUNNING, 258_750, 129_375),
    ]
    loans = known_facts(facility.borrower, on=NOW.date())["loans"]
    assert loans.is_certified
    assert loans.source == "银行流水"


def test_the_same_file_and_the_same_entry_again_change_nothing(facility: LoanFacility, clerk: User) -> None:
    _take(facility, clerk, ("HT-1", "2025-03-01", "放款", "30万元", "L1"))
    again = ("HT-1", "2025-03-01", "放款", "30万元", "L1")
    _take(facility, clerk, again, ("HT-1", "2025-06-10", "还本", "10万元", "L2"))
    assert list(facility.movements.order_by("pk").values_list("reference", flat=True)) == ["L1", "L2"]


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        (("HT-9", "2025-05-01", "还本", "1万元", "X"), "借款合同号", "没有登记过这个合同"),
        (("HT-1", "2025-13-01", "还本", "1万元", "X"), "日期", "不是日期"),
        (("HT-1", "2026-01-01", "还本", "1万元", "X"), "日期", "在今天之后"),
        (("HT-1", "2025-02-01", "还本", "1万元", "X"), "日期", "早于签约日"),
        (("HT-1", "2025-05-01", "转账", "1万元", "X"), "业务", "看不懂这是什么业务"),
        (("HT-1", "2025-05-01", "还本", "一万", "X"), "金额（元）", "不是金额"),
        (("HT-1", "2025-05-01", "还本", "0", "X"), "金额（元）", "大于零"),
        (("HT-1", "2025-05-01", "还本", "30.01万元", "X"), "金额（元）", "超过了当时的贷款余额"),
        (("HT-1", "2025-05-01", "放款", "1元", "X"), "金额（元）", "超过合同金额"),
        (("HT-1", "2025-05-01", "还本", "1万元", ""), "流水号", "请填写银行流水号"),
    ],
)
def test_a_fault_names_row_and_column_and_keeps_the_whole_file_out(
    facility: LoanFacility, clerk: User, line: tuple[str, str, str, str, str], column: str, sentence: str
) -> None:
    good = ("HT-1", "2025-04-01", "逾期", "", "G")
    with pytest.raises(MovementsRefused) as refused:
        _take(facility, clerk, good, line)
    fault = refused.value.faults[0]
    assert (fault.row, fault.column) == (3, column)
    assert sentence in fault.sentence
    assert facility.movements.count() == 1


def test_a_confirmed_period_is_asked_for_once_and_says_if_it_is_never_paid(facility: LoanFacility, clerk: User) -> None:
    line = _line(1_000_000)
    settled = settle_period(_period(facility, 1), by=clerk, at=NOW)
    assert settled.state == State.REQUESTED
    payment = Payment.objects.get(claim_key=settled.claim_key)
    assert (payment.amount, payment.payee, payment.instalment) == (132_250, facility.borrower, 1)
    assert balances_of(line).committed == 132_250
    with pytest.raises(LoanRefused, match="只有已结息、尚未拨付"):
        settle_period(settled, by=clerk, at=NOW)
    assert Payment.objects.count() == 1
    stop_payment(payment, reason="户已注销", by=clerk, at=NOW)
    settled.refresh_from_db()
    assert (settled.state, settled.reason, balances_of(line).committed) == (State.STOPPED, "户已注销", 0)


def test_where_the_line_is_empty_a_period_waits_and_is_confirmed_again_later(
    facility: LoanFacility, clerk: User
) -> None:
    line = _line(132_249)
    waiting = settle_period(_period(facility, 1), by=clerk, at=NOW)
    assert waiting.state == State.WAITING
    assert claim_balances(waiting.claim_key).committed == 0
    plan_money(line, 1, reason="追加", by=make_user("finance-2", Role.FINANCE, unit=unit_of("czj")), at=NOW)
    assert settle_period(waiting, by=clerk, at=NOW).state == State.REQUESTED


def test_overdue_ends_the_subsidy_and_keeps_a_period_from_being_confirmed(facility: LoanFacility, clerk: User) -> None:
    _line(1_000_000)
    _take(facility, clerk, ("HT-1", "2025-07-01", "逾期", "", "O1"))
    assert [one.state for one in facility.periods.all()] == [State.DUE, State.DUE, State.STOPPED, State.RUNNING]
    assert _period(facility, 2).subsidy == 43_125
    with pytest.raises(LoanRefused, match="贷款目前逾期"):
        settle_period(_period(facility, 1), by=clerk, at=NOW)
    _take(facility, clerk, ("HT-1", "2025-07-20", "逾期结清", "", "O2"))
    assert settle_period(_period(facility, 1), by=clerk, at=NOW).state == State.REQUESTED


def test_what_must_hold_is_looked_at_again_before_each_period(facility: LoanFacility, clerk: User) -> None:
    _line(1_000_000)
    record_fact(facility.borrower, "status", "closed", source="市场监管局", is_certified=True, by=None, at=NOW)
    with pytest.raises(LoanRefused, match="不再符合条件"):
        settle_period(_period(facility, 1), by=clerk, at=NOW)


def test_no_interest_is_paid_of_what_was_revoked(facility: LoanFacility, clerk: User) -> None:
    _line(1_000_000)
    case = Application.objects.get(pk=facility.application_id)
    case.pk, case.kind, case.parent, case.number = None, Application.Kind.RECOVERY, facility.application, "1"
    case.save(force_insert=True)
    moments = {"proposed_at": NOW, "approved_at": NOW, "published_at": NOW, "effective_on": NOW.date()}
    Decision.objects.create(application=case, outcome="revoked", state=Decision.State.PUBLISHED, **moments)
    with pytest.raises(LoanRefused, match="已被撤销"):
        settle_period(_period(facility, 1), by=clerk, at=NOW)


def test_early_repayment_ends_the_periods_and_the_loan(facility: LoanFacility, clerk: User) -> None:
    _take(facility, clerk, ("HT-1", "2025-08-01", "提前还款", "30万元", "E1"))
    assert facility.state == LoanFacility.State.REPAID
    told = [(one.number, one.ends_on, one.state) for one in facility.periods.all()]
    assert told[:2] == [(1, date(2025, 6, 1), State.DUE), (2, date(2025, 8, 1), State.DUE)]
    assert [state for _number, _day, state in told[2:]] == [State.STOPPED, State.STOPPED]


def test_a_movement_that_comes_late_does_not_change_what_was_confirmed_but_is_told(
    facility: LoanFacility, clerk: User
) -> None:
    _line(1_000_000)
    settle_period(_period(facility, 1), by=clerk, at=NOW)
    _take(facility, clerk, ("HT-1", "2025-04-01", "还本", "15万元", "L2"))
    assert _period(facility, 1).subsidy == 132_250
    assert [(kept.number, planned.subsidy < kept.subsidy) for kept, planned in interest_differences()] == [(1, True)]


def test_a_clerk_may_stop_a_period_and_says_why(facility: LoanFacility, clerk: User) -> None:
    with pytest.raises(LoanRefused, match="请写明"):
        stop_period(_period(facility, 1), reason=" ", by=clerk, at=NOW)
    with pytest.raises(LoanRefused, match="只有牵头单位的经办人"):
        stop_period(_period(facility, 1), reason="重复享受", by=clerk_of("kw"), at=NOW)
    assert stop_period(_period(facility, 1), reason="重复享受", by=clerk, at=NOW).state == State.STOPPED


def test_the_portfolio_tells_what_stands_out_overdue_and_paid_back(facility: LoanFacility, clerk: User) -> None:
    _take(
        facility,
        clerk,
        ("HT-1", "2025-04-01", "还本", "10万元", "L2"),
        ("HT-1", "2025-07-01", "逾期", "", "O1"),
    )
    whole = portfolio_of(LoanFacility.objects.all(), on=NOW.date())
    assert (whole.count, whole.outstanding, whole.overdue, whole.overdue_long) == (
        1,
        20_000_000,
        20_000_000,
        20_000_000,
    )
    assert (whole.jobs, whole.leverage_percent, whole.is_stretched, whole.repayment_share) == (12, 0, False, None)
    later = portfolio_of(LoanFacility.objects.all(), on=date(2026, 3, 1))
    assert later.repayment_share == pytest.approx(1 / 3)


def test_the_database_keeps_a_movement_from_being_entered_twice(facility: LoanFacility) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LoanMovement.objects.create(facility=facility, kind="repaid", on=date(2025, 4, 1), amount=1, reference="L1")


def test_a_clerk_uploads_a_csv_and_sees_each_fault(facility: LoanFacility, clerk: User, client: Client) -> None:
    client.force_login(clerk)
    bad = "借款合同号,日期,业务,金额（元）,流水号\nHT-1,2025-04-01,还本,1000000,L2\n"
    response = client.post("/loans/upload/", {"file": SimpleUploadedFile("流水.csv", bad.encode())})
    assert response.status_code == 422
    assert "还本超过了当时的贷款余额" in response.content.decode()
    good = bad.replace("1000000", "100000")
    response = client.post("/loans/upload/", {"file": SimpleUploadedFile("流水.csv", good.encode())})
    assert (response.status_code, response["Location"]) == (302, "/loans/")
    page = client.get("/loans/").content.decode()
    assert "200,000 元" in page
    page = client.get(f"/loans/{facility.pk}/").content.decode()
    # 31 days on 300,000 yuan and 61 on 200,000, half of it.
    assert "1,030.21 元" in page


def test_its_borrower_reads_a_loan_and_nobody_else_outside_does(facility: LoanFacility, client: Client) -> None:
    client.force_login(User.objects.get(username="boss"))
    assert "我的担保贷款" in client.get(f"/loans/{facility.pk}/").content.decode()
    client.force_login(make_user("stranger", Role.ENTREPRENEUR))
    assert client.get(f"/loans/{facility.pk}/").status_code == 404
