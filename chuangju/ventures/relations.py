"""主体关系 - who is what to whom, from when to when; one relation never holds twice on the same day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ventures.access import can_keep_party
from chuangju.ventures.models import Party, PartyRelation

RELATIONS_LOCK = "ventures.relations"
WHOLE = 10_000
_P, _R = Party.Kind, PartyRelation.Kind
_BODIES = (*Party.VENTURES, _P.SCHOOL, _P.ASSOCIATION, _P.PROVIDER)
# What may be related to what: "from" kinds, "to" kinds.
ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    _R.LEGAL_REPRESENTATIVE: ((_P.PERSON,), _BODIES),
    _R.SHAREHOLDER: ((_P.PERSON, *_BODIES), (_P.FIRM, _P.PROVIDER)),
    _R.FOUNDER: ((_P.PERSON, _P.TEAM), (*Party.VENTURES, _P.TEAM, _P.PROVIDER)),
    _R.EMPLOYEE: ((_P.PERSON,), _BODIES),
    _R.MEMBER_OF: ((_P.PERSON, *_BODIES), (_P.TEAM, _P.ASSOCIATION, _P.COOPERATIVE, _P.SOCIAL_ORGANISATION)),
    _R.STUDENT_OF: ((_P.PERSON,), (_P.SCHOOL,)),
    _R.TEACHER_OF: ((_P.PERSON,), (_P.SCHOOL,)),
    _R.BRANCH_OF: (_BODIES, _BODIES),
    _R.BECOMES: ((_P.TEAM,), Party.VENTURES),
    _R.INCUBATED_IN: ((*Party.VENTURES, _P.TEAM), (_P.PROVIDER, _P.FIRM, _P.SCHOOL, _P.SOCIAL_ORGANISATION)),
}


class RelationRefused(Refused):
    """The two cannot be related like this; the sentence says why."""


def relation_fault(
    from_party: Party,
    to_party: Party,
    *,
    kind: str,
    starts_on: date | None,
    ends_on: date | None,
    share: int | None = None,
    on: date,
) -> str:
    """What is wrong with a relation in itself, whatever else there is; empty for nothing."""
    if from_party.pk == to_party.pk:
        return str(_("不能与自身建立关系"))
    if kind not in ENDS or from_party.kind not in ENDS[kind][0] or to_party.kind not in ENDS[kind][1]:
        return str(_("这两类主体之间没有这种关系"))
    if starts_on is not None and starts_on > on:
        return str(_("起始日期不能晚于今天"))
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        return str(_("截止日期不能早于起始日期"))
    if share is not None and kind != PartyRelation.Kind.SHAREHOLDER:
        return str(_("只有股东关系登记持股比例"))
    if share is not None and not 0 < share <= WHOLE:
        return str(_("持股比例应大于 0、不超过 100%"))
    return ""


@transaction.atomic
def add_relation(  # noqa: PLR0913 - a relation is all of this, each by name
    from_party: Party,
    to_party: Party,
    *,
    kind: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    share: int | None = None,
    source: str = Party.Source.REGISTER,
    by: User | None,
    at: datetime,
) -> PartyRelation:
    """Say that one party is something to another from a day to a day; raises RelationRefused."""
    on = timezone.localdate(at)
    if source == Party.Source.REGISTER:
        _require_keeper(from_party, to_party, by, on)
    fault = relation_fault(from_party, to_party, kind=kind, starts_on=starts_on, ends_on=ends_on, share=share, on=on)
    if fault:
        raise RelationRefused(fault)
    take_locks(RELATIONS_LOCK)
    refuse_overlap(from_party, to_party, kind=kind, starts_on=starts_on, ends_on=ends_on, share=share)
    relation = PartyRelation.objects.create(
        from_party=from_party,
        to_party=to_party,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        share=share,
        source=source,
        created_by=by,
        created_at=at,
    )
    record_event("ventures.relation_added", relation, by=by, at=at, after=snapshot(relation), about=to_party)
    return relation


def refuse_overlap(
    from_party: Party,
    to_party: Party,
    *,
    kind: str,
    starts_on: date | None,
    ends_on: date | None,
    share: int | None,
) -> None:
    """Raise RelationRefused where the span meets another one that excludes it; call it under RELATIONS_LOCK."""
    same_days = PartyRelation.objects.filter(kind=kind).overlapping(starts_on, ends_on)
    if same_days.filter(from_party=from_party, to_party=to_party).exists():
        raise RelationRefused(_("同一关系在这段时间内已经登记"))
    if kind == PartyRelation.Kind.LEGAL_REPRESENTATIVE and same_days.filter(to_party=to_party).exists():
        raise RelationRefused(_("该主体在这段时间内已有法定代表人，请先登记其截止日期"))
    if kind == PartyRelation.Kind.BRANCH_OF and same_days.filter(from_party=from_party).exists():
        raise RelationRefused(_("该主体在这段时间内已有上级机构，请先登记其截止日期"))
    if share is not None:
        held = same_days.filter(to_party=to_party).aggregate(total=Sum("share"))["total"] or 0
        if held + share > WHOLE:
            raise RelationRefused(_("各股东持股比例合计超过 100%"))


@transaction.atomic
def end_relation(relation: PartyRelation, *, last_day: date, by: User, at: datetime) -> None:
    """Let a relation hold until a day, this one included; raises RelationRefused."""
    on = timezone.localdate(at)
    take_locks(RELATIONS_LOCK)
    fresh = PartyRelation.objects.select_related("from_party", "to_party").filter(pk=relation.pk).first()
    if fresh is None:
        raise RelationRefused(_("该关系已被删除"))
    _require_keeper(fresh.from_party, fresh.to_party, by, on)
    if fresh.ends_on is not None:
        raise RelationRefused(_("该关系已经登记了截止日期"))
    if last_day > on:
        raise RelationRefused(_("截止日期不能晚于今天"))
    if fresh.starts_on is not None and last_day < fresh.starts_on:
        raise RelationRefused(_("截止日期不能早于起始日期"))
    before = snapshot(fresh)
    fresh.ends_on = last_day
    fresh.save(update_fields=["ends_on"])
    record_event(
        "ventures.relation_ended", fresh, by=by, at=at, before=before, after=snapshot(fresh), about=fresh.to_party
    )


@transaction.atomic
def remove_relation(relation: PartyRelation, *, reason: str, by: User, at: datetime) -> None:
    """Take back what was entered by mistake, with a reason; raises RelationRefused."""
    take_locks(RELATIONS_LOCK)
    fresh = PartyRelation.objects.select_related("from_party", "to_party").filter(pk=relation.pk).first()
    if fresh is None:
        raise RelationRefused(_("该关系已被删除"))
    _require_keeper(fresh.from_party, fresh.to_party, by, timezone.localdate(at))
    if not reason.strip():
        raise RelationRefused(_("请写明删除的原因"))
    record_event(
        "ventures.relation_removed",
        fresh,
        by=by,
        at=at,
        before=snapshot(fresh),
        about=fresh.to_party,
        reason=reason.strip(),
    )
    fresh.delete()


def _require_keeper(from_party: Party, to_party: Party, by: User | None, on: date) -> None:
    """Whoever keeps one of the two keeps what is between them."""
    if not (can_keep_party(by, from_party, on) or can_keep_party(by, to_party, on)):
        raise RelationRefused(_("您没有登记该主体关系的权限"))
