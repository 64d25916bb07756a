"""Working days per step before and after a day: every policy, the steps of one, the cases behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangju.applications.access import DESK_READERS
from chuangju.applications.step_days import (
    AFTER,
    BEFORE,
    SIDES,
    Comparison,
    Question,
    StepLine,
    compare_steps,
    decided_kinds,
    step_day_settings,
)
from chuangju.applications.step_days_listing import case_days_listing, cases_behind
from chuangju.applications.step_kinds import planned_steps
from chuangju.applications.step_times import WHOLE
from chuangju.kernel.languages import reads_english
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.programme.views.plan_steps import today
from chuangju.rules.days import add_months
from chuangju.ui.list_views import XLSX, render_list
from chuangju.units.permissions import roles_required

_LONGEST_KEY = 10
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class Side:
    """One side of a line as drawn: its figures and where its cases are."""

    median: float | None
    ninety: int | None
    count: int
    promised: int | None
    address: str


@dataclass(frozen=True)
class Line:
    """A line as drawn."""

    label: str
    address: str
    before: Side
    after: Side
    change: float | None
    is_whole: bool


@require_safe
@roles_required(*DESK_READERS)
def step_days(request: HttpRequest) -> HttpResponse:
    """Without a policy one line for each of them, else the steps of that one; the export holds every step."""
    question = _question(request)
    comparison = compare_steps(request.user, question, on=today())
    if request.GET.get("export"):
        return _export(request, question, comparison)
    wanted = [one for one in comparison.lines if question.policy_id or one.key == WHOLE]
    policies, units = _choices(request)
    context = {
        "question": question,
        "lines": [_line(one, question) for one in wanted],
        "periods": [question.period(side) for side in SIDES],
        "most": step_day_settings()["most"] if comparison.cut else None,
        "months": step_day_settings()["months"],
        "policies": policies,
        "units": units,
        "title": _title(question.policy_id) if question.policy_id else "",
        "versions": current_catalogue().versions(question.policy_id) if question.policy_id else [],
        "xlsx_query": _query(question, export="xlsx"),
        "all_address": f"{reverse('applications:step_days')}{_query(question, policy='')}",
    }
    return render(request, "applications/step_days.html", context)


@require_safe
@roles_required(*DESK_READERS)
def step_day_cases(request: HttpRequest, policy_id: str, side: str, frame: str, step: str) -> HttpResponse:
    """The cases behind one figure; the whole question stands in the path, so that ordering and export keep it."""
    question = _framed(policy_id, frame)
    if side not in SIDES or question is None:
        raise Http404
    rows = cases_behind(request.user, question, side, step, on=today())
    first, end = question.period(side)
    context = {
        "question": question,
        "title": _title(policy_id),
        "step": _("受理至办结") if step == WHOLE else _step_name(policy_id, step),
        "first": first,
        "end": end,
        "back": f"{reverse('applications:step_days')}{_query(question)}",
    }
    return render_list(request, case_days_listing(), rows, template="applications/step_day_cases.html", context=context)


def _question(request: HttpRequest) -> Question:
    """What the address asks; what makes no sense in it is ignored."""
    asked = request.GET
    policy_id = asked.get("policy", "").replace("\x00", "")[:80]
    return Question(
        split=_day(asked.get("split", "")) or _usual_day(policy_id),
        months=_months(asked.get("months", "")) or step_day_settings()["months"][0],
        policy_id=policy_id,
        unit_id=_key(asked.get("unit", "")),
        with_pauses=asked.get("pauses") == "with",
    )


def _framed(policy_id: str, frame: str) -> Question | None:
    """The question as a path holds it: day, months, pauses, unit; None where it holds something else."""
    parts = frame.split(",")
    if len(parts) != len(("day", "months", "pauses", "unit")):
        return None
    split, months = _day(parts[0]), _months(parts[1])
    if split is None or months is None:
        return None
    return Question(split, months, policy_id, _key(parts[3]), parts[2] == "with")


def _frame(question: Question) -> str:
    pauses = "with" if question.with_pauses else "net"
    return f"{question.split.isoformat()},{question.months},{pauses},{question.unit_id or 'all'}"


def _months(text: str) -> int | None:
    return next((one for one in step_day_settings()["months"] if str(one) == text), None)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_KEY else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _usual_day(policy_id: str) -> date:
    """The start of the policy's version in force where that is not long ago, else a year back."""
    months: list[int] = step_day_settings()["months"]
    versions = current_catalogue().versions(policy_id) if policy_id else ()
    starts = [one.effective_from for one in versions if one.effective_from <= today()]
    if len(starts) > 1 and max(starts) > add_months(today(), -max(months)):
        return max(starts)
    return add_months(today(), -months[0])


