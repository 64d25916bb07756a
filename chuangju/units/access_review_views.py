"""The page on which security administrator and auditor look through all accounts, and the record that somebody did."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.ui.signs import Figure, Sign
from chuangju.units.access import access_reviews_visible_to, has_role, reviewed_accounts_visible_to
from chuangju.units.access_review_lists import review_listing
from chuangju.units.access_reviews import (
    Flag,
    accounts_for_review,
    next_review_due,
    record_access_review,
    review_figures,
)
from chuangju.units.form_views import answer_form
from chuangju.units.models import Role
from chuangju.units.people_forms import ReviewForm
from chuangju.units.permissions import acting_user, roles_required

REVIEWERS = (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)


@require_safe
@roles_required(*REVIEWERS)
def access_review(request: HttpRequest) -> HttpResponse:
    """Every account with all that it may do, what deserves a look, and the reviews so far."""
    at = timezone.now()
    today = timezone.localdate(at)
    accounts = accounts_for_review(reviewed_accounts_visible_to(request.user, today), today, at)
    is_keeper = has_role(request.user, Role.SECURITY_ADMINISTRATOR)
    listing = review_listing(opens_accounts=is_keeper)
    if request.GET.get("export"):
        return render_list(request, listing, accounts, template="units/access_review.html")
    counted = review_figures(on=today, at=at)
    address = resolve_url("units:access_review")
    figures = [Figure(_("账号"), counted.accounts), Figure(_("有效任职"), counted.roles)]
    figures += [
        Figure(
            flag.label,
            counted.by_flag[flag],
            tone="late" if counted.by_flag[flag] else "",
            url=f"{address}?flag={flag}",
        )
        for flag in Flag
    ]
    due = next_review_due(today)
    context = {
        "figures": figures,
        "can_record": is_keeper,
        "due": due,
        "sign": Sign("late", _("应复核")) if due <= today else Sign("good", _("已复核")),
        "reviews": list(access_reviews_visible_to(request.user, today).select_related("reviewed_by")[:6]),
    }
    return render_list(request, listing, accounts, template="units/access_review.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.SECURITY_ADMINISTRATOR)
def access_review_record(request: HttpRequest) -> HttpResponse:
    """That one has looked through all accounts today."""
    at = timezone.now()
    form = ReviewForm(request.POST if request.method == "POST" else None)
    counted = review_figures(on=timezone.localdate(at), at=at)

    def act() -> str:
        record_access_review(note=form.cleaned_data["note"], by=acting_user(request), at=at)
        messages.success(request, _("已登记本次权限复核"))
        return resolve_url("units:access_review")

    step = Confirmation(
        title=_("登记权限复核"),
        sentence=_("确认已逐一核对全部账号的角色、任命和代岗；数字由系统统计，登记后不能修改"),
        items=[
            _("账号 %(count)d 个，有效任职 %(roles)d 项") % {"count": counted.accounts, "roles": counted.roles},
            _("有提示的账号 %(count)d 个") % {"count": counted.flagged},
            _("上次复核以来收回角色和停用账号 %(count)d 次") % {"count": counted.ended},
        ],
        action_label=_("登记复核"),
        cancel_url=resolve_url("units:access_review"),
    )
    return answer_form(request, form, step, act)
