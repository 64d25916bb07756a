"""Simulations: other figures or another condition tried over the register, saved, found again, printed, exported."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.money import MoneyRefused, parse_yuan
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_page import say, title_and_version
from chuangju.policies.match_access import READERS, STARTERS, can_start_runs, registers_to_match, simulations_visible_to
from chuangju.policies.match_page import job_sentence
from chuangju.policies.match_retention import simulation_goes_on
from chuangju.policies.models import Simulation
from chuangju.policies.simulation_page import (
    condition_choices,
    export_rows,
    parameter_choices,
    said_changes,
    show_simulation,
    simulation_listing,
)
from chuangju.policies.simulation_work import answer_of, found_answer, simulation_jobs_visible_to, start_simulation
from chuangju.policies.simulations import (
    Question,
    SimulationRefused,
    Sweep,
    answer_question,
    is_large,
    remove_simulation,
    save_simulation,
)
from chuangju.policies.views.following import followed
from chuangju.programme.views.plan_steps import do_and_return, sheet_response, today
from chuangju.rules.policy import Policy
from chuangju.ui.list_views import render_list
from chuangju.units.permissions import acting_user, roles_required

# What the form asks for besides parameters and conditions.
_TYPED = ("budget", "title", "sweep_name", "sweep_first", "sweep_last", "sweep_step")
_KEPT = {*_TYPED, "on", "goes_on"}


@require_safe
@roles_required(*READERS)
def simulation_list(request: HttpRequest) -> HttpResponse:
    """What was saved, the newest first."""
    saved = simulations_visible_to(request.user, on=today()).select_related("saved_by")
    context = {"policies": _choices(today())}
    return render_list(request, simulation_listing(), saved, template="policies/simulation_list.html", context=context)


def _choices(on: date) -> list[tuple[str, str]]:
    policies = sorted(current_catalogue().in_force(on), key=lambda one: (one.rows, one.id))
    return [(one.key, title_and_version(one)) for one in policies if one.subject == "venture"]


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*READERS)
def simulation_new(request: HttpRequest) -> HttpResponse:
    """Try changes of a policy (`?policy=id@version`); the result stands below the form, and can be saved."""
    on = today()
    given = request.POST if request.method == "POST" else request.GET
    choices = _choices(on)
    key = given.get("policy") or (choices[0][0] if choices else "")
    policy = next((one for one in current_catalogue().policies if one.key == key), None)
    if policy is None:
        raise Http404
    typed = {name: value.strip() for name, value in given.items() if isinstance(value, str)}
    context = _form_context(policy, typed, on) | {"choices": choices, "can_save": can_start_runs(request.user, on=on)}
    if request.method != "POST":
        return render(request, "policies/simulation_new.html", context)
    try:
        found = _carry_out(request, policy, typed, on)
    except Refused as refused:
        context |= {"problem": refused.sentence, "problem_field": getattr(refused, "field", "")}
        return render(request, "policies/simulation_new.html", context, status=refused.status)
    if isinstance(found, HttpResponse):
        return found
    return render(request, "policies/simulation_new.html", context | {"shown": found})


def _carry_out(request: HttpRequest, policy: Policy, typed: dict[str, str], on: date) -> Any:
    """The result to be shown, or where the saved one is; raises Refused."""
    snapshot = registers_to_match(request.user, on=on).first()
    if snapshot is None:
        raise SimulationRefused(_("还没有可用的企业名录，请先导入名录"))
    question, budget = _question(policy, typed, on), _budget(typed.get("budget", ""))
    user, at, found = acting_user(request), timezone.now(), None
    saves = typed.get("action") == "save"
    if is_large(snapshot):
        found = found_answer(question, snapshot) if saves else None
        if found is None:
            kept = {name: text for name, text in typed.items() if name in _KEPT or name[:2] in {"p:", "c:"}}
            job = start_simulation(question, snapshot, typed=kept, by=user, at=at)
            return redirect("policies:simulation_work", job.pk)
    if saves:
        title = typed.get("title", "")
        saved = save_simulation(question, snapshot, title=title, budget=budget, by=user, at=at, result=found)
        return redirect("policies:simulation", saved.pk)
    return show_simulation(answer_question(question, snapshot), budget=budget)


@require_safe
@roles_required(*READERS)
def simulation_work(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A simulation over a register too large to wait for: how far it is, then its result below the form as ever."""
    on = today()
    job = simulation_jobs_visible_to(request.user, on=on).filter(pk=pk).first()
    policy = next((one for one in current_catalogue().policies if job and one.key == job.payload["policy"]), None)
    if job is None or policy is None:
        raise Http404
    typed: dict[str, str] = job.payload["typed"]
    context = _form_context(policy, typed | {"action": "calculate"}, on)
    context |= {"choices": _choices(on), "can_save": can_start_runs(request.user, on=on)}
    answer = answer_of(job)
    if job.is_live:
        context["job"] = job
    elif answer is None:
        context["problem"] = job_sentence(job)
    else:
        context["shown"] = show_simulation(answer, budget=_budget(typed.get("budget", "")))
    return followed(request, render(request, "policies/simulation_new.html", context), is_live=job.is_live)


