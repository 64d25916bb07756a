"""数据异议 - the applicant says that what the register holds is wrong: their own answer counts until it is looked into."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.answers import APPLICANT, answers_of, keep_entries
from chuangju.applications.drafts import ApplicationRefused, evaluate_draft, lock_draft
from chuangju.applications.models import Application
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.ventures.facts import dispute_fact, known_facts

_LONGEST = 200


@transaction.atomic
def dispute_register_fact(application: Application, key: str, *, reason: str, by: User, at: datetime) -> Application:
    """Say that a value of the register is wrong; raises ApplicationRefused, FactRefused."""
    fresh, on = lock_draft(application, by=by, at=at), timezone.localdate(at)
    words = " ".join(reason.split())
    if not words or len(words) > _LONGEST:
        raise ApplicationRefused(_("请写明哪里不对（不超过 200 个字）"))
    known = known_facts(fresh.subject, on=on).get(key)
    if known is None:
        raise ApplicationRefused(_("登记里没有这一项，直接填写即可"))
    if known.fact is not None and not known.is_disputed:
        dispute_fact(known.fact, reason=words, by=by, at=at)
    entries = answers_of(fresh)
    entry = entries.get(key, {"value": None, "source": APPLICANT, "said": str(by), "on": on.isoformat()})
    entries[key] = {**entry, "disputes": words}
    keep_entries(fresh, entries)
    evaluate_draft(fresh, on=on)
    fresh.changed_at, fresh.revision = at, fresh.revision + 1
    fresh.save()
    record_event(
        "applications.fact_disputed", fresh, by=by, at=at, after={"key": key}, about=fresh.subject, reason=words
    )
    return fresh
