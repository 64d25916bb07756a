"""演示资金 - lines for this year with some history, batches in every state, a payment that came back; nothing is real."""

from __future__ import annotations

import tomllib
import uuid
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from chuangju.budget import batches
from chuangju.budget.batch_files import detail_digest, items_of
from chuangju.budget.ledger import commit_money, pay_money, plan_money, reserve_money, shortage_of
from chuangju.budget.lines import LineFacts, enter_line, open_line
from chuangju.budget.models import BudgetLine, Payment, PaymentBatch
from chuangju.budget.payments import request_payment, settle_payment, take_back_payment
from chuangju.budget.reallocations import Proposal, propose_reallocation
from chuangju.budget.requests import RequestFacts, add_target, write_request
from chuangju.kernel.models import User
from chuangju.kernel.money import FEN_PER_YUAN
from chuangju.units.models import Unit
from chuangju.ventures.models import Claim, Party

DATA = Path(__file__).parent / "data" / "demo.toml"
# Of nobody: the Luhn digit of this number is wrong on purpose.
_ACCOUNT = "6200000000000000{:03d}"
_BANK = "演示银行闵行支行"
# How far each demo batch has come, and how many payments it holds.
_BATCHES = (("settled", 4), ("sent", 3), ("checked", 3), ("waiting", 3))


@transaction.atomic
def load_demo_budget(at: datetime) -> None:
    """Enter the lines of the file with their history, then batches of the line that has most of it."""
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))
    year = timezone.localdate(at).year
    begun = min(_moment(date(year, 1, 6)), at - timedelta(hours=2))
    units = {unit.name: unit for unit in Unit.objects.order_by("code")}
    lines = {}
    for entry in told["line"]:
        unit = units.get(entry["unit"])
        if unit is not None:
            lines[entry["code"]] = _enter(entry, unit, year, document=told["document"], at=begun)
            _spend(lines[entry["code"]], entry["monthly"] * FEN_PER_YUAN, until=at)
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    if not {"finance", "approver"} <= set(people) or "RS-02" not in lines:
        return
    _pay_batches(lines["RS-02"], people["finance"], people["approver"], at)
    proposal = Proposal(lines["RS-03"], lines["RS-05"], 200_000 * FEN_PER_YUAN, "（演示）社会保险补贴申请量超出预期")
    propose_reallocation(proposal, by=people["finance"], at=at - timedelta(days=2))
    _ask(told["request"], lines, people["finance"], at)


def _enter(entry: dict[str, Any], unit: Unit, year: int, *, document: str, at: datetime) -> BudgetLine:
    facts = LineFacts(
        year=year,
        code=entry["code"],
        name=entry["name"],
        name_en=entry["name_en"],
        unit=unit,
        policy_id=entry["policy_id"],
        task_code=entry["task_code"],
        earmark=entry.get("earmark", ""),
        document=document,
        note="演示数据",
    )
    line = enter_line(facts, by=None, at=at, is_demo=True)
    plan_money(line, entry["amount"] * FEN_PER_YUAN, reason="年初预算（演示）", by=None, at=at)
    return open_line(line, revision=line.revision, by=None, at=at)


def _spend(line: BudgetLine, amount: int, *, until: datetime) -> None:
    """One claim a month, decided on the 8th, published on the 15th and paid on the 25th, as far as these days have come."""
    for month in range(1, 13) if amount else ():
        key = f"budget.demo:{uuid.uuid4()}"
        steps = ((8, reserve_money), (15, commit_money), (25, pay_money))
        if shortage_of(line, amount):
            # The line has run dry, as lines do towards the end of a year.
            return
        for day, step in steps:
            moment = _moment(date(line.year, month, day))
            if moment < until:
                step(line, key, amount, by=None, at=moment)