def _question(policy: Policy, typed: dict[str, str], on: date) -> Question:
    parameters = {name.removeprefix("p:"): text for name, text in typed.items() if name.startswith("p:") and text}
    before = {one.id: " ".join(one.text.split()) for one in policy.conditions}
    conditions = {
        name.removeprefix("c:"): text
        for name, text in typed.items()
        if name.startswith("c:") and " ".join(text.split()) != before.get(name.removeprefix("c:"), "")
    }
    swept = typed.get("sweep_name", "")
    parts = [typed.get(f"sweep_{part}", "") for part in ("first", "last", "step")]
    if swept and not all(parts):
        raise SimulationRefused(_("逐档测算要填起点、终点和步长"), field="sweep_name")
    return Question(
        policy.key,
        _day(typed.get("on", ""), on),
        parameters,
        conditions,
        Sweep(swept, *parts) if swept else None,
        "goes_on" in typed,
    )


def _day(text: str, default: date) -> date:
    try:
        day = date.fromisoformat(text) if text else default
    except ValueError as problem:
        raise SimulationRefused(_("测算日期请写成 2026-03-01"), field="on") from problem
    if not date(2000, 1, 1) <= day <= date(2100, 12, 31):
        raise SimulationRefused(_("日期应在 2000 年至 2100 年之间"), field="on")
    return day


def _budget(text: str) -> int | None:
    if not text:
        return None
    try:
        budget = parse_yuan(text)
    except MoneyRefused as refused:
        raise SimulationRefused(refused.sentence, field="budget") from refused
    if budget < 0:
        raise SimulationRefused(_("预算不能是负数"), field="budget")
    return budget


def _form_context(policy: Policy, typed: dict[str, str], on: date) -> dict[str, Any]:
    is_first = "action" not in typed
    parameters = parameter_choices(
        policy, on, {k.removeprefix("p:"): v for k, v in typed.items() if k.startswith("p:")}
    )
    return {
        "policy": policy,
        "title": say(policy.title),
        "parameters": parameters,
        "conditions": condition_choices(
            policy, {k.removeprefix("c:"): v for k, v in typed.items() if k.startswith("c:")}
        ),
        "numbers": [one for one in parameters if one.is_number],
        "typed": dict.fromkeys(_TYPED, "") | typed,
        "on": typed.get("on") or on.isoformat(),
        "goes_on": is_first or "goes_on" in typed,
        "shown": None,
        "problem": "",
        "problem_field": "",
    }


def _saved(request: HttpRequest, pk: UUID) -> Simulation:
    saved = simulations_visible_to(request.user, on=today()).select_related("snapshot", "saved_by")
    found = saved.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@roles_required(*READERS)
def simulation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A saved simulation with its numbers; `?export=xlsx` is the sheet of them."""
    saved = _saved(request, pk)
    shown = show_simulation(saved.result, budget=saved.budget)
    if request.GET.get("export") == "xlsx":
        header, rows = export_rows(shown)
        return sheet_response(header, rows, title=saved.title)
    policy = next((one for one in current_catalogue().policies if one.key == saved.policy_key), None)
    context = {
        "simulation": saved,
        "shown": shown,
        "policy": policy,
        "policy_title": say(policy.title) if policy else saved.policy_key,
        "changes": said_changes(saved),
        "goes_on": simulation_goes_on(saved),
        "is_mine": request.user.is_authenticated and saved.saved_by_id == request.user.pk,
    }
    return render(request, "policies/simulation.html", context)


@require_POST
@roles_required(*STARTERS)
def simulation_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drop what one saved oneself."""
    saved, user = _saved(request, pk), acting_user(request)
    return do_and_return(
        request,
        lambda: remove_simulation(saved, by=user, at=timezone.now()),
        done=_("已删除这次测算。"),
        back=reverse("policies:simulation_list"),
    )
