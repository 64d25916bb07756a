"""Guaranteed loans: the portfolio, one loan, its contract, the bank's movements, the interest of each period."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from chuangju.applications.facilities import owed_on, record_facility, take_movements
from chuangju.applications.interest_periods import living_problem, refresh_after, settle_period, stop_period
from chuangju.applications.loan_access import (
    KEEPERS,
    READERS,
    can_bring_movements,
    can_record_facility,
    can_settle_periods,
    facilities_visible_to,
    facilities_with_history,
    loan_cases_visible_to,
    own_facilities_visible_to,
    periods_visible_to,
)
from chuangju.applications.loan_files import COLUMN_WORDS, MovementsRefused, judge_movements
from chuangju.applications.loan_forms import ContractForm, MovementsForm, SettleForm, StopForm
from chuangju.applications.loan_listing import listed_facilities, loan_listing, loan_sign, period_sign, say_rate
from chuangju.applications.loan_portfolio import Portfolio, in_order, portfolio_of
from chuangju.applications.loan_settings import loan_settings
from chuangju.applications.models import InterestPeriod, LoanFacility
from chuangju.kernel.audit import events_about
from chuangju.kernel.money import format_wan, format_yuan
from chuangju.kernel.refusals import Refused
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.ui.list_views import render_list
from chuangju.ui.signs import Figure
from chuangju.units.access import has_role
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required, signed_in_required

_FORM = "applications/loan_form.html"
_EVENTS = 30
_PERCENT = 100


@require_safe
@roles_required(*READERS)
def loan_list(request: HttpRequest) -> HttpResponse:
    """What stands out, what is overdue, how far the fund is stretched; then each loan."""
    on = today()
    seen = facilities_visible_to(request.user, on)
    context: dict[str, Any] = {"can_bring": can_bring_movements(request.user, on)}
    if not has_role(request.user, Role.BANK_OFFICER, on=on):
        whole = portfolio_of(seen, on=on)
        context |= {"figures": _figures(whole), "portfolio": whole, "is_sample": loan_settings()["portfolio"]["sample"]}
    listed = listed_facilities(seen)
    return render_list(request, loan_listing(on=on), listed, template="applications/loan_list.html", context=context)


def _figures(whole: Portfolio) -> list[Figure]:
    leverage = f"{whole.leverage_percent // _PERCENT}.{whole.leverage_percent % _PERCENT:02d}"
    return [
        Figure(_("贷款余额"), format_wan(whole.outstanding)),
        Figure(_("在贷"), whole.count, ngettext("笔", "笔", whole.count)),
        Figure(_("逾期金额"), format_wan(whole.overdue), tone="late" if whole.overdue else ""),
        Figure(_("到期还款率"), _say_share(whole.repayment_share)),
        Figure(_("基金放大倍数"), leverage, _("倍"), tone="late" if whole.is_stretched else ""),
        Figure(_("带动就业"), whole.jobs, ngettext("人", "人", whole.jobs)),
    ]


def _say_share(share: float | None) -> str:
    return "—" if share is None else f"{share * _PERCENT:.1f} %"


def visible_loan(request: HttpRequest, pk: UUID) -> LoanFacility:
    """The loan, if this reader may see it; else 404."""
    seen = facilities_visible_to(request.user, today()) | own_facilities_visible_to(request.user, today())
    found = facilities_with_history(seen).filter(pk=pk).distinct().first()
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in_required
def loan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One loan: the contract, what is owed, each period of interest, the bank's movements; its borrower sees it too."""
    on, found = today(), visible_loan(request, pk)
    movements = in_order(found.movements.all())
    can_settle = can_settle_periods(request.user, found, on)
    is_staff = facilities_visible_to(request.user, on).filter(pk=found.pk).exists()
    is_bank = has_role(request.user, Role.BANK_OFFICER, on=on)
    context = {
        "facility": found,
        "sign": loan_sign(found, on=on),
        "owed": owed_on(movements, on),
        "rate": say_rate(found.rate),
        "movements": movements,
        "periods": [(one, period_sign(one)) for one in found.periods.all()],
        "can_settle": can_settle,
        "is_staff": is_staff,
        "is_bank": is_bank,
        "problem": living_problem(found, on=on) if can_settle else "",
        "events": events_about(found).order_by("-at", "-pk")[:_EVENTS] if is_staff and not is_bank else [],
    }
    template = "applications/loan.html" if is_staff else "applications/my_loan.html"
    return render(request, template, context)


