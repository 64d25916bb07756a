"""担保贷款 - the contract as it was signed, and the movements that a bank reports: a file is taken in whole and once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.loan_access import can_bring_movements, can_record_facility, is_found_eligible
from chuangju.applications.loan_schedule import Move, outstanding_on
from chuangju.applications.loan_settings import leaves_facility
from chuangju.applications.models import Application, LoanFacility, LoanFile, LoanMovement
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.ventures.facts import record_fact
from chuangju.ventures.models import Party

Kind = LoanMovement.Kind
_PLUS, _MINUS = (Kind.DRAWN,), (Kind.REPAID, Kind.CLAIMED)
_MOST_RATE, _LONGEST_REFERENCE = 10_000, 60
SOURCE = "银行流水"


class LoanRefused(Refused):
    """The contract or a movement cannot be recorded like this; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A loan contract as it was signed: fen, basis points a year."""

    bank: str
    number: str
    principal: int
    rate: int
    signed_on: date
    ends_on: date
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class ReportedMovement:
    """One line of a bank's file, understood."""

    contract: str
    kind: str
    on: date
    amount: int
    reference: str


@transaction.atomic
def record_facility(application: Application, contract: Contract, *, by: User, at: datetime) -> LoanFacility:
    """Write down the contract that a case led to; once for each case and each contract. Raises LoanRefused."""
    on = timezone.localdate(at)
    take_locks(f"applications.case:{application.pk}")
    if not can_record_facility(by, application, on):
        raise LoanRefused(_("只有经办银行和牵头单位的经办人可以登记借款合同"))
    policy = current_catalogue().version(application.policy_id, application.policy_version)
    if policy is None or not leaves_facility(policy):
        raise LoanRefused(_("这项政策不是担保贷款，不登记借款合同"))
    if application.state not in (Application.State.IN_REVIEW, Application.State.GRANTED):
        raise LoanRefused(_("办件还没有受理或已经结束，不能登记借款合同"))
    if not is_found_eligible(application):
        raise LoanRefused(_("资格还没有审定，不能登记借款合同"))
    if LoanFacility.objects.filter(application=application).exists():
        raise LoanRefused(_("这一办件已经登记过借款合同"))
    _refuse_bad_contract(application, contract, on)
    facility = LoanFacility.objects.create(
        application=application,
        borrower=application.payee or application.subject,
        bank=" ".join(contract.bank.split())[:100],
        contract=contract.number.strip(),
        principal=contract.principal,
        rate=contract.rate,
        signed_on=contract.signed_on,
        ends_on=contract.ends_on,
        jobs=contract.jobs,
        is_demo=application.is_demo,
        recorded_by=by,
        recorded_at=at,
    )
    record_event("applications.loan_signed", facility, by=by, at=at, after=snapshot(facility), about=application)
    return facility


def _refuse_bad_contract(application: Application, contract: Contract, on: date) -> None:
    number = contract.number.strip()
    if not number or len(number) > _LONGEST_REFERENCE or not contract.bank.strip():
        raise LoanRefused(_("请填写经办银行和借款合同号"))
    if LoanFacility.objects.filter(contract=number).exists():
        raise LoanRefused(_("合同号 %(number)s 已经登记在另一办件下") % {"number": number})
    if contract.principal <= 0 or not 0 < contract.rate < _MOST_RATE:
        raise LoanRefused(_("合同金额和年利率都应大于零"))
    most = application.granted_amount if application.granted_amount is not None else application.expected_amount
    if most is not None and contract.principal > most:
        raise LoanRefused(_("合同金额超过核定的 %(most)s") % {"most": format_yuan(most)})
    if contract.signed_on > on or contract.ends_on <= contract.signed_on:
        raise LoanRefused(_("签约日不能晚于今天，到期日应在签约日之后"))


