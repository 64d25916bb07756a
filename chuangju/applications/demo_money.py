"""演示资金往来 - guaranteed loans in three conditions, a voucher being spent, needs for finance, reliefs as reported; nothing is real."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from chuangju.applications.demo_driving import Cast, Drive, begin, demo_cast, hand_in
from chuangju.applications.facilities import Contract, ReportedMovement, record_facility, take_movements
from chuangju.applications.financing import answer_need, close_need, post_need
from chuangju.applications.interest_periods import refresh_periods, settle_period
from chuangju.applications.models import (
    Decision,
    FinancingAnswer,
    FinancingNeed,
    InterestPeriod,
    LoanFacility,
    LoanMovement,
    Step,
    Voucher,
)
from chuangju.applications.referrals import Outcome, record_outcome, send_referral
from chuangju.applications.relief_uptake import UptakeFigures, enter_uptake, relief_policies
from chuangju.applications.vouchers import answer_order, confirm_as_holder, confirm_as_provider, order_service
from chuangju.kernel.models import User
from chuangju.kernel.money import parse_yuan
from chuangju.units.models import Unit
from chuangju.ventures.claims import ClaimFacts, confirm_claim, make_claim
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PartyFacts, add_party

Kind = LoanMovement.Kind
DATA = Path(__file__).parent / "data" / "demo_money.toml"


@transaction.atomic
def load_demo_money(at: datetime) -> None:
    """Whatever the demo's people and units are there for."""
    cast = demo_cast()
    if not {"founder", "clerk", "approver", "bank", "partner", "office"} <= set(cast.people):
        return
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))
    for number, loan in enumerate(told["loan"], start=401):
        _lend(number, {**told, **loan}, cast, at)
    _spend_voucher(told["voucher"], told["bank"], cast, at)
    _look_for_money(told["need"], cast, at)
    _report_reliefs(told["uptake"], cast.people["office"], at)


