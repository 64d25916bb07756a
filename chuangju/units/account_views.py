"""Pages of accounts: the system administrator keeps them, the security administrator says what they may do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.shown_once import keep_for_once, waits_for_once
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.access import accounts_visible_to, assignments_visible_to, has_role, is_administrator
from chuangju.units.accounts import create_account, disable_account, enable_account, reset_password
from chuangju.units.assignments import end_role, grant_role, roles_to_show
from chuangju.units.form_views import answer_form
from chuangju.units.forms import AccountForm, EndRoleForm, ReasonForm, RoleForm
from chuangju.units.lists import account_listing, account_sign, accounts_with_roles, role_text
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, fresh_sign_in_required, roles_required
from chuangju.units.resets import waiting_resets
from chuangju.units.second_factors import has_second_factor, reset_factors
from chuangju.units.sign_in_forms import NeededReasonForm
from chuangju.units.sign_ins import is_locked_out, unlock_account

ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
# Where a temporary password waits, encrypted, for the one page that shows it.
SHOWN_ONCE = "temporary_password"


@require_safe
@roles_required(*ADMINISTRATORS)
def account_list(request: HttpRequest) -> HttpResponse:
    """All accounts with their roles of today."""
    today = timezone.localdate()
    accounts = accounts_with_roles(accounts_visible_to(request.user), today)
    context = {"can_create": has_role(request.user, Role.SYSTEM_ADMINISTRATOR)}
    return render_list(request, account_listing(today), accounts, template="units/account_list.html", context=context)


@never_cache
@require_safe
@roles_required(*ADMINISTRATORS)
def account_detail(request: HttpRequest, username: str) -> HttpResponse:
    """One account: whether it can sign in, and every role it has, had or will have."""
    account = _account(request, username)
    waiting = waits_for_once(request.session, SHOWN_ONCE) or {}
    is_own_waiting = waiting.get("account") == account.pk
    if is_own_waiting:
        del request.session[SHOWN_ONCE]
    context = {
        "account": account,
        "sign": account_sign(account),
        "is_locked": is_locked_out(account, at=timezone.now()),
        "has_factor": has_second_factor(account),
        "is_self": account.pk == request.user.pk,
        "takes_two": is_administrator(account, timezone.localdate()),
        "resets": waiting_resets(account, at=timezone.now()),
        "roles": roles_to_show(account, on=timezone.localdate()),
        "temporary_password": waiting.get("password", "") if is_own_waiting else "",
        "keeps_accounts": has_role(request.user, Role.SYSTEM_ADMINISTRATOR),
        "grants_roles": has_role(request.user, Role.SECURITY_ADMINISTRATOR),
    }
    return render(request, "units/account_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SYSTEM_ADMINISTRATOR)
def account_add(request: HttpRequest) -> HttpResponse:
    """A new account."""
    form = AccountForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        account, password = create_account(**form.cleaned_data, by=acting_user(request), at=timezone.now())
        _show_once(request, account, password)
        messages.success(request, _("已新建账号。角色由安全保密管理员授予"))
        return _page_of(account)

    step = Confirmation(
        title=_("新建账号"),
        sentence=_("系统会生成临时密码，只显示一次；本人首次登录时须修改"),
        action_label=_("新建账号"),
        cancel_url=resolve_url("units:account_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SYSTEM_ADMINISTRATOR)
def account_disable(request: HttpRequest, username: str) -> HttpResponse:
    """The account can no longer sign in."""
    account = _account(request, username)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        disable_account(account, by=acting_user(request), at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("已停用，该账号的登录已全部失效"))
        return _page_of(account)

    step = Confirmation(
        title=_("停用账号：%(name)s") % {"name": account.name},
        sentence=_("停用后立即不能登录，已登录的也随即退出；记录保留，可以再启用"),
        action_label=_("停用账号"),
        cancel_url=_page_of(account),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SYSTEM_ADMINISTRATOR)
def account_enable(request: HttpRequest, username: str) -> HttpResponse:
    """The account can sign in again."""
    account = _account(request, username)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        enable_account(account, by=acting_user(request), at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("已启用"))
        return _page_of(account)

    step = Confirmation(
        title=_("启用账号：%(name)s") % {"name": account.name},
        sentence=_("启用后可用原密码登录，未到期的角色继续有效"),
        action_label=_("启用账号"),
        cancel_url=_page_of(account),
    )
    return answer_form(request, form, step, act)


@require_POST
@roles_required(Role.SYSTEM_ADMINISTRATOR)
def account_password(request: HttpRequest, username: str) -> HttpResponse:
    """A new temporary password."""
    account = _account(request, username)
    try:
        password = reset_password(account, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        _show_once(request, account, password)
    return HttpResponseRedirect(_page_of(account))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SYSTEM_ADMINISTRATOR)
@fresh_sign_in_required
def account_factors(request: HttpRequest, username: str) -> HttpResponse:
    """Remove the second factors of somebody who lost theirs."""
    account = _account(request, username)
    form = NeededReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        reset_factors(account, reason=form.cleaned_data["reason"], by=acting_user(request), at=timezone.now())
        messages.success(request, _("已重置，本人下次登录时须重新设置"))
        return _page_of(account)

    step = Confirmation(
        title=_("重置第二重验证：%(name)s") % {"name": account.name},
        sentence=_("请先核实是本人。重置后原有的验证器、通行密钥和恢复码全部作废，已登录的随即退出，并告知本人"),
        action_label=_("重置第二重验证"),
        cancel_url=_page_of(account),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


@require_POST
@roles_required(Role.SECURITY_ADMINISTRATOR)
def account_unlock(request: HttpRequest, username: str) -> HttpResponse:
    """Lift the lock-out after too many failures."""
    account = _account(request, username)
    try:
        unlock_account(account, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("已解除锁定"))
    return HttpResponseRedirect(_page_of(account))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SECURITY_ADMINISTRATOR)
def role_grant(request: HttpRequest, username: str) -> HttpResponse:
    """A role for the account."""
    account = _account(request, username)
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    form = RoleForm(data, user=acting_user(request), on=today, initial={"starts_on": today})

    def act() -> str:
        assignment = grant_role(account, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已授予角色：%(role)s") % {"role": role_text(assignment)})
        return _page_of(account)

    step = Confirmation(
        title=_("授予角色：%(name)s") % {"name": account.name},
        sentence=_("三员（系统管理员、安全保密管理员、安全审计员）不得兼任，也不能为自己授予角色"),
        action_label=_("授予角色"),
        cancel_url=_page_of(account),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SECURITY_ADMINISTRATOR)
def role_end(request: HttpRequest, username: str, pk: int) -> HttpResponse:
    """The end of a role."""
    account = _account(request, username)
    assignment = get_object_or_404(assignments_visible_to(request.user).filter(user=account), pk=pk)
    form = EndRoleForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        end_role(assignment, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已登记角色的结束日期"))
        return _page_of(account)

    step = Confirmation(
        title=_("结束角色：%(name)s") % {"name": account.name},
        sentence=role_text(assignment),
        action_label=_("结束角色"),
        cancel_url=_page_of(account),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


def _account(request: HttpRequest, username: str) -> User:
    found: User = get_object_or_404(accounts_visible_to(request.user), username=username)
    return found


def _page_of(account: User) -> str:
    return resolve_url("units:account_detail", account.username)


def _show_once(request: HttpRequest, account: User, password: str) -> None:
    keep_for_once(request.session, SHOWN_ONCE, {"account": account.pk, "password": password})
