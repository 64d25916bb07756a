"""Pages of background work: one job with its progress and result, one's own jobs, everybody's, and the duties."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chuangju.kernel.duties import duties, duties_in_order, run_duty_now
from chuangju.kernel.jobs import cancel_job, kind_label, retry_job
from chuangju.kernel.models import Job
from chuangju.kernel.refusals import Refused
from chuangju.kernel.workers import live_workers
from chuangju.ui.list_views import render_list
from chuangju.units.access import has_role, is_staff_member
from chuangju.units.job_access import (
    DUTY_READERS,
    KEEPERS,
    can_read_faults,
    duty_runs_visible_to,
    jobs_visible_to,
    own_jobs_visible_to,
)
from chuangju.units.job_lists import duty_run_listing, job_listing, own_job_listing
from chuangju.units.job_words import duration, duty_lines, job_problem, job_result, job_sign, left, spent
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required, signed_in_required


def _layout(request: HttpRequest) -> str:
    """People who work for the programme stay in the staff shell; everybody else in the public one."""
    return "ui/staff.html" if is_staff_member(request.user, timezone.localdate()) else "ui/public.html"


def _found(request: HttpRequest, pk: UUID) -> Job:
    return get_object_or_404(jobs_visible_to(request.user).select_related("started_by"), pk=pk)


@require_safe
@signed_in_required
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One job: how far it is and how long it will take, or what came of it. The page can be left and found again."""
    found, at = _found(request, pk), timezone.now()
    context: dict[str, Any] = {
        "layout": _layout(request),
        "job": found,
        "kind": kind_label(found.kind),
        "sign": job_sign(found),
        "result": job_result(found),
        "problem": job_problem(found),
        "fault": found.fault if can_read_faults(request.user) else "",
        "spent": duration(spent(found, at=at)),
        "left": duration(left(found, at=at)),
        "is_unattended": found.is_live and not live_workers(at=at).exists(),
        "is_own": found.started_by_id == acting_user(request).pk,
        "can_retry": found.state in {Job.State.FAILED, Job.State.CANCELLED},
        "can_cancel": found.is_live and found.cancel_requested_at is None,
    }
    return render(request, "units/job.html", context)


@require_POST
@signed_in_required
def job_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a job back."""
    try:
        cancel_job(_found(request, pk), by=acting_user(request), at=timezone.now())
        messages.success(request, _("已中止；正在执行的任务会尽快停下"))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("units:job", pk)


@require_POST
@signed_in_required
def job_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have a job tried again that failed or was cancelled."""
    try:
        retry_job(_found(request, pk), by=acting_user(request), at=timezone.now())
        messages.success(request, _("任务已重新排队"))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("units:job", pk)


@require_safe
@signed_in_required
def own_jobs(request: HttpRequest) -> HttpResponse:
    """The jobs one has asked for oneself."""
    at = timezone.now()
    context = {"layout": _layout(request), "is_unattended": not live_workers(at=at).exists()}
    jobs = own_jobs_visible_to(request.user)
    return render_list(request, own_job_listing(at), jobs, template="units/own_jobs.html", context=context)


@require_safe
@roles_required(*KEEPERS)
def job_list(request: HttpRequest) -> HttpResponse:
    """What waits, runs, has failed or is done, whoever asked for it; and who is there to do it."""
    at = timezone.now()
    workers = list(live_workers(at=at))
    context = {"workers": workers, "is_unattended": not workers}
    jobs = jobs_visible_to(request.user).select_related("started_by")
    return render_list(request, job_listing(at), jobs, template="units/job_list.html", context=context)


@require_safe
@roles_required(*DUTY_READERS)
def duty_list(request: HttpRequest) -> HttpResponse:
    """What the programme does by itself: last run, next run, and what came of each."""
    at = timezone.now()
    context = {
        "lines": duty_lines(duties_in_order(), at=at),
        "is_unattended": not live_workers(at=at).exists(),
        "can_run": has_role(request.user, Role.SYSTEM_ADMINISTRATOR),
    }
    runs = duty_runs_visible_to(request.user)
    return render_list(request, duty_run_listing(), runs, template="units/duty_list.html", context=context)


@require_POST
@roles_required(Role.SYSTEM_ADMINISTRATOR)
def duty_run(request: HttpRequest, name: str) -> HttpResponse:
    """Have a duty's open period run at the next look of a worker, within a minute."""
    duty = duties.find(name)
    if duty is None:
        raise Http404
    try:
        run_duty_now(duty, by=acting_user(request), at=timezone.now())
        messages.success(request, _("“%(name)s”将在一分钟内执行") % {"name": duty.label})
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("units:duty_list")
