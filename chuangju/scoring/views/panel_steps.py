"""The steps of a panel: subjects and assessors join and leave, it begins, is moved, freezes and ends."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.scoring.access import RUNNERS, can_run_panel
from chuangju.scoring.assignments import assign_assessor, spread_assessors, withdraw_assessor
from chuangju.scoring.forms import AssessorForm, DueDayForm, ReasonForm, SubjectsForm
from chuangju.scoring.freezing import close_panel, freeze_panel
from chuangju.scoring.models import Panel
from chuangju.scoring.panels import add_subjects, begin_scoring, change_due_day, typed_subjects, withdraw_subject
from chuangju.scoring.reminders import remind_now
from chuangju.scoring.results import compute_results
from chuangju.scoring.views.panels import visible_panel
from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, roles_required

FORM = ["GET", "HEAD", "POST"]


def _panel(request: HttpRequest, pk: UUID) -> tuple[User, Panel]:
    """Who asks, and the panel where they run it; 404 for one they may only read."""
    user = acting_user(request)
    panel = visible_panel(user, pk)
    if not can_run_panel(user, panel, timezone.localdate()):
        raise Http404
    return user, panel


def _page(panel: Panel) -> str:
    return resolve_url("scoring:panel_detail", panel.pk)


def _at_once(request: HttpRequest, panel: Panel, act: Callable[[], str]) -> HttpResponse:
    """Do it, or say why not, and show the panel again."""
    try:
        messages.success(request, act())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return HttpResponseRedirect(_page(panel))


@require_http_methods(FORM)
@roles_required(*RUNNERS)
def subjects_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Further subjects, by name."""
    user, panel = _panel(request, pk)
    form = SubjectsForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        made = add_subjects(panel, typed_subjects(form.labels()), by=user, at=timezone.now())
        said = ngettext("已加入 %(count)d 个参评对象", "已加入 %(count)d 个参评对象", len(made))
        messages.success(request, said % {"count": len(made)})
        return _page(panel)

    step = Confirmation(
        title=_("加入参评对象"),
        sentence=_("加入到“%(panel)s”，自动编匿名编号") % {"panel": panel.title},
        action_label=_("加入"),
        cancel_url=_page(panel),
    )
    return answer_form(request, form, step, act)


