"""Selection lists: the board with its cut line, moving a case, freezing, putting forward, approving, showing, publishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chuangju.applications.access import desk_applications_visible_to
from chuangju.applications.batch_board import board_of
from chuangju.applications.batch_decisions import BatchRefused
from chuangju.applications.batch_listing import batch_listing, batch_sign
from chuangju.applications.batch_publications import (
    begin_batch_notice,
    drop_out,
    end_reserves,
    move_up_reserve,
    publish_batch,
)
from chuangju.applications.batches import (
    Line,
    approve_batch,
    freeze_batch,
    move_case,
    propose_batch,
    refresh_batch,
    return_batch,
    set_line,
)
from chuangju.applications.forms_windows import LineForm, MoveForm, WhyForm
from chuangju.applications.models import Application, DecisionBatch
from chuangju.applications.views.decide_pages import FormPage, answer_form, bound, today
from chuangju.applications.window_access import (
    PREPARERS,
    READERS,
    batches_visible_to,
    can_approve_batch,
    can_prepare_batch,
)
from chuangju.applications.window_words import shown_batch_title
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ui.list_views import render_list
from chuangju.units.access import Visitor
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

_EVENTS = 40
Change = Callable[[DecisionBatch, User], object]


def _visible(request: HttpRequest, pk: int) -> DecisionBatch:
    beside = ("window__unit", "window__panel", "proposed_by", "approved_by")
    return get_object_or_404(batches_visible_to(request.user, today()).select_related(*beside), pk=pk)


def _cases_visible_to(user: Visitor) -> QuerySet[Application]:
    return desk_applications_visible_to(user, today()).select_related("subject")


@require_safe
@roles_required(*READERS)
def batch_list(request: HttpRequest) -> HttpResponse:
    """Every selection list, the newest first."""
    rows = batches_visible_to(request.user, today()).select_related("proposed_by")
    return render_list(request, batch_listing(), rows, template="applications/batch_list.html")


@require_safe
@roles_required(*READERS)
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The ranked list with its cut line."""
    return _board(request, _visible(request, pk))


