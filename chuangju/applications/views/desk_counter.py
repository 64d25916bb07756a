"""窗口代办: a clerk fills in for somebody at the desk: finds who it is, chooses the policy, and goes on in the same form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.applications.access import counter_drafts_visible_to
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.drafts import begin_application
from chuangju.applications.models import Application
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.programme.views.plan_steps import today
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required
from chuangju.ventures.access import parties_visible_to
from chuangju.ventures.models import Party
from chuangju.ventures.parties import find_party

MOST_FOUND = 12


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.CLERK)
def counter(request: HttpRequest) -> HttpResponse:
    """Find the applicant, choose a policy, begin; the clerk's own drafts stand below."""
    text = request.GET.get("q", "").strip()[:100]
    problem = ""
    if request.method == "POST":
        text = request.POST.get("q", "").strip()[:100]
        try:
            return HttpResponseRedirect(_begin(request))
        except Refused as refused:
            problem = refused.sentence
    drafts = counter_drafts_visible_to(request.user)
    found = _found(request, text)
    context = {
        "text": text,
        "found": found,
        "chosen": request.POST.get("party", "") or (str(found[0].pk) if len(found) == 1 else ""),
        "policies": _policies(),
        "policy": request.POST.get("policy", ""),
        "problem": problem,
        "drafts": drafts.select_related("subject")
        .defer("answers", "account")
        .order_by("-changed_at", "pk")[:MOST_FOUND],
    }
    return render(request, "applications/counter.html", context, status=422 if problem else 200)


def _begin(request: HttpRequest) -> str:
    """Begin the case and lead to its form; raises Refused."""
    among = parties_visible_to(request.user, today()).filter(merged_into__isnull=True)
    key = request.POST.get("party", "")
    party = next((one for one in _found(request, request.POST.get("q", "")) if str(one.pk) == key), None)
    if party is None or not among.filter(pk=party.pk).exists():
        raise Refused(_("请先查找并选择申请主体"))
    policy = request.POST.get("policy", "")
    if not policy:
        raise Refused(_("请选择要申请的政策"))
    made = begin_application(
        policy, party, by=acting_user(request), at=timezone.now(), channel=Application.Channel.COUNTER
    )
    return reverse("applications:fill", args=(made.pk,))


def _found(request: HttpRequest, text: str) -> list[Party]:
    """Whoever the words name: by code or number exactly, by name where it holds them."""
    if not text.strip():
        return []
    among = parties_visible_to(request.user, today()).filter(merged_into__isnull=True)
    exact = find_party(text, among)
    if exact is not None:
        return [exact]
    return list(among.filter(name__icontains=text.strip()).select_related("town").order_by("name", "pk")[:MOST_FOUND])


def _policies() -> list[tuple[str, str]]:
    """What can be applied for today."""
    channels = apply_settings().applied_channels
    policies = [one for one in current_catalogue().in_force(today()) if one.channel in channels]
    return sorted(((one.id, say(one.title)) for one in policies), key=lambda pair: pair[1])
