"""Pages of invitations: the list, one person, many from a sheet, the link itself, and the roles proposed."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.refusals import Refused
from chuangju.kernel.shown_once import keep_for_once, take_once
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import XLSX, render_list
from chuangju.ui.views import problem_page
from chuangju.units.access import invitations_visible_to
from chuangju.units.form_views import answer_form
from chuangju.units.forms import ReasonForm
from chuangju.units.invitation_batches import BatchRefused, invite_batch
from chuangju.units.invitation_forms import AcceptForm, InvitationForm, InvitationSheetForm
from chuangju.units.invitation_lists import invitation_listing, invitations_with_roles
from chuangju.units.invitation_sheets import COLUMNS
from chuangju.units.invitations import (
    Sent,
    accept_invitation,
    invite,
    link_path,
    open_invitation,
    renew_invitation,
    revoke_invitation,
)
from chuangju.units.models import Invitation, Role
from chuangju.units.permissions import acting_user, roles_required

SENDERS = (Role.SYSTEM_ADMINISTRATOR,)
# Where fresh links wait, encrypted, for the one page that shows them.
SHOWN_ONCE = "invitation_links"


@never_cache
@require_safe
@roles_required(*SENDERS)
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Everybody who was invited, and, once, the links that were just made."""
    at = timezone.now()
    rows = invitations_with_roles(invitations_visible_to(request.user))
    context = {"links": [] if request.GET.get("export") else take_once(request.session, SHOWN_ONCE) or []}
    return render_list(request, invitation_listing(at), rows, template="units/invitation_list.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*SENDERS)
def invitation_add(request: HttpRequest) -> HttpResponse:
    """One person."""
    data = request.POST if request.method == "POST" else None
    form = InvitationForm(data, user=acting_user(request), on=timezone.localdate())

    def act() -> str:
        sent = invite(form.invitee(), by=acting_user(request), at=timezone.now())
        _show_once(request, [sent])
        messages.success(request, _("已邀请%(name)s") % {"name": sent.invitation.name})
        return resolve_url("units:invitation_list")

    step = Confirmation(
        title=_("邀请人员"),
        sentence=_("本人打开链接、设置密码后账号才建立；链接 7 天内有效，只能使用一次"),
        action_label=_("发出邀请"),
        cancel_url=resolve_url("units:invitation_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*SENDERS)
def invitation_sheet(request: HttpRequest) -> HttpResponse:
    """Many people from a sheet: everybody, or nobody and what is wrong with which row."""
    is_sent = request.method == "POST"
    form = InvitationSheetForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    faults = []
    if is_sent and form.is_valid():
        try:
            sent = invite_batch(form.cleaned_data["file"], by=acting_user(request), at=timezone.now())
        except BatchRefused as refused:
            faults = refused.faults
            form.add_error("file", refused.sentence)
        else:
            _show_once(request, sent)
            messages.success(request, _("已邀请 %(count)d 人") % {"count": len(sent)})
            return HttpResponseRedirect(resolve_url("units:invitation_list"))
    context = {"form": form, "faults": faults}
    return render(request, "units/invitation_sheet.html", context, status=422 if is_sent else 200)


@require_safe
@roles_required(*SENDERS)
def invitation_empty_sheet(_request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    from chuangju.papers.sheets import write_xlsx  # noqa: PLC0415 - weighs on a process that never exports

    content = write_xlsx([], header=[words[0] for words in COLUMNS.values()], title="邀请名单")
    headers = {"Content-Disposition": 'attachment; filename="invitations.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*SENDERS)
def invitation_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link."""
    invitation = _invitation(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    del form.fields["reason"]

    def act() -> str:
        sent = renew_invitation(invitation, by=acting_user(request), at=timezone.now())
        _show_once(request, [sent])
        messages.success(request, _("已重新发送，原链接失效"))
        return resolve_url("units:invitation_list")

    step = Confirmation(
        title=_("重新发送邀请：%(name)s") % {"name": invitation.name},
        sentence=_("生成新的链接，7 天内有效；原来的链接随即失效"),
        action_label=_("重新发送"),
        cancel_url=resolve_url("units:invitation_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*SENDERS)
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The link taken back."""
    invitation = _invitation(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        revoke_invitation(invitation, reason=reason, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已撤回邀请"))
        return resolve_url("units:invitation_list")

    step = Confirmation(
        title=_("撤回邀请：%(name)s") % {"name": invitation.name},
        sentence=_("链接立即失效，建议的角色不再审定"),
        action_label=_("撤回邀请"),
        cancel_url=resolve_url("units:invitation_list"),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link sets a password, and has an account."""
    at = timezone.now()
    invitation = open_invitation(token, at=at)
    if invitation is None:
        sentence = _("邀请链接无效、已使用或已失效。已开通账号的请直接登录；其他情况请联系系统管理员重新发送")
        return problem_page(request, 404, sentence=sentence)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            user = accept_invitation(token, password=form.cleaned_data["password"], at=at)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("账号已开通，登录名是 %(username)s，请登录") % {"username": user.username})
            return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
    context = {"form": form, "invitation": invitation}
    return render(request, "units/invitation_accept.html", context, status=422 if form.is_bound else 200)


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    found: Invitation = get_object_or_404(invitations_visible_to(request.user), pk=pk)
    return found


def _show_once(request: HttpRequest, sent: Sequence[Sent]) -> None:
    links = [{"name": one.invitation.name, "url": request.build_absolute_uri(link_path(one.token))} for one in sent]
    keep_for_once(request.session, SHOWN_ONCE, links)
