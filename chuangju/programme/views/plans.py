"""Plans: their list, the page of one, and how the office writes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from chuangju.kernel.audit import events_about
from chuangju.kernel.outgoing_papers import papers_about
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import (
    can_decide_plans,
    can_manage_table,
    plan_sections_visible_to,
    plans_visible_to,
    reporting_unit_ids,
    versions_visible_to,
)
from chuangju.programme.forms_plans import PlanForm, SectionForm
from chuangju.programme.models import Plan, TableVersion
from chuangju.programme.plan_content import content_changes, content_of
from chuangju.programme.plan_listing import plan_listing, plan_sign, plans_with_progress
from chuangju.programme.plan_page import plan_figures, plan_lines, rounds_of, stages_of
from chuangju.programme.plan_papers import plan_document
from chuangju.programme.plans import (
    add_section,
    change_plan,
    change_section,
    discard_plan,
    draft_plan,
    remove_section,
)
from chuangju.programme.views.plan_steps import (
    Step,
    answer_step,
    bound,
    do_and_return,
    document_response,
    today,
    visible_plan,
)
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

EVENTS_SHOWN = 15


@roles_required(*STAFF_ROLES)
def plan_list(request: HttpRequest) -> HttpResponse:
    """Every plan that the reader may see."""
    on = today()
    plans = plans_with_progress(plans_visible_to(request.user, on=on), on=on)
    context = {"can_manage": can_manage_table(request.user, on=on)}
    return render_list(request, plan_listing(), plans, template="programme/plan_list.html", context=context)


@roles_required(*STAFF_ROLES)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan: its text and items, where it stands and what comes next."""
    on = today()
    found = visible_plan(request, pk)
    manages = can_manage_table(request.user, on=on)
    lines = plan_lines(found, on=on)
    context = {
        "plan": found,
        "sign": plan_sign(found),
        "sections": found.sections.order_by("position", "pk"),
        "lines": lines,
        "figures": plan_figures(found, lines, on=on),
        "rounds": rounds_of(found, user=request.user, on=on),
        "stages": stages_of(found, user=request.user, on=on),
        "papers": papers_about(found) if manages else [],
        "events": Paginator(events_about(found), EVENTS_SHOWN).get_page(request.GET.get("events")),
        "can_manage": manages,
        "can_decide": can_decide_plans(request.user, on=on),
        "can_propose": found.is_issued and (manages or bool(reporting_unit_ids(request.user, on=on))),
        "my_units": reporting_unit_ids(request.user, on=on),
    }
    return render(request, "programme/plan.html", context)


def _plan_form(request: HttpRequest, found: Plan | None) -> PlanForm:
    on = today()
    initial: dict[str, Any] = {"kind": request.GET.get("kind") or Plan.Kind.OVERALL}
    versions = versions_visible_to(request.user, on=on)
    if found is None:
        initial["version"] = versions.filter(state=TableVersion.State.CURRENT).first()
        initial["parent"] = request.GET.get("parent", "")
        initial["starts_on"], initial["ends_on"] = on, on.replace(month=12, day=31)
    else:
        names = ("title", "starts_on", "ends_on", "openness", "revision")
        initial = {name: getattr(found, name) for name in names}
        initial |= {"version": found.version_id, "parent": found.parent_id, "replaces": found.replaces_id}
    return PlanForm(
        bound(request),
        initial=initial,
        versions=versions.order_by("-number"),
        plans=plans_visible_to(request.user, on=on),
        is_kind_fixed=found is not None,
        plan=found,
    )


@roles_required(Role.PROGRAMME_OFFICE)
def plan_add(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    step = Step(
        heading=_("起草工作方案"),
        submit=_("开始起草"),
        place=pgettext("list", "工作方案"),
        back=reverse("programme:plan_list"),
        done=_("已建立草稿，请写正文并添加事项"),
    )

    def act(data: dict[str, Any]) -> str:
        data.pop("revision")
        made = draft_plan(**data, by=acting_user(request), at=timezone.now())
        return reverse("programme:plan", args=(made.pk,))

    return answer_step(request, _plan_form(request, None), step, act)


def _revision_now(request: HttpRequest, pk: int) -> int:
    return visible_plan(request, pk).revision


@roles_required(Role.PROGRAMME_OFFICE)
def plan_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the outside of a plan that is being written."""
    found = visible_plan(request, pk)
    back = reverse("programme:plan", args=(pk,))
    step = Step(
        heading=_("修改方案信息"),
        submit=_("保存"),
        place=found.title,
        back=back,
        done=_("已保存方案信息"),
        revision=lambda: _revision_now(request, pk),
    )

    def act(data: dict[str, Any]) -> str:
        change_plan(found, **data, by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, _plan_form(request, found), step, act)


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def plan_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away that nobody was asked about."""
    found = visible_plan(request, pk)
    try:
        discard_plan(found, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("programme:plan", pk)
    messages.success(request, _("已删除草稿“%(title)s”") % {"title": found.title})
    return redirect("programme:plan_list")


@roles_required(Role.PROGRAMME_OFFICE)
def section_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a part to the text."""
    found = visible_plan(request, pk)
    back = reverse("programme:plan", args=(pk,))
    step = Step(heading=_("添加章节"), submit=_("添加"), place=found.title, back=back, done=_("已添加章节"))

    def act(data: dict[str, Any]) -> str:
        made = add_section(
            found, heading=data["heading"], text=data["text"], by=acting_user(request), at=timezone.now()
        )
        return f"{back}#section-{made.pk}"

    return answer_step(request, SectionForm(bound(request), is_new=True), step, act)


@roles_required(Role.PROGRAMME_OFFICE)
def section_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a part of the text anew."""
    sections = plan_sections_visible_to(request.user, on=today())
    section = sections.filter(pk=pk).first()
    if section is None:
        raise Http404
    back = reverse("programme:plan", args=(section.plan_id,))
    initial = {name: getattr(section, name) for name in ("heading", "text", "position", "revision")}
    step = Step(
        heading=_("编写章节“%(heading)s”") % {"heading": section.heading},
        submit=_("保存"),
        place=section.plan.title,
        back=back,
        done=_("已保存章节"),
        revision=lambda: sections.get(pk=pk).revision,
        extra={"section": section},
    )

    def act(data: dict[str, Any]) -> str:
        change_section(section, **data, by=acting_user(request), at=timezone.now())
        return f"{back}#section-{pk}"

    return answer_step(request, SectionForm(bound(request), initial=initial), step, act)


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def section_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a part out of the text."""
    section = plan_sections_visible_to(request.user, on=today()).filter(pk=pk).first()
    if section is None:
        raise Http404
    return do_and_return(
        request,
        lambda: remove_section(section, by=acting_user(request), at=timezone.now()),
        done=_("已删除章节“%(heading)s”") % {"heading": section.heading},
        back=reverse("programme:plan", args=(section.plan_id,)),
    )


@roles_required(*STAFF_ROLES)
def plan_difference(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the consultation draft: every word kept, struck out or new."""
    found = visible_plan(request, pk)
    rounds = list(found.rounds.order_by("number"))
    if not rounds:
        raise Http404
    wanted = request.GET.get("round", "")
    chosen = next((each for each in rounds if str(each.number) == wanted), rounds[-1])
    context = {
        "plan": found,
        "rounds": rounds,
        "chosen": chosen,
        "changes": content_changes(chosen.content, found.issued_content or content_of(found)),
    }
    return render(request, "programme/plan_difference.html", context)


@roles_required(*STAFF_ROLES)
def plan_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The plan as a document."""
    return document_response(plan_document(visible_plan(request, pk)), kind)
