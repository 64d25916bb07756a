"""Match runs: started, followed, found again, compared; their enterprises, and why each has the answers it has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.jobs import live_keys
from chuangju.kernel.refusals import Refused
from chuangju.policies.forms_matches import MatchForm
from chuangju.policies.match_access import READERS, STARTERS, can_start_runs, match_runs_visible_to, registers_to_match
from chuangju.policies.match_explaining import explain_enterprise
from chuangju.policies.match_listing import enterprise_listing, match_listing
from chuangju.policies.match_page import (
    compare_runs,
    group_lines,
    job_sentence,
    near_lines,
    policy_lines,
    run_address,
    run_figures,
    run_sign,
    say_json,
)
from chuangju.policies.match_reading import decision_rows
from chuangju.policies.match_retention import remove_run, run_goes_on
from chuangju.policies.match_runs import (
    MATCH_JOB,
    last_job,
    policies_to_match,
    restart_run,
    start_run,
    stop_run,
    working_job,
)
from chuangju.policies.models import MatchRun
from chuangju.policies.views.following import followed
from chuangju.programme.views.plan_steps import Step, answer_step, bound, do_and_return, today
from chuangju.ui.list_views import render_list
from chuangju.ui.listing import Listing
from chuangju.units.permissions import acting_user, roles_required

TABS = ("policies", "town", "industry", "size", "near")


def visible_run(request: HttpRequest, pk: UUID) -> MatchRun:
    """The run, if this reader may see it; else 404."""
    runs = match_runs_visible_to(request.user, on=today()).select_related("snapshot", "started_by")
    found = runs.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@roles_required(*READERS)
def match_list(request: HttpRequest) -> HttpResponse:
    """Runs over the district's register, the newest first."""
    runs = match_runs_visible_to(request.user, on=today()).select_related("snapshot", "started_by").defer("summary")
    context = {"can_start": can_start_runs(request.user, on=today())}
    listing = match_listing(live_keys(MATCH_JOB))
    return render_list(request, listing, runs, template="policies/match_list.html", context=context)


@roles_required(*STARTERS)
def match_start(request: HttpRequest) -> HttpResponse:
    """Choose register, day and policies; the run is computed in the background."""
    user, on = acting_user(request), today()
    snapshots, policies = registers_to_match(user, on=on), policies_to_match(on)
    of_ventures = [one.id for one in policies if one.subject == "venture"]
    current = snapshots.first()
    first = {"on": on, "policies": of_ventures, "snapshot": current}
    form = MatchForm(bound(request), snapshots=snapshots, policies=policies, initial=first)
    step = Step(
        _("政策找企业"),
        _("开始计算"),
        _("政策找企业"),
        reverse("policies:match_list"),
        hint="" if current else _("还没有可用的企业名录，请先导入名录。"),
    )

    def act(typed: dict[str, Any]) -> str:
        chosen = [one for one in policies_to_match(typed["on"]) if one.id in set(typed["policies"])]
        run = start_run(
            typed["snapshot"], on=typed["on"], policies=chosen, title=typed["title"], by=user, at=timezone.now()
        )
        return run_address(run)

    return answer_step(request, form, step, act, template="policies/match_start.html")


