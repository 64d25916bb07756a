"""补正 - one request that lists everything (一次性告知): the clock stands still until it is answered or its day has passed.

A case may be sent back only so often, and only one request is open at a time. What changed by the answer is shown to the
clerk as a difference: facts, papers and words (`correction_diff.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step
from chuangju.applications.applicant_access import can_fill_in
from chuangju.applications.case_clocks import pause_case, resume_case
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_people import people_at_step, tell_applicants
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.drafts import write_answers
from chuangju.applications.evaluation import freeze_facts
from chuangju.applications.flags import Kind as FlagKind
from chuangju.applications.flags import lower_flag, raise_flag
from chuangju.applications.models import (
    Application,
    ApplicationFlag,
    Correction,
    CorrectionItem,
    FrozenFacts,
    RequiredDocument,
    Step,
)
from chuangju.applications.step_kinds import REVIEW_KINDS
from chuangju.applications.steps import open_steps
from chuangju.applications.submissions import end_application
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.kernel.working_days import add_working_days, working_days_between

State = Correction.State
LONGEST_TEXT, LONGEST_NOTE = 500, 1000
# Whoever does not answer has taken their case back: nobody takes these back by saying nothing.
AGAINST_APPLICANTS = (Application.Kind.RECOVERY, Application.Kind.SAMPLE, Application.Kind.CORRECTION)


class CorrectionRefused(Refused):
    """The request cannot be made, answered or taken back like this; the sentence says why."""


@dataclass(frozen=True)
class Wanted:
    """One thing to mend: what is asked in words, about a fact or a paper where it is one of these."""

    text: str
    fact: str = ""
    document: RequiredDocument | None = None


@dataclass(frozen=True)
class Answer:
    """What the applicant sends back: a word to each item, and facts that are different now."""

    words: Mapping[int, str]
    facts: Mapping[str, Any]


def rounds_left(application: Application) -> int:
    """How often a case may still be sent back."""
    limit: int = desk_settings()["corrections"]["rounds"]
    return max(0, limit - application.corrections.exclude(state=State.CANCELLED).count())


def usual_due_day(*, on: date) -> date:
    """By when an applicant is usually asked to mend."""
    return add_working_days(on, desk_settings()["corrections"]["answer_days"])


@transaction.atomic
def request_correction(
    application: Application,
    items: Sequence[Wanted],
    *,
    note: str = "",
    due_on: date | None = None,
    by: User,
    at: datetime,
) -> Correction:
    """Ask for everything at once; the clock pauses. Raises CorrectionRefused."""
    fresh, today = lock_application(application), timezone.localdate(at)
    day = due_on or usual_due_day(on=today)
    wanted = [one for one in items if one.text.strip()]
    _check_request(fresh, wanted, day, by=by, at=at)
    made = Correction.objects.create(
        application=fresh,
        round=fresh.corrections.count() + 1,
        note=note.strip()[:LONGEST_NOTE],
        due_on=day,
        asked_by=by,
        asked_at=at,
        before=fresh.frozen.order_by("-pk").first(),
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(
            correction=made,
            position=place,
            fact=one.fact[:64],
            document=one.document,
            text=" ".join(one.text.split())[:LONGEST_TEXT],
        )
        for place, one in enumerate(wanted, start=1)
    )
    papers = [one.document.pk for one in wanted if one.document is not None]
    fresh.documents.filter(pk__in=papers).update(state=RequiredDocument.State.FAULTY)
    pause_case(fresh, reason=str(_("等待申请人补正")), by=by, at=at)
    values = {"count": len(wanted), "due_on": day}
    tell_applicants(fresh, "applications.correction_asked", at=at, values=values)
    raise_flag(fresh, FlagKind.CORRECTION, reason=str(_("待补正 %(count)d 项") % {"count": len(wanted)}), by=by, at=at)
    after = {**snapshot(made), "items": [one.text for one in wanted]}
    record_event("applications.correction_asked", made, by=by, at=at, after=after, about=fresh)
    return made


@transaction.atomic
def answer_correction(correction: Correction, answer: Answer, *, by: User, at: datetime) -> Correction:
    """The applicant has mended everything that was listed: the clock goes on. Raises CorrectionRefused, StaleForm.

    Papers are given beforehand (`documents.give_document`); here count the words, the facts and what was given.
    """
    fresh = _locked(correction)
    application, today = fresh.application, timezone.localdate(at)
    if not can_fill_in(by, application, today) and not _is_own_counter(application, by):
        raise CorrectionRefused(_("您不能为这件申请补正"))
    if answer.facts:
        write_answers(application, answer.facts, by=by, at=at, source="applicant", on=today)
    left = [item for item in fresh.items.select_related("document") if not _take_answer(item, answer)]
    if left:
        raise CorrectionRefused(
            _("还有 %(count)d 项没有补正：%(texts)s")
            % {"count": len(left), "texts": "；".join(item.text for item in left)}
        )
    fresh.state, fresh.answered_at = State.ANSWERED, at
    fresh.after = freeze_facts(application, FrozenFacts.Moment.RESUBMITTED, by=by, at=at)
    fresh.save()
    _go_on(application, "applications.corrected", by=by, at=at)
    record_event("applications.correction_answered", fresh, by=by, at=at, after=snapshot(fresh), about=application)
    return fresh


@transaction.atomic
def cancel_correction(correction: Correction, *, reason: str, by: User, at: datetime) -> Correction:
    """The clerk takes a request back that was not needed; raises CorrectionRefused, StaleForm."""
    fresh = _locked(correction)
    words = " ".join(reason.split())[:LONGEST_TEXT]
    if not words:
        raise CorrectionRefused(_("请写明取消补正的原因"))
    if not any(can_act_in_step(by, step, timezone.localdate(at)) for step in _steps_of(fresh.application)):
        raise CorrectionRefused(_("您不能办理这个办件"))
    before = snapshot(fresh)
    fresh.state = State.CANCELLED
    fresh.save(update_fields=["state"])
    papers = fresh.items.filter(document__isnull=False).values("document")
    faulty = fresh.application.documents.filter(pk__in=papers, state=RequiredDocument.State.FAULTY)
    faulty.filter(attachments__isnull=True).update(state=RequiredDocument.State.MISSING)
    faulty.update(state=RequiredDocument.State.GIVEN)
    _go_on(fresh.application, "", by=by, at=at)
    record_event(
        "applications.correction_cancelled",
        fresh,
        by=by,
        at=at,
        before=before,
        after=snapshot(fresh),
        about=fresh.application,
        reason=words,
    )
    return fresh


def expire_corrections(on: date, *, at: datetime) -> int:
    """End the cases whose applicants let their day pass; how many. Those whose day is near are told once."""
    days: int = desk_settings()["escalation"]["warn_days"]
    asked = Correction.objects.filter(state=State.ASKED).select_related("application").order_by("pk")
    # While a case rests for somebody else's sake its applicant's days do not pass.
    resting = ApplicationFlag.objects.filter(kind=FlagKind.SUSPENDED, ended_at__isnull=True)
    asked = asked.exclude(application__in=resting.values("application"))
    for near in asked.filter(due_on=add_working_days(on, days)):
        tell_applicants(near.application, "applications.correction_expiring", at=at, values={"due_on": near.due_on})
    late = [one for one in asked.filter(due_on__lt=on) if working_days_between(one.due_on, on) > 0]
    for one in late:
        _expire(one, at=at)
    return len(late)


@transaction.atomic
def _expire(correction: Correction, *, at: datetime) -> None:
    fresh = _locked(correction)
    before = snapshot(fresh)
    fresh.state = State.EXPIRED
    fresh.save(update_fields=["state"])
    tell_applicants(fresh.application, "applications.correction_expired", at=at)
    reason = "逾期未补正，视为撤回"  # the log and the case keep one language
    end_application(fresh.application, Application.State.LAPSED, reason=reason, by=None, at=at)
    record_event(
        "applications.correction_expired",
        fresh,
        by=None,
        at=at,
        before=before,
        after=snapshot(fresh),
        about=fresh.application,
        reason=reason,
    )


def _check_request(application: Application, wanted: list[Wanted], day: date, *, by: User, at: datetime) -> None:
    today = timezone.localdate(at)
    if application.state not in Application.OPEN_STATES:
        raise StaleForm(_("这个办件已经结束，请刷新后查看"))
    if not any(can_act_in_step(by, step, today) for step in _steps_of(application)):
        raise CorrectionRefused(_("您不能办理这个办件：它现在不在您的环节"))
    if application.kind in AGAINST_APPLICANTS:
        raise CorrectionRefused(_("追回、抽查和更正由承办单位查明，不能要求补正"))
    if application.corrections.filter(state=State.ASKED).exists():
        raise CorrectionRefused(_("上一次补正申请人还没有答复；需要增加的，请先取消再一次性告知"))
    if not rounds_left(application):
        raise CorrectionRefused(_("已经补正过规定的次数，请按现有材料作出决定"))
    if not wanted:
        raise CorrectionRefused(_("请写明需要补正的内容，一次列全"))
    if day <= today:
        raise CorrectionRefused(_("补正截止日应晚于今天"))


def _steps_of(application: Application) -> list[Step]:
    found = [step for step in open_steps(application) if step.kind in REVIEW_KINDS - {Step.Kind.CONSULT}]
    for step in found:
        step.application = application
    return found


def _locked(correction: Correction) -> Correction:
    application = lock_application(correction.application)
    fresh = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if fresh.state != State.ASKED:
        raise StaleForm(_("这次补正已经处理，请刷新后查看"))
    fresh.application = application
    return fresh


def _is_own_counter(application: Application, by: User) -> bool:
    return application.channel == Application.Channel.COUNTER and application.submitter_id == by.pk


def _take_answer(item: CorrectionItem, answer: Answer) -> bool:
    """Keep what was said to an item; whether it is dealt with."""
    words = answer.words.get(item.pk, "").strip()[:LONGEST_NOTE]
    is_given = item.document is not None and item.document.state != RequiredDocument.State.FAULTY
    item.answer, item.is_answered = words, bool(words) or is_given or (bool(item.fact) and item.fact in answer.facts)
    item.save(update_fields=["answer", "is_answered"])
    return item.is_answered


def _go_on(application: Application, template: str, *, by: User, at: datetime) -> None:
    """The clock runs again unless something else holds the case, and whoever deals with it is told."""
    if not application.flags.filter(kind__in=(FlagKind.SUSPENDED, FlagKind.EXTERNAL), ended_at__isnull=True).exists():
        resume_case(application, by=by, at=at)
    values = {"title": partial(shown_case_title, application), "number": application.number or ""}
    for step in _steps_of(application):
        for user in people_at_step(step, on=timezone.localdate(at)) if template else []:
            notify(user, template, application, at=at, values=values, address=f"/cases/{application.pk}/")
    lower_flag(application, FlagKind.CORRECTION, by=by, at=at)
