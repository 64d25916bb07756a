"""差评整改: the list that units work from, and the page of one."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.ratings import rating_rules
from chuangju.kernel.refusals import Refused
from chuangju.ui.list_views import render_list
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.follow_up_access import can_close_follow_up, follow_ups_visible_to
from chuangju.units.follow_ups import close_follow_up
from chuangju.units.models import FollowUp, Role
from chuangju.units.permissions import acting_user, roles_required
from chuangju.units.word_forms import CloseFollowUpForm

READERS = (Role.PROGRAMME_OFFICE, Role.LEADER, Role.LIAISON_OFFICER)
LATE = "late"


def follow_up_sign(follow_up: FollowUp, on: date) -> Sign:
    """Done, under way, or past its day."""
    if follow_up.state == FollowUp.State.CLOSED:
        return Sign("done", str(FollowUp.State.CLOSED.label))
    if follow_up.due_on < on:
        return Sign("late", _("逾期"))
    return Sign("soon" if follow_up.due_on == on else "flat", str(FollowUp.State.OPEN.label))


def follow_up_listing(on: date) -> Listing:
    """Open ones first, the most pressing at the top."""
    return Listing(
        key="follow_ups",
        title=gettext_lazy("差评整改"),
        search_label=gettext_lazy("搜索事项、单位、意见"),
        columns=(
            Column(
                "subject",
                gettext_lazy("评价事项"),
                lambda one: one.subject,
                url=lambda one: reverse("units:follow_up", args=(one.pk,)),
            ),
            Column("rating", gettext_lazy("评价"), lambda one: one.rating.get_stars_display(), css="short"),
            Column("unit", gettext_lazy("责任单位"), lambda one: one.unit.shown_name, sort="unit__position"),
            Column("due", gettext_lazy("办结期限"), lambda one: one.due_on, sort="due_on", css="short"),
            Column(
                "state",
                gettext_lazy("状态"),
                lambda one: follow_up_sign(one, on),
                sort="-state,due_on",
                css="short",
            ),
        ),
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: [*FollowUp.State.choices, (LATE, _("逾期"))],
                lambda rows, state: (
                    rows.filter(state=FollowUp.State.OPEN, due_on__lt=on) if state == LATE else rows.filter(state=state)
                ),
            ),
        ),
        search=lambda rows, text: (
            rows.filter(subject__icontains=text)
            | rows.filter(unit__name__icontains=text)
            | rows.filter(rating__comment__icontains=text)
        ),
        default_sort="state",
        empty_title=gettext_lazy("没有需要整改的差评"),
        empty_hint=gettext_lazy("公众给出“不满意”或“非常不满意”时，会自动转到责任单位整改。"),
    )


@require_safe
@roles_required(*READERS)
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """What low ratings have made work: one's own units', or everybody's for the office."""
    on = timezone.localdate()
    rows = follow_ups_visible_to(request.user, on).select_related("unit", "rating")
    return render_list(request, follow_up_listing(on), rows, template="units/follow_up_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*READERS)
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One low rating: what was said, by when it is to be put right, and how it was."""
    on = timezone.localdate()
    found = get_object_or_404(
        follow_ups_visible_to(request.user, on).select_related("unit", "closed_by", "rating__by", "rating__owner_type"),
        pk=pk,
    )
    form = CloseFollowUpForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            close_follow_up(found, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        except Refused as refused:
            status = refused.status
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("已办结"))
            return redirect("units:follow_up_list")
    owner = found.rating.owner
    context = {
        "follow_up": found,
        "sign": follow_up_sign(found, on),
        "place": rating_rules(owner).staff_address(owner) if owner is not None else "",
        "can_close": found.state == FollowUp.State.OPEN and can_close_follow_up(request.user, found, on=on),
        "form": form,
        "events": list(events_about(found).order_by("-at", "-pk")[:20]),
    }
    return render(request, "units/follow_up.html", context, status=status)
