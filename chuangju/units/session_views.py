"""Where one is signed in, and ending a session that one does not know."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chuangju.units.browsers import browser_in_words
from chuangju.units.own_account_views import layout_for
from chuangju.units.permissions import acting_user, signed_in_required
from chuangju.units.sign_ins import end_other_sessions, end_session, sessions_visible_to


@never_cache
@require_safe
@signed_in_required
def session_list(request: HttpRequest) -> HttpResponse:
    """Every browser in which the account is signed in, this one first."""
    sessions = [
        {
            "browser": browser_in_words(session.agent),
            "session": session,
            "is_this": session.session_key == request.session.session_key,
        }
        for session in sessions_visible_to(acting_user(request), at=timezone.now())
    ]
    sessions.sort(key=lambda row: not row["is_this"])
    return render(request, "units/session_list.html", {"layout": layout_for(request), "sessions": sessions})


@require_POST
@signed_in_required
def session_end(request: HttpRequest, number: str) -> HttpResponse:
    """End one session, of one's own."""
    user, at = acting_user(request), timezone.now()
    this = request.session.session_key or ""
    session = get_object_or_404(sessions_visible_to(user, at=at).exclude(session_key=this), number=number)
    end_session(session, by=user, at=at)
    messages.success(request, _("已在那台设备上退出登录"))
    return HttpResponseRedirect(resolve_url("units:session_list"))


@require_POST
@signed_in_required
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    ended = end_other_sessions(acting_user(request), keep=request.session.session_key or "", at=timezone.now())
    if ended:
        text = ngettext("已退出其他 %(count)s 处登录", "已退出其他 %(count)s 处登录", ended) % {"count": ended}
        messages.success(request, text)
    else:
        messages.info(request, _("没有其他登录"))
    return HttpResponseRedirect(resolve_url("units:session_list"))
