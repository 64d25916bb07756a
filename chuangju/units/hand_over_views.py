"""The page on which the security administrator passes roles and appointments to a successor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.ui.confirmations import Confirmation
from chuangju.units.access import accounts_visible_to
from chuangju.units.form_views import answer_form
from chuangju.units.hand_overs import (
    appointments_to_hand_over,
    hand_over_roles,
    possible_successors,
    roles_to_hand_over,
)
from chuangju.units.models import Role
from chuangju.units.open_work import open_work_of
from chuangju.units.people_forms import HandOverForm, with_roles
from chuangju.units.permissions import acting_user, roles_required


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SECURITY_ADMINISTRATOR)
def hand_over(request: HttpRequest, username: str) -> HttpResponse:
    """What somebody holds and has on the desk, and who takes it over from which day."""
    today, user = timezone.localdate(), acting_user(request)
    account = get_object_or_404(accounts_visible_to(request.user), username=username)
    everybody = possible_successors(accounts_visible_to(request.user).exclude(pk=user.pk), account, on=today)
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        roles=roles_to_hand_over(account, on=today),
        appointments=appointments_to_hand_over(account, on=today),
        people=with_roles(everybody, today),
        initial={"last_day": today},
    )

    def act() -> str:
        data = form.cleaned_data
        done = hand_over_roles(
            account,
            data["to_user"],
            assignments=list(data.get("assignments", [])),
            appointments=list(data.get("appointments", [])),
            last_day=data["last_day"],
            reason=data["reason"],
            by=user,
            at=timezone.now(),
        )
        total = {"roles": len(done.assignments), "appointments": len(done.appointments), "name": data["to_user"].name}
        messages.success(request, _("已交接给%(name)s：角色 %(roles)d 项，任命 %(appointments)d 项") % total)
        return resolve_url("units:account_detail", account.username)

    work = [
        _("%(label)s：%(count)d") % {"label": line.label, "count": line.count}
        for line in open_work_of(account, on=today)
    ]
    step = Confirmation(
        title=_("工作交接：%(name)s") % {"name": account.name},
        sentence=_("手头工作如下；单位名下的事项不移动，接任人自次日起负责")
        if work
        else _("没有未完成的手头工作；接任人自次日起负责"),
        items=work,
        action_label=_("确认交接"),
        cancel_url=resolve_url("units:account_detail", account.username),
    )
    return answer_form(request, form, step, act)
