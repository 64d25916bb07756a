"""After the decision: parts to be paid, obligations to be reported and settled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangju.applications.access import DESK_READERS
from chuangju.applications.case_words import title_of
from chuangju.applications.decide_listing import (
    instalment_listing,
    obligation_listing,
    obligation_sign,
    own_obligation_listing,
)
from chuangju.applications.follow_ups import (
    FollowedUp,
    follow_up,
    follow_ups_of,
    is_followed_up,
    latest_extension,
)
from chuangju.applications.forms_decisions import FollowUpForm, ReasonForm, SettleForm, TextForm
from chuangju.applications.instalments import instalments_visible_to, resume_instalment, stop_instalment
from chuangju.applications.models import Obligation
from chuangju.applications.obligations import (
    obligations_visible_to,
    own_obligations_visible_to,
    report_obligation,
    settle_obligation,
    shown_title,
)
from chuangju.applications.views.decide_pages import FormPage, answer_form, bound, today
from chuangju.kernel.money import format_yuan
from chuangju.policies.current import current_catalogue
from chuangju.ui.list_views import render_list
from chuangju.units.access import has_role
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required, signed_in_required

_PART_KEEPERS = (Role.CLERK, Role.APPROVER)
_PART_STEPS = {"stop": stop_instalment, "resume": resume_instalment}


@require_safe
@roles_required(*DESK_READERS)
def instalment_list(request: HttpRequest) -> HttpResponse:
    """Every part that was granted by one's unit."""
    rows = instalments_visible_to(request.user, today())
    rows = rows.select_related("entitlement__application", "entitlement__payee")
    listing = instalment_listing(is_changing=has_role(request.user, *_PART_KEEPERS, on=today()))
    return render_list(request, listing, rows, template="applications/instalment_list.html")


@roles_required(*_PART_KEEPERS)
def instalment_step(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """Hold a part back, or let it go on."""
    found = get_object_or_404(
        instalments_visible_to(request.user, today()).select_related("entitlement__application__subject"), pk=pk
    )
    application = found.entitlement.application

    def act(data: dict[str, Any]) -> str:
        _PART_STEPS[step](found, reason=data["reason"], by=acting_user(request), at=timezone.now())
        return reverse("applications:instalment_list")

    words = _("停止拨付") if step == "stop" else _("恢复拨付")
    page = FormPage(
        heading=words,
        submit=words,
        place=_("拨付期次"),
        back=reverse("applications:instalment_list"),
        done=_("已办理"),
        facts=(
            (_("事项"), application.title),
            (_("主体"), application.subject.name),
            (_("期次"), found.number),
            (_("金额"), format_yuan(found.amount)),
            (_("原因"), found.reason),
        ),
    )
    return answer_form(request, ReasonForm(bound(request)), page, act)


@require_safe
@roles_required(*DESK_READERS)
def obligation_list(request: HttpRequest) -> HttpResponse:
    """Every obligation of one's cases."""
    rows = obligations_visible_to(request.user, today()).select_related("application__subject")
    listing = obligation_listing(on=today(), is_settling=has_role(request.user, Role.CLERK, on=today()))
    return render_list(request, listing, rows, template="applications/obligation_list.html")


@roles_required(Role.CLERK)
def obligation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read a report and settle the obligation; a paper that follows and a promise have ways of their own."""
    found = get_object_or_404(
        obligations_visible_to(request.user, today()).select_related("application__subject", "document"), pk=pk
    )
    if is_followed_up(found):
        return _follow_up(request, found)

    def act(data: dict[str, Any]) -> str:
        settle_obligation(found, data["state"], remark=data["remark"], by=acting_user(request), at=timezone.now())
        return reverse("applications:obligation_list")

    page = _page(found, reverse("applications:obligation_list"), heading=_("核实后续义务"), submit=_("提交核实结果"))
    return answer_form(request, SettleForm(bound(request)), page, act)


def _follow_up(request: HttpRequest, found: Obligation) -> HttpResponse:
    """A paper that was to follow, or a promise: only what may be done about it now."""
    ways = follow_ups_of(found, on=today())
    latest = latest_extension(on=today())
    choices = [(way.value, way.label) for way in ways]
    form = FollowUpForm(bound(request), request.FILES or None, choices=choices, latest=latest)
    back = reverse("applications:case", args=(found.application_id,))

    def act(data: dict[str, Any]) -> str:
        done = FollowedUp(data["how"], data["remark"], data.get("due_on"), data.get("papers") or ())
        follow_up(found, done, by=acting_user(request), at=timezone.now())
        return back

    document = found.document
    facts = (
        (_("内容"), shown_title(found)),
        (_("办件编号"), found.application.number),
        (_("主体"), found.application.subject.name),
        (_("截止日"), found.due_on),
        (_("状态"), obligation_sign(found, on=today()).text),
        (_("材料状态"), document.get_state_display() if document else ""),
        (_("延期原因"), found.extension_reason),
        (_("核实意见"), found.remark),
    )
    page = FormPage(
        heading=_("容缺与承诺"), submit=_("办理"), place=title_of(found.application, current_catalogue()),
        back=back, done=_("已办理"), hint="" if ways else _("这项已经办结，不用再办理。"), facts=facts,
    )  # fmt: skip
    return answer_form(request, form, page, act)


@require_safe
@signed_in_required
def my_obligations(request: HttpRequest) -> HttpResponse:
    """What is still to be done in one's own cases."""
    rows = own_obligations_visible_to(request.user, today()).select_related("application__subject")
    listing = own_obligation_listing(on=today())
    return render_list(request, listing, rows, template="applications/my_obligations.html")


@signed_in_required
def my_obligation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Report how it stands; a paper that follows is handed in on its own page, and a promise is the desk's to check."""
    found = get_object_or_404(
        own_obligations_visible_to(request.user, today()).select_related("application__subject"), pk=pk
    )
    if found.document_id is not None:
        name = "my_papers" if found.kind == Obligation.Kind.DOCUMENT else "my_case"
        return redirect(f"applications:{name}", pk=found.application_id)

    def act(data: dict[str, Any]) -> str:
        report_obligation(found, report=data["text"], by=acting_user(request), at=timezone.now())
        return reverse("applications:my_case", args=(found.application_id,)) + "#duties"

    back = reverse("applications:my_case", args=(found.application_id,))
    page = _page(found, back, heading=_("报送情况"), submit=_("报送"), layout="applications/apply_base.html")
    form = TextForm(bound(request), label=_("情况"), hint=_("写明现在的情况；有变化的写明从哪天起。"))
    return answer_form(request, form, page, act)


def _page(found: Obligation, back: str, **words: Any) -> FormPage:
    application = found.application
    return FormPage(
        place=application.title,
        back=back,
        done=_("已提交"),
        facts=(
            (_("内容"), shown_title(found)),
            (_("办件编号"), application.number),
            (_("主体"), application.subject.name),
            (_("截止日"), found.due_on),
            (_("报告"), found.report),
            (_("核实意见"), found.remark),
        ),
        **words,
    )
