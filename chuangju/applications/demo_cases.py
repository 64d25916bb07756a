"""演示办件 - cases in every state, made by the very rules that people use, with days of the past; nobody here exists."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from chuangju.applications import demo_leniency
from chuangju.applications.children import open_objection
from chuangju.applications.corrections import Wanted, request_correction
from chuangju.applications.demo_driving import Cast, Drive, begin, demo_cast, hand_in
from chuangju.applications.demo_more_cases import BEFORE, reopen, sample_after, suspend, wait_for_funds
from chuangju.applications.models import Application, ApplicationRole, Decision, Standing
from chuangju.applications.recoveries import open_recovery, record_repayment, state_views
from chuangju.applications.standings import suspend_standing
from chuangju.applications.submissions import withdraw_application
from chuangju.budget.answers import take_answers
from chuangju.budget.batch_files import detail_digest, items_of
from chuangju.budget.batches import approve_batch, check_batch, form_batch, send_batch
from chuangju.budget.models import Payment
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.units.models import Unit
from chuangju.ventures.models import Party
from chuangju.ventures.parties import PartyFacts, add_party

DATA = Path(__file__).parent / "data" / "demo_cases.toml"
# 310199 was never assigned to any district.
_PREFIX = "91310199"


@transaction.atomic
def load_demo_cases(at: datetime) -> None:
    """Every case of the file, as far as the demo's people are there to bring it along."""
    cast = demo_cast()
    if not {"founder", "clerk", "clerk2", "approver", "finance"} <= set(cast.people):
        return
    towns = {unit.code: unit for unit in Unit.objects.filter(kind__in=Unit.PLACES)}
    for entry in tomllib.loads(DATA.read_text(encoding="utf-8"))["case"]:
        if entry["town"] in towns:
            _load(entry, towns[entry["town"]], cast, at)


def _load(entry: dict[str, Any], town: Unit, cast: Cast, at: datetime) -> None:
    begun = at - timedelta(days=entry["ago"])
    policy = current_catalogue().version_for(entry["policy"], timezone.localdate(begun))
    if policy is None:
        return
    registered = policy.examples[entry.get("example", 0)].given.get("registered_on")
    party = make_demo_party(entry, town, registered if isinstance(registered, date) else None, at=begun)
    if entry["until"] in BEFORE:
        BEFORE[entry["until"]](entry, party, cast, begun)
        return
    draft = begin(entry, party, cast, begun)
    if draft is None or entry["until"] == "draft":
        return
    # A founder of the demo acts for the firm, so that a sign-in shows what applicants see.
    applicant = cast.applicant(entry)
    ApplicationRole.objects.create(
        application=draft,
        kind=ApplicationRole.Kind.AGENT,
        user=applicant,
        consent=ApplicationRole.Consent.GIVEN,
        asked_at=begun,
        answered_at=begun,
    )
    hand_in(draft, cast, begun)
    drive = Drive(draft, cast, begun, pace=entry.get("pace", 1), applicant=applicant)
    drive.pass_days(drive.pace)
    _WAYS[entry["until"]](drive)


def make_demo_party(entry: dict[str, Any], town: Unit, registered: date | None, *, at: datetime) -> Party:
    """A firm that never was, under a number that belongs to no district."""
    body = f"{_PREFIX}{entry['number']:09d}"
    facts = PartyFacts(
        kind=Party.Kind.FIRM,
        name=entry["name"],
        credit_code=body + str(uscc.calc_check_digit(body)),
        town=town,
        registered_on=registered,
    )
    return add_party(facts, source=Party.Source.DEMO, is_demo=True, by=None, at=at)


def _submitted(drive: Drive) -> None:
    """Nothing more: it waits for its acceptance."""


def _correct(drive: Drive) -> None:
    step = drive.step()
    if step is not None:
        clerk = drive.cast.clerks[step.unit_id or 0]
        items = [Wanted("租赁合同缺少最后一页，请补拍")]
        request_correction(drive.fresh(), items, by=clerk, at=drive.at)


def _visit(drive: Drive) -> None:
    drive.accept()
    drive.review(before="visit")


def _verify(drive: Drive) -> None:
    drive.accept()
    drive.review(before="verify")


def _proposed(drive: Drive) -> None:
    drive.accept()
    drive.review()
    drive.propose(Decision.Outcome.GRANTED)


def _notice(drive: Drive) -> None:
    _proposed(drive)
    drive.approve()


def _granted(drive: Drive) -> None:
    drive.grant()


def _requested(drive: Drive) -> None:
    drive.grant()
    drive.request()


