"""Consultation: the office sends the draft round and decides on opinions, units answer on the phone or at the desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from chuangju.kernel.working_days import add_working_days
from chuangju.programme.access import (
    asked_units_visible_to,
    can_manage_table,
    opinions_visible_to,
    reads_every_plan,
    reporting_unit_ids,
    rounds_visible_to,
)
from chuangju.programme.forms_plans import ConsultForm, DecideOpinionForm, ExtendForm, OpinionForm
from chuangju.programme.models import ConsultedUnit, Opinion, PlanRound
from chuangju.programme.plan_consultations import (
    answer_without_opinion,
    close_round,
    decide_opinion,
    extend_round,
    give_opinion,
    open_round,
    round_counts,
    take_back_opinion,
)
from chuangju.programme.plan_papers import ADOPTION_HEAD, adoption_document, adoption_rows
from chuangju.programme.plan_rounds import asked_lines, likely_units, places_of
from chuangju.programme.views.plan_steps import (
    Step,
    answer_step,
    bound,
    do_and_return,
    document_response,
    sheet_response,
    today,
    visible_plan,
)
from chuangju.units.access import STAFF_ROLES
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required


@roles_required(Role.PROGRAMME_OFFICE)
def plan_consult(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the draft round: to whom, and until when."""
    on = today()
    plan = visible_plan(request, pk)
    back = reverse("programme:plan", args=(pk,))
    initial = {
        "due_on": add_working_days(on, settings.PLAN_ROUND_WORKING_DAYS),
        "units": likely_units(plan),
    }
    form = ConsultForm(bound(request), initial=initial, user=request.user, on=on)
    step = Step(
        heading=_("征求意见"),
        submit=_("发出征求意见"),
        place=plan.title,
        back=back,
        done=_("已发出，各单位联络员会收到提醒"),
        hint=_("发出后正文和事项锁定，截止后再按意见修改。已选中表中承担任务的单位。"),
    )

    def act(data: dict[str, Any]) -> str:
        made = open_round(plan, **data, by=acting_user(request), at=timezone.now())
        return reverse("programme:plan_round", args=(made.pk,))

    return answer_step(request, form, step, act)


def _round(request: HttpRequest, pk: int) -> PlanRound:
    found = rounds_visible_to(request.user, on=today()).filter(pk=pk).select_related("plan__version").first()
    if found is None:
        raise Http404
    return found


@roles_required(*STAFF_ROLES)
def plan_round(request: HttpRequest, pk: int) -> HttpResponse:
    """A round: for the office who answered and what; for a unit the draft, and its own answer."""
    on = today()
    consultation = _round(request, pk)
    mine = reporting_unit_ids(request.user, on=on)
    lines = asked_lines(consultation, user=request.user, on=on)
    context = {
        "round": consultation,
        "plan": consultation.plan,
        "content": consultation.content,
        "lines": lines,
        "own": [line for line in lines if line.asked.unit_id in mine],
        "counts": round_counts(consultation, on=on),
        "reads_all": reads_every_plan(request.user, on=on) or consultation.plan.was_issued,
        "can_manage": can_manage_table(request.user, on=on),
        "can_decide": can_manage_table(request.user, on=on) and consultation.plan.state in {"consulting", "collating"},
    }
    return render(request, "programme/plan_round.html", context)


def _own_asked(request: HttpRequest, pk: int) -> ConsultedUnit:
    """The reader's own unit in a round; 404 for another's."""
    on = today()
    found = asked_units_visible_to(request.user, on=on).filter(pk=pk, unit__in=reporting_unit_ids(request.user, on=on))
    asked = found.select_related("round__plan__version", "unit").first()
    if asked is None:
        raise Http404
    return asked


@roles_required(Role.LIAISON_OFFICER)
def opinion_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's opinion on the whole or on one place."""
    asked = _own_asked(request, pk)
    plan = asked.round.plan
    back = reverse("programme:plan_round", args=(asked.round_id,))
    places = places_of(plan)
    form = OpinionForm(
        bound(request),
        places=[(place.key, place.label) for place in places],
        initial={"place": request.GET.get("place", "")},
    )
    step = Step(
        heading=_("提出意见"),
        submit=_("提交意见"),
        place=plan.title,
        back=back,
        done=_("已提交意见"),
        facts=((_("单位"), asked.unit.shown_name), (_("反馈期限"), asked.round.due_on)),
        hint=_("可以提交多条意见；截止前可以撤回重提。方案印发前，其他单位看不到你们的意见。"),
    )

    def act(data: dict[str, Any]) -> str:
        chosen = next(place for place in places if place.key == data["place"])
        give_opinion(
            asked,
            text=data["text"],
            suggestion=data["suggestion"],
            section=chosen.section,
            item=chosen.item,
            by=acting_user(request),
            at=timezone.now(),
        )
        return f"{back}#own"

    return answer_step(request, form, step, act)


