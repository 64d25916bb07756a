"""演示资金往来 - guaranteed loans in three conditions, a voucher being spent, needs for finance, reliefs as reported; nothing is real."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from chuangju.applications.demo_driving import Cast, Drive, begin, demo_cast, hand_in
from chuangju.applications.facilities import Contract, ReportedMovement, record_facility, take_movements
from chuangju.applications.financing import answer_need, close_need, post_need
from chuangju.applications.interest_periods import refresh_periods, settle_period
from chuangju.applications.models import (
    FinancingAnswer,
    FinancingNeed,
    InterestPeriod,
    LoanFacility,
    LoanMovement,
    Voucher,
)
from chuangju.applications.relief_uptake import UptakeFigures, enter_uptake, relief_policies
from chuangju.applications.vouchers import answer_order, confirm_as_holder, confirm_as_provider, order_service
from chuangju.kernel.models import User
from chuangju.kernel.money import parse_yuan
from chuangju.units.models import Unit
from chuangju.ventures.claims import ClaimFacts, confirm_claim, make_claim
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PartyFacts, add_party

Kind = LoanMovement.Kind
_BANK = "演示银行闵行支行"
# (credit code, name, so many days since it was drawn, principal, what the bank reported: days after, what, yuan)
_LOANS: tuple[tuple[str, str, int, str, tuple[tuple[int, str, str], ...]], ...] = (
    ("913101990000004015", "上海浦南精密部件有限公司（演示）", 280, "60万元", ((120, Kind.REPAID, "15万元"),)),
    ("913101990000004023", "上海禾禾供应链管理有限公司（演示）", 200, "40万元", ((150, Kind.OVERDUE, ""),)),
    ("913101990000004031", "上海沁园环保科技有限公司（演示）", 330, "20万元", ((210, Kind.REPAID, "20万元"),)),
)
_RATE, _TERM = 345, 365
_WANTED: dict[str, Any] = {
    "kind": FinancingNeed.Kind.LOAN,
    "amount": "200万元",
    "purpose": "采购检测设备，扩建实验室",
    "institution": "演示银行闵行支行",
    "text": "可先授信 150 万元，按季付息，需追加担保基金担保。",
    "offer": "150万元",
    "rate": _RATE,
}
_MET: dict[str, Any] = {
    "kind": FinancingNeed.Kind.LEASING,
    "amount": "80万元",
    "purpose": "气相色谱仪融资租赁",
    "institution": "演示融资租赁公司",
    "text": "三年期，首付两成。",
    "offer": "80万元",
    "rate": None,
    "outcome": "由演示融资租赁公司落实，设备已到位",
}


@transaction.atomic
def load_demo_money(at: datetime) -> None:
    """Whatever the demo's people and units are there for."""
    cast = demo_cast()
    if not {"founder", "clerk", "approver", "bank", "partner", "office"} <= set(cast.people):
        return
    for number, told in enumerate(_LOANS, start=401):
        _lend(number, told, cast, at)
    _spend_voucher(cast, at)
    _look_for_money(cast, at)
    _report_reliefs(cast.people["office"], at)


def _lend(number: int, told: tuple[Any, ...], cast: Cast, at: datetime) -> None:
    code, name, ago, principal, reported = told
    drawn = at - timedelta(days=ago)
    town = Unit.objects.filter(code="310112114").first()
    if town is None or town.pk not in cast.clerks:
        return
    facts = PartyFacts(
        kind=Party.Kind.FIRM, name=name, credit_code=_with_check(code), town=town, registered_on=date(2022, 3, 1)
    )
    firm = add_party(facts, source=Party.Source.DEMO, is_demo=True, by=None, at=drawn - timedelta(days=60))
    entry = {"policy": "guaranteed_loan_organisation", "number": number}
    begun = drawn - timedelta(days=40)
    draft = begin(entry, firm, cast, begun)
    if draft is None:
        return
    case = hand_in(draft, cast, begun)
    drive = Drive(case, cast, begun)
    drive.pass_days(1)
    drive.accept()
    drive.review()
    clerk = cast.clerks[case.unit_id]
    signed = drawn - timedelta(days=3)
    contract = Contract(
        bank=_BANK,
        number=f"YSDK{timezone.localdate(drawn):%Y}{number}",
        principal=parse_yuan(principal),
        rate=_RATE,
        signed_on=timezone.localdate(signed),
        ends_on=timezone.localdate(drawn) + timedelta(days=_TERM),
        jobs=number % 10 + 6,
    )
    facility = record_facility(drive.fresh(), contract, by=clerk, at=signed)
    _report(facility, ((0, Kind.DRAWN, principal), *reported), drawn, cast.people["bank"], at)
    period = facility.periods.filter(state=InterestPeriod.State.DUE).order_by("number").first()
    if period is not None and reported[0][1] != Kind.OVERDUE:
        settle_period(period, by=clerk, at=at - timedelta(days=1))


