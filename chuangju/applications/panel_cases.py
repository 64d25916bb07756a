"""办件评审 - a panel over all cases of a round that passed their checks, or over one case; what it came to goes back to each.

Scoring knows a case by its key alone. When a panel is frozen, `take_results` ends the panel step of each of its cases with
score, rank and spread; in a round decided as a whole nobody fails by that, alone a pass mark of the policy's file may.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import SUBJECTS, can_act_in_step, stands_in_case
from chuangju.applications.case_locks import StepRefused, findings_of, keep_step, lock_step
from chuangju.applications.models import Application, ApplicationRole, RequiredDocument, Step, Window
from chuangju.applications.steps import finish_step
from chuangju.applications.window_access import can_prepare_batch
from chuangju.applications.windows import WindowRefused
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Attachment, User
from chuangju.scoring.models import Panel, ScoreSheet
from chuangju.scoring.panels import add_subjects, open_panel, withdraw_subject
from chuangju.scoring.results import Result
from chuangju.scoring.score_text import score_text
from chuangju.scoring.subjects import RelatedPerson
from chuangju.units.models import Unit
from chuangju.ventures.models import Claim

PREFIX = SUBJECTS


@dataclass(frozen=True)
class PanelWish:
    """How a panel over cases is to score."""

    sheet: ScoreSheet
    due_on: date
    is_blind: bool = False
    drop_extremes: bool = False
    min_assessors: int | None = None


def subject_key(application: Application) -> str:
    """The name of a case among the subjects of panels."""
    return f"{PREFIX}:{application.pk}"


def case_id_of(key: str) -> UUID:
    """The case behind a subject's key."""
    return UUID(key.partition(":")[2])


def panel_steps_of(window: Window) -> QuerySet[Step]:
    """The panel steps of a round's cases that wait for its panel."""
    waiting = Step.objects.filter(
        application__window=window, application__state=Application.State.IN_REVIEW,
        application__kind=Application.Kind.APPLICATION, kind=Step.Kind.PANEL, state=Step.State.OPEN,
    )  # fmt: skip
    return waiting.select_related("application__subject", "application__unit", "application__window").order_by(
        "application__number"
    )


@transaction.atomic
def open_window_panel(window: Window, wish: PanelWish, *, by: User, at: datetime) -> Panel:
    """One panel over every case of a round that is at its panel step; assessors are chosen there. Raises WindowRefused."""
    take_locks(f"applications.window:{window.pk}")
    fresh = Window.objects.select_for_update(of=("self",)).select_related("unit").get(pk=window.pk)
    if fresh.unit is None or not can_prepare_batch(by, fresh, timezone.localdate(at)):
        raise WindowRefused(_("只有该单位的政策管理员和经办人可以组织评审；在本批次有申请的应当回避"))
    if fresh.panel_id is not None:
        raise WindowRefused(_("这一批次已经组织评审，可以把新通过审查的办件加入"))
    if fresh.state not in {Window.State.CLOSED, Window.State.DECIDED}:
        raise WindowRefused(_("受理截止以后才能组织评审"))
    steps = list(panel_steps_of(fresh))
    if not steps:
        raise WindowRefused(_("还没有办件通过审查、进入评审环节"))
    panel = _open(f"{fresh.title} {fresh.cycle}".strip()[:120], fresh.unit, steps, wish, by=by, at=at)
    fresh.panel = panel
    fresh.revision += 1
    fresh.save()
    record_event("applications.panel_opened", fresh, by=by, at=at, after={"panel": str(panel.pk), "办件数": len(steps)})
    return panel


@transaction.atomic
def add_late_cases(window: Window, *, by: User, at: datetime) -> int:
    """Cases that passed their checks after the panel was opened join it; those that ended leave it. How many changed."""
    panel = window.panel
    if panel is None or not can_prepare_batch(by, window, timezone.localdate(at)):
        raise WindowRefused(_("这一批次还没有组织评审"))
    entered = {entry.subject_key for entry in panel.entries.filter(withdrawn_at__isnull=True)}
    known = set(panel.entries.values_list("subject_key", flat=True))
    late = [step for step in panel_steps_of(window) if subject_key(step.application) not in known]
    if late:
        add_subjects(panel, [_subject(step) for step in late], by=by, at=at)
    ids = [case_id_of(key) for key in entered]
    ended = Application.objects.filter(pk__in=ids).exclude(state=Application.State.IN_REVIEW)
    for application in ended:
        reason = _("办件已经结束：%(state)s") % {"state": application.get_state_display()}
        withdraw_subject(panel, subject_key(application), reason=reason, by=by, at=at)
    return len(late) + len(ended)


def can_open_panel(user: User, step: Step, on: date) -> bool:
    """Whether somebody opens a panel over the one case of this step now."""
    is_alone = step.kind == Step.Kind.PANEL and not step.application.is_decided_in_round
    return is_alone and not findings_of(step).get("panel") and can_act_in_step(user, step, on)


