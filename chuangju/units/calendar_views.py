"""Pages of the working calendar: the years as they are counted, and the notices entered for them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.audit import events_about
from chuangju.kernel.holiday_notices import calendar_years, changed_days, confirm_notice, discard_notice, enter_notice
from chuangju.kernel.models import HolidayNotice
from chuangju.kernel.refusals import Refused
from chuangju.ui.list_views import render_list
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.calendar_forms import HolidayNoticeForm
from chuangju.units.calendars import can_enter_notices, holidays_of, notices_visible_to
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required, staff_required

_SIGNS = {
    HolidayNotice.State.DRAFT: "soon",
    HolidayNotice.State.IN_FORCE: "good",
    HolidayNotice.State.SUPERSEDED: "flat",
    HolidayNotice.State.DISCARDED: "flat",
}


def _sign(notice: HolidayNotice) -> Sign:
    return Sign(_SIGNS[HolidayNotice.State(notice.state)], str(notice.get_state_display()))


NOTICES = Listing(
    key="holiday_notices",
    title=gettext_lazy("录入记录"),
    search_label=gettext_lazy("搜索文号或名称"),
    columns=[
        Column(
            "title",
            gettext_lazy("通知名称"),
            lambda n: n.title,
            sort="title",
            url=lambda n: reverse("units:calendar_notice", args=(n.pk,)),
        ),
        Column("year", gettext_lazy("年份"), lambda n: n.year, sort="year"),
        Column("number", gettext_lazy("文号"), lambda n: n.number, sort="number"),
        Column("state", gettext_lazy("状态"), _sign, sort="state"),
        Column("by", gettext_lazy("录入人"), lambda n: str(n.uploaded_by), sort="uploaded_by__name"),
        Column("at", gettext_lazy("录入时间"), lambda n: n.uploaded_at, sort="uploaded_at"),
    ],
    filters=[
        Filter("state", gettext_lazy("状态"), lambda: HolidayNotice.State.choices, lambda q, v: q.filter(state=v))
    ],
    search=lambda q, text: q.filter(number__icontains=text) | q.filter(title__icontains=text),
    default_sort="-at",
    empty_title=gettext_lazy("还没有录入过放假通知"),
    empty_hint=gettext_lazy("每年的放假通知发布后，由创建办在这里录入。"),
)


@require_safe
@staff_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The years as they are counted: by an entered notice, by the built-in one, or provisionally."""
    today = timezone.localdate()
    years = [(year, holidays_of(year.days)) for year in calendar_years(on=today)]
    context = {"years": years, "can_enter": can_enter_notices(request.user, today)}
    notices = notices_visible_to(request.user, today)
    return render_list(request, NOTICES, notices, template="units/calendar.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.PROGRAMME_OFFICE, Role.SYSTEM_ADMINISTRATOR)
def calendar_enter(request: HttpRequest) -> HttpResponse:
    """Paste or upload the notice; what was read is looked at on the next page."""
    form = HolidayNoticeForm(request.POST, request.FILES) if request.method == "POST" else HolidayNoticeForm()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            notice = enter_notice(
                data["text"], year=data["year"], file=data["file"], by=acting_user(request), at=timezone.now()
            )
        except Refused as refused:
            form.add_error("file" if data["file"] else "text", refused.sentence)
        else:
            return redirect("units:calendar_notice", notice.pk)
    status = 422 if form.is_bound else 200
    return render(request, "units/calendar_enter.html", {"form": form}, status=status)


def _notice(request: HttpRequest, pk: int) -> HolidayNotice:
    notice = notices_visible_to(request.user, timezone.localdate()).filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


@require_safe
@staff_required
def calendar_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice, holiday by holiday, with the days that would count differently."""
    notice = _notice(request, pk)
    is_draft = notice.state == HolidayNotice.State.DRAFT
    context = {
        "notice": notice,
        "sign": _sign(notice),
        "holidays": holidays_of(notice.days.all()),
        "changed": changed_days(notice) if is_draft else [],
        "can_decide": is_draft and can_enter_notices(request.user, timezone.localdate()),
        "files": attachments_visible_to(acting_user(request)).of(notice)[notice.pk],
        "events": events_about(notice)[:50],
    }
    return render(request, "units/calendar_notice.html", context)


@require_POST
@roles_required(Role.PROGRAMME_OFFICE, Role.SYSTEM_ADMINISTRATOR)
def calendar_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the notice into force: from now on days are counted by it."""
    notice = _notice(request, pk)
    try:
        confirm_notice(notice, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("units:calendar_notice", pk)
    messages.success(request, _("%(year)d 年的工作日今后按这份通知计算") % {"year": notice.year})
    return redirect("units:calendar")


@require_POST
@roles_required(Role.PROGRAMME_OFFICE, Role.SYSTEM_ADMINISTRATOR)
def calendar_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the draft up."""
    notice = _notice(request, pk)
    try:
        discard_notice(notice, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("units:calendar_notice", pk)
    messages.success(request, _("已放弃这次录入"))
    return redirect("units:calendar")