def _lend(number: int, told: dict[str, Any], cast: Cast, at: datetime) -> None:
    drawn = at - timedelta(days=told["ago"])
    town = Unit.objects.filter(code="310112114").first()
    if town is None or town.pk not in cast.clerks:
        return
    facts = PartyFacts(
        kind=Party.Kind.FIRM,
        name=told["name"],
        credit_code=_with_check(told["code"]),
        town=town,
        registered_on=date(2022, 3, 1),
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
    # Found eligible and approved here; guarantor and bank decide after that.
    drive.propose(Decision.Outcome.GRANTED)
    drive.approve()
    clerk = cast.clerks[case.unit_id]
    if not _ask_outside(drive, told, clerk):
        return
    signed = drawn - timedelta(days=3)
    contract = Contract(
        bank=told["bank"],
        number=f"YSDK{timezone.localdate(drawn):%Y}{number}",
        principal=parse_yuan(told["principal"]),
        rate=told["rate"],
        signed_on=timezone.localdate(signed),
        ends_on=timezone.localdate(drawn) + timedelta(days=told["term_days"]),
        jobs=number % 10 + 6,
    )
    facility = record_facility(drive.fresh(), contract, by=clerk, at=signed)
    _report(facility, [[0, Kind.DRAWN, told["principal"]], *told["moves"]], drawn, cast.people["bank"], at)
    period = facility.periods.filter(state=InterestPeriod.State.DUE).order_by("number").first()
    if period is not None and told["moves"][0][1] != Kind.OVERDUE:
        settle_period(period, by=clerk, at=at - timedelta(days=1))


def _ask_outside(drive: Drive, told: dict[str, Any], clerk: User) -> bool:
    """Guarantor and bank, each asked by name and each with its own number; False where the case stays with one of them."""
    for word, officer, body in (("guarantee", "guarantor", told["guarantor"]), ("bank", "bank", told["bank"])):
        step = drive.step()
        if step is None or step.word != word or officer not in drive.cast.people:
            continue
        drive.pass_days(1)
        on, person = timezone.localdate(drive.at), drive.cast.people[officer]
        sent = send_referral(step, receipt=f"SJ{on:%m%d}", sent_on=on, body=body, officer=person, by=clerk, at=drive.at)
        if told.get("stays") == word:
            return False
        drive.pass_days(2)
        record_outcome(sent, Outcome(Step.Result.PASSED, f"{on:%Y}-{step.pk}"), by=person, at=drive.at)
    return True


def _with_check(code: str) -> str:
    return code[:17] + str(uscc.calc_check_digit(code[:17]))


def _report(facility: LoanFacility, moves: list[list[Any]], drawn: datetime, by: User, at: datetime) -> None:
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


def _spend_voucher(told: dict[str, Any], bank: str, cast: Cast, at: datetime) -> None:
    """The founder's own firm has a voucher and spends some of it with a provider."""
    founder, partner = cast.people["founder"], cast.people["partner"]
    claim = Claim.objects.filter(user=founder, state=Claim.State.CONFIRMED).select_related("party").first()
    provider = Party.objects.filter(kind=Party.Kind.PROVIDER, is_demo=True, name=told["provider"]).first()
    if claim is None or provider is None or claim.party.town_id is None:
        return
    voucher = _voucher_of(claim.party, cast, at - timedelta(days=70))
    if voucher is None:
        return
    _act_for(provider, partner, cast.people["clerk"], at - timedelta(days=60))
    uses = [
        order_service(
            voucher,
            provider,
            service=one["service"],
            price=parse_yuan(one["price"]),
            amount=parse_yuan(one["amount"]),
            by=founder,
            at=at - timedelta(days=20),
        )
        for one in told["order"]
    ]
    answer_order(uses[0], accepts=True, by=partner, at=at - timedelta(days=19))
    confirm_as_provider(
        uses[0], name=provider.name, number="6200000000002001", bank=bank, by=partner, at=at - timedelta(days=3)
    )
    confirm_as_holder(uses[0], by=founder, at=at - timedelta(days=2))


def _voucher_of(holder: Party, cast: Cast, begun: datetime) -> Voucher | None:
    cast.clerks.setdefault(holder.town_id or 0, cast.people["clerk"])
    draft = begin({"policy": "startup_service_voucher", "number": 451}, holder, cast, begun)
    if draft is None:
        return None
    case = hand_in(draft, cast, begun)
    drive = Drive(case, cast, begun)
    drive.pass_days(1)
    drive.grant()
    return Voucher.objects.filter(decision__application=case, state=Voucher.State.ACTIVE).first()


def _act_for(provider: Party, user: User, clerk: User, at: datetime) -> None:
    facts = ClaimFacts(
        str(provider.credit_code),
        provider.name,
        Claim.Capacity.LEGAL_REPRESENTATIVE,
        Claim.Way.COUNTER,
        town=provider.town,
    )
    confirm_claim(make_claim(facts, by=user, at=at), by=clerk, at=at + timedelta(days=1))


def _look_for_money(needs: list[dict[str, Any]], cast: Cast, at: datetime) -> None:
    """The founder's own firm: one need with an offer, and one that was met."""
    founder, bank = cast.people["founder"], cast.people["bank"]
    claim = Claim.objects.filter(user=founder, state=Claim.State.CONFIRMED).select_related("party").first()
    if claim is None:
        return
    for told in needs:
        posted = at - timedelta(days=told["ago"])
        need = post_need(
            claim.party,
            kind=told["kind"],
            amount=parse_yuan(told["amount"]),
            months=12,
            purpose=told["purpose"],
            contact="林小舟（演示）",
            open_until=timezone.localdate(at) + timedelta(days=30),
            by=founder,
            at=posted,
        )
        answer_need(
            need,
            institution=told["institution"],
            kind=FinancingAnswer.Kind.OFFERED,
            text=told["text"],
            amount=parse_yuan(told["offer"]),
            rate=told.get("rate"),
            by=bank,
            at=posted + timedelta(days=3),
        )
        if "outcome" in told:
            funded, day = parse_yuan(told["offer"]), posted + timedelta(days=30)
            state = FinancingNeed.State.FUNDED
            close_need(need, state=state, funded_amount=funded, outcome=told["outcome"], by=founder, at=day)


def _report_reliefs(told: list[dict[str, Any]], office: User, at: datetime) -> None:
    on = timezone.localdate(at)
    known = {one.id for one in relief_policies(on)}
    source = "区税务局统计（演示数据）"
    figures = [
        UptakeFigures(one["policy"], on.year, one["count"], parse_yuan(one["amount"]), source)
        for one in told
        if one["policy"] in known
    ]
    enter_uptake(figures, by=office, at=at)
