"""政策包 - which clauses have landed: those tied to a policy that is in force; and who ties them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, F, Q, QuerySet, TextChoices, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.access import can_keep_clause
from chuangju.policies.making import POLICY_ID
from chuangju.policies.models import PackageClause, PolicyRecord
from chuangju.policies.package_imports import PackageRefused
from chuangju.ui.signs import Sign
from chuangju.units.models import Unit


class Landing(TextChoices):
    """落地情况: computed from the policy that a clause is tied to."""

    LANDED = "landed", gettext_lazy("已落地")
    NO_RULES = "no_rules", gettext_lazy("无细则")


_SHAPES = {Landing.LANDED: "done", Landing.NO_RULES: "soon"}


def clauses_with_landing(clauses: QuerySet[PackageClause], *, in_force: Collection[str]) -> QuerySet[Any]:
    """Clauses with `landing`, given the ids of the policies in force on the day."""
    landing = Case(
        When(policy_id__in=sorted(in_force), then=Value(Landing.LANDED)),
        default=Value(Landing.NO_RULES),
        output_field=CharField(),
    )
    return clauses.annotate(landing=landing)


def landing_sign(clause: Any) -> Sign:
    """已落地 or 无细则, with its shape."""
    landing = Landing(clause.landing)
    return Sign(_SHAPES[landing], str(landing.label))


def packages_with_counts(packages: QuerySet[Any], *, in_force: Collection[str]) -> QuerySet[Any]:
    """Packages with `clauses_total` and `clauses_landed`."""
    landed = Q(clauses__policy_id__in=sorted(in_force))
    counted: QuerySet[Any] = packages.annotate(
        clauses_total=Count("clauses"), clauses_landed=Count("clauses", filter=landed)
    )
    return counted


def policies_of(clauses: Collection[PackageClause]) -> dict[str, PolicyRecord]:
    """The newest record of each policy that clauses are tied to, by its id; one query."""
    ids = {clause.policy_id for clause in clauses if clause.policy_id}
    records = PolicyRecord.objects.filter(policy_id__in=ids).order_by(F("effective_from").asc(nulls_first=True), "pk")
    return {record.policy_id: record for record in records}


@transaction.atomic
def tie_clause(
    clause: PackageClause,
    *,
    policy_id: str,
    unit: Unit | None,
    note: str,
    revision: int,
    by: User,
    at: datetime,
) -> PackageClause:
    """Say which policy carries a clause out, and which unit answers for it; raises PackageRefused, StaleForm."""
    fresh = PackageClause.objects.select_for_update(of=("self",)).select_related("package").get(pk=clause.pk)
    if fresh.revision != revision:
        raise StaleForm(_("这一条款刚刚被他人修改过，请核对最新内容后再提交"))
    if not can_keep_clause(by, fresh, on=timezone.localdate(at)):
        raise PackageRefused(_("只有条款责任单位的政策主管和创建办可以填写落实情况"))
    if fresh.package.state != fresh.package.State.CURRENT:
        raise PackageRefused(_("这份政策包已被替代，不能再修改"))
    wanted = policy_id.strip()
    if wanted and not POLICY_ID.match(wanted):
        raise PackageRefused(_("政策编号由小写字母、数字和下划线组成，以字母开头，例如 rent_subsidy"))
    if wanted and not PolicyRecord.objects.filter(policy_id=wanted).exists():
        raise PackageRefused(_("没有编号为“%(id)s”的政策档案，请先建立") % {"id": wanted})
    before = _facts(fresh)
    fresh.policy_id, fresh.unit, fresh.note = wanted, unit, " ".join(note.split())[:500]
    if _facts(fresh) == before:
        raise PackageRefused(_("没有任何改动"))
    fresh.revision += 1
    fresh.save()
    record_event("policies.clause_tied", fresh, by=by, at=at, before=before, after=_facts(fresh), about=fresh.package)
    return fresh


def _facts(clause: PackageClause) -> dict[str, Any]:
    return {key: value for key, value in snapshot(clause).items() if key in {"policy_id", "unit", "note"}}


def landed_share(clauses: QuerySet[PackageClause], *, in_force: Collection[str]) -> tuple[int, int]:
    """How many clauses have landed, and how many there are; one query."""
    found = clauses.aggregate(total=Count("pk"), landed=Count("pk", filter=Q(policy_id__in=sorted(in_force))))
    return found["landed"], found["total"]