@transaction.atomic
def open_case_panel(step: Step, wish: PanelWish, *, by: User, at: datetime) -> Panel:
    """A panel over one case that is decided alone. Raises StepRefused."""
    fresh = lock_step(step)
    application = fresh.application
    if fresh.kind != Step.Kind.PANEL or application.is_decided_in_round:
        raise StepRefused(_("集中评选的办件由本批次统一组织评审"))
    if not can_act_in_step(by, fresh, timezone.localdate(at)) or fresh.unit is None or stands_in_case(by, application):
        raise StepRefused(_("您不能办理这个环节：它属于其他单位，或按回避规定应由他人办理"))
    if findings_of(fresh).get("panel"):
        raise StepRefused(_("这个办件已经组织评审"))
    # The title of a panel stands on its assessors' pages.
    who = (application.number or "") if wish.is_blind else application.subject.name
    title = f"{application.title} {who}"[:120]
    panel = _open(title, fresh.unit, [fresh], wish, by=by, at=at)
    keep_findings(fresh, {"panel": str(panel.pk)})
    keep_step(fresh)
    record_event("applications.panel_opened", fresh, by=by, at=at, after={"panel": str(panel.pk)}, about=application)
    return panel


def take_results(panel: Panel, results: Sequence[Result], by: User, at: datetime) -> None:
    """A panel was frozen: each of its cases that still waits goes on with its score. Called inside the freezing."""
    wanted = {case_id_of(one.subject_key): one for one in results if one.subject_key.startswith(f"{PREFIX}:")}
    steps = Step.objects.filter(
        application__in=wanted, kind=Step.Kind.PANEL, state=Step.State.OPEN,
        application__state=Application.State.IN_REVIEW,
    )  # fmt: skip
    for step in steps.select_related("application").order_by("application_id", "position"):
        result = wanted[step.application_id]
        said = {
            "panel": str(panel.pk), "score": result.total, "rank": result.rank, "spread": result.spread,
            "of": len(results),
        }  # fmt: skip
        outcome = _outcome(step, result)
        finish_step(step, outcome, opinion=_sentence(result, len(results)), findings=said, by=by, at=at)


def keep_findings(step: Step, more: dict[str, Any]) -> None:
    """Write something beside what a step has left so far."""
    step.findings = json.dumps({**findings_of(step), **more}, ensure_ascii=False)


def address_of_case(key: str) -> str:
    """The review page of a case."""
    return f"/cases/{case_id_of(key)}/"


def papers_of_case(key: str) -> Sequence[Attachment]:
    """The files that an assessor reads: those of the papers that the policy asks for."""
    documents = RequiredDocument.objects.filter(application=case_id_of(key)).order_by("position", "pk")
    return [file for document in documents.prefetch_related("attachments") for file in document.attachments.all()]


def people_of_cases(keys: Sequence[str]) -> dict[str, Sequence[RelatedPerson]]:
    """Who is close to cases: subjects, whoever acts for them, and everybody with a part in the case."""
    ids = {case_id_of(key): key for key in keys}
    found: dict[str, list[RelatedPerson]] = {key: [] for key in keys}
    by_party: dict[UUID, list[str]] = {}
    for case in Application.objects.filter(pk__in=ids).select_related("subject", "submitter"):
        key = ids[case.pk]
        by_party.setdefault(case.subject_id, []).append(key)
        found[key].append(RelatedPerson(_("申请主体"), case.subject.name, case.subject.account_id))
        if case.submitter is not None and case.channel != Application.Channel.COUNTER:
            found[key].append(RelatedPerson(_("提交人"), case.submitter.name, case.submitter_id))
    for claim in Claim.objects.filter(party__in=list(by_party), state=Claim.State.CONFIRMED).select_related("user"):
        for key in by_party.get(claim.party_id, ()) if claim.party_id else ():
            found[key].append(RelatedPerson(claim.get_capacity_display(), claim.user.name, claim.user_id))
    for role in ApplicationRole.objects.filter(application__in=ids, user__isnull=False).select_related("user"):
        if role.user is not None:
            found[ids[role.application_id]].append(RelatedPerson(role.get_kind_display(), role.user.name, role.user_id))
    return dict(found)


def _open(title: str, unit: Unit, steps: Sequence[Step], wish: PanelWish, *, by: User, at: datetime) -> Panel:
    return open_panel(
        wish.sheet,
        title=title,
        unit=unit,
        is_blind=wish.is_blind,
        drop_extremes=wish.drop_extremes,
        min_assessors=wish.min_assessors,
        subjects=[_subject(step) for step in steps],
        due_on=wish.due_on,
        is_draft=True,
        by=by,
        at=at,
    )


def _subject(step: Step) -> tuple[str, str, str]:
    application = step.application
    return subject_key(application), f"{application.subject.name}"[:200], ""


def _outcome(step: Step, result: Result) -> str:
    least = step.options.get("pass_mark")
    is_alone = not step.application.is_decided_in_round
    is_number = isinstance(least, int) and not isinstance(least, bool)
    if is_alone and is_number and (result.total or 0) < int(least) * 100:
        return Step.Result.FAILED
    return Step.Result.PASSED


def _sentence(result: Result, count: int) -> str:
    score = score_text(result.total or 0)
    if count == 1 or result.rank is None:
        return _("专家评审得分 %(score)s") % {"score": score}
    return _("专家评审得分 %(score)s，在 %(count)d 件中排第 %(rank)d") % {
        "score": score,
        "count": count,
        "rank": result.rank,
    }
