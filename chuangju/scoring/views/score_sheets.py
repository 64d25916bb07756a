"""Score sheets: the list, one sheet, drafting and publishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.scoring.access import READERS, SHEET_MAKERS, can_make_sheets, sheets_visible_to
from chuangju.scoring.answer_words import scale_text
from chuangju.scoring.criteria import Criterion, criteria_of, full_marks
from chuangju.scoring.forms_sheets import CriterionForm, SheetForm, initial_of
from chuangju.scoring.lists import sheet_listing, sheet_sign
from chuangju.scoring.models import ScoreSheet
from chuangju.scoring.score_text import score_text
from chuangju.scoring.sheets import change_sheet, discard_sheet, draft_sheet, publish_sheet
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, roles_required

FORM = ["GET", "HEAD", "POST"]
_EVENTS = 20


def _sheet(user: User, pk: UUID) -> ScoreSheet:
    return get_object_or_404(sheets_visible_to(user, timezone.localdate()).select_related("made_by"), pk=pk)


def _draft(user: User, pk: UUID) -> ScoreSheet:
    return get_object_or_404(sheets_visible_to(user, timezone.localdate()).filter(is_published=False), pk=pk)


def _page(sheet: ScoreSheet) -> str:
    return resolve_url("scoring:sheet_detail", sheet.pk)


@require_safe
@roles_required(*READERS)
def sheet_list(request: HttpRequest) -> HttpResponse:
    """Sheets with their versions."""
    user, today = acting_user(request), timezone.localdate()
    context = {"can_make": can_make_sheets(user, today)}
    sheets = sheets_visible_to(user, today)
    return render_list(request, sheet_listing(), sheets, template="scoring/sheet_list.html", context=context)


@require_safe
@roles_required(*READERS)
def sheet_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One sheet: its criteria and how each counts."""
    user, today = acting_user(request), timezone.localdate()
    sheet = _sheet(user, pk)
    criteria = criteria_of(sheet)
    can_make = can_make_sheets(user, today)
    context = {
        "sheet": sheet,
        "sign": sheet_sign(sheet),
        "rows": [(each, scale_text(each)) for each in criteria],
        "full": score_text(full_marks(criteria)).removesuffix(".00"),
        "can_change": can_make and not sheet.is_published,
        "can_renew": can_make and sheet.is_published,
        "events": list(events_about(sheet).order_by("-at", "-pk")[:_EVENTS]),
    }
    return render(request, "scoring/sheet_detail.html", context)


@require_http_methods(FORM)
@roles_required(*SHEET_MAKERS)
def sheet_new(request: HttpRequest) -> HttpResponse:
    """Begin a sheet, or the next version of one (`?from=` its key)."""
    user, today = acting_user(request), timezone.localdate()
    seen = sheets_visible_to(user, today).filter(is_published=True, key=request.GET.get("from", "")[:64])
    last = seen.order_by("-version").first()
    initial: dict[str, Any] = {}
    if last is not None:
        initial = {name: getattr(last, name) for name in ("key", "title", "title_en", "summary")}
    form = SheetForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> str:
        sheet = draft_sheet(**form.cleaned_data, by=user, at=timezone.now())
        messages.success(request, _("已建立草稿，请填写指标后发布"))
        return _page(sheet)

    step = Confirmation(
        title=_("编制新版本") if last else _("编制评分表"),
        sentence=_("新版本从现行版本的指标开始，发布前可以修改") if last else _("先起名，再逐项填写指标，最后发布"),
        action_label=_("建立草稿"),
        cancel_url=resolve_url("scoring:sheet_list"),
    )
    return answer_form(request, form, step, act)


def _change(
    request: HttpRequest,
    sheet: ScoreSheet,
    form: CriterionForm,
    title: str,
    put: Callable[[Criterion], list[Criterion]],
) -> HttpResponse:
    user = acting_user(request)

    def act() -> str:
        change_sheet(sheet, put(form.criterion()), by=user, at=timezone.now())
        messages.success(request, _("已保存指标"))
        return _page(sheet)

    step = Confirmation(
        title=title,
        sentence=_("评分表“%(title)s”") % {"title": sheet.title},
        action_label=_("保存"),
        cancel_url=_page(sheet),
    )
    return answer_form(request, form, step, act)


@require_http_methods(FORM)
@roles_required(*SHEET_MAKERS)
def criterion_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A further criterion, at the end."""
    sheet = _draft(acting_user(request), pk)
    form = CriterionForm(request.POST if request.method == "POST" else None)
    return _change(request, sheet, form, _("增加指标"), lambda made: [*criteria_of(sheet), made])


@require_http_methods(FORM)
@roles_required(*SHEET_MAKERS)
def criterion_change(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """One criterion of a draft, in its place."""
    sheet = _draft(acting_user(request), pk)
    criteria = criteria_of(sheet)
    old = next((each for each in criteria if each.key == key), None)
    if old is None:
        raise Http404
    form = CriterionForm(request.POST if request.method == "POST" else None, initial=initial_of(old))

    def put(made: Criterion) -> list[Criterion]:
        return [made if each.key == key else each for each in criteria]

    return _change(request, sheet, form, _("修改指标：%(label)s") % {"label": old.shown_label}, put)


@require_POST
@roles_required(*SHEET_MAKERS)
def criterion_remove(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """A criterion of a draft goes."""
    user = acting_user(request)
    sheet = _draft(user, pk)
    kept = [each for each in criteria_of(sheet) if each.key != key]
    change_sheet(sheet, kept, by=user, at=timezone.now())
    messages.success(request, _("已删除指标"))
    return HttpResponseRedirect(_page(sheet))


@require_http_methods(FORM)
@roles_required(*SHEET_MAKERS)
def sheet_publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From now on panels may score by it."""
    user = acting_user(request)
    sheet = _draft(user, pk)

    def act() -> str:
        publish_sheet(sheet, by=user, at=timezone.now())
        messages.success(request, _("已发布，可以用于评审"))
        return _page(sheet)

    step = Confirmation(
        title=_("发布评分表：%(title)s") % {"title": sheet.title},
        sentence=_("发布后不能再修改，需要变更时编制新版本；进行中的评审仍用原来的版本"),
        action_label=_("发布"),
        cancel_url=_page(sheet),
        items=[
            _("%(label)s（%(points)s 分）") % {"label": each.shown_label, "points": each.weight}
            for each in criteria_of(sheet)
        ],
    )
    return answer_form(request, Form(request.POST if request.method == "POST" else None), step, act)


@require_POST
@roles_required(*SHEET_MAKERS)
def sheet_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A draft is dropped."""
    user = acting_user(request)
    try:
        discard_sheet(_draft(user, pk), by=user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("已放弃草稿"))
    return HttpResponseRedirect(resolve_url("scoring:sheet_list"))
