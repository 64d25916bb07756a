"""Next year's requests: their list, the page of one with its targets, and the paper and sheet that leave the house."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.budget.access import READERS, can_keep_unit, requests_visible_to, targets_visible_to
from chuangju.budget.batch_files import in_yuan
from chuangju.budget.forms_lines import RequestForm, TargetForm
from chuangju.budget.models import BudgetRequest
from chuangju.budget.money_signs import state_sign
from chuangju.budget.money_words import short_money
from chuangju.budget.request_listing import request_listing
from chuangju.budget.request_papers import TARGET_HEAD, in_form_order, request_paper, target_rows
from chuangju.budget.requests import (
    RequestFacts,
    add_target,
    change_request,
    drop_target,
    submit_request,
    write_request,
)
from chuangju.budget.views.lines import kept_line
from chuangju.kernel.audit import events_about
from chuangju.programme.views.plan_steps import (
    Step,
    answer_step,
    bound,
    do_and_return,
    document_response,
    sheet_response,
    today,
)
from chuangju.ui.list_views import render_list
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

FORM = "budget/form.html"


@require_safe
@roles_required(*READERS)
def request_list(request: HttpRequest) -> HttpResponse:
    """Every request that the reader sees."""
    found = requests_visible_to(request.user, today()).select_related("unit")
    return render_list(request, request_listing(), found, template="budget/request_list.html")


def _request(request: HttpRequest, pk: int, *, is_kept: bool = False) -> BudgetRequest:
    found = (
        requests_visible_to(request.user, today()).select_related("unit", "line", "written_by").filter(pk=pk).first()
    )
    if found is None or (is_kept and not can_keep_unit(request.user, found.unit, on=today())):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def request_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin next year's request for what a line pays for."""
    line = kept_line(request, pk)
    balance = line.balance
    step = Step(
        heading=_("申请 %(year)d 年度预算") % {"year": line.year + 1},
        submit=_("保存并填写绩效目标"),
        place=line.shown_name,
        back=reverse("budget:line", args=(pk,)),
        done=_("已保存，请填写绩效目标后上报"),
        facts=(
            (_("本年预算数"), short_money(balance.planned + balance.carried_in)),
            (_("已支付"), short_money(balance.paid)),
            (_("已批待拨"), short_money(balance.reserved + balance.committed)),
        ),
    )

    def act(data: dict[str, Any]) -> str:
        data.pop("revision")
        made = write_request(line, RequestFacts(**data), by=acting_user(request), at=timezone.now())
        return reverse("budget:request", args=(made.pk,))

    form = RequestForm(bound(request), initial={"title": line.name})
    return answer_step(request, form, step, act, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*READERS)
def budget_request(request: HttpRequest, pk: int) -> HttpResponse:
    """A request with its figures and targets; finance adds a target here."""
    found = _request(request, pk, is_kept=request.method == "POST")
    can_keep = can_keep_unit(request.user, found.unit, on=today())
    form = TargetForm(bound(request))
    targets = in_form_order(list(found.targets.order_by("position", "pk")))
    may_change = can_keep and found.state == BudgetRequest.State.DRAFT
    step = Step(heading=found.title, submit=_("添加"), place="", back="", done=_("已添加绩效指标"))
    context = {
        "budget_request": found,
        "sign": state_sign(found),
        "targets": targets,
        "may_change": may_change,
        "events": events_about(found)[:20],
    }

    def act(data: dict[str, Any]) -> str:
        add_target(found, **data, by=acting_user(request), at=timezone.now())
        return reverse("budget:request", args=(pk,)) + "#targets"

    if request.method == "POST":
        step.extra.update(context)
        return answer_step(request, form, step, act, template="budget/request.html")
    return render(request, "budget/request.html", {**context, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.FINANCE)
def request_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a request before it is handed in."""
    found = _request(request, pk, is_kept=True)
    back = reverse("budget:request", args=(pk,))
    step = Step(
        heading=_("修改预算申请"),
        submit=_("保存"),
        place=found.title,
        back=back,
        done=_("已保存"),
        revision=lambda: _request(request, pk).revision,
    )

    def act(data: dict[str, Any]) -> str:
        given = data.pop("revision")
        revision = found.revision if given is None else given
        change_request(found, RequestFacts(**data), revision=revision, by=acting_user(request), at=timezone.now())
        return back

    names = ("title", "simulation", "reasons", "goal", "revision")
    initial: dict[str, Any] = {name: getattr(found, name) for name in names}
    initial |= {"amount": in_yuan(found.amount)}
    if found.simulated is not None:
        initial["simulated"] = in_yuan(found.simulated)
    return answer_step(request, RequestForm(bound(request), initial=initial), step, act, template=FORM)


@require_POST
@roles_required(Role.FINANCE)
def target_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a target back."""
    target = targets_visible_to(request.user, today()).select_related("request__unit").filter(pk=pk).first()
    if target is None:
        raise Http404
    _request(request, target.request_id, is_kept=True)
    user, back = acting_user(request), reverse("budget:request", args=(target.request_id,)) + "#targets"
    return do_and_return(
        request, lambda: drop_target(target, by=user, at=timezone.now()), done=_("已删除绩效指标"), back=back
    )


@require_POST
@roles_required(Role.FINANCE)
def request_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a request in."""
    found, user = _request(request, pk, is_kept=True), acting_user(request)
    revision = request.POST.get("revision", "")
    given = int(revision) if revision.isdecimal() else found.revision
    return do_and_return(
        request,
        lambda: submit_request(found, revision=given, by=user, at=timezone.now()),
        done=_("已上报"),
        back=reverse("budget:request", args=(pk,)),
    )


@require_safe
@roles_required(*READERS)
def request_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The request as docx or pdf, its targets as xlsx."""
    found = _request(request, pk)
    targets = list(found.targets.order_by("position", "pk"))
    if kind == "xlsx":
        title = pgettext("file", "绩效目标表")
        return sheet_response(TARGET_HEAD, target_rows(targets), title=f"{found.year}-{found.title}-{title}")
    return document_response(request_paper(found, targets), kind)