def _with_check(code: str) -> str:
    return code[:17] + str(uscc.calc_check_digit(code[:17]))


def _report(
    facility: LoanFacility, moves: tuple[tuple[int, str, str], ...], drawn: datetime, by: User, at: datetime
) -> None:
    first = timezone.localdate(drawn)
    movements = [
        ReportedMovement(
            facility.contract,
            kind,
            first + timedelta(days=days),
            parse_yuan(amount) if amount else 0,
            f"{facility.contract}-{place}",
        )
        for place, (days, kind, amount) in enumerate(moves, start=1)
    ]
    digest = hashlib.sha256(facility.contract.encode()).hexdigest()
    take_movements(movements, name=f"流水{facility.contract}.xlsx", sha256=digest, by=by, at=at - timedelta(days=2))
    facility.refresh_from_db()
    refresh_periods(facility, by=None, at=at - timedelta(days=1))


def _spend_voucher(cast: Cast, at: datetime) -> None:
    """The founder's own firm has a voucher and spends some of it with a provider."""
    founder, partner = cast.people["founder"], cast.people["partner"]
    claim = Claim.objects.filter(user=founder, state=Claim.State.CONFIRMED).select_related("party").first()
    provider = Party.objects.filter(kind=Party.Kind.PROVIDER, is_demo=True, name__startswith="诚算").first()
    if claim is None or provider is None or claim.party.town_id is None:
        return
    begun = at - timedelta(days=70)
    cast.clerks.setdefault(claim.party.town_id, cast.people["clerk"])
    draft = begin({"policy": "startup_service_voucher", "number": 451}, claim.party, cast, begun)
    if draft is None:
        return
    case = hand_in(draft, cast, begun)
    drive = Drive(case, cast, begun)
    drive.pass_days(1)
    drive.grant()
    voucher = Voucher.objects.filter(decision__application=case, state=Voucher.State.ACTIVE).first()
    if voucher is None:
        return
    _act_for(provider, partner, cast.people["clerk"], at - timedelta(days=60))
    told: dict[str, Any] = {"service": "代理记账（半年）", "price": parse_yuan("4800元"), "amount": parse_yuan("2000元")}
    done = order_service(voucher, provider, **told, by=founder, at=at - timedelta(days=20))
    answer_order(done, accepts=True, by=partner, at=at - timedelta(days=19))
    account = {"name": provider.name, "number": "6200000000002001", "bank": _BANK}
    confirm_as_provider(done, **account, by=partner, at=at - timedelta(days=3))
    confirm_as_holder(done, by=founder, at=at - timedelta(days=2))
    told = {"service": "专利检索与申请文件撰写", "price": parse_yuan("3000元"), "amount": parse_yuan("500元")}
    order_service(voucher, provider, **told, by=founder, at=at - timedelta(days=1))


def _act_for(provider: Party, user: User, clerk: User, at: datetime) -> None:
    facts = ClaimFacts(
        str(provider.credit_code),
        provider.name,
        Claim.Capacity.LEGAL_REPRESENTATIVE,
        Claim.Way.COUNTER,
        town=provider.town,
    )
    confirm_claim(make_claim(facts, by=user, at=at), by=clerk, at=at + timedelta(days=1))


def _look_for_money(cast: Cast, at: datetime) -> None:
    """The founder's own firm: one need with an offer, and one that was met."""
    founder, bank = cast.people["founder"], cast.people["bank"]
    claim = Claim.objects.filter(user=founder, state=Claim.State.CONFIRMED).select_related("party").first()
    if claim is None:
        return
    until = timezone.localdate(at) + timedelta(days=30)
    for posted, told in ((at - timedelta(days=26), _WANTED), (at - timedelta(days=66), _MET)):
        need = post_need(
            claim.party,
            kind=told["kind"],
            amount=parse_yuan(told["amount"]),
            months=12,
            purpose=told["purpose"],
            contact="林小舟（演示）",
            open_until=until,
            by=founder,
            at=posted,
        )
        answer_need(
            need,
            institution=told["institution"],
            kind=FinancingAnswer.Kind.OFFERED,
            text=told["text"],
            amount=parse_yuan(told["offer"]),
            rate=told["rate"],
            by=bank,
            at=posted + timedelta(days=3),
        )
        if "outcome" in told:
            funded = parse_yuan(told["offer"])
            state = FinancingNeed.State.FUNDED
            day = posted + timedelta(days=30)
            close_need(need, state=state, funded_amount=funded, outcome=told["outcome"], by=founder, at=day)


def _report_reliefs(office: User, at: datetime) -> None:
    on = timezone.localdate(at)
    known = {one.id for one in relief_policies(on)}
    told = (("six_taxes_halving", 2310, "1860万元"), ("small_vat_payer_relief", 4120, "3275万元"))
    figures = [
        UptakeFigures(policy, on.year, count, parse_yuan(amount), "区税务局统计（演示数据）")
        for policy, count, amount in told
        if policy in known
    ]
    enter_uptake(figures, by=office, at=at)