def _choices(request: HttpRequest) -> tuple[list[tuple[str, str]], list[tuple[int, str]]]:
    """The policies and units of which the reader has decided cases."""
    found = decided_kinds(request.user, on=today())
    policies = sorted({policy for policy, _unit in found.pairs}, key=_title)
    return [(one, _title(one)) for one in policies], [(unit.pk, unit.shown_name) for unit in found.units]


def _title(policy_id: str) -> str:
    policy = current_catalogue().latest(policy_id)
    return say(policy.title) if policy is not None else policy_id


def _step_name(policy_id: str, step: str) -> str:
    """What the file calls a step; the word itself where it does not know it any more."""
    policy = current_catalogue().latest(policy_id)
    plans = planned_steps(policy) if policy is not None else []
    word = step.split(".", maxsplit=1)[0]
    found = next((one for one in plans if word in {one.word, one.kind}), None)
    return step if found is None else (found.label_en if reads_english() else found.label)


def _query(question: Question, **changes: str) -> str:
    parts = {
        "policy": question.policy_id,
        "unit": str(question.unit_id or ""),
        "split": question.split.isoformat(),
        "months": str(question.months),
        "pauses": "with" if question.with_pauses else "",
        **changes,
    }
    return "?" + urlencode({key: value for key, value in parts.items() if value})


def _label(line: StepLine) -> str:
    if line.key == WHOLE:
        return _("受理至办结")
    return line.label_en if reads_english() and line.label_en else line.label


def _line(line: StepLine, question: Question) -> Line:
    is_whole = line.key == WHOLE
    shown = _label(line) if question.policy_id else _title(line.policy_id)
    address = "" if question.policy_id else _query(question, policy=line.policy_id)
    before, after = (_side(line, name, question) for name in (BEFORE, AFTER))
    return Line(shown, address, before, after, line.change, is_whole)


def _side(line: StepLine, name: str, question: Question) -> Side:
    taken = line.side(name)
    address = reverse("applications:step_day_cases", args=(line.policy_id, name, _frame(question), line.key))
    return Side(taken.median, taken.ninety, taken.count, taken.promised, address)


def _export(request: HttpRequest, question: Question, comparison: Comparison) -> HttpResponse:
    from chuangju.papers.sheets import write_csv, write_xlsx  # noqa: PLC0415 - weighs on a process that never exports

    figures = [_("承诺"), _("中位数"), _("九成不超过"), _("件数")]
    names = {BEFORE: _("此前"), AFTER: _("此后")}
    header = [_("政策"), _("环节"), *(f"{names[side]}{word}" for side in SIDES for word in figures), _("中位数变化")]
    rows = [_exported(line) for line in comparison.lines]
    title = _("环节用时对比")
    if request.GET["export"] == "csv":
        content, kind, ending = write_csv(header, rows), "text/csv; charset=utf-8", "csv"
    else:
        content, kind, ending = write_xlsx(rows, header=header, title=title), XLSX, "xlsx"
    name = f"{title}-{question.split:%Y%m%d}.{ending}"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def _exported(line: StepLine) -> list[Any]:
    sides = (line.side(name) for name in SIDES)
    figures = [value for one in sides for value in (one.promised, one.median, one.ninety, one.count)]
    return [_title(line.policy_id), _label(line), *figures, line.change]
