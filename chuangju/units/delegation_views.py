"""Pages of delegations: the list, a stand-in for oneself, one named by the office, and an early end."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.models import User
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.access import can_appoint, colleagues_visible_to, delegations_visible_to
from chuangju.units.delegation_lists import delegation_listing, delegations_with_people, is_open
from chuangju.units.delegations import can_end, delegate_roles, end_delegation, lendable_roles, possible_stand_ins
from chuangju.units.form_views import answer_form
from chuangju.units.forms import ReasonForm
from chuangju.units.models import Role
from chuangju.units.people_forms import DelegationForm, with_roles
from chuangju.units.permissions import acting_user, roles_required, staff_required


@require_safe
@staff_required
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Where one is concerned; office, security administrator and auditor see all."""
    today = timezone.localdate()
    user = acting_user(request)
    rows = delegations_with_people(delegations_visible_to(user, today))

    def ends_here(delegation: object) -> bool:
        return is_open(delegation, today) and can_end(delegation, user, today)  # type: ignore[arg-type]

    context = {"can_delegate": bool(lendable_roles(user, today)), "can_name": can_appoint(user, today)}
    listing = delegation_listing(today, can_end=ends_here)
    return render_list(request, listing, rows, template="units/delegation_list.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def delegation_add(request: HttpRequest) -> HttpResponse:
    """A stand-in for oneself."""
    return _delegate(request, acting_user(request))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.PROGRAMME_OFFICE)
def delegation_name(request: HttpRequest, username: str) -> HttpResponse:
    """A stand-in whom the office names for a liaison officer."""
    today = timezone.localdate()
    officer = get_object_or_404(colleagues_visible_to(request.user, today), username=username)
    return _delegate(request, officer)


def _delegate(request: HttpRequest, from_user: User) -> HttpResponse:
    today, user = timezone.localdate(), acting_user(request)
    is_own = from_user.pk == user.pk
    roles = lendable_roles(from_user, today)
    if not is_own:
        roles = [one for one in roles if one.role == Role.LIAISON_OFFICER]
        if not roles:
            raise Http404
    people = possible_stand_ins(colleagues_visible_to(user, today), from_user, roles, by=user, on=today)
    data = request.POST if request.method == "POST" else None
    form = DelegationForm(data, roles=roles, people=with_roles(people, today), initial={"starts_on": today})

    def act() -> str:
        made = delegate_roles(from_user, **form.cleaned_data, by=user, at=timezone.now())
        messages.success(
            request,
            _("%(day)s 起由%(name)s代岗，到期自动恢复；双方都会收到通知")
            % {"day": made.starts_on.isoformat(), "name": made.to_user.name},
        )
        return resolve_url("units:delegation_list")

    step = Confirmation(
        title=_("指定代岗人") if is_own else _("指定代岗人：%(name)s") % {"name": from_user.name},
        sentence=_("代岗人在这段时间可以用您的角色办理，记录中注明代岗；您自己的角色仍然有效，到期自动恢复")
        if is_own
        else _("只能为联络员指定；代岗人在这段时间可以代为填报，记录中注明代岗，到期自动恢复"),
        action_label=_("指定代岗人"),
        cancel_url=resolve_url("units:delegation_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The end before its time."""
    delegation = get_object_or_404(delegations_visible_to(request.user).select_related("from_user", "to_user"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        end_delegation(delegation, by=acting_user(request), at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("代岗已结束"))
        return resolve_url("units:delegation_list")

    step = Confirmation(
        title=_("结束代岗"),
        sentence=_("结束后，%(to_name)s立即不能再代%(from_name)s办理")
        % {"to_name": delegation.to_user.name, "from_name": delegation.from_user.name},
        action_label=_("结束代岗"),
        cancel_url=resolve_url("units:delegation_list"),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)
