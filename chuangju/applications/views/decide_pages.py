"""How pages of decisions are answered: a form that acts or comes back with the refusal, a button, records that one may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise

from chuangju.applications.access import desk_applications_visible_to
from chuangju.applications.applicant_access import own_applications_visible_to
from chuangju.applications.decision_reading import decisions_visible_to
from chuangju.applications.models import Application, Decision
from chuangju.kernel.refusals import Refused
from chuangju.programme.forms_plans import RevisedForm

_BESIDE = ("subject", "payee", "unit", "town", "window", "parent")


@dataclass(frozen=True)
class FormPage:
    """What stands around a form: heading and button, the way back, what is there now, what was done."""

    heading: str
    submit: str
    place: str
    back: str
    done: str | Promise = ""
    hint: str = ""
    facts: Sequence[tuple[str, object]] = ()
    revision: Callable[[], int] | None = None
    layout: str = "ui/staff.html"
    extra: dict[str, Any] = field(default_factory=dict)


def answer_form(
    request: HttpRequest,
    form: Form,
    page: FormPage,
    act: Callable[[dict[str, Any]], str],
    *,
    template: str = "applications/decide_form.html",
) -> HttpResponse:
    """Show the form; once it is sent and sound, act and go where `act` says. Nothing typed is ever lost."""
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            goal = act(form.cleaned_data)
        except Refused as refused:
            status = refused.status
            if page.revision is not None and isinstance(form, RevisedForm):
                form.with_revision(page.revision())
            form.add_error(None, refused.sentence)
        else:
            if page.done:
                messages.success(request, str(page.done))
            return HttpResponseRedirect(goal)
    context = {"form": form, "step": page, "layout": page.layout, **page.extra}
    return render(request, template, context, status=status)


def do_and_return(request: HttpRequest, act: Callable[[], object], *, done: str, back: str) -> HttpResponse:
    """Carry out what a button asks for, and go back with what came of it."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back)


def bound(request: HttpRequest) -> Any:
    """What was posted; None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def today() -> date:
    """The day of this request on the district's clock."""
    return timezone.localdate()


def desk_case(request: HttpRequest, pk: UUID) -> Application:
    """The case, if it lies on this reader's desk; else 404."""
    return get_object_or_404(desk_applications_visible_to(request.user, today()).select_related(*_BESIDE), pk=pk)


def own_case(request: HttpRequest, pk: UUID) -> Application:
    """The case, if it is this reader's own; else 404."""
    return get_object_or_404(own_applications_visible_to(request.user, today()).select_related(*_BESIDE), pk=pk)


def visible_decision(request: HttpRequest, pk: UUID) -> Decision:
    """The decision, if its case lies on this reader's desk; else 404."""
    return get_object_or_404(decisions_visible_to(request.user, today()), pk=pk)