@roles_required(*KEEPERS)
def loan_record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The contract that a case led to, written down by the bank that was asked, or by a clerk."""
    on, user = today(), acting_user(request)
    application = loan_cases_visible_to(user, on).select_related("subject", "unit").filter(pk=pk).first()
    if application is None or not can_record_facility(user, application, on):
        raise Http404
    form = ContractForm(bound(request))
    step = Step(
        _("登记借款合同"),
        _("登记"),
        pgettext("list", "担保贷款"),
        reverse("applications:loan_list"),
        done=_("借款合同已登记，放款和还款由银行流水带入。"),
        facts=[
            (_("办件"), application.number),
            (_("借款人"), application.subject.name),
            (_("核定额度"), format_yuan(application.expected_amount) if application.expected_amount else ""),
        ],
    )

    def act(_found: dict[str, Any]) -> str:
        facility = record_facility(application, form.contract(), by=user, at=timezone.now())
        return reverse("applications:loan", args=(facility.pk,))

    return answer_step(request, form, step, act, template=_FORM)


@roles_required(*KEEPERS)
def loan_upload(request: HttpRequest) -> HttpResponse:
    """A bank's file of movements: taken in whole, or every fault told with its row and column."""
    form = MovementsForm(bound(request), request.FILES or None)
    status, faults = (422 if form.is_bound else 200), []
    if request.method == "POST" and form.is_valid():
        try:
            return _take(request, form.cleaned_data)
        except MovementsRefused as refused:
            faults = refused.faults
            form.add_error("file", refused.sentence)
        except Refused as refused:
            status = refused.status
            form.add_error("file", refused.sentence)
    return render(request, "applications/loan_upload.html", {"form": form, "faults": faults}, status=status)


def _take(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    user, at = acting_user(request), timezone.now()
    contracts = {str(row["cells"]["contract"]) for row in found["rows"]}
    seen = facilities_visible_to(user, today()).filter(contract__in=contracts).prefetch_related("movements").distinct()
    movements = judge_movements(found["rows"], {one.contract: one for one in seen}, on=today())
    file = take_movements(movements, name=found["name"], sha256=found["sha256"], by=user, at=at)
    refresh_after(file, by=user, at=at)
    words = _("已导入 %(count)d 笔新流水，%(known)d 笔原已导入。") % {"count": file.count, "known": file.known}
    messages.success(request, words)
    return HttpResponseRedirect(reverse("applications:loan_list"))


@require_safe
@roles_required(*KEEPERS)
def loan_template(request: HttpRequest) -> HttpResponse:
    """The sheet that a bank fills in."""
    del request
    from chuangju.papers.sheets import write_xlsx  # noqa: PLC0415 - weighs on a process that never exports

    content = write_xlsx([], header=list(COLUMN_WORDS.values()), title="贷款流水")
    disposition = content_disposition_header(as_attachment=True, filename="贷款流水模板.xlsx") or "attachment"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def _visible_period(request: HttpRequest, pk: UUID) -> InterestPeriod:
    found = periods_visible_to(request.user, today()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@roles_required(Role.CLERK)
def period_settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm the interest of a period that is over; its money is asked for."""
    found = _visible_period(request, pk)
    back = reverse("applications:loan", args=(found.facility_id,))
    step = Step(
        _("核定第 %(number)d 期贴息") % {"number": found.number},
        _("核定并申请拨付"),
        found.facility.borrower.name,
        back,
        hint=_("核定后占用本年度贴息资金，由财务列入批次拨付；资金不足时先核定，等待资金。"),
        facts=_period_facts(found),
    )

    def act(_found: dict[str, Any]) -> str:
        settled = settle_period(found, by=acting_user(request), at=timezone.now())
        if settled.state == InterestPeriod.State.WAITING:
            messages.warning(request, settled.reason)
        else:
            messages.success(request, _("已核定，等待财务拨付。"))
        return back

    return answer_step(request, SettleForm(bound(request)), step, act, template=_FORM)


@roles_required(Role.CLERK)
def period_stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a period is not subsidised, and why."""
    found = _visible_period(request, pk)
    back = reverse("applications:loan", args=(found.facility_id,))
    step = Step(
        _("第 %(number)d 期不予贴息") % {"number": found.number},
        _("确定"),
        found.facility.borrower.name,
        back,
        done=_("已记录，这一期不予贴息。"),
        facts=_period_facts(found),
    )

    def act(typed: dict[str, Any]) -> str:
        stop_period(found, reason=typed["reason"], by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, StopForm(bound(request)), step, act, template=_FORM)


def _period_facts(period: InterestPeriod) -> list[tuple[str, object]]:
    return [
        (_("期间"), f"{period.begins_on:%Y-%m-%d} — {period.ends_on:%Y-%m-%d}"),
        (_("利息"), format_yuan(period.interest)),
        (_("贴息"), format_yuan(period.subsidy)),
        (_("贴息比例"), say_rate(period.share)),
        (_("依据"), period.policy_key),
    ]
