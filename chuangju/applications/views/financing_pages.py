"""Financing: what ventures look for, what banks and funds answered, what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from chuangju.applications.financing import answer_need, close_need, institution_of, post_need, sum_up_needs
from chuangju.applications.financing_access import (
    READERS,
    acts_for_need,
    can_answer_needs,
    can_close_need,
    needs_visible_to,
    own_needs_visible_to,
)
from chuangju.applications.financing_forms import AnswerForm, NeedForm, OutcomeForm
from chuangju.applications.financing_listing import answer_sign, financing_listing, listed_needs, need_sign
from chuangju.applications.loan_listing import say_rate
from chuangju.applications.models import FinancingNeed
from chuangju.kernel.money import format_wan
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.ui.list_views import render_list
from chuangju.ui.signs import Figure
from chuangju.units.access import has_role
from chuangju.units.permissions import acting_user, roles_required, signed_in_required
from chuangju.ventures.access import own_parties_visible_to
from chuangju.ventures.models import Party

_FORM = "applications/financing_form.html"
_PUBLIC, _STAFF = "ui/public.html", "ui/staff.html"
_SHOWN = 100


@require_safe
@roles_required(*READERS)
def need_list(request: HttpRequest) -> HttpResponse:
    """Every need, and how they fared together."""
    seen = needs_visible_to(request.user, today())
    context = {"figures": _figures(seen)}
    listing = financing_listing(on=today())
    return render_list(request, listing, listed_needs(seen), template="applications/need_list.html", context=context)


def _figures(needs: QuerySet[FinancingNeed]) -> list[Figure]:
    told = sum_up_needs(needs)
    days = told["days"]
    return [
        Figure(_("征集中"), told["open"]),
        Figure(_("待落实金额"), format_wan(told["wanted"] or 0)),
        Figure(_("已落实"), told["funded"]),
        Figure(_("落实金额"), format_wan(told["money"] or 0)),
        Figure(_("平均答复"), "—" if days is None else f"{days:.1f}", _("工作日")),
    ]


@require_safe
@signed_in_required
def my_needs(request: HttpRequest) -> HttpResponse:
    """What one's ventures look for."""
    needs = listed_needs(own_needs_visible_to(request.user, today())).order_by("-posted_at", "pk")[:_SHOWN]
    context = {
        "needs": [(one, need_sign(one, on=today())) for one in needs],
        "can_post": _own_ventures(request).exists(),
    }
    return render(request, "applications/my_needs.html", context)


def _own_ventures(request: HttpRequest) -> QuerySet[Party]:
    return own_parties_visible_to(request.user, today()).filter(kind__in=Party.VENTURES).order_by("name", "pk")


@signed_in_required
def need_post(request: HttpRequest) -> HttpResponse:
    """Ask banks and funds."""
    ventures = _own_ventures(request)
    if not ventures.exists():
        raise Http404
    back = reverse("applications:my_needs")
    hint = _("发布后本区的银行、担保机构和基金都能看到，答复会通知您。")
    step = Step(
        _("发布融资需求"), _("发布"), _("我的融资需求"), back, done=_("已发布。"), hint=hint, extra={"layout": _PUBLIC}
    )

    def act(typed: dict[str, Any]) -> str:
        need = post_need(typed.pop("party"), **typed, by=acting_user(request), at=timezone.now())
        return reverse("applications:need", args=(need.pk,))

    return answer_step(request, NeedForm(bound(request), parties=ventures), step, act, template=_FORM)


def _layout(request: HttpRequest, found: FinancingNeed) -> str:
    """A venture reads its need where it posted it; banks and the district's people stay among their own pages."""
    is_staff = has_role(request.user, *READERS, on=today()) and not acts_for_need(request.user, found, today())
    return _STAFF if is_staff else _PUBLIC


def _visible_need(request: HttpRequest, pk: UUID) -> FinancingNeed:
    found = needs_visible_to(request.user, today()).select_related("party", "posted_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in_required
def need(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One need with everything that was answered; a competitor's offer is not shown to a bank."""
    on, found = today(), _visible_need(request, pk)
    answers = found.answers.select_related("answered_by").order_by("answered_at", "pk")
    is_bank = can_answer_needs(request.user, on)
    if is_bank and not acts_for_need(request.user, found, on):
        answers = answers.filter(answered_by=acting_user(request))
    is_open = found.state == FinancingNeed.State.OPEN
    context = {
        "layout": _layout(request, found),
        "need": found,
        "sign": need_sign(found, on=on),
        "answers": [(one, answer_sign(one), say_rate(one.rate) if one.rate else "") for one in answers],
        "is_own": acts_for_need(request.user, found, on),
        "can_answer": is_bank and is_open and on <= found.open_until and not acts_for_need(request.user, found, on),
        "can_close": is_open and can_close_need(request.user, found, on),
    }
    return render(request, "applications/need.html", context)


@roles_required(*READERS)
def need_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A bank or fund answers."""
    found, user = _visible_need(request, pk), acting_user(request)
    if not can_answer_needs(user, today()):
        raise Http404
    back = reverse("applications:need", args=(found.pk,))
    form = AnswerForm(bound(request), initial={"institution": institution_of(user)})
    step = Step(
        _("答复融资需求"),
        _("答复"),
        found.party.name,
        back,
        done=_("已答复，企业会收到通知。"),
        facts=[(_("需求金额"), format_wan(found.amount)), (_("用途"), found.purpose)],
        extra={"layout": _layout(request, found)},
    )

    def act(typed: dict[str, Any]) -> str:
        answer_need(found, **typed, by=user, at=timezone.now())
        return back

    return answer_step(request, form, step, act, template=_FORM)


@signed_in_required
def need_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what came of it."""
    found, user = _visible_need(request, pk), acting_user(request)
    if not can_close_need(user, found, today()):
        raise Http404
    back = reverse("applications:need", args=(found.pk,))
    step = Step(
        pgettext("financing", "填写结果"), _("确定"), found.party.name, back, done=_("已记录。"),
        hint=_("写明由哪家机构落实、金额多少；没有落实的写明原因。填写以后不再征集。"),
        extra={"layout": _layout(request, found)},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> str:
        close_need(found, **typed, by=user, at=timezone.now())
        return back

    return answer_step(request, OutcomeForm(bound(request)), step, act, template=_FORM)
