"""A case stands still and goes on, and goes by the law that has changed or by the one it began with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chuangju.applications.access import DESK_ACTORS, can_lead_case
from chuangju.applications.forms_desk import ReasonForm
from chuangju.applications.law_changes import keep_version, newer_version, rebase_application
from chuangju.applications.suspensions import resume_application, suspend_application
from chuangju.applications.views.desk_case import desk_case
from chuangju.applications.views.desk_steps import FORM, form_step, page_of, with_reason
from chuangju.programme.views.plan_steps import answer_step, bound, do_and_return, today
from chuangju.units.permissions import acting_user, roles_required

REBASE, KEEP = "rebase", "keep"


class LawForm(ReasonForm):
    """By which version a case goes, and why."""

    choice = forms.ChoiceField(
        label=gettext_lazy("按哪一版办理"),
        choices=[(REBASE, gettext_lazy("改按新版本")), (KEEP, gettext_lazy("仍按原版本"))],
        widget=forms.RadioSelect,
    )
    field_order = ("choice", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a case stand still."""
    application = desk_case(request, pk)
    step = form_step(application, _("暂停办理"), _("暂停"), _("已暂停，时限不再计算"))
    return with_reason(
        request,
        step,
        lambda words: suspend_application(application, reason=words, by=acting_user(request), at=timezone.now()),
    )


@require_POST
@roles_required(*DESK_ACTORS)
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it up again."""
    application = desk_case(request, pk)
    return do_and_return(
        request,
        lambda: resume_application(application, by=acting_user(request), at=timezone.now()),
        done=_("已恢复办理，时限继续计算"),
        back=page_of(application),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def law(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The policy has a new version since the case began: go by it, or stay with the old one, with the reason."""
    application = desk_case(request, pk)
    newer = newer_version(application, on=today())
    if newer is None or not can_lead_case(request.user, application, today()):
        raise Http404
    form = LawForm(bound(request))
    hint = _("办理依据 %(old)s，现行 %(new)s。") % {"old": application.policy_version, "new": newer.version}
    step = form_step(application, _("政策有了新版本"), _("决定"), _("已决定按哪一版办理"), hint)

    def act(cleaned: dict[str, Any]) -> str:
        change = rebase_application if cleaned["choice"] == REBASE else keep_version
        change(application, reason=cleaned["reason"], by=acting_user(request), at=timezone.now())
        return step.back

    return answer_step(request, form, step, act, template=FORM)
