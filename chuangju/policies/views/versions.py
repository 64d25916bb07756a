"""Versions of policies as text, shipped or published here: their list, the page of one, two of them compared."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chuangju.kernel.languages import reads_english
from chuangju.policies.access import records_visible_to
from chuangju.policies.apply_links import policy_reports
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_access import can_write_drafts, published_visible_to
from chuangju.policies.draft_listing import confidence_sign_of, term_sign, version_listing
from chuangju.policies.draft_page import draw_editor, say
from chuangju.policies.draft_reading import read_draft
from chuangju.policies.version_diff import compare_versions
from chuangju.programme.views.plan_steps import today
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import roles_required


def version_of(catalogue: Catalogue, key: str) -> Policy:
    """The version of this name; else 404."""
    found = next((one for one in catalogue.policies if one.key == key), None)
    if found is None:
        raise Http404
    return found


@require_safe
@roles_required(*STAFF_ROLES)
def version_list(request: HttpRequest) -> HttpResponse:
    """Every version of every policy."""
    catalogue, on = current_catalogue(), today()
    published = frozenset(one.key for one in published_visible_to(request.user, on=on).only("policy_id", "version"))
    units = sorted({one.unit for one in catalogue.policies})
    language = "en" if reads_english() else "zh"
    context = {
        "can_write": can_write_drafts(request.user, on=on),
        "faults": [one.sentence(language) for one in catalogue.faults],
    }
    listing = version_listing(units, published, on=on)
    return render_list(
        request, listing, list(catalogue.policies), template="policies/version_list.html", context=context
    )


@require_safe
@roles_required(*STAFF_ROLES)
def version(request: HttpRequest, key: str) -> HttpResponse:
    """One version: its conditions in words, figures, examples, text; `?with=` compares it with another one."""
    catalogue, on = current_catalogue(), today()
    policy = version_of(catalogue, key)
    others = [one for one in catalogue.versions(policy.id) if one.key != policy.key]
    other_key = request.GET.get("with", "")
    other = next((one for one in others if one.key == other_key), None)
    published = published_visible_to(request.user, on=on).filter(policy_id=policy.id, version=policy.version)
    context = {
        "policy": policy,
        "title": say(policy.title),
        "summary": say(policy.summary),
        "sign": term_sign(policy, on),
        "confidence": confidence_sign_of(policy),
        "editor": draw_editor(read_draft(policy.text, catalogue, on=on)),
        "others": others,
        "other": other,
        "comparison": compare_versions(other, policy, other.text, policy.text) if other else None,
        "record": records_visible_to(request.user, on=on).filter(policy_id=policy.id, version=policy.version).first(),
        "published": published.select_related("author", "published_by").first(),
        "can_write": can_write_drafts(request.user, on=on),
        "reports": policy_reports(policy, request.user, on=on),
    }
    return render(request, "policies/version.html", context)
