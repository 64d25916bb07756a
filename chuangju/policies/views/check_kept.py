"""What is kept of a check: under an account, behind a link, and as a reminder of the day one qualifies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.limits import Limit, take_attempt
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.access import saved_checks_visible_to
from chuangju.policies.check_reading import say
from chuangju.policies.check_reminders import ask_reminder, find_by_stop_code, stop_reminder
from chuangju.policies.current import current_catalogue
from chuangju.policies.saved_checks import (
    answers_in,
    answers_shared,
    find_shared,
    remove_check,
    save_check,
    share_check,
)
from chuangju.policies.saved_listing import saved_listing
from chuangju.policies.views.check import answer_context, answers_of, keep
from chuangju.rules.explain import explain
from chuangju.rules.policy import Policy
from chuangju.ui.list_views import render_list
from chuangju.units.adapters import address_of
from chuangju.units.mobile_codes import check_code, find_code, send_code, vouched_mobile
from chuangju.units.mobile_views import code_context
from chuangju.units.models import MobileCode
from chuangju.units.permissions import acting_user, signed_in_required
from chuangju.units.sign_in_forms import CodeForm, MobileForm

SHARES = Limit("policies.share", 30, timedelta(hours=1))
CONFIRM = MobileCode.Purpose.CONFIRM
_CODE = "check_reminder_code"


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the answers under the account; a stranger signs in first and comes back to the answer."""
    if not isinstance(request.user, User):
        messages.info(request, _("登录后再点一次“保存到我的账号”，您的回答还在"))
        return redirect(f"{reverse('units:mobile_sign_in')}?next={reverse('policies:check_answer')}")
    try:
        save_check(answers_of(request), by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("policies:check_answer")
    messages.success(request, _("已保存，可在“我的测算”里随时打开"))
    return redirect("policies:saved_checks")


@never_cache
@require_safe
@signed_in_required
def saved_checks(request: HttpRequest) -> HttpResponse:
    """The checks that somebody keeps, the newest first."""
    return render_list(
        request, saved_listing(), saved_checks_visible_to(request.user), template="policies/saved_checks.html"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def saved_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a saved check (its answers take the place of this browser's), or remove it."""
    saved = get_object_or_404(saved_checks_visible_to(request.user), pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        remove_check(saved, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已删除"))
        return redirect("policies:saved_checks")
    if request.method == "POST":
        keep(request, answers_in(saved))
        return redirect("policies:check_answer")
    return render(request, "policies/saved_check.html", {"saved": saved, **answer_context(answers_in(saved))})


@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Make a link that shows the check without anything personal."""
    by = request.user if isinstance(request.user, User) else None
    if not take_attempt(SHARES, address_of(request), at=timezone.now()):
        messages.error(request, _("生成链接次数过多，请一小时后再试"))
        return redirect("policies:check_answer")
    try:
        shared = share_check(answers_of(request), by=by, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("policies:check")
    return redirect(f"{reverse('policies:shared_check', args=(shared.token,))}?made=1")


@never_cache
@require_safe
def shared_check(request: HttpRequest, token: str) -> HttpResponse:
    """A check as somebody shared it."""
    shared = find_shared(token, at=timezone.now())
    if shared is None:
        raise Http404
    context = answer_context(answers_shared(shared))
    context["shared"] = shared
    context["chips"] = [one for one in context["chips"] if not one.is_open]
    context["link"] = request.build_absolute_uri(reverse("policies:shared_check", args=(token,)))
    context["is_made"] = "made" in request.GET
    return render(request, "policies/check_answer.html", context)


@require_POST
def shared_take(request: HttpRequest, token: str) -> HttpResponse:
    """Begin a check of one's own from what was shared."""
    shared = find_shared(token, at=timezone.now())
    if shared is None:
        raise Http404
    keep(request, answers_shared(shared))
    return redirect("policies:check_next")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: HttpRequest, policy_id: str) -> HttpResponse:
    """Be told on the day: with an account at once, else after the mobile has been confirmed by a code."""
    policy = current_catalogue().version_for(policy_id, timezone.localdate())
    if policy is None:
        raise Http404
    on, answers = timezone.localdate(), answers_of(request)
    due_on = explain(policy, answers.facts_on(on), on=on).from_day if not answers.is_empty else None
    if due_on is None:
        messages.info(request, _("这项政策现在没有可以提醒的日期，请先完成测算"))
        return redirect("policies:policy", policy_id=policy_id)
    context: dict[str, Any] = {"policy": policy, "title": say(policy.title), "due_on": due_on, "code": None}
    if isinstance(request.user, User) and request.method == "POST":
        ask_reminder(policy_id, due_on=due_on, user=request.user, language=_language(), at=timezone.now())
        return _is_set(request, policy)
    if isinstance(request.user, User):
        return render(request, "policies/reminder.html", {**context, "form": None})
    return _by_mobile(request, policy, context)


def _by_mobile(request: HttpRequest, policy: Policy, context: dict[str, Any]) -> HttpResponse:
    """The number, then the code that it was sent."""
    code = find_code(request.session.get(_CODE, 0), purpose=CONFIRM)
    if request.method == "POST" and "code" in request.POST and code is not None:
        form: MobileForm | CodeForm = CodeForm(request.POST)
        if form.is_valid():
            try:
                check_code(code, form.cleaned_data["code"], at=timezone.now())
                mobile = vouched_mobile(code, purpose=CONFIRM, at=timezone.now())
                ask_reminder(
                    policy.id, due_on=context["due_on"], mobile=mobile, language=_language(), at=timezone.now()
                )
                request.session.pop(_CODE, None)
                return _is_set(request, policy)
            except Refused as refused:
                form.add_error("code", refused.sentence)
        return _form(request, {**context, "form": form, "code": code_context(code)}, form)
    form = MobileForm(request.POST if request.method == "POST" else None)
    form.fields["mobile"].help_text = _("只用来发这一次提醒，不开通账号")
    if form.is_bound and form.is_valid():
        try:
            sent = send_code(
                form.cleaned_data["mobile"],
                purpose=CONFIRM,
                address=address_of(request),
                at=timezone.now(),
                language=_language(),
            )
            request.session[_CODE] = sent.pk
            return render(
                request, "policies/reminder.html", {**context, "form": CodeForm(), "code": code_context(sent)}
            )
        except Refused as refused:
            form.add_error("mobile", refused.sentence)
    return _form(request, {**context, "form": form}, form)


def _form(request: HttpRequest, context: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, "policies/reminder.html", context, status=422 if form.is_bound else 200)


def _is_set(request: HttpRequest, policy: Policy) -> HttpResponse:
    messages.success(request, _("已设好提醒：“%(policy)s”到时会告诉您") % {"policy": say(policy.title)})
    return redirect("policies:check_answer")


def _language() -> str:
    return get_language() or ""


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_stop(request: HttpRequest, code: str) -> HttpResponse:
    """No more reminders, by the link of a message."""
    found = find_by_stop_code(code)
    if found is None:
        raise Http404
    if request.method == "POST":
        by = request.user if isinstance(request.user, User) else None
        stop_reminder(found, by=by, at=timezone.now())
        messages.success(request, _("不再提醒"))
        return redirect("policies:check")
    return render(request, "policies/reminder_stop.html", {"reminder": found})
