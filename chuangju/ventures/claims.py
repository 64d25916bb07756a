"""代表关系 - how somebody comes to act for a firm: they say so, show a paper or come to the counter, and a clerk decides.

Whoever claims learns nothing of a firm they do not act for: the answer to a known and to an unknown code is the same,
and until a claim is confirmed its maker is shown only what they typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.units.models import Unit
from chuangju.ventures.access import can_verify_claim
from chuangju.ventures.claim_clocks import start_review, stop_review
from chuangju.ventures.codes import kind_of_code, normal_credit_code
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PARTIES_LOCK, PartyFacts, enter_party, find_by_code

# Whoever said that they would come to the counter and did not: the claim lapses, and they may make a new one.
COUNTER_WAIT = timedelta(days=30)
# Open claims of one person; more are a sign of somebody trying codes.
MOST_OPEN_CLAIMS = 10
LONGEST_TERM = timedelta(days=3 * 366)
_LONGEST_REASON = 200
_LONGEST_NAME = 200
OWN_PAGE = "/account/ventures/"


class ClaimRefused(Refused):
    """The claim cannot be made, decided or ended like this; the sentence says why."""


@dataclass(frozen=True)
class ClaimFacts:
    """What somebody says of the firm and of their part in it."""

    credit_code: str
    name: str
    capacity: str
    way: str
    town: Unit | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def make_claim(
    facts: ClaimFacts, *, files: Iterable[Any] = (), user: User | None = None, by: User, at: datetime
) -> Claim:
    """Say that one acts for the firm of a code, and show a paper where it is to be checked from papers.

    `user` is whose claim a clerk enters at the counter.

    A code nobody has entered makes a party that is not checked yet. Raises CodeRefused, ClaimRefused, AttachmentRefused.
    """
    papers, on, claimant = list(files), timezone.localdate(at), user or by
    code = normal_credit_code(facts.credit_code)
    name = " ".join(facts.name.replace("\x00", "").split())
    _refuse_claim(facts, name=name, papers=papers, on=on)
    take_locks(PARTIES_LOCK, f"ventures.claims.{claimant.pk}")
    own = Claim.objects.filter(user=claimant, state__in=Claim.LIVE)
    if own.filter(state=Claim.State.PENDING).count() >= MOST_OPEN_CLAIMS:
        raise ClaimRefused(_("待核实的申请已有 10 份，请等核实后再提交"))
    known = find_by_code(code)
    party = (known.merged_into or known) if known else _declare_party(facts, code=code, name=name, by=by, at=at)
    if own.filter(party=party).exists():
        if claimant != by:
            raise ClaimRefused(_("此人对该企业已有申请或代表关系，请在列表中办理"))
        raise ClaimRefused(_("您已申请代表该企业，不必重复提交"))
    claim = Claim.objects.create(
        user=claimant,
        party=party,
        given_name=name,
        town=facts.town,
        capacity=facts.capacity,
        way=facts.way,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        made_at=at,
    )
    start_review(claim, by=by, at=at)
    for file in papers:
        attach_file(claim, file, by=by, at=at)
    if known is None:
        record_event("ventures.party_added", party, by=by, at=at, after=snapshot(party))
    record_event("ventures.claim_made", claim, by=by, at=at, after=snapshot(claim), about=party)
    return claim


@transaction.atomic
def confirm_claim(claim: Claim, *, by: User, at: datetime) -> None:
    """The clerk has seen the paper, or the person at the counter: from now on they act for the party. Raises ClaimRefused."""
    fresh = lock_open_claim(claim, by=by, at=at)
    on = timezone.localdate(at)
    if fresh.ends_on is not None and fresh.ends_on < on:
        raise ClaimRefused(_("授权期限已过，请退回并请申请人更新授权委托书"))
    stop_review(fresh, by=by, at=at)
    party = Party.objects.select_for_update(of=("self",)).get(pk=fresh.party_id)
    if not party.is_checked:
        before = snapshot(party)
        party.is_checked = True
        party.revision += 1
        party.save(update_fields=["is_checked", "revision"])
        record_event("ventures.party_checked", party, by=by, at=at, before=before, after=snapshot(party))
    _decide(fresh, Claim.State.CONFIRMED, by=by, at=at)
    record_event(
        "ventures.claim_confirmed",
        fresh,
        by=by,
        at=at,
        before={"state": Claim.State.PENDING},
        after={"state": fresh.state},
        about=party,
    )
    _tell(fresh, "ventures.claim_confirmed", at=at)
    claim.refresh_from_db()


@transaction.atomic
def refuse_claim(claim: Claim, *, reason: str, by: User, at: datetime) -> None:
    """Say no, with a reason that the claimant reads. Raises ClaimRefused."""
    fresh = lock_open_claim(claim, by=by, at=at)
    fresh.reason = _required(reason, _("请写明未通过的原因，申请人会看到"))
    fresh.closed_at = at
    stop_review(fresh, by=by, at=at)
    _decide(fresh, Claim.State.REFUSED, by=by, at=at)
    _record_end("ventures.claim_refused", fresh, Claim.State.PENDING, by=by, at=at)
    _tell(fresh, "ventures.claim_refused", at=at)
    claim.refresh_from_db()


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: User, at: datetime) -> None:
    """Take one's own claim back, or lay one's part down; raises ClaimRefused."""
    fresh = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if fresh.user_id != by.pk:
        raise ClaimRefused(_("只能撤回本人的申请"))
    if fresh.state not in Claim.LIVE:
        raise ClaimRefused(_("该申请已经结束"))
    before = fresh.state
    stop_review(fresh, by=by, at=at)
    fresh.state, fresh.closed_at = Claim.State.WITHDRAWN, at
    fresh.save(update_fields=["state", "closed_at"])
    _record_end("ventures.claim_withdrawn", fresh, before, by=by, at=at)
    claim.refresh_from_db()


@transaction.atomic
def end_claim(claim: Claim, *, reason: str, by: User, at: datetime) -> None:
    """End a confirmed claim for a reason (left the firm, paper revoked); raises ClaimRefused."""
    fresh = Claim.objects.select_for_update(of=("self",)).select_related("party").get(pk=claim.pk)
    if not can_verify_claim(by, fresh, timezone.localdate(at)):
        raise ClaimRefused(_("您没有解除该代表关系的权限"))
    if fresh.state != Claim.State.CONFIRMED:
        raise ClaimRefused(_("只有已确认的代表关系可以解除"))
    fresh.reason = _required(reason, _("请写明解除的原因，当事人会看到"))
    fresh.state, fresh.closed_at = Claim.State.ENDED, at
    fresh.save(update_fields=["state", "reason", "closed_at"])
    _record_end("ventures.claim_ended", fresh, Claim.State.CONFIRMED, by=by, at=at)
    _tell(fresh, "ventures.claim_ended", at=at)
    claim.refresh_from_db()


@transaction.atomic
def lapse_claims(*, on: date, at: datetime) -> int:
    """End what has run out: confirmed claims past their last day, and visits to the counter that never came; how many."""
    late = timezone.localdate(at - COUNTER_WAIT)
    confirmed = Claim.objects.filter(state=Claim.State.CONFIRMED, ends_on__lt=on)
    not_come = Claim.objects.filter(state=Claim.State.PENDING, way=Claim.Way.COUNTER, made_at__date__lt=late)
    lapsed = list(
        (confirmed | not_come).select_for_update(of=("self",)).select_related("party", "user").order_by("made_at", "id")
    )
    for claim in lapsed:
        before = claim.state
        claim.state, claim.closed_at = Claim.State.LAPSED, at
        claim.save(update_fields=["state", "closed_at"])
        _record_end("ventures.claim_lapsed", claim, before, by=None, at=at)
        _tell(claim, "ventures.claim_lapsed", at=at)
    return len(lapsed)


def _refuse_claim(facts: ClaimFacts, *, name: str, papers: list[Any], on: date) -> None:
    if not name or len(name) > _LONGEST_NAME:
        raise ClaimRefused(_("请填写企业名称（不超过 200 个字）"))
    if facts.capacity not in Claim.Capacity.values or facts.way not in Claim.Way.values:
        raise ClaimRefused(_("请选择身份和核实方式"))
    if facts.way == Claim.Way.DOCUMENT and not papers:
        raise ClaimRefused(_("请上传营业执照、授权委托书等证明材料，或选择到窗口核实"))
    if facts.capacity != Claim.Capacity.AGENT:
        return
    if facts.starts_on is None or facts.ends_on is None:
        raise ClaimRefused(_("受托代理人请按授权委托书填写授权起止日期"))
    if facts.ends_on < max(on, facts.starts_on):
        raise ClaimRefused(_("授权截止日期不能早于今天和起始日期"))
    if facts.ends_on - facts.starts_on > LONGEST_TERM:
        raise ClaimRefused(_("授权期限最长三年，请核对日期"))


def _declare_party(facts: ClaimFacts, *, code: str, name: str, by: User, at: datetime) -> Party:
    """The party that nobody has entered yet, as its own people tell of it."""
    said = PartyFacts(kind=kind_of_code(code) or Party.Kind.FIRM, name=name, credit_code=code, town=facts.town)
    return enter_party(said, source=Party.Source.SELF_DECLARED, is_checked=False, is_demo=by.is_demo, by=by, at=at)


def lock_open_claim(claim: Claim, *, by: User, at: datetime) -> Claim:
    """The claim as it stands, locked, for a clerk who may decide on it and while it is open; raises ClaimRefused."""
    fresh = Claim.objects.select_for_update(of=("self",)).select_related("party", "user").get(pk=claim.pk)
    if not can_verify_claim(by, fresh, timezone.localdate(at)):
        raise ClaimRefused(_("您没有核实该申请的权限"))
    if fresh.state != Claim.State.PENDING:
        raise ClaimRefused(_("该申请已由他人处理，请刷新查看"))
    return fresh


def _decide(claim: Claim, state: str, *, by: User, at: datetime) -> None:
    claim.state, claim.decided_by, claim.decided_at = state, by, at
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason", "closed_at"])


def _record_end(action: str, claim: Claim, before: str, *, by: User | None, at: datetime) -> None:
    record_event(
        action,
        claim,
        by=by,
        at=at,
        before={"state": before},
        after={"state": claim.state},
        about=claim.party,
        reason=claim.reason,
    )


def _tell(claim: Claim, template: str, *, at: datetime) -> None:
    """Let the claimant know."""
    values = {"name": claim.given_name, "reason": claim.reason}
    notify(claim.user, template, claim, at=at, values=values, address=OWN_PAGE)


def _required(reason: str, sentence: Any) -> str:
    even = " ".join(reason.split())
    if not even or len(even) > _LONGEST_REASON:
        raise ClaimRefused(sentence)
    return even
