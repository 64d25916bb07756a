"""Plans over time: the Gantt chart with its table, the month, the calendar file, and the private address of one's dates."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chuangju.kernel.models import User
from chuangju.programme.access import is_reader, reads_every_plan, reviews_visible_to
from chuangju.programme.plan_calendars import (
    calendar_events,
    calendar_items,
    feed_dates,
    feed_of,
    feed_token,
    feed_with_token,
    month_weeks,
    open_feed,
    revoke_feed,
)
from chuangju.programme.plan_gantt import gantt_lines, gantt_svg
from chuangju.programme.views.plan_steps import today, visible_plan
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import acting_user, roles_required

MONTH = len("2026-01")
CALENDAR = "text/calendar; charset=utf-8"


@roles_required(*STAFF_ROLES)
def plan_gantt(request: HttpRequest, pk: int) -> HttpResponse:
    """The items of a plan and its stages over time."""
    on = today()
    plan = visible_plan(request, pk)
    by_category = request.GET.get("group") == "category"
    lines = gantt_lines(plan, user=request.user, by_category=by_category, on=on)
    context = {
        "plan": plan,
        "lines": lines,
        # Drawn by our own renderer from texts that it escapes; a test looks into it for markup.
        "svg": SafeString(gantt_svg(lines, today=on)),
        "by_category": by_category,
    }
    return render(request, "programme/plan_gantt.html", context)


def _month(text: str, on: date) -> date:
    """The first day of the month asked for; this month for anything that is none."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == MONTH else on.replace(day=1)
    except ValueError:
        return on.replace(day=1)


def _neighbours(first: date) -> tuple[str, str]:
    """The months before and after, as the address says them; empty beyond what a calendar knows."""
    before = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1) if first.year > 1 else first
    year = min(first.year + first.month // 12, date.max.year)
    return f"{before:%Y-%m}", f"{date(year, first.month % 12 + 1, 1):%Y-%m}"


@roles_required(*STAFF_ROLES)
def plan_calendar(request: HttpRequest) -> HttpResponse:
    """What falls due in a month."""
    on = today()
    user = acting_user(request)
    first = _month(request.GET.get("month", ""), on)
    first = min(max(first, date(2000, 1, 1)), date(2100, 12, 1))
    reviews = reviews_visible_to(user, on=on)
    own = reviews if reads_every_plan(user, on=on) else reviews.none()
    feed = feed_of(user)
    before, after = _neighbours(first)
    address = settings.PUBLIC_URL + _feed_path(feed_token(feed)) if feed else ""
    weeks = month_weeks(first, calendar_items(user, on=on), own, on=on)
    context = {
        "first": first,
        "is_empty": not any(day.entries for week in weeks for day in week if day.is_in_month),
        "weekdays": [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
        "weeks": weeks,
        "before": before,
        "after": after,
        "address": address,
        "feed": feed,
    }
    return render(request, "programme/plan_calendar.html", context)


def _feed_path(token: str) -> str:
    return reverse("programme:calendar_feed", args=(token,))


def _calendar_of(user: User) -> HttpResponse:
    from chuangju.papers.calendars import calendar_ics  # noqa: PLC0415 - weighs on a process that never writes one

    on = today()
    items, reviews = feed_dates(user, on=on)
    events = calendar_events(items, reviews, base=settings.PUBLIC_URL, on=on)
    content = calendar_ics(_("工作方案日程"), events)
    return HttpResponse(content, content_type=CALENDAR)


@require_safe
@roles_required(*STAFF_ROLES)
def plan_calendar_file(request: HttpRequest) -> HttpResponse:
    """One's dates as a file."""
    response = _calendar_of(acting_user(request))
    response.headers["Content-Disposition"] = 'attachment; filename="plans.ics"'
    return response


@require_safe
@never_cache
def calendar_feed(_request: HttpRequest, token: str) -> HttpResponse:
    """One's dates for a calendar programme, by the private address; 404 for any other."""
    feed = feed_with_token(token)
    if feed is None or not is_reader(feed.user, on=today()):
        raise Http404
    return _calendar_of(feed.user)


@require_POST
@roles_required(*STAFF_ROLES)
def feed_open(request: HttpRequest) -> HttpResponse:
    """Make a private address; a former one stops working."""
    open_feed(acting_user(request), at=timezone.now())
    messages.success(request, _("已生成订阅地址；以前的地址不再有效"))
    return redirect("programme:plan_calendar")


@require_POST
@roles_required(*STAFF_ROLES)
def feed_revoke(request: HttpRequest) -> HttpResponse:
    """Put the private address out of use."""
    if revoke_feed(acting_user(request), at=timezone.now()):
        messages.success(request, _("已停用订阅地址"))
    return redirect("programme:plan_calendar")
