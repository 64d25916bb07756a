"""What finance does with a line: enter, correct, fund, open, close, answer a mistaken entry."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangju.budget.access import (
    can_keep_unit,
    entries_visible_to,
    units_kept_by,
)
from chuangju.budget.forms_lines import CloseForm, LineForm, PlanMoneyForm, ReasonForm
from chuangju.budget.ledger import may_be_reversed, plan_money, reverse_entry
from chuangju.budget.lines import LineFacts, change_line, enter_line, open_line
from chuangju.budget.models import BudgetLine
from chuangju.budget.views.lines import kept_line, visible_line
from chuangju.budget.year_end import close_line, why_not_closable
from chuangju.kernel.money import format_yuan
from chuangju.programme.views.plan_steps import Step, answer_step, bound, do_and_return, today
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

FORM = "budget/form.html"


def _line_form(request: HttpRequest, line: BudgetLine | None) -> LineForm:
    initial: dict[str, Any] = {"year": today().year}
    if line is not None:
        names = ("year", "code", "name", "name_en", "policy_id", "task_code", "earmark", "document", "note", "revision")
        initial = {name: getattr(line, name) for name in names} | {"unit": line.unit_id}
    return LineForm(bound(request), initial=initial, units=units_kept_by(request.user, today()))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def line_enter(request: HttpRequest) -> HttpResponse:
    """Enter a line."""
    step = Step(
        heading=_("登记资金条目"),
        submit=_("登记"),
        place=pgettext("list", "资金条目"),
        back=reverse("budget:line_list"),
        done=_("已登记资金条目，请下达预算数后启用"),
    )

    def act(data: dict[str, Any]) -> str:
        data.pop("revision")
        made = enter_line(LineFacts(**data), by=acting_user(request), at=timezone.now())
        return reverse("budget:line", args=(made.pk,))

    return answer_step(request, _line_form(request, None), step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def line_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the outside of a line."""
    found = kept_line(request, pk)
    back = reverse("budget:line", args=(pk,))
    step = Step(
        heading=_("修改资金条目"),
        submit=_("保存"),
        place=found.shown_name,
        back=back,
        done=_("已保存资金条目"),
        revision=lambda: visible_line(request, pk).revision,
    )

    def act(data: dict[str, Any]) -> str:
        given = data.pop("revision")
        revision = found.revision if given is None else given
        change_line(found, LineFacts(**data), revision=revision, by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, _line_form(request, found), step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def line_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a line its money; once it is open that takes a reallocation and a second person."""
    found = kept_line(request, pk)
    if found.state != BudgetLine.State.DRAFT:
        raise Http404
    back = reverse("budget:line", args=(pk,))
    step = Step(
        heading=_("下达预算数"),
        submit=_("下达"),
        place=found.shown_name,
        back=back,
        done=_("已下达预算数"),
        facts=((_("现有预算数"), format_yuan(found.balance.planned)),),
    )

    def act(data: dict[str, Any]) -> str:
        plan_money(found, data["amount"], reason=data["reason"], by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, PlanMoneyForm(bound(request)), step, act, template=FORM)


@require_POST
@roles_required(Role.FINANCE)
def line_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Let money be taken from a line."""
    found, user = kept_line(request, pk), acting_user(request)
    revision = request.POST.get("revision", "")
    given = int(revision) if revision.isdecimal() else found.revision
    back = reverse("budget:line", args=(pk,))
    return do_and_return(
        request,
        lambda: open_line(found, revision=given, by=user, at=timezone.now()),
        done=_("已启用，可以占用资金"),
        back=back,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def line_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a line at the end of its year."""
    found = kept_line(request, pk)
    back = reverse("budget:line", args=(pk,))
    balance = found.balance
    step = Step(
        heading=_("年终结账"),
        submit=_("结账"),
        place=found.shown_name,
        back=back,
        done=_("已年终结账，资金和未拨付的事项已转入下年"),
        hint=why_not_closable(found, on=today()) or _("结账后不能撤销：已占用的资金随事项转入下一年度的同名条目。"),
        facts=(
            (_("可用"), format_yuan(balance.available)),
            (_("已批待拨"), format_yuan(balance.reserved + balance.committed)),
            (_("已支付"), format_yuan(balance.paid)),
        ),
        revision=lambda: visible_line(request, pk).revision,
    )

    def act(data: dict[str, Any]) -> str:
        given = data["revision"]
        revision = found.revision if given is None else given
        close_line(found, carried=data["carried"], revision=revision, by=acting_user(request), at=timezone.now())
        return back

    form = CloseForm(bound(request), initial={"revision": found.revision})
    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def entry_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a mistaken entry by its opposite."""
    entry = entries_visible_to(request.user, today()).select_related("line__unit").filter(pk=pk).first()
    if entry is None or not may_be_reversed(entry) or not can_keep_unit(request.user, entry.line.unit, on=today()):
        raise Http404
    back = reverse("budget:line_entries", args=(entry.line_id,))
    step = Step(
        heading=_("冲正分录"),
        submit=_("冲正"),
        place=entry.line.shown_name,
        back=back,
        done=_("已冲正，原分录保留"),
        hint=_("原分录不会改动，另记一笔相反的分录。"),
        facts=(
            (_("业务"), entry.get_kind_display()),
            (_("金额"), format_yuan(entry.amount)),
            (_("事由"), entry.reason),
        ),
    )

    def act(data: dict[str, Any]) -> str:
        reverse_entry(entry, reason=data["reason"], by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, ReasonForm(bound(request)), step, act, template=FORM)
