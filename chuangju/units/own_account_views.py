"""One's own account: name, roles with their days, language, and one's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.idempotency import takes_no_key
from chuangju.ui.confirmations import Confirmation
from chuangju.units.access import is_staff_member
from chuangju.units.accounts import change_password as change_own_password
from chuangju.units.accounts import check_present_password
from chuangju.units.assignments import roles_to_show
from chuangju.units.delegations import stand_ins_of
from chuangju.units.form_views import answer_form
from chuangju.units.forms import PasswordForm
from chuangju.units.permissions import acting_user, showed_second_factor, signed_in_required
from chuangju.units.second_factors import must_have_second_factor


@require_safe
@signed_in_required
def my_account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do and until when."""
    today = timezone.localdate()
    context = {
        "layout": layout_for(request),
        "roles": roles_to_show(acting_user(request), on=today),
        "stand_ins": stand_ins_of(acting_user(request), on=today),
        "account": request.user,
    }
    return render(request, "units/my_account.html", context)


@takes_no_key
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password of one's own; this session goes on, others end."""
    form = PasswordForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        data, user = form.cleaned_data, acting_user(request)
        # Counted first: whoever finds a session open does not find out the password by trying.
        check_present_password(user, data["present"], at=timezone.now())
        change_own_password(user, present=data["present"], new=data["new"], at=timezone.now())
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改"))
        return resolve_url("units:my_account")

    step = Confirmation(
        title=_("修改密码"),
        sentence=_("修改后，您在其他设备上的登录将失效"),
        action_label=_("保存新密码"),
        cancel_url=resolve_url("units:my_account"),
        layout=layout_for(request),
    )
    return answer_form(request, form, step, act)


def layout_for(request: HttpRequest) -> str:
    """People who work for the programme stay in the staff shell, once it is open to them; others in the public one."""
    user, today = acting_user(request), timezone.localdate()
    is_waiting = must_have_second_factor(user, on=today) and not showed_second_factor(request)
    return "ui/staff.html" if is_staff_member(user, today) and not is_waiting else "ui/public.html"
