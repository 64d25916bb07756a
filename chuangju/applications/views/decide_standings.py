"""Standings: the public register and what a certificate's code leads to, the desk's list, and one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chuangju.applications.access import DESK_READERS, desk_units
from chuangju.applications.children import open_renewal
from chuangju.applications.decide_listing import public_standing_listing, standing_listing
from chuangju.applications.decision_reading import own_standings_visible_to, public_standings_visible_to
from chuangju.applications.forms_decisions import ReasonForm
from chuangju.applications.letters import CERTIFICATE
from chuangju.applications.models import Standing
from chuangju.applications.standing_words import standing_sign, standing_title
from chuangju.applications.standings import (
    public_standings,
    resume_standing,
    revoke_standing,
    standings_visible_to,
    suspend_standing,
)
from chuangju.applications.views.decide_pages import FormPage, answer_form, bound, do_and_return, today
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import Paper
from chuangju.kernel.outgoing_papers import draft_paper
from chuangju.kernel.paper_templates import papers_about
from chuangju.ui.list_views import render_list
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required, signed_in_required

_STEPS: dict[str, Callable[..., Standing]] = {
    "suspend": suspend_standing,
    "resume": resume_standing,
    "revoke": revoke_standing,
}


@require_safe
def public_register(request: HttpRequest) -> HttpResponse:
    """Who holds what, for everybody."""
    on = today()
    rows = public_standings(on).select_related("party", "decision")
    listing = public_standing_listing(on=on)
    return render_list(request, listing, rows, template="applications/public_register.html")


@never_cache
@require_safe
def public_standing(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a certificate holds: what somebody sees who scans it or types its number."""
    found = get_object_or_404(public_standings_visible_to(request.user), number=number.strip().upper())
    context = {
        "standing": found,
        "title": standing_title(found),
        "sign": standing_sign(found, on=today()),
        "checked_on": today(),
    }
    return render(request, "applications/public_standing.html", context)


@require_safe
@roles_required(*DESK_READERS)
def standing_list(request: HttpRequest) -> HttpResponse:
    """The standings of one's unit."""
    on = today()
    rows = standings_visible_to(request.user, on).select_related("party", "decision")
    listing = standing_listing(on=on)
    return render_list(request, listing, rows, template="applications/standing_list.html")


@require_safe
@roles_required(*DESK_READERS)
def standing(request: HttpRequest, number: str) -> HttpResponse:
    """One standing with its certificate and its history."""
    found, on = _visible(request, number), today()
    unit = found.decision.application.unit_id
    context = {
        "standing": found,
        "title": standing_title(found),
        "sign": standing_sign(found, on=on),
        "papers": list(papers_about(found)),
        "events": events_about(found).select_related("actor").order_by("-at", "-pk")[:20],
        "can_keep": unit in desk_units(request.user, on, Role.CLERK, Role.APPROVER),
        "can_revoke": unit in desk_units(request.user, on, Role.APPROVER),
    }
    return render(request, "applications/standing.html", context)


@roles_required(Role.CLERK, Role.APPROVER)
def standing_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Suspend, resume or revoke a standing."""
    found = _visible(request, number)
    words = {"suspend": _("暂停资格"), "resume": _("恢复资格"), "revoke": _("撤销资格")}
    back = reverse("applications:standing", args=(found.number,))

    def act(data: dict[str, Any]) -> str:
        revision = found.revision if data["revision"] is None else data["revision"]
        _STEPS[step](found, reason=data["reason"], revision=revision, by=acting_user(request), at=timezone.now())
        return back

    page = FormPage(
        heading=words[step],
        submit=words[step],
        place=found.title,
        back=back,
        done=_("已办理，持有人会收到消息"),
        facts=((_("持有主体"), found.party.name), (_("证书编号"), found.number)),
        revision=lambda: _visible(request, number).revision,
    )
    return answer_form(request, ReasonForm(bound(request), initial={"revision": found.revision}), page, act)


@require_POST
@roles_required(Role.CLERK, Role.APPROVER)
def standing_certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Draft the certificate."""
    found = _visible(request, number)

    def act() -> None:
        draft_paper(
            CERTIFICATE,
            found,
            title=f"{found.title}证书",
            recipient=found.party.name,
            openness=Paper.Openness.OPEN,
            by=acting_user(request),
            at=timezone.now(),
        )

    back = reverse("applications:standing", args=(found.number,)) + "#papers"
    return do_and_return(request, act, done=_("已起草证书，用印后送达"), back=back)


@never_cache
@require_safe
@signed_in_required
def my_standings(request: HttpRequest) -> HttpResponse:
    """What one holds oneself, or those for whom one acts."""
    on = today()
    rows = own_standings_visible_to(request.user, on)
    shown = [
        {"standing": one, "title": standing_title(one), "sign": standing_sign(one, on=on)}
        for one in rows.order_by("-starts_on", "number")
    ]
    return render(request, "applications/my_standings.html", {"rows": shown})


@require_POST
@signed_in_required
def my_renewal(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for another term."""
    found = get_object_or_404(own_standings_visible_to(request.user, today()), number=number)
    back = reverse("applications:my_standings")
    return do_and_return(
        request,
        lambda: open_renewal(found, by=acting_user(request), at=timezone.now()),
        done=_("已开始续期申请，请到“我的办件”核对后提交"),
        back=back,
    )


def _visible(request: HttpRequest, number: str) -> Standing:
    return get_object_or_404(
        standings_visible_to(request.user, today()).select_related("party", "decision__application__unit"),
        number=number,
    )
