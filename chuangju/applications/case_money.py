"""办件资金 - money is set aside when a case is decided (or handed in), owed when the decision is out, freed when it falls.

Each part of a grant has a claim of its own in the ledger, whose name follows from the decision and the part's number, so
that the same part can never be reserved, committed or paid a second time, whatever happens in between.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.decision_rights import DecisionRefused, ancestors_of, objects_to_recovery
from chuangju.applications.decision_settings import decision_settings, is_paid_out
from chuangju.applications.models import Application, Decision, Instalment, Window
from chuangju.budget.accounts import claim_rows
from chuangju.budget.ledger import BudgetEmpty, claim_balances, commit_money, release_money, reserve_money
from chuangju.budget.lines import line_for
from chuangju.budget.models import BudgetLine, Payment
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.rules.policy import Policy

PREFIX = "applications.instalment"
_COUNTING = (Decision.State.APPROVED, Decision.State.PUBLISHED)
_REPLACING = (Application.Kind.OBJECTION, Application.Kind.REOPENING)
_GRANTING = (Decision.Outcome.GRANTED, Decision.Outcome.CHANGED)


@dataclass(frozen=True)
class Part:
    """One part of a grant: its number, whole fen, the key of its instalment and the name of its claim."""

    number: int
    amount: int
    key: uuid.UUID

    @property
    def claim_key(self) -> str:
        """The name under which the ledger knows it."""
        return f"{PREFIX}:{self.key}"


def parts_of(decision: Decision, policy: Policy) -> list[Part]:
    """The parts in which a decision is paid, as the policy's file divides it; whole fen, what is left over in the first."""
    if not decision.amount or decision.outcome not in _GRANTING or not is_paid_out(policy):
        return []
    if objects_to_recovery(decision.application):
        return []
    owed = decision.amount - paid_before(decision.application)
    if owed <= 0:
        return []
    count = min(owed, policy_parts(policy))
    each, rest = divmod(owed, count)
    return [
        Part(number, each + (rest if number == 1 else 0), uuid.uuid5(decision.pk, str(number)))
        for number in range(1, count + 1)
    ]


def policy_parts(policy: Policy) -> int:
    """In how many parts the file says that a grant is paid; one where it says nothing."""
    given = policy.pays.get("instalments")
    return given if isinstance(given, int) and not isinstance(given, bool) and given > 0 else 1


def paid_before(application: Application) -> int:
    """What was paid, and kept, by decisions that this case's decision takes the place of."""
    return paid_for(Instalment.objects.filter(entitlement__application__in=replaced_by(application)))


def replaced_by(application: Application) -> list[Application]:
    """The cases in whose place the decision of this one stands, the nearest first; a renewal begins anew."""
    if application.kind not in _REPLACING or objects_to_recovery(application):
        return []
    found: list[Application] = []
    for ancestor in ancestors_of(application):
        found.append(ancestor)
        if ancestor.kind == Application.Kind.RENEWAL:
            break
    return found


def paid_for(instalments: QuerySet[Instalment]) -> int:
    """What arrived for these parts and has not come back, in fen."""
    keys = [part.claim_key for part in instalments]
    states = (Payment.State.PAID, Payment.State.RECOVERED)
    paid = Payment.objects.filter(claim_key__in=keys, state__in=states)
    found = paid.aggregate(amount=Sum("amount"), recovered=Sum("recovered"))
    return (found["amount"] or 0) - (found["recovered"] or 0)


def line_of(application: Application, policy: Policy, *, on: date) -> BudgetLine | None:
    """The line that pays for a case: the one its window names, else that of the policy and the year."""
    code = application.window.budget_code
    if code:
        return BudgetLine.objects.filter(year=on.year, code=code, state=BudgetLine.State.OPEN).first()
    return line_for(policy.id, year=on.year, unit=application.unit, earmarks=_earmarks(policy))


def submission_claim(application: Application) -> str:
    """The name of what a case holds from its submission until it is decided."""
    return f"applications.application:{application.pk}"


@transaction.atomic
def reserve_at_submission(application: Application, policy: Policy, *, by: User | None, at: datetime) -> bool:
    """Set the expected amount aside when a case is handed in, where its window says so; False where the case waits.

    Raises DecisionRefused in a window that stops when the money is gone.
    """
    window, amount = application.window, application.expected_amount
    if window.reserves != Window.Reserves.AT_SUBMIT or not amount or not is_paid_out(policy):
        return True
    take_locks(f"applications.window:{window.pk}")
    try:
        with transaction.atomic():
            line = _required_line(application, policy, on=timezone.localdate(at))
            reserve_money(line, submission_claim(application), amount, by=by, at=at)
    except BudgetEmpty as empty:
        return _waits(window, empty)
    return True


