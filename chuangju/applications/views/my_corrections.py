"""补正: everything that was listed on one page; what was typed stays when something is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chuangju.applications.case_words import title_of
from chuangju.applications.corrections import Answer, answer_correction
from chuangju.applications.documents import enclose_files, give_document
from chuangju.applications.models import Application, Correction, CorrectionItem
from chuangju.applications.questions import as_answers, question_of
from chuangju.applications.views.apply_pages import own_application
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_choices import named_choices, policy_levels
from chuangju.policies.check_questions import Question
from chuangju.policies.check_reading import read_answer
from chuangju.policies.check_screens import Screen, screen_of
from chuangju.policies.current import current_catalogue
from chuangju.units.permissions import acting_user, signed_in_required


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def my_correction(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mend everything that was listed, on one page; what was typed stays when something is still missing."""
    application = own_application(request, pk)
    correction = application.corrections.filter(state=Correction.State.ASKED).prefetch_related("items").first()
    if correction is None:
        return redirect("applications:my_case", pk=pk)
    problem, problems = "", dict[int, Mapping[str, str]]()
    if request.method == "POST":
        problem, problems = _take_correction(request, correction)
        if not problem and not problems:
            messages.success(request, _("已补正，接着办理"))
            return redirect("applications:my_case", pk=pk)
    items = [_drawn(request, application, item, problems.get(item.pk)) for item in correction.items.all()]
    context = {
        "application": application,
        "title": title_of(application, current_catalogue()),
        "correction": correction,
        "items": items,
        "problem": problem,
    }
    status = 422 if problem or problems else 200
    return render(request, "applications/my_correction.html", context, status=status)


def _form_of(request: HttpRequest, item: CorrectionItem) -> dict[str, list[str]]:
    """What was typed for one item, under the names of its question."""
    prefix = f"i{item.pk}-"
    return {name.removeprefix(prefix): list(values) for name, values in request.POST.lists() if name.startswith(prefix)}


def _take_correction(request: HttpRequest, correction: Correction) -> tuple[str, dict[int, Mapping[str, str]]]:
    """Read words, facts and files; the problem with all of it, and by item."""
    words: dict[int, str] = {}
    facts: dict[str, Any] = {}
    problems: dict[int, Mapping[str, str]] = {}
    user, now = acting_user(request), timezone.now()
    for item in correction.items.select_related("document"):
        form = _form_of(request, item)
        words[item.pk] = (form.get("words") or [""])[0].strip()
        question = question_of(item.fact) if item.fact else None
        if question is not None and _is_filled(form):
            read = read_answer(question, form, levels=policy_levels())
            problems |= {item.pk: read.problems} if read.problems else {}
            facts |= read.given if not read.problems else {}
        files = request.FILES.getlist(f"i{item.pk}-files")
        if not files:
            continue
        try:
            if item.document is not None:
                give_document(item.document, files=files, by=user, at=now)
            else:
                kept = enclose_files(correction.application, files=files, by=user, at=now)
                words[item.pk] = words[item.pk] or "、".join(file.name for file in kept)
        except Refused as refused:
            problems[item.pk] = {"files": refused.sentence}
    if problems:
        return "", problems
    try:
        answer_correction(correction, Answer(words, facts), by=user, at=now)
    except Refused as refused:
        return refused.sentence, {}
    return "", {}


def _is_filled(form: Mapping[str, list[str]]) -> bool:
    """Whether anything was chosen or typed for the fact itself."""
    return any(text.strip() for name, texts in form.items() if name not in {"words", "shown"} for text in texts)


def _drawn(
    request: HttpRequest, application: Application, item: CorrectionItem, problems: Mapping[str, str] | None
) -> dict[str, Any]:
    """An item as its part of the page: what is asked, what was typed, the files there are."""
    question = question_of(item.fact) if item.fact else None
    form = _form_of(request, item) if request.method == "POST" else None
    prefix = f"i{item.pk}-"
    return {
        "item": item,
        "prefix": prefix,
        "words": ((form or {}).get("words") or [""])[0],
        "screen": _screen(application, question, form, problems, prefix) if question is not None else None,
        "files_problem": (problems or {}).get("files", ""),
        "files": list(item.document.attachments.all()) if item.document is not None else [],
    }


def _screen(
    application: Application,
    question: Question,
    form: Mapping[str, list[str]] | None,
    problems: Mapping[str, str] | None,
    prefix: str,
) -> Screen:
    """The question of a fact, its fields named apart from those of other items."""
    on = timezone.localdate()
    answers = as_answers(application, on=on)
    screen = screen_of(question, answers, form=form, problems=problems, named=named_choices(question, on=on))
    return replace(
        screen,
        inputs=tuple(replace(one, name=prefix + one.name) for one in screen.inputs),
        rows=tuple(tuple(replace(one, name=prefix + one.name) for one in row) for row in screen.rows),
    )
