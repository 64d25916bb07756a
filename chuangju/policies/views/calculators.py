"""Calculators for everybody: taxes saved, a loan's cost, points for residence. What is typed joins the answers of the check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_questions import question_book
from chuangju.policies.check_reading import ReadAnswer, say
from chuangju.policies.check_results import NOTE
from chuangju.policies.check_screens import Input, fact_input
from chuangju.policies.current import current_catalogue
from chuangju.policies.fact_forms import form_keys, inputs_of, read_form
from chuangju.policies.loan_advice import LoanWish, advise, loan_policies
from chuangju.policies.loan_costs import MOST_MONTHS
from chuangju.policies.points_plan import plan_points, points_policies, way_policies
from chuangju.policies.tax_savings import facts_in, save_taxes, tax_facts
from chuangju.policies.views.check import answers_of, keep
from chuangju.ventures.registers import dictionary

_WISH = ("loan_wanted", "loan_months_wanted", "loan_rate")
_WAYS = ("equal_instalments", "interest_first")
_USUAL_MONTHS, _USUAL_RATE = 12, 345


def _take(request: HttpRequest, keys: Sequence[str], answers: Answers) -> ReadAnswer:
    """Read the form into the answers; kept only where nothing is wrong."""
    form = {name: list(values) for name, values in request.POST.lists()}
    read = read_form(keys, form)
    if not read.problems:
        for key, value in read.given.items():
            if answers.given.get(key) != value:
                answers.given[key] = value
                answers.sources.pop(key, None)
                _note(answers, key)
        keep(request, answers)
    return read


def _note(answers: Answers, key: str) -> None:
    """A question that the form has answered is not asked again."""
    question = question_book().for_fact(key)
    known = question is not None and all(answers.given.get(one) is not None for one in question.facts)
    if question is not None and known and question.key not in answers.answered:
        answers.answered.append(question.key)


def _fields(request: HttpRequest, keys: Iterable[str], answers: Answers, problems: Mapping[str, str]) -> list[Input]:
    form = {name: list(values) for name, values in request.POST.lists()} if problems else None
    return inputs_of(keys, answers.given, form=form, problems=problems)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tax_calculator(request: HttpRequest) -> HttpResponse:
    """Which reliefs one enjoys, what a year saves, what to keep."""
    on, answers, catalogue = timezone.localdate(), answers_of(request), current_catalogue()
    first = question_book().calculators["tax"]
    wanted = tax_facts(catalogue, on)
    keys = form_keys((key for key in wanted if key in first), first=first)
    more = form_keys(key for key in wanted if key not in first)
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        problems = _take(request, [*keys, *more], answers).problems
        if not problems:
            return redirect(f"{request.path}#result")
    result = save_taxes(catalogue, answers.facts_on(on), on=on) if not answers.is_empty else None
    context = {
        "inputs": _fields(request, keys, answers, problems),
        "more_inputs": _fields(request, more, answers, problems),
        "result": result,
        "problems": problems,
        "note": NOTE,
        "on": on,
        "staff": question_book().question("staff"),
    }
    return render(request, "policies/tax_calculator.html", context, status=422 if problems else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def loan_calculator(request: HttpRequest) -> HttpResponse:
    """Whether one may borrow, how much, at what cost, and what comes back."""
    on, answers, catalogue = timezone.localdate(), answers_of(request), current_catalogue()
    wanted = [key for one in loan_policies(catalogue, on) for key in facts_in(one, on) if key not in _WISH]
    keys = form_keys(wanted, first=question_book().calculators["loan"])
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        problems = _take(request, [*_WISH, *keys], answers).problems
        months = answers.given.get("loan_months_wanted")
        if not problems and months is not None and not 1 <= months <= MOST_MONTHS:
            problems = {"loan_months_wanted": _("期限填 1 至 %(most)d 个月") % {"most": MOST_MONTHS}}
        if not problems:
            way = request.POST.get("way", "")
            return redirect(f"{request.path}?way={way if way in _WAYS else _WAYS[0]}#result")
    way = request.GET.get("way", request.POST.get("way", _WAYS[0]))
    wish = _wish(answers, way if way in _WAYS else _WAYS[0]) if not problems else None
    context = {
        "wish_inputs": _wish_inputs(request, answers, problems),
        "inputs": _fields(request, keys, answers, problems),
        "way": way,
        "wish": wish,
        "advice": advise(catalogue, answers.facts_on(on), wish, on=on),
        "is_asked": not answers.is_empty,
        "problems": problems,
        "note": NOTE,
        "on": on,
    }
    return render(request, "policies/loan_calculator.html", context, status=422 if problems else 200)


def _wish(answers: Answers, way: str) -> LoanWish | None:
    wanted, months = answers.given.get("loan_wanted"), answers.given.get("loan_months_wanted")
    rate = answers.given.get("loan_rate")
    if not wanted or not months or not 1 <= months <= MOST_MONTHS:
        return None
    return LoanWish(wanted, months, _USUAL_RATE if rate is None else rate, way)


def _wish_inputs(request: HttpRequest, answers: Answers, problems: Mapping[str, str]) -> list[Input]:
    usual = {"loan_months_wanted": _USUAL_MONTHS, "loan_rate": _USUAL_RATE}
    facts, shown = dictionary().facts, []
    for key in _WISH:
        typed = request.POST.get(key) if problems else None
        shown.append(fact_input(key, facts[key], typed, answers.given.get(key, usual.get(key)), problems))
    return shown


@never_cache
@require_safe
def planner_list(request: HttpRequest) -> HttpResponse:
    """The points tables there are; one alone is opened at once."""
    on = timezone.localdate()
    found = points_policies(current_catalogue(), on)
    if len(found) == 1:
        return redirect("policies:planner", policy_id=found[0].id)
    context = {"policies": [(one.id, say(one.title), say(one.summary)) for one in found]}
    return render(request, "policies/planner_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def planner(request: HttpRequest, policy_id: str) -> HttpResponse:
    """Points line by line, what adds most, from when, and the other ways."""
    on, answers, catalogue = timezone.localdate(), answers_of(request), current_catalogue()
    policy = catalogue.version_for(policy_id, on)
    if policy is None or not policy.points:
        raise Http404
    table = facts_in(policy, on)
    others = [key for one in way_policies(catalogue, on) for key in facts_in(one, on)]
    keys, more = form_keys(table), [key for key in form_keys(others) if key not in table]
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        problems = _take(request, [*keys, *more], answers).problems
        if not problems:
            return redirect(f"{request.path}#result")
    context: dict[str, Any] = {
        "policy": policy,
        "inputs": _fields(request, keys, answers, problems),
        "more_inputs": _fields(request, more, answers, problems),
        "plan": plan_points(policy, catalogue, answers.facts_on(on), on=on),
        "is_asked": not answers.is_empty,
        "problems": problems,
        "note": NOTE,
        "on": on,
    }
    return render(request, "policies/planner.html", context, status=422 if problems else 200)
