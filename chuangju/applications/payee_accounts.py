"""收款账户 - where the money of a case is to go: typed by the applicant, kept encrypted, shown masked.

The account that stands in the case is the one truth: parts of a grant and periods of interest are asked for with it, and what
was asked for but has not gone out follows when the payee corrects it (`take_over_account`).
"""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chuangju.applications.case_locks import lock_application
from chuangju.applications.drafts import ApplicationRefused, lock_draft
from chuangju.applications.models import Application, Instalment, InterestPeriod
from chuangju.budget.models import Payment
from chuangju.budget.payment_owners import PayeeAccount
from chuangju.budget.payments import follow_account
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.ventures.models import Party

SHORTEST_NUMBER, LONGEST_NUMBER, LONGEST_NAME = 8, 32, 200
# The account given last stands in one of the latest cases.
_LOOKED_AT = 10


@transaction.atomic
def give_account(application: Application, *, name: str, number: str, bank: str, by: User, at: datetime) -> Application:
    """Say where the money is to go; raises ApplicationRefused."""
    fresh = lock_draft(application, by=by, at=at)
    account = checked_account(name, number, bank)
    fresh.account = json.dumps(account, ensure_ascii=False)
    fresh.changed_at, fresh.revision = at, fresh.revision + 1
    fresh.save(update_fields=["account", "changed_at", "revision"])
    record_event(
        "applications.account_given", fresh, by=by, at=at, after={"account": fresh.account}, about=fresh.subject
    )
    return fresh


def checked_account(name: str, number: str, bank: str) -> dict[str, str]:
    """An account as it is kept; raises ApplicationRefused with what is wrong."""
    plain = "".join(number.split()).replace("-", "")
    if not name.strip() or len(name) > LONGEST_NAME or not bank.strip() or len(bank) > LONGEST_NAME:
        raise ApplicationRefused(_("请填写户名和开户银行"))
    if not plain.isascii() or not plain.isalnum() or not SHORTEST_NUMBER <= len(plain) <= LONGEST_NUMBER:
        raise ApplicationRefused(_("账号应为 8 至 32 位数字，请核对"))
    return {"name": " ".join(name.split()), "number": plain, "bank": " ".join(bank.split())}


def account_of(application: Application) -> dict[str, str]:
    """The account of a case; empty where none was given."""
    found: dict[str, str] = json.loads(application.account) if application.account else {}
    return found


def earlier_account(subject: Party) -> dict[str, str]:
    """The account that the subject gave last, so that nobody types it twice; empty where there is none."""
    for earlier in Application.objects.filter(subject=subject).order_by("-changed_at", "pk")[:_LOOKED_AT]:
        if earlier.account:
            return account_of(earlier)
    return {}


def account_for(application: Application, payee: Party) -> PayeeAccount | None:
    """The account of a case as the budget reads it; None where the money goes to somebody else than the case's own payee."""
    found = account_of(application)
    if not found or payee.pk != _payee_key(application):
        return None
    return PayeeAccount(found["name"], found["number"], found["bank"])


@transaction.atomic
def take_over_account(application: Application, payment: Payment, *, by: User | None, at: datetime) -> None:
    """The payee corrected the account of one payment: the case and its relatives, and all that is still to be paid, follow."""
    family = [one for one in hold_family(application) if _payee_key(one) == payment.payee_id]
    corrected = {"name": payment.account_name, "number": payment.account_number, "bank": payment.bank}
    changed = [one for one in family if account_of(one) != corrected]
    for case in changed:
        case.account = json.dumps(corrected, ensure_ascii=False)
        case.changed_at = at
        case.save(update_fields=["account", "changed_at"])
        record_event(
            "applications.account_given", case, by=by, at=at, after={"account": case.account}, about=case.subject
        )
    if not changed:
        return
    for waiting in _waiting_payments(family, payment):
        follow_account(waiting, by=by, at=at)


def hold_family(application: Application) -> list[Application]:
    """A case, what it grew out of and what grew out of it, all held."""
    root = application
    while root.parent is not None:
        root = root.parent
    found, newest = [root], [root]
    while newest:
        newest = list(Application.objects.filter(parent__in=newest))
        found += newest
    return [lock_application(one) for one in sorted(found, key=lambda each: str(each.pk))]


def _payee_key(application: Application) -> object:
    return application.payee_id or application.subject_id


def _waiting_payments(family: list[Application], mended: Payment) -> list[Payment]:
    """What was asked for in these cases and has not gone out, for the same payee."""
    parts = Instalment.objects.filter(entitlement__application__in=family)
    periods = InterestPeriod.objects.filter(facility__application__in=family)
    keys = [part.claim_key for part in parts] + [period.claim_key for period in periods]
    rows = Payment.objects.filter(claim_key__in=keys, payee=mended.payee_id, state__in=Payment.WAITING)
    return list(rows.exclude(pk=mended.pk).select_related("line").order_by("number"))
