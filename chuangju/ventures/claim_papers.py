"""补正 - the clerk says once and in full what is missing; the clock stands still until the claimant brings it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event
from chuangju.kernel.clocks import clock_of, pause_clock, resume_clock
from chuangju.kernel.models import Attachment, User
from chuangju.kernel.outbox import notify
from chuangju.ventures.claim_clocks import REVIEW
from chuangju.ventures.claims import OWN_PAGE, ClaimRefused, lock_open_claim
from chuangju.ventures.models import Claim

MOST_PAPERS = 20
_LONGEST = 200


@transaction.atomic
def ask_for_papers(claim: Claim, *, missing: str, by: User, at: datetime) -> None:
    """Tell the claimant everything that is missing, and let the clock stand still. Raises ClaimRefused, ClockRefused."""
    fresh = lock_open_claim(claim, by=by, at=at)
    words = " ".join(missing.split())
    if not words or len(words) > _LONGEST:
        raise ClaimRefused(_("请一次写明缺少的全部材料（不超过 200 个字），申请人会看到"))
    clock = clock_of(fresh, REVIEW)
    if clock is None:
        raise ClaimRefused(_("窗口核实的申请无须补正，请当面告知"))
    pause_clock(clock, reason=words, by=by, at=at)
    record_event("ventures.claim_papers_asked", fresh, by=by, at=at, about=fresh.party, reason=words)
    values = {"name": fresh.given_name, "missing": words}
    notify(fresh.user, "ventures.claim_papers_asked", fresh, at=at, values=values, address=OWN_PAGE)


@transaction.atomic
def add_papers(claim: Claim, *, files: Iterable[Any], by: User, at: datetime) -> None:
    """The claimant brings further papers; a clock that stood still goes on. Raises ClaimRefused, AttachmentRefused."""
    fresh = Claim.objects.select_for_update(of=("self",)).select_related("party").get(pk=claim.pk)
    brought = list(files)
    if fresh.user_id != by.pk:
        raise ClaimRefused(_("只能补充本人的申请材料"))
    if fresh.state != Claim.State.PENDING:
        raise ClaimRefused(_("该申请已经处理，不能再补充材料"))
    if not brought:
        raise ClaimRefused(_("请选择要补充的材料"))
    if fresh.attachments.count() + len(brought) > MOST_PAPERS:
        raise ClaimRefused(_("材料最多 %(count)d 份，请合并后再上传") % {"count": MOST_PAPERS})
    clock = clock_of(fresh, REVIEW)
    if clock is not None and clock.pauses.filter(resumed_on__isnull=True).exists():
        resume_clock(clock, by=by, at=at)
    kept: list[Attachment] = [attach_file(fresh, file, by=by, at=at) for file in brought]
    after = {"papers": [one.name for one in kept]}
    record_event("ventures.claim_papers_added", fresh, by=by, at=at, after=after, about=fresh.party)
