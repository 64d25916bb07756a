"""One case at the desk: the review page, its print, and the papers that can be drafted from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chuangju.applications.access import DESK_READERS, desk_applications_visible_to
from chuangju.applications.case_papers import letters_to_begin, papers_of_case
from chuangju.applications.desk_actions import actions_for
from chuangju.applications.desk_words import flag_signs
from chuangju.applications.forms_desk import AnswerForm, OpinionForm
from chuangju.applications.letters import can_write
from chuangju.applications.models import Application
from chuangju.applications.review_page import ReviewPage, case_for_page
from chuangju.kernel.audit import events_about
from chuangju.programme.views.plan_steps import today
from chuangju.ui.clock_signs import sign_of_clock
from chuangju.units.permissions import acting_user, roles_required

EVENTS_SHOWN = 8


def desk_case(request: HttpRequest, pk: UUID) -> Application:
    """The case, if it lies on this reader's desk; else 404."""
    found = case_for_page(desk_applications_visible_to(request.user, today()), pk)
    if found is None:
        raise Http404
    return found


@require_safe
@roles_required(*DESK_READERS)
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything needed to decide on a case, and only what may be done with it."""
    application = desk_case(request, pk)
    page = ReviewPage(application, on=today())
    actions = actions_for(acting_user(request), page, on=today())
    context = {
        **_shown(page),
        "actions": actions,
        "opinion_form": _opinion_form(actions.review),
        "answer_form": AnswerForm(initial={"revision": actions.answer.revision}) if actions.answer else None,
        "events": Paginator(_events(page), EVENTS_SHOWN).get_page(request.GET.get("events")),
        "papers": papers_of_case(application),
        "letters": letters_to_begin(application),
        "may_draft": can_write(acting_user(request), application),
    }
    return render(request, "applications/case.html", context)


@require_safe
@roles_required(*DESK_READERS)
def case_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The case on one sheet of paper, for the file."""
    page = ReviewPage(desk_case(request, pk), on=today())
    return render(request, "applications/case_print.html", _shown(page))


def _shown(page: ReviewPage) -> dict[str, Any]:
    clock = page.clock
    return {
        "page": page,
        "application": page.application,
        "flag_signs": flag_signs(page.flags),
        "clock": clock,
        "clock_sign": sign_of_clock(clock) if clock is not None else None,
        "today": page.on,
    }


def _opinion_form(step: Any) -> OpinionForm | None:
    if step is None:
        return None
    return OpinionForm(initial={"revision": step.revision, "result": "passed"})


def _events(page: ReviewPage) -> Any:
    """The log of the case and of what hangs on it."""
    return events_about(page.application).select_related("actor").order_by("-at", "-pk")
