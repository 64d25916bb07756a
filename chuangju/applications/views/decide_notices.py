"""Public notices: what everybody reads and may object to with their name, and the desk that answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangju.applications.access import DESK_READERS
from chuangju.applications.decide_listing import notice_listing, objection_listing
from chuangju.applications.decision_reading import notices_visible_to
from chuangju.applications.forms_decisions import AnswerForm, PublicObjectionForm
from chuangju.applications.models import Decision, Objection, PublicNotice
from chuangju.applications.notices import answer_objection, object_to, objections_visible_to
from chuangju.applications.public_notices import (
    public_rows,
    shown_contact,
    shown_notice_title,
    with_first_case,
)
from chuangju.applications.views.decide_pages import FormPage, answer_form, bound, today
from chuangju.kernel.limits import Limit, take_attempt
from chuangju.ui.list_views import render_list
from chuangju.units.access import has_role
from chuangju.units.adapters import address_of
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

# So many objections from one address in an hour: a person has no more to say, a program would.
OBJECTIONS = Limit("applications.objections", 10, timedelta(hours=1))


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Every notice, running ones first."""
    rows = with_first_case(notices_visible_to(request.user))
    return render_list(request, notice_listing(on=today()), rows, template="applications/notice_list.html")


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice with its list."""
    found = get_object_or_404(notices_visible_to(request.user), pk=pk)
    is_running = found.state == PublicNotice.State.RUNNING and found.ends_on >= today()
    rows = public_rows(found)
    context = {
        "notice": found,
        "rows": rows,
        "is_running": is_running,
        "title": shown_notice_title(found),
        "contact": shown_contact(found),
    }
    return render(request, "applications/notice.html", context)


def notice_object(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to a line of a notice, with one's name."""
    found = get_object_or_404(notices_visible_to(request.user), pk=pk)
    rows = public_rows(found)
    choices = [(str(row.decision.pk), f"{row.subject} · {row.title}") for row in rows]
    form = PublicObjectionForm(bound(request), notice=found, rows=choices)

    def act(data: dict[str, Any]) -> str:
        decision = next(row.decision for row in rows if str(row.decision.pk) == data["decision"])
        object_to(found, decision, name=data["name"], phone=data["phone"], text=data["text"], at=timezone.now())
        return reverse("applications:notice", args=(pk,))

    page = FormPage(
        heading=_("提出异议"),
        submit=_("实名提交"),
        place=shown_notice_title(found),
        back=reverse("applications:notice", args=(pk,)),
        done=_("已收到您的异议，核查后按您留的电话答复"),
        hint=_("请写明事实和依据；与公示内容无关的诉求，请通过咨询渠道提出。"),
        layout="ui/public.html",
    )
    if request.method == "POST" and not take_attempt(OBJECTIONS, address_of(request), at=timezone.now()):
        form.add_error(None, _("提交过于频繁，请一小时后再试"))
    return answer_form(request, form, page, act)


@require_safe
@roles_required(*DESK_READERS)
def objection_list(request: HttpRequest) -> HttpResponse:
    """Objections against decisions of one's unit."""
    rows = objections_visible_to(request.user, today()).select_related("notice", "decision__application")
    return render_list(
        request,
        objection_listing(is_answering=has_role(request.user, Role.CLERK, Role.APPROVER, on=today())),
        rows,
        template="applications/objection_list.html",
    )


@roles_required(Role.CLERK, Role.APPROVER)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an objection and answer it."""
    found: Objection = get_object_or_404(
        objections_visible_to(request.user, today()).select_related(
            "notice", "decision__application__subject", "decision__application__unit"
        ),
        pk=pk,
    )
    decision: Decision = found.decision

    def act(data: dict[str, Any]) -> str:
        answer_objection(
            found, is_right=data["is_right"] == "yes", answer=data["answer"], by=acting_user(request), at=timezone.now()
        )
        return reverse("applications:objection_list")

    page = FormPage(
        heading=_("核查公示异议"),
        submit=_("答复"),
        place=_("公示异议"),
        back=reverse("applications:objection_list"),
        done=_("已答复"),
        facts=(
            (_("针对"), f"{decision.application.title}（{decision.application.number}）"),
            (_("异议人"), found.name),
            (_("联系电话"), found.phone),
            (_("异议内容"), found.text),
            (_("核查结论"), found.answer),
        ),
    )
    return answer_form(request, AnswerForm(bound(request)), page, act)
