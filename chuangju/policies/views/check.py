"""我能享受什么: one question at a time, for everybody, without an account and without JavaScript.

What is said stays in the session of this browser; no address holds any of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.limits import Limit, take_attempt
from chuangju.policies.check_answers import Answers
from chuangju.policies.check_chips import chips_of
from chuangju.policies.check_choices import named_choices, policy_levels
from chuangju.policies.check_questions import Question, question_book
from chuangju.policies.check_reading import read_answer, say
from chuangju.policies.check_results import NOTE, assess, next_question, wanted_facts
from chuangju.policies.check_screens import screen_of
from chuangju.policies.register_facts import answers_for, businesses, find_businesses, own_businesses
from chuangju.policies.service_points import service_points
from chuangju.units.adapters import address_of

KEPT = "check"
# Looking a business up costs a search of the register; a hall with many people is one address to us.
LOOK_UPS = Limit("policies.business", 60, timedelta(hours=1))


def answers_of(request: HttpRequest) -> Answers:
    """What this browser has said so far."""
    return Answers.read(request.session.get(KEPT))


def keep(request: HttpRequest, answers: Answers) -> None:
    """Keep it in the session."""
    request.session[KEPT] = answers.kept()


@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The first question: whom somebody speaks for; or a business by its name."""
    return render(request, "policies/check_start.html", _start(request))


def _start(request: HttpRequest) -> dict[str, Any]:
    answers, on = answers_of(request), timezone.localdate()
    return {
        "answers": answers,
        "standpoints": [(one.code, say(one.name), say(one.hint)) for one in question_book().standpoints],
        "own": own_businesses(request.user, on),
        "found": None,
        "text": "",
        "problem": "",
        "is_changed": "change" in request.GET,
    }


@require_POST
def check_who(request: HttpRequest) -> HttpResponse:
    """Speak for a company, a business, a team; then the next question."""
    standpoint = question_book().standpoint(request.POST.get("who", ""))
    if standpoint is None:
        return redirect("policies:check")
    answers = answers_of(request)
    if "change" not in request.POST:
        answers = Answers()
    answers.choose(standpoint)
    keep(request, answers)
    return redirect("policies:check_next")


@require_POST
def check_business(request: HttpRequest) -> HttpResponse:
    """Look a business up by its name or code; the name stands in no address."""
    context = _start(request)
    context["text"] = request.POST.get("name", "")[:100]
    if not take_attempt(LOOK_UPS, address_of(request), at=timezone.now()):
        context["problem"] = _("查询次数过多，请一小时后再试，或直接选择上面的身份开始")
    else:
        context["found"] = find_businesses(context["text"])
        if not context["found"]:
            context["problem"] = _("名录里没有找到，请核对名称（至少两个字），或直接选择上面的身份开始")
    return render(request, "policies/check_start.html", context)


@require_POST
def check_fill(request: HttpRequest) -> HttpResponse:
    """Begin from a business of the register."""
    try:
        party = businesses().filter(pk=request.POST.get("party", "")).first()
    except (ValueError, ValidationError):
        party = None
    if party is None:
        raise Http404
    answers = answers_for(party, by=request.user, on=timezone.localdate())
    keep(request, answers)
    count = len(answers.sources)
    messages.success(request, _("已带入 %(count)d 项登记信息，注明来源，可以逐项修改") % {"count": count})
    return redirect("policies:check_next")


@never_cache
@require_safe
def check_next(request: HttpRequest) -> HttpResponse:
    """To the next question worth asking, else to the answer."""
    answers = answers_of(request)
    if answers.is_empty:
        return redirect("policies:check")
    question = next_question(answers, on=timezone.localdate())
    if question is None:
        return redirect("policies:check_answer")
    return redirect("policies:check_question", key=question.key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_question(request: HttpRequest, key: str) -> HttpResponse:
    """One question: answered, answered "none of it", or skipped."""
    question = question_book().question(key)
    if question is None:
        raise Http404
    answers = answers_of(request)
    if request.method != "POST":
        return _ask(request, question, answers)
    is_mending = request.POST.get("back") == "1"
    if "skip" in request.POST:
        answers.skip(question)
    else:
        form = {name: list(values) for name, values in request.POST.lists()}
        read = read_answer(question, form, levels=policy_levels())
        if read.problems:
            return _ask(request, question, answers, form=form, problems=read.problems)
        answers.answer(question, read.given)
    keep(request, answers)
    return HttpResponseRedirect(_onwards(is_mending=is_mending))


def _onwards(*, is_mending: bool) -> str:
    name = "policies:check_answer" if is_mending else "policies:check_next"
    return redirect(name).url


def _ask(
    request: HttpRequest,
    question: Question,
    answers: Answers,
    *,
    form: Mapping[str, Sequence[str]] | None = None,
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:
    wanted = wanted_facts(answers, on=timezone.localdate())
    screen = screen_of(
        question,
        answers,
        wanted=wanted,
        form=form,
        problems=problems,
        named=named_choices(question, on=timezone.localdate()),
    )
    is_mending = request.GET.get("back") == "1" or request.POST.get("back") == "1"
    context = {
        "screen": screen,
        "answers": answers,
        "is_mending": is_mending,
        "number": min(answers.asked_count + 1, question_book().most),
        "most": question_book().most,
        "sources": sorted({answers.sources[key] for key in question.facts if key in answers.sources}),
    }
    return render(request, "policies/check_question.html", context, status=422 if problems else 200)


@never_cache
@require_safe
def check_answer(request: HttpRequest) -> HttpResponse:
    """Every policy answered, the money first; with what would be worth telling."""
    answers = answers_of(request)
    if answers.is_empty:
        return redirect("policies:check")
    return render(request, "policies/check_answer.html", answer_context(answers))


def answer_context(answers: Answers) -> dict[str, Any]:
    """What the page of an answer shows, whoever's it is."""
    result = assess(answers, on=timezone.localdate())
    places = service_points()
    return {
        "answers": answers,
        "result": result,
        "chips": chips_of(answers, result.open_questions),
        "points": places.nearest(result.facts.get("town")),
        "bring": [say(one) for one in places.bring],
        "deputies": say(places.deputies),
        "note": NOTE,
        "shared": None,
    }


@require_POST
def check_clear(request: HttpRequest) -> HttpResponse:
    """Forget everything and begin anew."""
    request.session.pop(KEPT, None)
    messages.success(request, _("已清除您的回答"))
    return redirect("policies:check")
