"""One's own messages, what one wants outside, where a pointer leads, and in demo mode everything that was sent."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.message_templates import words_in
from chuangju.kernel.outbox import (
    change_preference,
    chosen_by,
    follow_pointer,
    mark_all_read,
    mark_read,
    mark_unread,
    messages_visible_to,
    unread_count,
)
from chuangju.kernel.refusals import Refused
from chuangju.ui.list_views import list_state, render_list
from chuangju.ui.views import problem_page
from chuangju.units.access import is_staff_member
from chuangju.units.message_forms import PreferenceForm
from chuangju.units.message_lists import (
    demo_deliveries,
    demo_listing,
    message_listing,
    message_sign,
    own_messages,
    shown_delivery,
)
from chuangju.units.permissions import acting_user, signed_in_required

NUMBER = re.compile(r"[0-9]{1,18}")
MOST_TICKED = 1000


@require_safe
@signed_in_required
def message_list(request: HttpRequest) -> HttpResponse:
    """One's own messages, unread first."""
    context = {"layout": _layout(request), "unread": unread_count(acting_user(request))}
    rows = own_messages(request.user)
    return render_list(request, message_listing(), rows, template="units/message_list.html", context=context)


@never_cache
@require_safe
@signed_in_required
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; opening it is reading it."""
    found = get_object_or_404(messages_visible_to(request.user), pk=pk)
    mark_read(messages_visible_to(request.user).filter(pk=pk), by=acting_user(request), at=timezone.now())
    context = {
        "layout": _layout(request),
        "message": found,
        "words": words_in(found, get_language() or ""),
        "sign": message_sign(found),
        "deliveries": [shown_delivery(each) for each in found.deliveries.select_related("message__user")],
    }
    return render(request, "units/message.html", context)


@require_POST
@signed_in_required
def messages_mark(request: HttpRequest) -> HttpResponse:
    """Mark the ticked messages, or all, as read or unread."""
    user, at = acting_user(request), timezone.now()
    ticked = [int(each) for each in request.POST.getlist("message")[:MOST_TICKED] if NUMBER.fullmatch(each)]
    chosen = messages_visible_to(user).filter(pk__in=ticked)
    match request.POST.get("mark"):
        case "all":
            count = mark_all_read(by=user, at=at)
        case "unread":
            count = mark_unread(chosen, by=user)
        case _:
            count = mark_read(chosen, by=user, at=at)
    if ticked or request.POST.get("mark") == "all":
        messages.success(request, ngettext("已标记 %(count)d 条", "已标记 %(count)d 条", count) % {"count": count})
    else:
        messages.info(request, _("请先勾选消息"))
    return HttpResponseRedirect(resolve_url("units:message_list"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def message_preferences(request: HttpRequest) -> HttpResponse:
    """What one wants outside, and when."""
    user = acting_user(request)
    is_staff = is_staff_member(user, timezone.localdate())
    data = request.POST if request.method == "POST" else None
    form = PreferenceForm(data, preference=chosen_by(user), is_staff=is_staff)
    if form.is_valid():
        try:
            change_preference(form.chosen(), by=user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("消息设置已保存"))
            return HttpResponseRedirect(resolve_url("units:message_preferences"))
    context = {"layout": _layout(request), "form": form, "is_staff": is_staff}
    return render(request, "units/message_preferences.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def pointer(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where the link in an SMS or e-mail leads: sign in first, then to the matter. The code itself opens nothing."""
    found = follow_pointer(code, at=timezone.now())
    if found is None:
        return problem_page(request, 404, sentence=_("这个链接无效或已过期。请登录后在“消息”中查看。"))
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    own = messages_visible_to(request.user).filter(pk=found.message_id)
    if not own.exists():
        return problem_page(request, 403, sentence=_("这条消息不是发给当前账号的。请退出后用收到提示的账号登录。"))
    if found.carried.exists():
        return HttpResponseRedirect(resolve_url("units:message_list") + "?state=unread")
    mark_read(own, by=acting_user(request), at=timezone.now())
    return HttpResponseRedirect(found.message.address or resolve_url("units:message", found.message_id))


@never_cache
@require_safe
def demo_outbox(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, as it would look where it arrives; exists only in demo mode."""
    if not settings.DEMO:
        raise Http404
    if request.GET.get("export"):
        return render_list(request, demo_listing(), demo_deliveries(), template="units/demo_outbox.html")
    state = list_state(request, demo_listing(), demo_deliveries())
    shown = [shown_delivery(each) for each in state.page.object_list]
    return render(request, "units/demo_outbox.html", {"list": state, "shown": shown})


def _layout(request: HttpRequest) -> str:
    """People who work for the programme stay in the staff shell; everybody else in the public one."""
    return "ui/staff.html" if is_staff_member(request.user, timezone.localdate()) else "ui/public.html"