def _opinion(request: HttpRequest, pk: int) -> Opinion:
    found = opinions_visible_to(request.user, on=today()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
@roles_required(Role.LIAISON_OFFICER)
def opinion_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's unit's opinion back while the round is open."""
    opinion = _opinion(request, pk)
    return do_and_return(
        request,
        lambda: take_back_opinion(opinion, by=acting_user(request), at=timezone.now()),
        done=_("已撤回意见"),
        back=reverse("programme:plan_round", args=(opinion.asked.round_id,)) + "#own",
    )


@require_POST
@roles_required(Role.LIAISON_OFFICER)
def no_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """无意见: one tap."""
    asked = _own_asked(request, pk)
    return do_and_return(
        request,
        lambda: answer_without_opinion(asked, by=acting_user(request), at=timezone.now()),
        done=_("已反馈“无意见”"),
        back=reverse("programme:plan_round", args=(asked.round_id,)),
    )


@roles_required(Role.PROGRAMME_OFFICE)
def round_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the units more time."""
    consultation = _round(request, pk)
    back = reverse("programme:plan_round", args=(pk,))
    step = Step(
        heading=_("延长反馈期限"),
        submit=_("延长"),
        place=consultation.plan.title,
        back=back,
        done=_("已延长反馈期限"),
        facts=((_("现在的期限"), consultation.due_on),),
    )

    def act(data: dict[str, Any]) -> str:
        extend_round(consultation, **data, by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, ExtendForm(bound(request)), step, act)


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the round; who kept silent is written down."""
    consultation = _round(request, pk)
    return do_and_return(
        request,
        lambda: close_round(consultation, by=acting_user(request), at=timezone.now()),
        done=_("本轮征求意见已截止，请逐条写明采纳情况"),
        back=reverse("programme:plan_round", args=(pk,)),
    )


@roles_required(Role.PROGRAMME_OFFICE)
def opinion_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what became of an opinion."""
    opinion = _opinion(request, pk)
    back = reverse("programme:plan_round", args=(opinion.asked.round_id,))
    initial = {
        "result": "" if opinion.result == Opinion.Result.PENDING else opinion.result,
        "reason": opinion.reason,
        "revision": opinion.revision,
    }
    step = Step(
        heading=_("采纳情况"),
        submit=_("保存"),
        place=opinion.asked.round.plan.title,
        back=f"{back}#opinion-{pk}",
        done=_("已保存采纳情况"),
        facts=(
            (_("单位"), opinion.asked.unit.shown_name),
            (_("所涉内容"), opinion.place),
            (pgettext("plan", "意见"), opinion.text),
            (_("修改建议"), opinion.suggestion),
        ),
        revision=lambda: _opinion(request, pk).revision,
    )

    def act(data: dict[str, Any]) -> str:
        revision = opinion.revision if data["revision"] is None else data["revision"]
        decide_opinion(
            opinion,
            result=data["result"],
            reason=data["reason"],
            revision=revision,
            by=acting_user(request),
            at=timezone.now(),
        )
        return f"{back}#opinion-{pk}"

    return answer_step(request, DecideOpinionForm(bound(request), initial=initial), step, act)


@roles_required(*STAFF_ROLES)
def adoption_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """采纳情况表 as docx, pdf or xlsx: for office and leaders, for everybody on the staff side once the plan is issued."""
    consultation = _round(request, pk)
    if not (reads_every_plan(request.user, on=today()) or consultation.plan.was_issued):
        raise Http404
    if kind == "xlsx":
        title = f"{consultation.plan.title}采纳情况表"
        return sheet_response(ADOPTION_HEAD, adoption_rows(consultation), title=title)
    return document_response(adoption_document(consultation), kind)
