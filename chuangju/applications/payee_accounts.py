"""收款账户 - where the money of a case is to go: typed by the applicant, kept encrypted, shown masked."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chuangju.applications.drafts import ApplicationRefused, lock_draft
from chuangju.applications.models import Application
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