def _pay_batches(line: BudgetLine, finance: User, approver: User, at: datetime) -> None:
    """Batches of small payments: one settled with a return, one with the treasury, one to be approved, some waiting."""
    payees = list(Party.objects.filter(is_demo=True, kind__in=Party.VENTURES).standing().order_by("name", "pk")[:8])
    own = Claim.objects.filter(user__username="founder", state=Claim.State.CONFIRMED).select_related("party").first()
    if not payees:
        return
    for place, (reach, count) in enumerate(_BATCHES):
        then = at - timedelta(days=20 - 5 * place)
        chosen = [payees[(place * 3 + number) % len(payees)] for number in range(count)]
        if place == 0 and own is not None:
            chosen[0] = own.party
        payments = [_request(line, payee, place * 10 + number, at=then) for number, payee in enumerate(chosen)]
        if reach != "waiting":
            _bring_along(line, payments, reach, finance, approver, at=then)


def _request(line: BudgetLine, payee: Party, number: int, *, at: datetime) -> Payment:
    key, amount = f"budget.demo:{uuid.uuid4()}", (6000 + 500 * number) * FEN_PER_YUAN
    reserve_money(line, key, amount, by=None, at=at - timedelta(days=3))
    commit_money(line, key, amount, by=None, at=at - timedelta(hours=5))
    return request_payment(
        key,
        line=line,
        amount=amount,
        payee=payee,
        account_name=payee.name,
        account_number=_ACCOUNT.format(number),
        bank=_BANK,
        purpose="创业场地房租补贴（演示）",
        due_on=timezone.localdate(at) + timedelta(days=7),
        by=None,
        at=at - timedelta(hours=4),
    )


def _bring_along(
    line: BudgetLine, payments: list[Payment], reach: str, finance: User, approver: User, *, at: datetime
) -> PaymentBatch:
    title = f"{timezone.localdate(at):%Y年%m月}房租补贴（演示）"
    batch = batches.form_batch(line.unit, payments, title=title, by=finance, at=at, is_demo=True)
    batch = batches.check_batch(batch, revision=batch.revision, by=finance, at=at + timedelta(hours=1))
    if reach == "checked":
        return batch
    batch = batches.approve_batch(batch, revision=batch.revision, by=approver, at=at + timedelta(hours=2))
    digest = detail_digest(batch, items_of(batch))
    sent = at + timedelta(hours=3)
    batch = batches.send_batch(batch, sha256=digest, revision=batch.revision, by=finance, at=sent)
    if reach == "settled":
        _answer(batch, finance, at=at + timedelta(days=2))
    return batch


def _answer(batch: PaymentBatch, finance: User, *, at: datetime) -> None:
    """Everything arrived; the first one came back from its bank."""
    for item in items_of(batch):
        day = timezone.localdate(at)
        settle_payment(item.payment, paid_on=day, voucher=f"演示{item.position:04d}", by=finance, at=at)
        item.outcome, item.paid_on, item.voucher = item.Outcome.PAID, day, f"演示{item.position:04d}"
        if item.position == 1:
            reason = "收款账户已注销（演示）"
            take_back_payment(item.payment, reason=reason, by=finance, at=at + timedelta(hours=3))
            item.outcome, item.reason = item.Outcome.RETURNED, reason
        item.save()
    batches.settle_batch(batch, by=finance, at=at + timedelta(hours=4))


def _ask(told: dict[str, Any], lines: dict[str, BudgetLine], finance: User, at: datetime) -> None:
    line = BudgetLine.objects.select_related("balance", "unit").get(pk=lines[told["line"]].pk)
    facts = RequestFacts(
        amount=told["amount"] * FEN_PER_YUAN,
        reasons=told["reasons"],
        goal=told["goal"],
        simulation=told["simulation"],
        simulated=told["simulated"] * FEN_PER_YUAN,
    )
    made = write_request(line, facts, by=finance, at=at)
    for kind, name, value in told["targets"]:
        add_target(made, kind=kind, name=name, value=value, by=finance, at=at)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