@require_http_methods(FORM)
@roles_required(*RUNNERS)
def subject_withdraw(request: HttpRequest, pk: UUID, entry: int) -> HttpResponse:
    """A subject leaves the panel."""
    user, panel = _panel(request, pk)
    leaving = panel.entries.filter(pk=entry).first()
    if leaving is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        withdraw_subject(panel, leaving.subject_key, reason=reason, by=user, at=timezone.now())
        messages.success(request, _("已退出评审"))
        return _page(panel)

    step = Confirmation(
        title=_("参评对象退出：%(label)s") % {"label": leaving.label},
        sentence=_("退出后不再评分，也不参加排名；已有的评分保留备查"),
        action_label=_("退出评审"),
        cancel_url=_page(panel),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


@require_http_methods(FORM)
@roles_required(*RUNNERS)
def assessor_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An assessor joins, with subjects of their own or for spreading later."""
    user, panel = _panel(request, pk)
    entries = panel.entries.filter(withdrawn_at__isnull=True).order_by("position")
    form = AssessorForm(request.POST if request.method == "POST" else None, entries=entries, on=timezone.localdate())

    def act() -> str:
        data = form.cleaned_data
        made = assign_assessor(panel, data["assessor"], data["subjects"], by=user, at=timezone.now())
        hinted = sum(bool(one.conflict_hint) for one in made)
        messages.success(request, _("%(name)s已加入评审组") % {"name": data["assessor"].name})
        if hinted:
            messages.warning(request, _("其中 %(count)d 个对象有关联提示，请核对") % {"count": hinted})
        return _page(panel)

    step = Confirmation(
        title=_("加入评审专家"),
        sentence=_("加入“%(panel)s”的评审组；评分开始后专家会收到消息") % {"panel": panel.title},
        action_label=_("加入"),
        cancel_url=_page(panel),
    )
    return answer_form(request, form, step, act)


@require_http_methods(FORM)
@roles_required(*RUNNERS)
def assessor_withdraw(request: HttpRequest, pk: UUID, assessor: int) -> HttpResponse:
    """An assessor leaves; what they have scored stands."""
    user, panel = _panel(request, pk)
    member = panel.members.select_related("assessor").filter(assessor_id=assessor).first()
    if member is None:
        raise Http404
    leaving = member.assessor
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        withdraw_assessor(panel, leaving, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已退出评审组，未评的对象可以再分派"))
        return _page(panel)

    step = Confirmation(
        title=_("评审专家退出：%(name)s") % {"name": leaving.name},
        sentence=_("尚未提交的评分撤回，已经提交的仍然有效"),
        action_label=_("退出评审组"),
        cancel_url=_page(panel),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


@require_POST
@roles_required(*RUNNERS)
def panel_spread(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give every subject the assessors it needs."""
    user, panel = _panel(request, pk)

    def act() -> str:
        count = spread_assessors(panel, by=user, at=timezone.now())
        short = _short_of(panel)
        said = _("已均衡分派 %(count)d 份评分") % {"count": count}
        return said + _("；还有 %(short)d 个对象人手不够，请加入专家") % {"short": short} if short else said

    return _at_once(request, panel, act)


@require_POST
@roles_required(*RUNNERS)
def panel_begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preparations are over."""
    user, panel = _panel(request, pk)

    def act() -> str:
        begin_scoring(panel, by=user, at=timezone.now())
        return _("评分已经开始，专家会收到消息")

    return _at_once(request, panel, act)


@require_POST
@roles_required(*RUNNERS)
def panel_remind(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell everybody whose scores are awaited."""
    user, panel = _panel(request, pk)

    def act() -> str:
        told = remind_now(panel, by=user, at=timezone.now())
        return _("已提醒 %(count)d 位专家") % {"count": told} if told else _("今天已经提醒过")

    return _at_once(request, panel, act)


@require_http_methods(FORM)
@roles_required(*RUNNERS)
def panel_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another last day."""
    user, panel = _panel(request, pk)
    initial = {"due_on": panel.due_on}
    form = DueDayForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> str:
        data = form.cleaned_data
        change_due_day(panel, due_on=data["due_on"], reason=data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已改期"))
        return _page(panel)

    step = Confirmation(
        title=_("调整评分截止日期"),
        sentence=_("“%(panel)s”现在的截止日期是 %(day)s") % {"panel": panel.title, "day": panel.due_on},
        action_label=_("改期"),
        cancel_url=_page(panel),
    )
    return answer_form(request, form, step, act)


@require_http_methods(FORM)
@roles_required(*RUNNERS)
def panel_freeze(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The end of scoring."""
    user, panel = _panel(request, pk)

    def act() -> str:
        freeze_panel(panel, by=user, at=timezone.now())
        messages.success(request, _("评审已冻结，结果不能再变更"))
        return resolve_url("scoring:panel_results", panel.pk)

    step = Confirmation(
        title=_("冻结评审：%(panel)s") % {"panel": panel.title},
        sentence=_("冻结后，评分、对象和结果都不能再变更；还没有提交的评分将收回"),
        action_label=_("冻结"),
        cancel_url=_page(panel),
        is_dangerous=True,
    )
    return answer_form(request, Form(request.POST if request.method == "POST" else None), step, act)


@require_http_methods(FORM)
@roles_required(*RUNNERS)
def panel_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The results were used: the panel is put away."""
    user, panel = _panel(request, pk)

    def act() -> str:
        close_panel(panel, by=user, at=timezone.now())
        messages.success(request, _("评审已结束"))
        return _page(panel)

    step = Confirmation(
        title=_("结束评审：%(panel)s") % {"panel": panel.title},
        sentence=_("结果已经使用的，可以结束评审，供以后查阅"),
        action_label=_("结束评审"),
        cancel_url=_page(panel),
    )
    return answer_form(request, Form(request.POST if request.method == "POST" else None), step, act)


def _short_of(panel: Panel) -> int:
    """How many subjects have fewer assessors than they need."""
    given: dict[int, int] = {}
    for entry_id in panel.assessments.filter(state="assigned").order_by().values_list("entry_id", flat=True):
        given[entry_id] = given.get(entry_id, 0) + 1
    results = {result.subject_key: result for result in compute_results(panel)}
    entries = panel.entries.filter(withdrawn_at__isnull=True).order_by("position")
    return sum(results[entry.subject_key].missing > given.get(entry.pk, 0) for entry in entries)
