"""Decisions at the desk: the list, and one decision with everything it rests on and what it left."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chuangju.applications.access import DESK_READERS, applications_visible_to
from chuangju.applications.decide_listing import decision_listing, decision_sign
from chuangju.applications.decision_page import decision_page
from chuangju.applications.decision_reading import decisions_visible_to
from chuangju.applications.letters import DECISION, decision_title
from chuangju.applications.views.decide_pages import (
    do_and_return,
    today,
    visible_decision,
)
from chuangju.kernel.models import Paper
from chuangju.kernel.outgoing_papers import draft_paper
from chuangju.ui.list_views import render_list
from chuangju.units.access import has_role
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

# Who draws cases to be looked at on the spot.
SAMPLERS = (Role.CLERK, Role.APPROVER)


@require_safe
@roles_required(*DESK_READERS)
def decision_list(request: HttpRequest) -> HttpResponse:
    """Every decision on one's desk."""
    rows = decisions_visible_to(request.user, today())
    context = {"may_sample": has_role(request.user, *SAMPLERS, on=today())}
    return render_list(request, decision_listing(), rows, template="applications/decision_list.html", context=context)


@require_safe
@roles_required(*DESK_READERS)
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One decision: outcome, grounds, what it rests on, notice, money, papers, what grew out of it."""
    found = visible_decision(request, pk)
    page = decision_page(found, user=acting_user(request), on=today())
    seen = applications_visible_to(request.user, today())
    context = {
        "decision": found,
        "page": page,
        "sign": decision_sign(found),
        "sees_case": seen.filter(pk=found.application_id).exists(),
        "may_settle": has_role(request.user, Role.CLERK, on=today()),
    }
    return render(request, "applications/decision.html", context)


@require_POST
@roles_required(Role.CLERK, Role.APPROVER)
def decision_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draft the letter of a decision once more, after the first one was voided."""
    found = visible_decision(request, pk)

    def act() -> None:
        draft_paper(
            DECISION,
            found,
            title=decision_title(found),
            recipient=found.application.subject.name,
            openness=Paper.Openness.ON_REQUEST,
            by=acting_user(request),
            at=timezone.now(),
        )

    return do_and_return(
        request, act, done=_("已起草决定书"), back=reverse("applications:decision", args=(pk,)) + "#papers"
    )
