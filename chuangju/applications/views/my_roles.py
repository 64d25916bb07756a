"""参与人: ask somebody to fill in along or to act by authority; agree or refuse; end it. And the account of a returned payment."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.applications.applicant_access import asked_roles_visible_to, roles_visible_to
from chuangju.applications.case_page import case_page
from chuangju.applications.case_words import title_of
from chuangju.applications.forms_apply import AccountForm, RoleForm
from chuangju.applications.instalment_payments import mend_instalment
from chuangju.applications.models import Instalment
from chuangju.applications.payee_accounts import account_of
from chuangju.applications.roles import answer_role, ask_role, end_role
from chuangju.applications.views.apply_pages import own_application
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, signed_in_required

PUBLIC = "ui/public.html"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def role_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask somebody by their mobile number; the answer is the same whether or not it is known."""
    application = own_application(request, pk)
    is_sent = request.method == "POST"
    form = RoleForm(request.POST if is_sent else None, request.FILES if is_sent else None)

    def act() -> str:
        given = form.cleaned_data
        ask_role(
            application,
            given["kind"],
            mobile=given["mobile"],
            ends_on=given["ends_on"],
            files=[given["authority"]],
            by=acting_user(request),
            at=timezone.now(),
        )
        messages.success(request, _("已发出邀请；对方登录过本平台的，会收到消息，同意后生效"))
        return reverse("applications:my_case", args=(pk,))

    step = Confirmation(
        title=_("请人参与：%(title)s") % {"title": title_of(application, current_catalogue())},
        sentence=_("共同填写人可以填写，不能提交；受托代理人可以填写、提交和撤回"),
        action_label=_("发出邀请"),
        cancel_url=reverse("applications:my_case", args=(pk,)),
        layout=PUBLIC,
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def role_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to take part, or refuse."""
    role = get_object_or_404(asked_roles_visible_to(acting_user(request)).select_related("application__subject"), pk=pk)
    if request.method == "POST":
        agrees = request.POST.get("answer") == "yes"
        try:
            answer_role(role, agrees=agrees, by=acting_user(request), at=timezone.now())
            messages.success(request, _("已同意") if agrees else _("已拒绝"))
        except Refused as refused:
            messages.error(request, refused.sentence)
        return redirect("applications:my_cases")
    return render(request, "applications/role_answer.html", {"role": role})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a part back, or lay it down."""
    user = acting_user(request)
    on = timezone.localdate()
    role = get_object_or_404(roles_visible_to(user, on).select_related("application", "user"), pk=pk)

    def act() -> str:
        end_role(role, by=user, at=timezone.now())
        messages.success(request, _("已解除"))
        is_own = role.user_id == user.pk
        return (
            reverse("applications:my_cases") if is_own else reverse("applications:my_case", args=(role.application_id,))
        )

    step = Confirmation(
        title=_("解除：%(part)s") % {"part": role.get_kind_display()},
        sentence=_("解除后对方不能再看到和填写这件申请"),
        action_label=_("解除"),
        cancel_url=reverse("applications:my_case", args=(role.application_id,)),
        is_dangerous=True,
        layout=PUBLIC,
    )
    return answer_form(request, Form(request.POST if request.method == "POST" else None), step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def my_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct the account of a payment that came back."""
    application, user = own_application(request, pk), acting_user(request)
    parts = case_page(application, on=timezone.localdate()).instalments
    returned = next((one for one in parts if one.state == Instalment.State.RETURNED), None)
    if returned is None:
        return redirect("applications:my_case", pk=pk)
    form = AccountForm(
        request.POST if request.method == "POST" else None, initial={**account_of(application), "number": ""}
    )

    def act() -> str:
        account = form.account()
        mend_instalment(
            returned,
            account_name=account["name"],
            account_number=account["number"],
            bank=account["bank"],
            by=user,
            at=timezone.now(),
        )
        messages.success(request, _("已更正，重新安排拨付"))
        return reverse("applications:my_case", args=(pk,))

    step = Confirmation(
        title=_("更正收款账户"),
        sentence=_("银行退回了款项：%(reason)s。核对户名、账号和开户行后重新拨付")
        % {"reason": returned.reason or _("账户信息有误")},
        action_label=_("保存"),
        cancel_url=reverse("applications:my_case", args=(pk,)),
        layout=PUBLIC,
    )
    return answer_form(request, form, step, act)