def _paid(drive: Drive, outcome: str = "paid") -> None:
    drive.grant()
    payments = drive.request()
    if payments:
        drive.pass_days(4)
        pay_demo(payments, drive, outcome)
        drive.pass_days(1)
        drive.close()


def _returned(drive: Drive) -> None:
    _paid(drive, "failed")


def _refused(drive: Drive) -> None:
    drive.accept()
    drive.review()
    drive.propose(Decision.Outcome.REFUSED, reasons=("hire",), remark="只有一名员工参保满半年")
    drive.approve()


def _objection(drive: Drive) -> None:
    _refused(drive)
    drive.pass_days(3)
    words = "第二名员工六月起参保，社保记录漏登，请复核。"
    open_objection(drive.fresh(), text=words, by=drive.applicant, at=drive.at)


def _recovery(drive: Drive) -> None:
    _paid(drive)
    drive.pass_days(20)
    clerk = drive.cast.people["clerk"]
    open_recovery(drive.fresh(), reason="场地已于上月退租，未按承诺报告", by=clerk, at=drive.at)


def _repaid(drive: Drive) -> None:
    _recovery(drive)
    child = Application.objects.get(parent=drive.application, kind=Application.Kind.RECOVERY)
    own = Drive(child, drive.cast, drive.at)
    step = own.step()
    if step is not None:
        state_views(child, text="确已退租，愿意退回。", by=drive.applicant, at=own.at)
    own.review()
    own.propose(Decision.Outcome.REVOKED, amount=500_000, remark="退租后的部分应予退回")
    own.approve()
    own.pass_days(5)
    finance = drive.cast.people["finance"]
    day = timezone.localdate(own.at)
    record_repayment(child, amount=300_000, reference="JK2026-0117", received_on=day, by=finance, at=own.at)


def _withdrawn(drive: Drive) -> None:
    drive.accept()
    withdraw_application(drive.fresh(), reason="改租别处，暂不申请", by=drive.applicant, at=drive.at)


def _suspended_standing(drive: Drive) -> None:
    drive.grant()
    standing = Standing.objects.filter(decision__application=drive.application).first()
    if standing is not None:
        drive.pass_days(10)
        clerk = drive.cast.people["clerk"]
        suspend_standing(standing, reason="正在核实在孵团队数", by=clerk, at=drive.at)


def pay_demo(payments: list[Payment], drive: Drive, outcome: str) -> None:
    """One batch through two people to the treasury, and its answer."""
    finance: User = drive.cast.people["finance"]
    line = payments[0].line
    chief = drive.cast.people.get("approver-czj") or drive.cast.people["finance"]
    batch = form_batch(line.unit, payments, title="房租补贴（演示）", by=finance, at=drive.at)
    batch = check_batch(batch, revision=batch.revision, by=finance, at=drive.at)
    batch = approve_batch(batch, revision=batch.revision, by=chief, at=drive.at)
    send_batch(batch, sha256=detail_digest(batch, items_of(batch)), revision=batch.revision, by=finance, at=drive.at)
    drive.pass_days(2)
    day = timezone.localdate(drive.at).isoformat()
    said = {"outcome": "成功", "paid_on": day, "reason": "", "voucher": "GK2026-0117"}
    if outcome != "paid":
        said = {"outcome": "失败", "paid_on": "", "reason": "账号与户名不符", "voucher": ""}
    rows = [
        {"row": place, "at": {}, "cells": {"number": item.payment.number, "amount": f"{item.amount / 100:.2f}", **said}}
        for place, item in enumerate(items_of(batch), start=2)
    ]
    digest = hashlib.sha256(f"{batch.pk}".encode()).hexdigest()
    take_answers(batch, rows, name="回执（演示）.xlsx", sha256=digest, by=finance, at=drive.at)


_WAYS: dict[str, Callable[[Drive], None]] = {
    "submitted": _submitted,
    "correction": _correct,
    "visit": _visit,
    "verify": _verify,
    "proposed": _proposed,
    "notice": _notice,
    "granted": _granted,
    "requested": _requested,
    "paid": _paid,
    "returned": _returned,
    "refused": _refused,
    "objection": _objection,
    "recovery": _recovery,
    "repaid": _repaid,
    "withdrawn": _withdrawn,
    "suspended_standing": _suspended_standing,
    "funds": wait_for_funds,
    "suspended": suspend,
    "reopened": reopen,
    "sampled": sample_after(_paid),
    "follow": demo_leniency.follow,
    "overdue": demo_leniency.overdue,
    "promised": demo_leniency.promised,
    "untrue": demo_leniency.untrue,
}
