"""现场核查 - somebody goes and looks: planned with its day, ticked on a phone with photos and the place, and its finding.

The list itself is a checklist of the kernel about the step; what it holds stands in data/desk.toml. The place is what the
phone said, kept with how exact it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step
from chuangju.applications.case_locks import StepRefused, findings_of, keep_step, lock_step
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.models import Step
from chuangju.applications.steps import complete_step
from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.checklists import checklist_templates, checklists_about, progress_of, start_checklist
from chuangju.kernel.models import Checklist, User
from chuangju.kernel.refusals import StaleForm

LIST_KEY = "applications.visit"
# No place on earth lies further from its origin, in degrees.
_FURTHEST = {"latitude": Decimal(90), "longitude": Decimal(180)}


class VisitRefused(StepRefused):
    """The visit cannot be planned or ended like this; the sentence says why."""


def visit_items() -> tuple[tuple[str, str], ...]:
    """What is looked at where the policy's file does not say."""
    return tuple((one["key"], one["zh"]) for one in desk_settings()["visit_items"])


def open_list(step: Step, *, by: User, at: datetime) -> Checklist:
    """The list of a visit, begun with the first look at it; raises ChecklistRefused."""
    return start_checklist(step, LIST_KEY, by=by, at=at)


def list_of(step: Step, user: User) -> Checklist | None:
    """The list of a visit where one was begun and this person may read it."""
    if LIST_KEY not in checklist_templates:
        return None
    return next((one for one in checklists_about(step, user) if one.template_key == LIST_KEY), None)


@transaction.atomic
def plan_visit(step: Step, *, day: date, by: User, at: datetime) -> Step:
    """Agree on the day, which the applicant is told; raises VisitRefused, StaleForm."""
    fresh = _mine(step, by=by, at=at)
    if day < timezone.localdate(at):
        raise VisitRefused(_("核查日期不能早于今天"))
    before = snapshot(fresh)
    fresh.findings = json.dumps({**findings_of(fresh), "planned_on": day.isoformat()}, ensure_ascii=False)
    keep_step(fresh)
    unit = fresh.unit.name if fresh.unit else fresh.body
    values = {"unit": unit, "day": day}
    tell_applicants(fresh.application, "applications.visit_planned", at=at, values=values)
    record_event(
        "applications.visit_planned",
        fresh,
        by=by,
        at=at,
        before=before,
        after=snapshot(fresh),
        about=fresh.application,
    )
    return fresh


@dataclass(frozen=True)
class Finding:
    """What somebody found on the spot: whether it is in order, in words, where, and pictures of it."""

    result: str
    opinion: str = ""
    place: Mapping[str, str] | None = None
    photos: tuple[Any, ...] = ()


@transaction.atomic
def finish_visit(step: Step, finding: Finding, *, revision: int | None = None, by: User, at: datetime) -> Step:
    """What was found on the spot; passed only when every item was looked at. Raises VisitRefused, StaleForm."""
    fresh = _mine(step, by=by, at=at)
    found = list_of(fresh, by)
    if finding.result == Step.Result.PASSED and (found is None or not progress_of(found).is_complete):
        raise VisitRefused(_("核查清单还没有逐项核对完；有不符的，请选择“不通过”并写明情况"))
    place = {"place": checked_place(finding.place)} if finding.place else {}
    for photo in finding.photos:
        attach_file(fresh, photo, by=by, at=at)
    left = {"visited_at": at.isoformat(), **place}
    return complete_step(fresh, finding.result, opinion=finding.opinion, findings=left, revision=revision, by=by, at=at)


def checked_place(place: Mapping[str, str]) -> dict[str, str]:
    """The place a phone told, as it is kept; raises VisitRefused for what is no place on earth."""
    kept = {}
    for name, furthest in _FURTHEST.items():
        try:
            number = Decimal(place.get(name, ""))
        except InvalidOperation as error:
            raise VisitRefused(_("定位数据不完整，请重新定位或不填")) from error
        if not number.is_finite() or abs(number) > furthest:
            raise VisitRefused(_("定位数据不完整，请重新定位或不填"))
        kept[name] = format(round(number, 6).normalize(), "f")
    kept["accuracy"] = place.get("accuracy", "")[:12]
    return kept


def _mine(step: Step, *, by: User, at: datetime) -> Step:
    fresh = lock_step(step)
    if fresh.kind != Step.Kind.VISIT or fresh.state != Step.State.OPEN:
        raise StaleForm(_("这次核查已经办结或还没有开始，请刷新后查看"))
    if not can_act_in_step(by, fresh, timezone.localdate(at)):
        raise VisitRefused(_("您不能办理这次核查"))
    return fresh
