"""What is done at a step: accepted or not, reviewed, joined by other units, sent back, given to somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangju.applications.access import DESK_ACTORS, steps_visible_to
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.consultations import answer_consultation, consult_units, excuse_unit
from chuangju.applications.desk_words import step_label
from chuangju.applications.forms_desk import (
    AcceptForm,
    AnswerForm,
    AssignForm,
    ConsultForm,
    OpinionForm,
    ReasonForm,
    ReturnForm,
)
from chuangju.applications.intake import Leniency, accept_application, refuse_acceptance, usual_follow_day
from chuangju.applications.models import Application, RequiredDocument, Step
from chuangju.applications.step_assignments import assign_step, colleagues_for, take_over
from chuangju.applications.step_decisions import review_step
from chuangju.applications.step_decisions import send_back as return_step
from chuangju.applications.views.desk_case import desk_case
from chuangju.programme.views.plan_steps import Step as FormStep
from chuangju.programme.views.plan_steps import answer_step, bound, today
from chuangju.units.access import existing_units_visible_to
from chuangju.units.permissions import acting_user, roles_required

FORM = "applications/desk_form.html"


def desk_step(request: HttpRequest, pk: int) -> Step:
    """The step, if its case lies on this reader's desk; else 404."""
    found = (
        steps_visible_to(request.user, today())
        .filter(pk=pk)
        .select_related("unit", "assignee", "application__subject", "application__unit", "application__town")
        .first()
    )
    if found is None:
        raise Http404
    return found


def page_of(application: Application | Step) -> str:
    """The review page of a case."""
    key = application.application_id if isinstance(application, Step) else application.pk
    return reverse("applications:case", args=(key,))