@require_safe
@roles_required(*READERS)
def match(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A run: how far it is, or what came of it; can be left and found again."""
    run = visible_run(request, pk)
    job = None if run.is_done else working_job(run)
    tab = request.GET.get("tab", "")
    context: dict[str, Any] = {
        "run": run,
        "job": job,
        "sign": run_sign(run, frozenset({str(run.pk)}) if job else frozenset()),
        "can_start": can_start_runs(request.user, on=today()),
        "is_mine": request.user.is_authenticated and run.started_by_id == request.user.pk,
        "goes_on": run_goes_on(run),
        "tab": tab if tab in TABS else "policies",
        "others": match_runs_visible_to(request.user, on=today())
        .filter(state=MatchRun.State.DONE)
        .exclude(pk=run.pk)
        .defer("summary")
        .select_related("snapshot")[:8],
        "events": events_about(run).order_by("-at", "-pk")[:5],
    }
    if not run.is_done and job is None:
        context["problem"] = job_sentence(last_job(run))
    if run.is_done:
        context |= {"figures": run_figures(run), "warnings": run.counted.get("warnings", [])}
        context |= _tab(run, context["tab"])
    return followed(request, render(request, "policies/match.html", context), is_live=job is not None)


def _tab(run: MatchRun, tab: str) -> dict[str, Any]:
    if tab == "policies":
        return {"lines": policy_lines(run)}
    if tab == "near":
        return {"near": near_lines(run)}
    return {"groups": group_lines(run, tab)}


@require_POST
@roles_required(*STARTERS)
def match_stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a run that is being computed."""
    run, user = visible_run(request, pk), acting_user(request)
    done = _("已请求停止，没有留下结果。")
    return do_and_return(request, lambda: stop_run(run, by=user, at=timezone.now()), done=done, back=run_address(run))


@require_POST
@roles_required(*STARTERS)
def match_restart(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Compute a run anew that came to nothing."""
    run, user = visible_run(request, pk), acting_user(request)
    done = _("已重新开始计算。")
    return do_and_return(
        request, lambda: restart_run(run, by=user, at=timezone.now()), done=done, back=run_address(run)
    )


@require_POST
@roles_required(*STARTERS)
def match_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drop a run that one started oneself, with its files."""
    run, user = visible_run(request, pk), acting_user(request)
    try:
        remove_run(run, by=user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(run_address(run))
    messages.success(request, _("已删除这次匹配和它的结果文件。"))
    return redirect("policies:match_list")


@require_safe
@roles_required(*READERS)
def match_enterprises(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All enterprises of a run, by how many policies each qualifies for."""
    run = visible_run(request, pk)
    return _enterprises(request, run, "", enterprise_listing(run, ""), _("全部企业"))


@require_safe
@roles_required(*READERS)
def match_policy(request: HttpRequest, pk: UUID, policy_id: str) -> HttpResponse:
    """The enterprises of a run by their verdict under one policy."""
    run = visible_run(request, pk)
    if policy_id not in run.counted.get("policies", {}):
        raise Http404
    title = say_json(run.counted["policies"][policy_id]["title"])
    return _enterprises(request, run, policy_id, enterprise_listing(run, policy_id), title)


def _enterprises(request: HttpRequest, run: MatchRun, policy: str, listing: Listing, title: str) -> HttpResponse:
    if not run.is_done:
        messages.error(request, _("这次匹配还没有结果"))
        return redirect(run_address(run))
    try:
        rows = decision_rows(run, policy)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(run_address(run))
    lines = {line.id: line for line in policy_lines(run)}
    context = {"run": run, "title": title, "line": lines.get(policy), "near": near_lines(run, policy) if policy else []}
    return render_list(request, listing, rows, template="policies/match_enterprises.html", context=context)


@require_safe
@roles_required(*READERS)
def match_enterprise(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """One enterprise: for each policy of the run the verdict, and every condition with its value, threshold and clause."""
    run = visible_run(request, pk)
    try:
        found = explain_enterprise(run, key, reader=request.user, on=today())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(run_address(run))
    if found is None:
        raise Http404
    return render(request, "policies/match_enterprise.html", {"run": run, "found": found})


@require_safe
@roles_required(*READERS)
def match_compare(request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Two runs side by side: another day, another register, other versions."""
    new, old = visible_run(request, pk), visible_run(request, other)
    if not (new.is_done and old.is_done):
        messages.error(request, _("两次匹配都要有结果才能对比"))
        return redirect(run_address(new))
    context = {"new": new, "old": old, "lines": compare_runs(old, new)}
    return render(request, "policies/match_compare.html", context)
