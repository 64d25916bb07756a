"""One assessment for whoever runs or reads the panel: what was given, and returning it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.scoring.access import READERS, RUNNERS, assessments_visible_to, can_run_panel
from chuangju.scoring.forms import ReasonForm
from chuangju.scoring.lists import assessment_sign
from chuangju.scoring.models import Assessment
from chuangju.scoring.subjects import address_of
from chuangju.scoring.submissions import return_scores
from chuangju.scoring.views.shown_scores import shown_scores
from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, roles_required

_EVENTS = 20


def _assessment(user: User, pk: UUID) -> Assessment:
    return get_object_or_404(
        assessments_visible_to(user, timezone.localdate()).select_related(
            "panel__sheet", "panel__unit", "entry", "assessor", "entered_by"
        ),
        pk=pk,
    )


@require_safe
@roles_required(*READERS)
def assessment_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One assessment: its scores, the comment, the declaration."""
    user, today = acting_user(request), timezone.localdate()
    one = _assessment(user, pk)
    can_run = can_run_panel(user, one.panel, today) and not one.panel.is_settled
    context = {
        "one": one,
        "panel": one.panel,
        "sign": assessment_sign(one, today),
        "scores": shown_scores(one),
        "address": address_of(one.entry.subject_key),
        "can_return": can_run and one.state == Assessment.State.SUBMITTED,
        "events": list(events_about(one).order_by("-at", "-pk")[:_EVENTS]),
    }
    return render(request, "scoring/assessment_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*RUNNERS)
def assessment_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the assessor score once more."""
    user = acting_user(request)
    one = _assessment(user, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        return_scores(one, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已退回，专家会看到原因"))
        return resolve_url("scoring:assessment_detail", one.pk)

    step = Confirmation(
        title=_("退回评分"),
        sentence=_("%(name)s对“%(subject)s”的评分将退回修改，原来的分数记入变更记录")
        % {"name": one.assessor.name, "subject": one.entry.label},
        action_label=_("退回"),
        cancel_url=resolve_url("scoring:assessment_detail", one.pk),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)