def form_step(
    application: Application,
    heading: str,
    submit: str,
    done: str,
    hint: str = "",
    *,
    more_facts: Sequence[tuple[str, object]] = (),
    **more: Any,
) -> FormStep:
    """What stands around a form about a case."""
    facts: Sequence[tuple[str, object]] = (
        (_("申请主体"), application.subject.name),
        (_("办件编号"), application.number),
        *more_facts,
    )
    place = shown_case_title(application)
    return FormStep(heading, submit, place, page_of(application), done, hint, facts, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """受理, with the papers that are let off for now."""
    application = desk_case(request, pk)
    lacking = list(
        application.documents.filter(state__in=(RequiredDocument.State.MISSING, RequiredDocument.State.FAULTY))
    )
    form = AcceptForm(bound(request), initial={"revision": application.revision})
    day = usual_follow_day(on=today())
    step = form_step(
        application,
        _("受理办件"),
        _("受理"),
        _("已受理，办理时限开始计算"),
        extra={"lacking": lacking, "follow_day": day, "letting": _leniency(request, lacking, day)},
    )

    def act(cleaned: dict[str, Any]) -> str:
        leniency = _leniency(request, lacking, day)
        accept_application(
            application, leniency=leniency, opinion=cleaned["opinion"], by=acting_user(request), at=timezone.now()
        )
        return step.back

    return answer_step(request, form, step, act, template="applications/accept.html")


def _leniency(request: HttpRequest, lacking: Sequence[RequiredDocument], day: date) -> Leniency:
    """What the clerk chose for each paper that is not there: it follows, a promise stands for it, or neither."""
    chosen = {one.pk: request.POST.get(f"paper-{one.pk}", "") for one in lacking}
    to_follow = {pk: _day(request.POST.get(f"day-{pk}", ""), day) for pk, how in chosen.items() if how == "follow"}
    return Leniency(to_follow, [pk for pk, how in chosen.items() if how == "promise"])


def _day(text: str, usual: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return usual


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """不予受理, with the reason that the applicant reads."""
    application = desk_case(request, pk)
    hint = _("写明理由、依据和可以怎么办；申请人会收到，并可起草不予受理通知书。")
    step = form_step(application, _("不予受理"), _("不予受理"), _("已决定不予受理，申请人会收到通知"), hint)
    return with_reason(
        request,
        step,
        lambda words: refuse_acceptance(application, reason=words, by=acting_user(request), at=timezone.now()),
    )


@require_POST
@roles_required(*DESK_ACTORS)
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """End a review from the page of the case; what was typed comes back where it is refused."""
    found = desk_step(request, pk)
    form = OpinionForm(request.POST)
    step = form_step(found.application, step_label(found), _("提交"), _("已办结本环节"))

    def act(cleaned: dict[str, Any]) -> str:
        made = review_step(
            found,
            cleaned["result"],
            opinion=cleaned["opinion"],
            revision=cleaned["revision"],
            by=acting_user(request),
            at=timezone.now(),
        )
        if made is not None:
            messages.info(request, _("已按审核意见拟定决定，等待审定。"))
        return step.back

    return answer_step(request, form, step, act, template=FORM)


@require_POST
@roles_required(*DESK_ACTORS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit that was asked answers."""
    found = desk_step(request, pk)
    form = AnswerForm(request.POST)
    step = form_step(found.application, _("答复会签"), _("答复"), _("已答复会签"))

    def act(cleaned: dict[str, Any]) -> str:
        answer_consultation(
            found,
            result=cleaned["result"],
            opinion=cleaned["opinion"],
            revision=cleaned["revision"],
            by=acting_user(request),
            at=timezone.now(),
        )
        return step.back

    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask other units side by side."""
    found = desk_step(request, pk)
    units = existing_units_visible_to(request.user, today()).exclude(pk=found.unit_id or 0).order_by("position", "code")
    form = ConsultForm(bound(request), units=units)
    hint = _("各单位同时收到；由您牵头汇总，全部答复（或逾期视为同意）后办结本环节。")
    step = form_step(found.application, _("发起会签"), _("发出"), _("已请各单位会签"), hint)

    def act(cleaned: dict[str, Any]) -> str:
        consult_units(
            found,
            list(cleaned["units"]),
            question=cleaned["question"],
            days=cleaned["days"],
            silence_counts=cleaned["silence_counts"],
            by=acting_user(request),
            at=timezone.now(),
        )
        return step.back

    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on without a unit that has not answered."""
    found = desk_step(request, pk)
    step = form_step(found.application, _("撤回会签"), _("撤回"), _("已撤回对该单位的会签"))
    return with_reason(
        request, step, lambda words: excuse_unit(found, reason=words, by=acting_user(request), at=timezone.now())
    )


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a case back to an earlier step."""
    application = desk_case(request, pk)
    ended = application.steps.filter(state=Step.State.DONE).exclude(kind=Step.Kind.ACCEPT).order_by("position", "pk")
    form = ReturnForm(bound(request), steps=ended)
    step = form_step(application, _("退回前面的环节"), _("退回"), _("已退回"))

    def act(cleaned: dict[str, Any]) -> str:
        return_step(cleaned["step"], reason=cleaned["reason"], by=acting_user(request), at=timezone.now())
        return step.back

    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a step to a colleague."""
    found = desk_step(request, pk)
    users = colleagues_for(found, at=timezone.now())
    form = AssignForm(bound(request), users=users, initial={"user": found.assignee_id})
    heading = _("分派：%(step)s") % {"step": step_label(found)}
    step = form_step(found.application, heading, _("分派"), _("已分派"))

    def act(cleaned: dict[str, Any]) -> str:
        assign_step(found, cleaned["user"], by=acting_user(request), at=timezone.now())
        return step.back

    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def taking_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step over from another unit of the case."""
    found = desk_step(request, pk)
    heading = _("接办：%(step)s") % {"step": step_label(found)}
    step = form_step(found.application, heading, _("接办"), _("这个环节现在由您承办"))
    return with_reason(
        request, step, lambda words: take_over(found, reason=words, by=acting_user(request), at=timezone.now())
    )


def with_reason(request: HttpRequest, step: FormStep, act: Callable[[str], object]) -> HttpResponse:
    """A form that asks for nothing but why."""
    form: forms.Form = ReasonForm(bound(request))

    def acted(cleaned: dict[str, Any]) -> str:
        act(cleaned["reason"])
        return step.back

    return answer_step(request, form, step, acted, template=FORM)
