"""融资对接 - a venture posts what it looks for, banks and funds answer, and it ends with an outcome (row 7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.financing_access import acts_for_need, can_answer_needs, can_close_need
from chuangju.applications.models import FinancingAnswer, FinancingNeed
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.kernel.working_days import is_working_day
from chuangju.ventures.access import own_parties_visible_to
from chuangju.ventures.models import Party

State, AnswerKind = FinancingNeed.State, FinancingAnswer.Kind
_LONGEST_DAYS, _LONGEST_MONTHS, _MOST_RATE = 180, 360, 10_000
ANSWERED = "applications.financing_answered"


class FinancingRefused(Refused):
    """The need or the answer cannot be taken like this; the sentence says why."""


@transaction.atomic
def post_need(  # noqa: PLR0913 - a need says this much, each by name
    party: Party,
    *,
    kind: str,
    amount: int,
    months: int | None,
    purpose: str,
    contact: str,
    open_until: date,
    by: User,
    at: datetime,
) -> FinancingNeed:
    """Ask banks and funds; one open need of a kind for each party. Raises FinancingRefused."""
    on = timezone.localdate(at)
    if not own_parties_visible_to(by, on).filter(pk=party.pk).exists() or party.is_person:
        raise FinancingRefused(_("只能为自己代表的企业发布融资需求"))
    if amount <= 0 or kind not in FinancingNeed.Kind.values:
        raise FinancingRefused(_("请填写融资方式和大于零的金额"))
    if not purpose.strip() or not contact.strip():
        raise FinancingRefused(_("请写明用途和联系方式"))
    if months is not None and not 0 < months <= _LONGEST_MONTHS:
        raise FinancingRefused(_("期限应在 1 至 360 个月之间"))
    if not on <= open_until <= on + timedelta(days=_LONGEST_DAYS):
        raise FinancingRefused(_("征集截止日应在今天之后、半年以内"))
    take_locks(f"applications.financing:{party.pk}")
    try:
        with transaction.atomic():
            need = FinancingNeed.objects.create(
                party=party,
                kind=kind,
                amount=amount,
                months=months,
                purpose=" ".join(purpose.split())[:500],
                contact=" ".join(contact.split())[:120],
                posted_by=by,
                posted_at=at,
                open_until=open_until,
                is_demo=party.is_demo,
            )
    except IntegrityError as twice:
        raise FinancingRefused(_("同一方式的融资需求已在征集中，请先结束原来的")) from twice
    record_event("applications.financing_posted", need, by=by, at=at, after=snapshot(need), about=party)
    return need


@transaction.atomic
def answer_need(  # noqa: PLR0913 - an answer says this much, each by name
    need: FinancingNeed,
    *,
    institution: str,
    kind: str,
    text: str,
    amount: int | None,
    rate: int | None,
    by: User,
    at: datetime,
) -> FinancingAnswer:
    """A bank or fund answers, with the working days that took; raises FinancingRefused."""
    fresh, on = _locked(need), timezone.localdate(at)
    if not can_answer_needs(by, on):
        raise FinancingRefused(_("只有银行、担保机构和基金可以答复"))
    if acts_for_need(by, fresh, on):
        raise FinancingRefused(_("不能答复自己企业的需求"))
    if fresh.state != State.OPEN or on > fresh.open_until:
        raise FinancingRefused(_("这一需求已经停止征集"))
    if not institution.strip() or kind not in AnswerKind.values:
        raise FinancingRefused(_("请填写机构名称和答复"))
    if kind == AnswerKind.DECLINED and not text.strip():
        raise FinancingRefused(_("请写明不参与的原因，企业可以据此改进"))
    if kind == AnswerKind.OFFERED and not amount:
        raise FinancingRefused(_("提出方案须写明可提供的金额"))
    if (amount is not None and amount <= 0) or (rate is not None and not 0 < rate < _MOST_RATE):
        raise FinancingRefused(_("金额和年利率都应大于零"))
    answer = FinancingAnswer.objects.create(
        need=fresh,
        institution=" ".join(institution.split())[:120],
        kind=kind,
        text=text.strip()[:1000],
        amount=amount if kind != AnswerKind.DECLINED else None,
        rate=rate if kind != AnswerKind.DECLINED else None,
        answered_by=by,
        answered_at=at,
        days=working_days_between(timezone.localdate(fresh.posted_at), on),
    )
    record_event("applications.financing_answered", answer, by=by, at=at, after=snapshot(answer), about=fresh)
    notify(
        fresh.posted_by,
        ANSWERED,
        fresh,
        at=at,
        values={"institution": answer.institution, "answer": answer.get_kind_display},
        address=f"/my/financing/{fresh.pk}/",
    )
    return answer


@transaction.atomic
def close_need(
    need: FinancingNeed, *, state: str, funded_amount: int | None, outcome: str, by: User, at: datetime
) -> FinancingNeed:
    """The venture, or the desk on its word, says what came of it; raises FinancingRefused."""
    fresh = _locked(need)
    if fresh.state != State.OPEN:
        raise FinancingRefused(_("这一需求已经结束"))
    if not can_close_need(by, fresh, timezone.localdate(at)):
        raise FinancingRefused(_("只有发布的企业和经办人可以结束"))
    if state not in (State.FUNDED, State.UNMET, State.WITHDRAWN):
        raise FinancingRefused(_("请选择结果"))
    if state == State.FUNDED and (funded_amount is None or funded_amount <= 0):
        raise FinancingRefused(_("请填写实际落实的金额"))
    if not outcome.strip():
        raise FinancingRefused(_("请写明结果，如由哪家机构落实、为什么没有落实"))
    before = snapshot(fresh)
    fresh.state, fresh.outcome, fresh.closed_at = state, outcome.strip()[:500], at
    fresh.funded_amount = funded_amount if state == State.FUNDED else None
    fresh.save()
    record_event("applications.financing_closed", fresh, by=by, at=at, before=before, after=snapshot(fresh))
    return fresh


def institution_of(user: User) -> str:
    """For whom somebody answered last, so that nobody types it twice; empty where they never did."""
    earlier = FinancingAnswer.objects.filter(answered_by=user).order_by("-answered_at", "-pk").first()
    return earlier.institution if earlier is not None else ""


def sum_up_needs(needs: QuerySet[FinancingNeed]) -> dict[str, Any]:
    """How these needs fared together: `open`, `wanted`, `funded`, `money` (fen), `days` (mean of working days, or None)."""
    told = FinancingNeed.objects.filter(pk__in=needs.values("pk")).aggregate(
        open=Count("pk", filter=Q(state=State.OPEN)),
        wanted=Sum("amount", filter=Q(state=State.OPEN)),
        funded=Count("pk", filter=Q(state=State.FUNDED)),
        money=Sum("funded_amount"),
    )
    answers = FinancingAnswer.objects.filter(need__in=needs.values("pk"))
    return {**told, "days": answers.aggregate(days=Avg("days"))["days"]}


def working_days_between(first: date, last: date) -> int:
    """How many working days after a day, up to another one, that included."""
    return sum(is_working_day(first + timedelta(days=one)) for one in range(1, (last - first).days + 1))


def _locked(need: FinancingNeed) -> FinancingNeed:
    take_locks(f"applications.financing:{need.party_id}")
    return FinancingNeed.objects.select_for_update(of=("self",)).select_related("party", "posted_by").get(pk=need.pk)
