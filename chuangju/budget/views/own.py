"""我的款项: what is paid to somebody and to those they act for, and how a returned payment is mended on a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.budget.access import own_payments_visible_to
from chuangju.budget.forms_payments import AccountForm
from chuangju.budget.models import Payment
from chuangju.budget.money_signs import own_sign
from chuangju.budget.payments import mend_account
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.units.permissions import acting_user, signed_in_required

SHOWN = 20


@require_safe
@signed_in_required
def own_payments(request: HttpRequest) -> HttpResponse:
    """Every payment to oneself and to those one acts for, the newest first."""
    found = own_payments_visible_to(request.user, today()).select_related("payee").order_by("-requested_at", "-number")
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    lines = [(one, own_sign(one), one.state in Payment.MENDABLE) for one in page.object_list]
    return render(request, "budget/own_payments.html", {"page": page, "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def own_mend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct the account of a payment that failed or came back."""
    rows = own_payments_visible_to(request.user, today()).select_related("payee", "line__unit")
    found = rows.filter(pk=pk, state__in=Payment.MENDABLE).first()
    if found is None:
        raise Http404
    back = reverse("budget:own_payments")
    step = Step(
        heading=_("更正收款账户"),
        submit=_("提交"),
        place=pgettext("list", "我的款项"),
        back=back,
        done=_("已更正收款账户，款项会在下一批重新拨付"),
        facts=(
            (_("收款人"), found.payee.name),
            (_("用途"), found.purpose),
            (_("退回原因"), found.reason),
            (_("原账号"), found.masked_account),
        ),
    )

    def act(data: dict[str, Any]) -> str:
        mend_account(found, **data, by=acting_user(request), at=timezone.now())
        return back

    initial = {"account_name": found.account_name, "bank": found.bank}
    return answer_step(
        request, AccountForm(bound(request), initial=initial), step, act, template="budget/own_form.html"
    )