def reserve_for(decision: Decision, policy: Policy, *, by: User | None, at: datetime) -> bool:
    """Set the money of all parts aside, or none of it; True where it is there (or none is needed), False where it waits.

    Raises DecisionRefused where places or money of the window are used up, and in a window that stops when empty.
    """
    application, window = decision.application, decision.application.window
    take_locks(f"applications.window:{window.pk}")
    _refuse_beyond_window(decision, window)
    parts = parts_of(decision, policy)
    if decision.outcome in _GRANTING:
        _free_submission(application, by=by, at=at)
    if not parts:
        return True
    try:
        with transaction.atomic():
            line = _required_line(application, policy, on=timezone.localdate(at))
            for part in parts:
                reserve_money(line, part.claim_key, part.amount, by=by, at=at)
    except BudgetEmpty as empty:
        return _waits(window, empty)
    return True


def commit_for(decision: Decision, policy: Policy, *, by: User | None, at: datetime) -> bool:
    """The decision is out: what was reserved for its parts is owed now; False where nothing had been reserved."""
    parts = parts_of(decision, policy)
    held = [(part, line) for part in parts for line, reserved, _committed in _holdings(part.claim_key) if reserved]
    for part, line in held:
        commit_money(line, part.claim_key, part.amount, by=by, at=at)
    return len(held) == len(parts)


def release_claim(claim_key: str, *, reason: str, by: User | None, at: datetime) -> int:
    """Free whatever a claim holds and has not been paid; how many fen."""
    freed = 0
    for line, reserved, committed in _holdings(claim_key):
        if reserved + committed:
            release_money(line, claim_key, reserved + committed, reason=reason, by=by, at=at)
            freed += reserved + committed
    return freed


def release_for(decision: Decision, policy: Policy, *, reason: str, by: User | None, at: datetime) -> int:
    """Free what a decision holds that will not come into force; how many fen."""
    return sum(release_claim(part.claim_key, reason=reason, by=by, at=at) for part in parts_of(decision, policy))


def release_submission(application: Application, *, reason: str, by: User | None, at: datetime) -> int:
    """Free what a case holds since its submission: it was withdrawn, refused or has lapsed."""
    return release_claim(submission_claim(application), reason=reason, by=by, at=at)


def claim_line(claim_key: str) -> BudgetLine | None:
    """The line in which a claim holds or held its money."""
    rows = claim_rows(claim_key)
    held = [row for row in rows if row.reserved or row.committed or row.paid] or rows
    return held[-1].line if held else None


def is_committed(claim_key: str) -> bool:
    """Whether money is owed under a claim."""
    return claim_balances(claim_key).committed > 0


def _holdings(claim_key: str) -> Iterator[tuple[BudgetLine, int, int]]:
    return ((row.line, row.reserved, row.committed) for row in claim_rows(claim_key))


def _free_submission(application: Application, *, by: User | None, at: datetime) -> None:
    release_submission(application, reason=_("审定，改为按期次占用"), by=by, at=at)


def _required_line(application: Application, policy: Policy, *, on: date) -> BudgetLine:
    line = line_of(application, policy, on=on)
    if line is None:
        raise BudgetEmpty(_("本年度没有这项政策的资金条目"))
    return line


def _waits(window: Window, empty: BudgetEmpty) -> bool:
    if window.when_empty == Window.WhenEmpty.REFUSE:
        raise DecisionRefused(_("资金已用完：%(why)s。这一批次资金用完即停止") % {"why": empty.sentence}) from empty
    return False


def granted_in(window: Window) -> QuerySet[Decision]:
    """The grants that take the places and the money of a round; a slip that was put right grants nothing."""
    found = Decision.objects.filter(application__window=window, state__in=_COUNTING, outcome__in=_GRANTING)
    found = found.exclude(
        application__kind=Application.Kind.OBJECTION, application__parent__kind=Application.Kind.RECOVERY
    )
    return found.exclude(application__kind=Application.Kind.CORRECTION)


def _refuse_beyond_window(decision: Decision, window: Window) -> None:
    """Refuse what goes beyond the places and the money of the window itself; read under the window's lock."""
    is_slip = decision.application.kind == Application.Kind.CORRECTION or objects_to_recovery(decision.application)
    if is_slip or decision.outcome not in _GRANTING or (window.places is None and window.money is None):
        return
    family = [decision.application_id, *(one.pk for one in ancestors_of(decision.application))]
    granted = granted_in(window).exclude(application__in=family)
    if window.places is not None and granted.count() >= window.places:
        raise DecisionRefused(_("名额已满：这一批次共 %(count)d 个") % {"count": window.places})
    if window.money is not None:
        used = granted.aggregate(sum=Sum("amount"))["sum"] or 0
        if used + (decision.amount or 0) > window.money:
            left = format_yuan(max(0, window.money - used))
            raise DecisionRefused(_("这一批次的资金额度只剩 %(left)s") % {"left": left})


def _earmarks(policy: Policy) -> list[str]:
    """The purposes that fit everybody whom a policy is for."""
    known = decision_settings()["money"].get("earmarks", {})
    return [name for name, audience in known.items() if policy.audience and set(policy.audience) <= set(audience)]
