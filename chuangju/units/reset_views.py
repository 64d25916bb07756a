"""Pages of resets that take two administrators: asking, and the decision of the second."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chuangju.kernel.refusals import Refused
from chuangju.ui.confirmations import Confirmation
from chuangju.units.access import ADMINISTRATOR_ROLES, accounts_visible_to
from chuangju.units.form_views import answer_form
from chuangju.units.models import ResetRequest, Role
from chuangju.units.permissions import acting_user, fresh_sign_in_required, roles_required
from chuangju.units.resets import (
    approve_reset,
    ask_reset,
    decline_reset,
    may_decide,
    reset_address,
    resets_visible_to,
    take_password,
)
from chuangju.units.sign_in_forms import NeededReasonForm, ResetDecisionForm


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SYSTEM_ADMINISTRATOR)
@fresh_sign_in_required
def reset_ask(request: HttpRequest, username: str, kind: str) -> HttpResponse:
    """A system administrator asks for the reset of an administrator's account."""
    account = get_object_or_404(accounts_visible_to(request.user), username=username)
    if kind not in ResetRequest.Kind.values:
        raise Http404
    form = NeededReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        made = ask_reset(account, kind=kind, reason=reason, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已提出申请，并告知本人和其他管理员"))
        return reset_address(made)

    what = ResetRequest.Kind(kind).label
    step = Confirmation(
        title=_("申请重置：%(name)s，%(what)s") % {"name": account.name, "what": what},
        sentence=_("三员账号的重置须由两人办理：提出后由另一位管理员核准，7 天内有效，并告知本人"),
        action_label=_("提出申请"),
        cancel_url=resolve_url("units:account_detail", account.username),
    )
    return answer_form(request, form, step, act)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*sorted(ADMINISTRATOR_ROLES))
@fresh_sign_in_required
def reset_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: who asked why; the second administrator decides, and whoever asked reads the password once."""
    user, at = acting_user(request), timezone.now()
    found = get_object_or_404(resets_visible_to(user).select_related("user", "asked_by", "decided_by"), pk=pk)
    form = ResetDecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            if form.cleaned_data["decision"] == "approve":
                approve_reset(found, by=user, at=at)
            else:
                decline_reset(found, reason=form.cleaned_data["reason"], by=user, at=at)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("已登记核准意见，并告知申请人"))
            return HttpResponseRedirect(reset_address(found))
    context = {
        "reset": found,
        "form": form,
        "may_decide": may_decide(found, user, at=at),
        "password": take_password(found, by=user) if request.method == "GET" else "",
    }
    return render(request, "units/reset_request.html", context, status=422 if form.is_bound else 200)
