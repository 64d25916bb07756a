"""补正 at the desk: one request that lists everything is put together here, and may be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.applications.access import DESK_ACTORS
from chuangju.applications.corrections import (
    Wanted,
    cancel_correction,
    request_correction,
    rounds_left,
    usual_due_day,
)
from chuangju.applications.desk_actions import actions_for
from chuangju.applications.models import Application, Correction, RequiredDocument
from chuangju.applications.review_page import ReviewPage
from chuangju.applications.views.desk_case import desk_case
from chuangju.applications.views.desk_steps import form_step, page_of, with_reason
from chuangju.kernel.refusals import Refused
from chuangju.programme.views.plan_steps import today
from chuangju.units.permissions import acting_user, roles_required

FREE_LINES = 4


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def correction(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick papers and facts, say what is wrong with each, add what else is wanted; it goes out as one request."""
    application = desk_case(request, pk)
    page = ReviewPage(application, on=today())
    if request.method != "POST" and not actions_for(acting_user(request), page, on=today()).correct:
        raise Http404
    problem = ""
    if request.method == "POST":
        problem = _send(request, application, page)
        if not problem:
            messages.success(request, _("已一次性告知申请人补正，办理时限暂停"))
            return HttpResponseRedirect(page_of(application))
    context = {
        "application": application,
        "papers": [_paper(request, one) for one in page.documents],
        "facts": [
            {"key": one.key, "name": one.name, "now": one.now, "text": request.POST.get(f"fact-{one.key}", "")}
            for one in page.facts
        ],
        "lines": _lines(request),
        "note": request.POST.get("note", ""),
        "due_on": request.POST.get("due_on", "") or usual_due_day(on=today()).isoformat(),
        "rounds": rounds_left(application),
        "clock": page.clock,
        "problem": problem,
    }
    return render(request, "applications/correction.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def correction_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the open request back."""
    application = desk_case(request, pk)
    found = application.corrections.filter(state=Correction.State.ASKED).first()
    if found is None:
        raise Http404
    step = form_step(application, _("取消补正"), _("取消补正"), _("已取消补正，时限继续计算"))
    return with_reason(
        request, step, lambda words: cancel_correction(found, reason=words, by=acting_user(request), at=timezone.now())
    )


def _send(request: HttpRequest, application: Application, page: ReviewPage) -> str:
    """Send the request; what is wrong with it, or nothing."""
    try:
        request_correction(
            application,
            list(_wanted(request, page)),
            note=request.POST.get("note", ""),
            due_on=_day(request.POST.get("due_on", "")),
            by=acting_user(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return refused.sentence
    return ""


def _wanted(request: HttpRequest, page: ReviewPage) -> Iterator[Wanted]:
    for paper in page.documents:
        text = request.POST.get(f"paper-{paper.pk}", "").strip()
        if request.POST.get(f"paper-on-{paper.pk}"):
            yield Wanted(text or _("请提供“%(name)s”") % {"name": paper.name}, document=paper)
    for fact in page.facts:
        text = request.POST.get(f"fact-{fact.key}", "").strip()
        if text:
            yield Wanted(text, fact=fact.key)
    for text in request.POST.getlist("line"):
        if text.strip():
            yield Wanted(text)


def _paper(request: HttpRequest, paper: RequiredDocument) -> dict[str, Any]:
    """A paper as the composer draws it: those that are missing or found faulty are ticked to begin with."""
    bad = paper.state in {RequiredDocument.State.MISSING, RequiredDocument.State.FAULTY}
    is_sent = request.method == "POST"
    return {
        "paper": paper,
        "is_on": bool(request.POST.get(f"paper-on-{paper.pk}")) if is_sent else bad,
        "text": request.POST.get(f"paper-{paper.pk}", "") if is_sent else paper.remark,
    }


def _lines(request: HttpRequest) -> list[str]:
    given = [text for text in request.POST.getlist("line") if text.strip()]
    return [*given, *[""] * max(1, FREE_LINES - len(given))]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
