"""填写申请: one topic on a screen, saved at each step; papers by photo; the account; errors keep what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.applications.answers import APPLICANT, CLERK
from chuangju.applications.applicant_access import is_counter_clerk
from chuangju.applications.apply_words import said_by_file
from chuangju.applications.disputes import dispute_register_fact
from chuangju.applications.documents import (
    documents_of,
    give_document,
    is_made_here,
    promise_document,
    reusable_files,
    reuse_document,
    see_original,
)
from chuangju.applications.drafts import save_answers
from chuangju.applications.forms_apply import AccountForm, DisputeForm
from chuangju.applications.models import Application
from chuangju.applications.payee_accounts import account_of, earlier_account, give_account
from chuangju.applications.questions import as_answers, kept_facts, question_of
from chuangju.applications.views.apply_pages import filling_of, own_application, own_document, shown
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_choices import named_choices, policy_levels
from chuangju.policies.check_questions import Question
from chuangju.policies.check_reading import read_answer, say
from chuangju.policies.check_screens import screen_of
from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, signed_in_required
from chuangju.ventures.registers import dictionary

Form = Mapping[str, Sequence[str]]


def draft_or_case(request: HttpRequest, pk: UUID) -> Application | HttpResponse:
    """The draft of this key; what was handed in is shown on its own page."""
    application = own_application(request, pk)
    if application.state != Application.State.DRAFT:
        return redirect("applications:my_case", pk=pk)
    return application


@never_cache
@require_safe
@signed_in_required
def fill(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To the next screen that is still open."""
    found = draft_or_case(request, pk)
    if isinstance(found, HttpResponse):
        return found
    return HttpResponseRedirect(filling_of(found).next_address())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def fill_question(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """One question: answered, answered "none of it", or left open for the clerk."""
    question = question_of(key)
    if question is None:
        raise Http404
    found = draft_or_case(request, pk)
    if isinstance(found, HttpResponse):
        return found
    if request.method != "POST":
        return _ask(request, found, question)
    form = {name: list(values) for name, values in request.POST.lists()}
    settled = kept_facts(question, found, on=timezone.localdate())
    left = tuple(one for one in question.facts if one not in settled)
    given: dict[str, Any] = dict.fromkeys(left)
    if "skip" not in request.POST:
        read = read_answer(question, form, levels=policy_levels())
        if read.problems:
            return _ask(request, found, question, form=form, problems=read.problems)
        given = {one: value for one, value in read.given.items() if one not in settled}
    try:
        save_answers(
            found,
            given,
            by=acting_user(request),
            at=timezone.now(),
            revision=_revision(request),
            skipped=left if "skip" in request.POST else (),
            source=CLERK if is_counter_clerk(request.user, found) else APPLICANT,
        )
    except Refused as refused:
        return _ask(request, found, question, form=form, problems={"value": refused.sentence})
    if request.POST.get("back") == "1":
        return redirect("applications:fill_review", pk=pk)
    return redirect("applications:fill", pk=pk)


def _revision(request: HttpRequest) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < len("1000000000") else None


def _ask(
    request: HttpRequest,
    application: Application,
    question: Question,
    *,
    form: Form | None = None,
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:
    on = timezone.localdate()
    # A refusal may stem from a change elsewhere: the page goes on from what stands now.
    application.refresh_from_db(fields=("answers", "revision"))
    filling, answers = filling_of(application), as_answers(application, on=on)
    wanted = list(filling.evaluation.explanation.missing)
    screen = screen_of(
        question, answers, wanted=wanted, form=form, problems=problems, named=named_choices(question, on=on)
    )
    settled = kept_facts(question, application, on=on)
    context = {
        **shown(filling, at=question.key),
        "screen": screen,
        "is_mending": "1" in {request.GET.get("back"), request.POST.get("back")},
        "sources": sorted({answers.sources[one] for one in question.facts if one in answers.sources}),
        "is_settled": bool(settled) and settled == set(question.facts),
        "fact": question.facts[0],
    }
    return render(request, "applications/fill_question.html", context, status=422 if problems else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def fill_papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The papers: photographed, taken over from an earlier case, promised; each by its own small form."""
    found = draft_or_case(request, pk)
    if isinstance(found, HttpResponse):
        return found
    problem, at_fault = "", 0
    if request.method == "POST":
        problem, at_fault = _take_paper(request, found)
        if not problem:
            return HttpResponseRedirect(f"{reverse('applications:fill_papers', args=(pk,))}#paper-{at_fault}")
    filling = filling_of(found)
    papers = list(documents_of(found))
    again = reusable_files(papers, subject=found.subject_id)
    context = {
        **shown(filling, at="papers"),
        "papers": [(one, is_made_here(one), again.get(one.pk, [])) for one in papers],
        "problem": problem,
        "at_fault": at_fault,
        "next_address": filling.next_address(),
    }
    return render(request, "applications/fill_papers.html", context, status=422 if problem else 200)


def _take_paper(request: HttpRequest, application: Application) -> tuple[str, int]:
    """Take the files, the earlier files or the promise of one paper; the problem with it, and which paper it is."""
    document = own_document(request, application)
    user, now = acting_user(request), timezone.now()
    try:
        if "reuse" in request.POST:
            reuse_document(document, by=user, at=now)
        elif "seen" in request.POST and is_counter_clerk(user, application):
            see_original(document, by=user, at=now)
        elif "promise" in request.POST:
            promise_document(document, by=user, at=now)
        else:
            give_document(document, files=request.FILES.getlist("files"), by=user, at=now)
    except Refused as refused:
        return refused.sentence, document.pk
    return "", document.pk


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def fill_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the money is to go; the account given last time stands there already."""
    found = draft_or_case(request, pk)
    if isinstance(found, HttpResponse):
        return found
    known = account_of(found) or earlier_account(found.subject) or {"name": found.subject.name}
    form = AccountForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            give_account(found, **form.account(), by=acting_user(request), at=timezone.now())
            return redirect("applications:fill", pk=pk)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    filling = filling_of(found)
    context = {
        **shown(filling, at="account"),
        "form": form,
        "hint": said_by_file(filling.evaluation.policy.pays.get("account")),
    }
    return render(request, "applications/fill_account.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def fill_dispute(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """Say that what the register holds is wrong: it is looked into, and meanwhile one's own answer counts."""
    found = draft_or_case(request, pk)
    if isinstance(found, HttpResponse):
        return found
    fact = dictionary().facts.get(key)
    question = question_of(key)
    if fact is None:
        raise Http404
    form = DisputeForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        dispute_register_fact(
            found, key, reason=form.cleaned_data["reason"], by=acting_user(request), at=timezone.now()
        )
        messages.success(request, _("已记下，工作人员会核实；请填写您认为正确的内容"))
        target = question.key if question is not None else ""
        return (
            reverse("applications:fill_question", args=(pk, target))
            if target
            else reverse("applications:fill", args=(pk,))
        )

    step = Confirmation(
        title=_("数据不对：%(name)s") % {"name": say(fact.name)},
        sentence=_("核实以前按您填的计算；核实结果会告诉您"),
        action_label=_("提出异议"),
        cancel_url=reverse("applications:fill_review", args=(pk,)),
        layout="ui/public.html",
    )
    return answer_form(request, form, step, act)