@transaction.atomic
def take_movements(
    movements: Sequence[ReportedMovement], *, name: str, sha256: str, by: User, at: datetime
) -> LoanFile:
    """Take a bank's file in, whole; the same file, and the same entry in another file, changes nothing.

    Raises LoanRefused where an entry does not fit what is there: every entry was judged before (loan_files.py).
    """
    if not can_bring_movements(by, timezone.localdate(at)):
        raise LoanRefused(_("只有经办银行和经办人可以导入贷款流水"))
    take_locks("applications.loans")
    earlier = LoanFile.objects.filter(sha256=sha256).first()
    if earlier is not None:
        return earlier
    found = LoanFacility.objects.select_for_update(of=("self",)).select_related("application", "borrower")
    facilities = {one.contract: one for one in found.filter(contract__in={one.contract for one in movements})}
    known = set(LoanMovement.objects.filter(facility__in=facilities.values()).values_list("facility", "reference"))
    fresh = [one for one in movements if (facilities[one.contract].pk, one.reference) not in known]
    banks = sorted({facilities[one.contract].bank for one in movements})
    file = LoanFile.objects.create(
        name=name[:200],
        sha256=sha256,
        bank=banks[0] if len(banks) == 1 else "",
        count=len(fresh),
        known=len(movements) - len(fresh),
        read_by=by,
        read_at=at,
    )
    for one in sorted(fresh, key=lambda each: (each.contract, each.on)):
        LoanMovement.objects.create(
            facility=facilities[one.contract],
            file=file,
            kind=one.kind,
            on=one.on,
            amount=one.amount,
            reference=one.reference[:_LONGEST_REFERENCE],
        )
    for contract in sorted({one.contract for one in fresh}):
        _settle_state(facilities[contract], by=by, at=at)
    after = {"name": file.name, "校验值": sha256, "count": file.count, "known": file.known}
    record_event("applications.loan_file_read", file, by=by, at=at, after=after)
    return file


def _settle_state(facility: LoanFacility, *, by: User, at: datetime) -> None:
    """The state that follows from the movements, and what is known of the borrower's loan as a fact."""
    movements = list(facility.movements.order_by("on", "pk"))
    before = {"state": facility.state}
    facility.drawn_on = min((one.on for one in movements if one.kind == Kind.DRAWN), default=None)
    owed = sum(one.amount for one in moves_of(movements))
    if any(one.kind == Kind.CLAIMED for one in movements):
        facility.state = LoanFacility.State.CLAIMED
    elif facility.drawn_on is None:
        facility.state = LoanFacility.State.SIGNED
    else:
        facility.state = LoanFacility.State.REPAID if owed == 0 else LoanFacility.State.DRAWN
    if owed < 0:
        raise LoanRefused(_("合同 %(number)s 的还本超过了放款") % {"number": facility.contract})
    facility.save(update_fields=["state", "drawn_on"])
    if facility.drawn_on is not None:
        _record_loans(facility.borrower, by=by, at=at)
    record_event(
        "applications.loan_moved",
        facility,
        by=by,
        at=at,
        before=before,
        after={"state": facility.state, "owed": owed},
        about=facility.application,
    )


def _record_loans(borrower: Party, *, by: User, at: datetime) -> None:
    """Push the borrower's loans down as a fact, so that policies speak of what the bank reported."""
    loans = []
    drawn = LoanFacility.objects.filter(borrower=borrower, drawn_on__isnull=False).order_by("drawn_on", "pk")
    for one in drawn.prefetch_related("movements"):
        movements = sorted(one.movements.all(), key=lambda each: (each.on, each.pk))
        repaid = max((each.on for each in movements if each.kind == Kind.REPAID), default=None)
        loans.append(
            {
                "principal": sum(each.amount for each in movements if each.kind == Kind.DRAWN),
                "rate": one.rate,
                "from": one.drawn_on.isoformat() if one.drawn_on else None,
                "to": one.ends_on.isoformat(),
                "repaid_on": repaid.isoformat() if repaid and one.state == LoanFacility.State.REPAID else None,
                "overdue": any(each.kind in (Kind.OVERDUE, Kind.CLAIMED) for each in movements),
            }
        )
    record_fact(borrower, "loans", loans, source=SOURCE, is_certified=True, by=by, at=at)


def moves_of(movements: Iterable[LoanMovement]) -> list[Move]:
    """The movements as the schedule reads them: more owed, or less."""
    return [
        Move(one.on, one.amount if one.kind in _PLUS else -one.amount)
        for one in movements
        if one.kind in _PLUS or one.kind in _MINUS
    ]


def overdue_spans(movements: Iterable[LoanMovement]) -> list[tuple[date, date | None]]:
    """From when until when (that day excluded) a loan was overdue; an open span has no end."""
    found: list[tuple[date, date | None]] = []
    for one in movements:
        if one.kind == Kind.OVERDUE and (not found or found[-1][1] is not None):
            found.append((one.on, None))
        elif one.kind == Kind.CLEARED and found and found[-1][1] is None:
            found[-1] = (found[-1][0], one.on)
    return found


def owed_on(movements: Iterable[LoanMovement], day: date) -> int:
    """What is owed to the bank at the end of a day, in fen."""
    return outstanding_on(moves_of(movements), day)


def is_overdue_on(movements: Iterable[LoanMovement], day: date) -> bool:
    """Whether a loan was overdue on a day."""
    return any(begin <= day and (end is None or day < end) for begin, end in overdue_spans(movements))
