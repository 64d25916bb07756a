"""Pages on which the security administrator decides on proposed roles."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.access import proposals_visible_to
from chuangju.units.form_views import answer_form
from chuangju.units.invitation_lists import proposal_listing, proposals_with_people
from chuangju.units.lists import role_text
from chuangju.units.models import Role, RoleProposal
from chuangju.units.people_forms import DayForm, NeededReasonForm
from chuangju.units.permissions import acting_user, roles_required
from chuangju.units.proposals import decline_proposal, grant_proposal

DECIDERS = (Role.SECURITY_ADMINISTRATOR,)


@require_safe
@roles_required(*DECIDERS)
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Every proposed role, those to be decided first."""
    rows = proposals_with_people(proposals_visible_to(request.user))
    return render_list(request, proposal_listing(), rows, template="units/proposal_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DECIDERS)
def proposal_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """The role is granted."""
    proposal = _proposal(request, pk)
    data = request.POST if request.method == "POST" else None
    form = DayForm(data, initial={"starts_on": timezone.localdate()})

    def act() -> str:
        made = grant_proposal(
            proposal, starts_on=form.cleaned_data["starts_on"], by=acting_user(request), at=timezone.now()
        )
        messages.success(request, _("已授予角色：%(role)s") % {"role": role_text(made)})
        return resolve_url("units:proposal_list")

    step = Confirmation(
        title=_("授予角色：%(name)s") % {"name": proposal.invitation.name},
        sentence=role_text(proposal),
        action_label=_("授予角色"),
        cancel_url=resolve_url("units:proposal_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DECIDERS)
def proposal_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The role is not granted."""
    proposal = _proposal(request, pk)
    form = NeededReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        decline_proposal(proposal, reason=form.cleaned_data["reason"], by=acting_user(request), at=timezone.now())
        messages.success(request, _("已登记不予授予"))
        return resolve_url("units:proposal_list")

    step = Confirmation(
        title=_("不予授予：%(name)s") % {"name": proposal.invitation.name},
        sentence=role_text(proposal),
        action_label=_("不予授予"),
        cancel_url=resolve_url("units:proposal_list"),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


def _proposal(request: HttpRequest, pk: int) -> RoleProposal:
    found: RoleProposal = get_object_or_404(proposals_with_people(proposals_visible_to(request.user)), pk=pk)
    return found
