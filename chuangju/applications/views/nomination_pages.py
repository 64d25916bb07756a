"""Putting somebody forward: one's list, the form, one nomination with its answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.applications.forms_nominations import NominationForm, WithdrawalForm
from chuangju.applications.models import Application, Nomination
from chuangju.applications.nomination_listing import nomination_listing, nomination_sign
from chuangju.applications.nomination_rules import may_nominate, nomination_title
from chuangju.applications.nominations import (
    answer_nomination,
    can_withdraw,
    is_nominee,
    made_by,
    nominate,
    nominations_visible_to,
    withdraw_nomination,
)
from chuangju.kernel.refusals import Refused
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.access import is_staff_member
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, signed_in_required


def _layout(request: HttpRequest) -> str:
    return "ui/staff.html" if is_staff_member(request.user, timezone.localdate()) else "ui/public.html"


@require_safe
@signed_in_required
def nomination_list(request: HttpRequest) -> HttpResponse:
    """Those one made, and those in which one is put forward."""
    user, on = acting_user(request), timezone.localdate()
    context = {"layout": _layout(request), "may_nominate": may_nominate(user, on=on)}
    rows = nominations_visible_to(user, on)
    return render_list(
        request, nomination_listing(), rows, template="applications/nomination_list.html", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def nominate_somebody(request: HttpRequest) -> HttpResponse:
    """Put somebody forward; whether a mobile number is known is not told."""
    user, on = acting_user(request), timezone.localdate()
    back = reverse("applications:nominations")
    form = NominationForm(request.POST if request.method == "POST" else None, user=user, on=on)
    if not form.can_be_filled:
        messages.info(request, _("现在没有由您推荐的政策"))
        return redirect(back)

    def act() -> str:
        nominate(form.forward(), by=user, at=timezone.now())
        messages.success(request, _("已推荐；对方登录后会看到，确认后才能申请"))
        return back

    step = Confirmation(
        title=_("推荐"),
        sentence=_("被推荐者确认后自己申请；您能看到是否确认和办理结果，看不到对方填写的内容。"),
        action_label=pgettext("action", "推荐"),
        cancel_url=back,
        layout=_layout(request),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def nomination(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One nomination: the nominee confirms or declines here."""
    user, on = acting_user(request), timezone.localdate()
    found = get_object_or_404(nominations_visible_to(user, on), pk=pk)
    if request.method == "POST":
        return _answer(request, found)
    is_open = found.state == Nomination.State.ASKED
    is_mine = is_nominee(user, found, on=on)
    context = {
        "layout": _layout(request),
        "nomination": found,
        "title": nomination_title(found),
        "sign": nomination_sign(found),
        "can_answer": is_open and is_mine,
        "can_withdraw": can_withdraw(user, found, on=on),
        "can_apply": found.state == Nomination.State.CONFIRMED and is_mine and found.application is None,
        "own_case": found.application if is_mine else None,
    }
    return render(request, "applications/nomination.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def nomination_withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whoever made a nomination takes it back, with a reason where it was confirmed."""
    user, on = acting_user(request), timezone.localdate()
    found = get_object_or_404(nominations_visible_to(user, on).filter(pk__in=made_by(user, on).values("pk")), pk=pk)
    back = reverse("applications:nomination", args=(found.pk,))
    if not can_withdraw(user, found, on=on):
        messages.info(request, _("这项推荐现在不能撤回"))
        return redirect(back)
    form = WithdrawalForm(
        request.POST if request.method == "POST" else None, is_confirmed=found.state == Nomination.State.CONFIRMED
    )

    def act() -> str:
        withdraw_nomination(found, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已撤回"))
        return back

    step = Confirmation(
        title=_("撤回推荐"),
        sentence=_consequence(found),
        action_label=_("撤回推荐"),
        cancel_url=back,
        items=[f"{nomination_title(found)}：{found.nominated}"],
        is_dangerous=True,
        layout=_layout(request),
    )
    return answer_form(request, form, step, act)


def _consequence(found: Nomination) -> str:
    """What comes of taking it back, as far as it has got."""
    if found.application is not None and found.application.state in Application.OPEN_STATES:
        return _("申请已经提交：撤回后办件不会自动结束，承办单位会收到通知；没有新的推荐，不能通过。")
    if found.state == Nomination.State.CONFIRMED:
        return _("对方已经确认：撤回后不能再凭这项推荐提交申请，对方会收到通知。")
    return _("对方还没有答复：撤回后对方不再看到这项推荐。")


def _answer(request: HttpRequest, found: Nomination) -> HttpResponse:
    user, at, answer = acting_user(request), timezone.now(), request.POST.get("answer", "")
    try:
        answer_nomination(found, agrees=answer == "yes", by=user, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("applications:nomination", pk=found.pk)
    found.refresh_from_db()
    if found.application is not None:
        messages.success(request, _("已确认，原来的申请可以继续"))
        return redirect("applications:my_case", found.application.pk)
    if answer == "yes":
        messages.success(request, _("已确认，接着填写申请"))
        return redirect("applications:apply_start", policy_id=found.policy_id)
    messages.success(request, _("已谢绝"))
    return redirect("applications:nominations")