def _board(
    request: HttpRequest, batch: DecisionBatch, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    user = acting_user(request)
    context = {
        "batch": batch,
        "sign": batch_sign(batch),
        "board": board_of(batch, user=user, at=timezone.now()),
        "refused": refused,
        "problems": refused.problems if isinstance(refused, BatchRefused) else [],
        "events": events_about(batch).select_related("actor").order_by("-at", "-pk")[:_EVENTS],
    }
    return render(request, "applications/board.html", context, status=status)


def _act(request: HttpRequest, pk: int, change: Change, done: str) -> HttpResponse:
    """Do it and come back; what stands in the way is told on the board, case by case."""
    found = _visible(request, pk)
    try:
        made = change(found, acting_user(request))
    except Refused as refused:
        return _board(request, _visible(request, pk), refused=refused, status=refused.status)
    messages.success(request, done)
    goal = made.pk if isinstance(made, DecisionBatch) else found.pk
    return HttpResponseRedirect(reverse("applications:board", args=(goal,)))


@require_POST
@roles_required(*PREPARERS)
def board_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Read cases, scores and amounts once more."""
    return _act(request, pk, lambda batch, by: refresh_batch(batch, by=by, at=timezone.now()), _("名单已更新"))


@require_POST
@roles_required(*PREPARERS)
def board_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the cut line."""
    form = LineForm(request.POST)

    def change(batch: DecisionBatch, by: User) -> DecisionBatch:
        if not form.is_valid():
            raise BatchRefused(_("入围数和候补数应为不小于零的整数"))
        data = form.cleaned_data
        line = Line(data["cut"], data["reserves"])
        return set_line(batch, line, revision=data["revision"], by=by, at=timezone.now())

    return _act(request, pk, change, _("入围线已保存"))


@roles_required(*PREPARERS)
def board_move(request: HttpRequest, pk: int, case: UUID) -> HttpResponse:
    """Put a case at another place, with the reason."""
    found, user = _visible(request, pk), acting_user(request)
    places = {one["application"]: place for place, one in enumerate(found.ranking, start=1)}
    if str(case) not in places or not can_prepare_batch(user, found.window, today()):
        raise Http404
    listed = get_object_or_404(_cases_visible_to(request.user), pk=case)
    back = reverse("applications:board", args=(found.pk,))
    form = MoveForm(bound(request), initial={"place": places[str(case)], "revision": found.revision})

    def act(data: dict[str, Any]) -> str:
        move_case(found, str(case), **data, by=user, at=timezone.now())
        return back

    page = FormPage(
        heading=_("调整名次"), submit=_("调整"), place=shown_batch_title(found), back=back, done=_("名次已调整"),
        facts=((_("申请主体"), listed.subject.name), (_("现在的名次"), places[str(case)])),
        revision=lambda: _visible(request, pk).revision,
    )  # fmt: skip
    return answer_form(request, form, page, act)


@require_POST
@roles_required(*PREPARERS)
def board_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the list."""
    revision = request.POST.get("revision", "")
    seen = int(revision) if revision.isdecimal() and len(revision) < len("1000000000") else None

    def change(batch: DecisionBatch, by: User) -> DecisionBatch:
        return freeze_batch(batch, revision=seen, by=by, at=timezone.now())

    return _act(request, pk, change, _("名单已锁定，不能再改"))


@require_POST
@roles_required(*PREPARERS)
def board_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the frozen list forward."""
    return _act(request, pk, lambda batch, by: propose_batch(batch, by=by, at=timezone.now()), _("已报审定"))


@require_POST
@roles_required(Role.APPROVER)
def board_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the whole list."""
    opinion = request.POST.get("opinion", "").strip()[:500]

    def change(batch: DecisionBatch, by: User) -> DecisionBatch:
        return approve_batch(batch, opinion=opinion, by=by, at=timezone.now())

    return _act(request, pk, change, _("名单已审定"))


@roles_required(Role.APPROVER)
def board_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the list back."""
    found, user = _visible(request, pk), acting_user(request)
    if not can_approve_batch(user, found, today()):
        raise Http404
    back = reverse("applications:board", args=(found.pk,))

    def act(data: dict[str, Any]) -> str:
        return_batch(found, reason=data["reason"], by=user, at=timezone.now())
        return back

    page = FormPage(
        heading=_("退回名单"), submit=_("退回"), place=shown_batch_title(found), back=back, done=_("名单已退回")
    )
    return answer_form(request, WhyForm(bound(request)), page, act)


@require_POST
@roles_required(*PREPARERS)
def board_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the public notice of all winners."""
    return _act(request, pk, lambda batch, by: begin_batch_notice(batch, by=by, at=timezone.now()), _("已开始公示"))


@require_POST
@roles_required(*PREPARERS)
def board_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the whole list at once."""

    def change(batch: DecisionBatch, by: User) -> DecisionBatch:
        return publish_batch(batch, by=by, at=timezone.now())

    return _act(request, pk, change, _("已公布，每件的文书已起草，并已通知申请人"))


@roles_required(*PREPARERS)
def board_drop(request: HttpRequest, pk: int, case: UUID) -> HttpResponse:
    """A winner gives up."""
    found, user = _visible(request, pk), acting_user(request)
    is_listed = any(one["application"] == str(case) for one in found.ranking)
    if not is_listed or not can_prepare_batch(user, found.window, today()):
        raise Http404
    listed = get_object_or_404(_cases_visible_to(request.user), pk=case)
    back = reverse("applications:board", args=(found.pk,))

    def act(data: dict[str, Any]) -> str:
        drop_out(found, listed, reason=data["reason"], by=user, at=timezone.now())
        return back

    page = FormPage(
        heading=_("登记退出"), submit=_("登记退出"), place=shown_batch_title(found), back=back,
        done=_("已登记退出，资金和名额已空出"), facts=((_("申请主体"), listed.subject.name),),
        hint=_("入围者书面放弃的，在这里登记；空出的名额由候补第一名递补。"),
    )  # fmt: skip
    return answer_form(request, WhyForm(bound(request)), page, act)


@require_POST
@roles_required(*PREPARERS)
def board_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """The first in reserve moves up."""
    return _act(
        request, pk, lambda batch, by: move_up_reserve(batch, by=by, at=timezone.now()), _("已生成递补名单，请报审定")
    )


@require_POST
@roles_required(*PREPARERS)
def board_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The reserve list ends."""
    return _act(
        request, pk, lambda batch, by: end_reserves(batch, by=by, at=timezone.now()), _("已生成候补期满名单，请报审定")
    )
