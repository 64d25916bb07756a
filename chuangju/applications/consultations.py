"""会签 - other units are asked side by side; whoever asks leads and answers outward, and silence may count after some days.

Asked units get a step of their own beside the one that asks, which becomes the lead of its position: it is ended once all
have answered, were excused, or let their days pass where silence counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step
from chuangju.applications.case_locks import StepRefused, lock_step
from chuangju.applications.case_people import people_at_step
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.models import Step
from chuangju.applications.step_kinds import REVIEW_KINDS
from chuangju.applications.steps import check_not_blocked, finish_step, skip_steps
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days
from chuangju.units.models import Unit

LONGEST_QUESTION = 500
MOST_UNITS = 12
_ASKING = REVIEW_KINDS - {Step.Kind.CONSULT, Step.Kind.ACCEPT}
State = Step.State


class ConsultationRefused(StepRefused):
    """The units cannot be asked, or excused, like this; the sentence says why."""


def usual_silence_days() -> int:
    """After how many working days silence usually counts as consent."""
    days: int = desk_settings()["consultations"]["silence_days"]
    return days


def can_consult(step: Step) -> bool:
    """Whether other units may be asked beside this step, as far as its kind goes."""
    return step.kind in _ASKING and step.state == State.OPEN


@transaction.atomic
def consult_units(
    step: Step,
    units: Sequence[Unit],
    *,
    question: str,
    days: int | None = None,
    silence_counts: bool = True,
    by: User,
    at: datetime,
) -> list[Step]:
    """Ask other units beside an open review step, which leads from now on; raises ConsultationRefused, StaleForm."""
    lead, today = lock_step(step), timezone.localdate(at)
    if lead.state != State.OPEN:
        raise StaleForm(_("这个环节已经办结，请刷新后查看"))
    words = " ".join(question.split())[:LONGEST_QUESTION]
    _check(lead, units, words, by=by, on=today)
    period = days or usual_silence_days()
    asked = [_ask(lead, unit, words, period, silence_counts=silence_counts, at=at) for unit in units]
    Step.objects.bulk_create(asked)
    if lead.join != Step.Join.LEAD or not lead.is_lead:
        lead.join, lead.is_lead = Step.Join.LEAD, True
        lead.revision += 1
        lead.save(update_fields=["join", "is_lead", "revision"])
    for one in asked:
        _tell(one, words, at=at)
    for one in asked:
        record_event(
            "applications.consulted", one, by=by, at=at, after=snapshot(one), about=lead.application, reason=words
        )
    return asked


@transaction.atomic
def answer_consultation(
    step: Step, *, result: str, opinion: str, revision: int | None = None, by: User, at: datetime
) -> Step:
    """What a unit that was asked has to say: agreed, against with its reasons, or remarks alone. Raises StepRefused."""
    fresh = lock_step(step, revision=revision)
    if fresh.state != State.OPEN:
        raise StaleForm(_("这次会签已经答复，请刷新后查看"))
    if fresh.kind != Step.Kind.CONSULT or not can_act_in_step(by, fresh, timezone.localdate(at)):
        raise ConsultationRefused(_("只有被征求意见的单位可以答复"))
    if result not in {Step.Result.PASSED, Step.Result.FAILED, Step.Result.UNDECIDED}:
        raise ConsultationRefused(_("请选择同意、不同意或仅提意见"))
    if result != Step.Result.PASSED and not opinion.strip():
        raise ConsultationRefused(_("请写明意见"))
    return finish_step(fresh, result, opinion=opinion, by=by, at=at)


@transaction.atomic
def excuse_unit(step: Step, *, reason: str, by: User, at: datetime) -> Step:
    """The lead goes on without a unit that has not answered; raises ConsultationRefused, StaleForm."""
    fresh = lock_step(step)
    if fresh.state != State.OPEN or fresh.kind != Step.Kind.CONSULT:
        raise StaleForm(_("这次会签已经答复，请刷新后查看"))
    lead = fresh.application.steps.filter(position=fresh.position, is_lead=True, state=State.OPEN).first()
    words = " ".join(reason.split())[:LONGEST_QUESTION]
    if lead is not None:
        lead.application = fresh.application
    if lead is None or not can_act_in_step(by, lead, timezone.localdate(at)):
        raise ConsultationRefused(_("只有牵头环节的承办人可以撤回会签"))
    if not words:
        raise ConsultationRefused(_("请写明撤回会签的原因"))
    skip_steps([fresh], by=by, at=at)
    record_event("applications.consultation_withdrawn", fresh, by=by, at=at, about=fresh.application, reason=words)
    return fresh


def count_silence(on: date, *, at: datetime) -> int:
    """What was asked with silence counting and not answered by its day counts as agreed; how many."""
    silent = Step.objects.filter(
        state=State.OPEN, kind__in=(*_ASKING, Step.Kind.CONSULT), silence_days__isnull=False, due_on__lt=on
    )
    late = [step for step in silent.select_related("application").order_by("pk") if _is_over(step, on)]
    # One may be enough for its whole position: what was skipped by that is silent no more.
    return sum(_end_silently(step, at=at) for step in late)


def _end_silently(step: Step, *, at: datetime) -> bool:
    fresh = lock_step(step)
    if fresh.state == State.OPEN:
        finish_step(fresh, Step.Result.SILENT, by=None, at=at)
    return fresh.state == State.OPEN


def _is_over(step: Step, on: date) -> bool:
    """Whether silence counts by now: never for whoever leads, and not while the case stands still."""
    if step.is_lead and step.join == Step.Join.LEAD:
        return False
    is_blocked = step.application.flags.filter(kind__in=("correction", "suspended"), ended_at__isnull=True).exists()
    return step.due_on is not None and step.due_on < on and not is_blocked


def _check(lead: Step, units: Sequence[Unit], words: str, *, by: User, on: date) -> None:
    if lead.kind not in _ASKING or not can_act_in_step(by, lead, on):
        raise ConsultationRefused(_("只有正在审核的承办人可以发起会签"))
    check_not_blocked(lead)
    if not units or len(units) > MOST_UNITS:
        raise ConsultationRefused(_("请选择 1 至 %(count)d 个单位") % {"count": MOST_UNITS})
    if not words:
        raise ConsultationRefused(_("请写明请各单位答复什么"))
    asked = set(
        lead.application.steps.filter(position=lead.position, state=State.OPEN).values_list("unit_id", flat=True)
    )
    again = [unit for unit in units if unit.pk in asked]
    if again:
        raise ConsultationRefused(_("%(unit)s已在会签中或就是牵头单位") % {"unit": again[0].name})


def _ask(lead: Step, unit: Unit, words: str, days: int, *, silence_counts: bool, at: datetime) -> Step:
    return Step(
        application=lead.application,
        position=lead.position,
        kind=Step.Kind.CONSULT,
        word="consult",
        label="会签",
        label_en="Joint review",
        unit=unit,
        join=Step.Join.LEAD,
        state=State.OPEN,
        days=days,
        silence_days=days if silence_counts else None,
        options={"question": words, "asked_by": lead.pk},
        opened_at=at,
        due_on=add_working_days(timezone.localdate(at), days),
    )


def _tell(step: Step, words: str, *, at: datetime) -> None:
    values = {
        "title": partial(shown_case_title, step.application),
        "number": step.application.number or "",
        "due_on": step.due_on,
        "question": words,
    }
    for user in people_at_step(step, on=timezone.localdate(at)):
        notify(
            user,
            "applications.consulted",
            step.application,
            at=at,
            values=values,
            address=f"/cases/{step.application_id}/",
        )
