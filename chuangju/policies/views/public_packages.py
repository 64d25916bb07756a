"""Policy packages for everybody: which clauses have landed, in which policy, and which unit answers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from chuangju.policies.access import clauses_visible_to, packages_visible_to
from chuangju.policies.current import current_catalogue
from chuangju.policies.expiries import policies_in_force
from chuangju.policies.models import PolicyPackage
from chuangju.policies.packages import clauses_with_landing, packages_with_counts
from chuangju.policies.public_package_listing import public_clause_listing, public_package_listing, titles_of
from chuangju.programme.views.plan_steps import today
from chuangju.ui.list_views import render_list


@require_safe
def public_package_list(request: HttpRequest) -> HttpResponse:
    """The packages in force."""
    on = today()
    shown = packages_visible_to(None, on=on)
    packages = packages_with_counts(shown, in_force=policies_in_force(on=on))
    return render_list(request, public_package_listing(), packages, template="policies/public_package_list.html")


@require_safe
def public_package(request: HttpRequest, pk: int) -> HttpResponse:
    """One package: its clauses as issued, each with its policy and its unit."""
    on = today()
    found: PolicyPackage | None = packages_visible_to(None, on=on).filter(pk=pk).first()
    if found is None:
        raise Http404
    in_force = policies_in_force(on=on)
    clauses = clauses_visible_to(None, on=on).filter(package=found)
    every = list(clauses.select_related("unit").defer("text", "note"))
    listing = public_clause_listing(found, every, titles_of(every, current_catalogue(), on=on))
    shown = clauses_with_landing(clauses, in_force=in_force).select_related("unit")
    landed, total = sum(each.policy_id in in_force for each in every), len(every)
    context = {"package": found, "landed": landed, "total": total, "open": total - landed}
    return render_list(request, listing, shown, template="policies/public_package.html", context=context)
