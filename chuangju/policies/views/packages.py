"""Policy packages: their list, the clauses of one, the import with its preview, and which policy carries a clause out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangju.kernel.audit import events_about
from chuangju.kernel.refusals import Refused
from chuangju.policies.access import (
    can_keep_clause,
    clauses_visible_to,
    keeps_policies,
    package_imports_visible_to,
    packages_visible_to,
    records_visible_to,
)
from chuangju.policies.expiries import policies_in_force
from chuangju.policies.forms_packages import ClauseForm, PackageForm, PackageUploadForm
from chuangju.policies.models import PackageClause, PackageImport, PolicyPackage
from chuangju.policies.package_imports import (
    PackageFacts,
    confirm_package_import,
    discard_package_import,
    faults_of,
    has_errors,
    start_package_import,
)
from chuangju.policies.package_listing import clause_listing, import_listing, package_listing, package_sign
from chuangju.policies.packages import (
    clauses_with_landing,
    landing_sign,
    packages_with_counts,
    policies_of,
    tie_clause,
)
from chuangju.policies.views.making import FORM, KEEPERS
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import acting_user, roles_required

EVENTS_SHOWN = 10


@roles_required(*STAFF_ROLES)
def package_list(request: HttpRequest) -> HttpResponse:
    """Every package with how much of it has landed."""
    on = today()
    packages = packages_with_counts(packages_visible_to(request.user, on=on), in_force=policies_in_force(on=on))
    context = {"can_import": keeps_policies(request.user, on=on)}
    return render_list(request, package_listing(), packages, template="policies/package_list.html", context=context)


@roles_required(*STAFF_ROLES)
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """A package: its clauses, which policy carries each out, and what is still without rules."""
    on = today()
    found = packages_visible_to(request.user, on=on).filter(pk=pk).select_related("replaces", "imported_by").first()
    if found is None:
        raise Http404
    in_force = policies_in_force(on=on)
    clauses = clauses_visible_to(request.user, on=on).filter(package=found)
    shown = clauses_with_landing(clauses, in_force=in_force).select_related("unit", "package")
    every = list(clauses.select_related("unit"))
    landed, total = sum(each.policy_id in in_force for each in every), len(every)
    listing = clause_listing(found, every, policies_of(every))
    context = {"package": found, "sign": package_sign(found), "landed": landed, "total": total, "open": total - landed}
    return render_list(request, listing, shown, template="policies/package.html", context=context)


@roles_required(*KEEPERS)
def package_import(request: HttpRequest) -> HttpResponse:
    """Upload a package; below, the uploads so far."""
    form = PackageUploadForm(request.POST, request.FILES) if request.method == "POST" else PackageUploadForm()
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            upload = start_package_import(form.cleaned_data["file"], by=acting_user(request), at=timezone.now())
        except Refused as refusal:
            status = refusal.status
            form.add_error("file", refusal.sentence)
        else:
            return redirect("policies:package_preview", upload.pk)
    uploads = package_imports_visible_to(request.user, on=today()).select_related("uploaded_by")
    return render_list(
        request,
        import_listing(),
        uploads,
        template="policies/package_import.html",
        context={"form": form},
        status=status,
    )


def _upload(request: HttpRequest, pk: UUID) -> PackageImport:
    found = package_imports_visible_to(request.user, on=today()).filter(pk=pk).select_related("package").first()
    if found is None:
        raise Http404
    return found


@roles_required(*KEEPERS)
def package_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was read, what is wrong with it at which line; confirmed here as a whole."""
    upload = _upload(request, pk)
    if upload.state == PackageImport.State.CONFIRMED and upload.package_id:
        return redirect("policies:package", upload.package_id)
    packages = packages_visible_to(request.user, on=today())
    initial = {"title": upload.content["title"]}
    form = PackageForm(bound(request), initial=initial, packages=packages)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            facts = PackageFacts(**form.cleaned_data)
            made = confirm_package_import(upload, facts, by=acting_user(request), at=timezone.now())
        except Refused as refusal:
            status = refusal.status
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已导入政策包，请逐条核对责任单位和对应政策"))
            return redirect("policies:package", made.pk)
    context = {
        "upload": upload,
        "form": form,
        "faults": faults_of(upload, on=today()),
        "has_errors": has_errors(upload),
        "is_open": upload.state == PackageImport.State.READY,
        "clauses": upload.content["clauses"],
        "preamble": upload.content["preamble"],
    }
    return render(request, "policies/package_preview.html", context, status=status)


@require_POST
@roles_required(*KEEPERS)
def package_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an upload up."""
    upload = _upload(request, pk)
    try:
        discard_package_import(upload, by=acting_user(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("已放弃这次导入"))
    return redirect("policies:package_import")


def _clause(request: HttpRequest, pk: int) -> Any:
    on = today()
    visible = clauses_visible_to(request.user, on=on).filter(pk=pk)
    shown = clauses_with_landing(visible, in_force=policies_in_force(on=on))
    found = shown.select_related("package", "unit").first()
    if found is None:
        raise Http404
    return found


@roles_required(*STAFF_ROLES)
def clause(request: HttpRequest, pk: int) -> HttpResponse:
    """One clause: its text as issued, its policy, its unit, who said so."""
    found: PackageClause = _clause(request, pk)
    on = today()
    context = {
        "clause": found,
        "package": found.package,
        "sign": landing_sign(found),
        "policy": policies_of([found]).get(found.policy_id),
        "events": events_about(found)[:EVENTS_SHOWN],
        "can_keep": can_keep_clause(request.user, found, on=on) and found.package.state == PolicyPackage.State.CURRENT,
    }
    return render(request, "policies/clause.html", context)


@roles_required(*KEEPERS)
def clause_tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which policy carries a clause out."""
    on = today()
    found: PackageClause = _clause(request, pk)
    if not can_keep_clause(request.user, found, on=on):
        raise Http404
    back = reverse("policies:clause", args=(pk,))
    known = records_visible_to(request.user, on=on).order_by("policy_id", "-effective_from")
    step = Step(
        heading=_("填写落实情况"),
        submit=_("保存"),
        place=str(found),
        back=back,
        done=_("已保存落实情况"),
        facts=(
            (_("政策包"), found.package.shown_title),
            (_("条款正文"), found.text),
            (_("责任单位原文"), found.unit_printed),
        ),
        revision=lambda: _clause(request, pk).revision,
        extra={"known_policies": known},
    )
    initial = {"policy_id": found.policy_id, "unit": found.unit_id, "note": found.note, "revision": found.revision}
    form = ClauseForm(bound(request), initial=initial, user=request.user, on=on)

    def act(data: dict[str, Any]) -> str:
        revision = found.revision if data["revision"] is None else data["revision"]
        tie_clause(found, **{**data, "revision": revision}, by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, form, step, act, template=FORM)
