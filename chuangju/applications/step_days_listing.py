"""The cases behind a figure of step days: each with the days it took, on one side of the day that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.case_words import application_sign, shown_case_title
from chuangju.applications.models import Application
from chuangju.applications.step_days import Question, closed_cases, step_day_settings
from chuangju.applications.step_times import time_taken
from chuangju.ui.listing import Column, Listing
from chuangju.units.access import Visitor

_SHOWN = (
    "id", "number", "title", "policy_id", "policy_version", "state", "submitted_at",
    "subject__name", "unit__name", "unit__name_en",
)  # fmt: skip


@dataclass(frozen=True)
class CaseDays:
    """One case with the days that it took at the step."""

    application: Application
    opened_on: date
    done_on: date
    days: int


def cases_behind(user: Visitor, question: Question, side: str, key: str, *, on: date) -> list[CaseDays]:
    """The cases that a figure counts, the latest first; four queries however many they are."""
    cases = closed_cases(user, question, side, on=on).order_by("-submitted_at", "pk")
    shown = cases.select_related("subject", "unit").only(*_SHOWN)[: step_day_settings()["most"]]
    by_key = {one.pk: one for one in shown}
    times = [one for one in time_taken(by_key, with_pauses=question.with_pauses) if one.key == key]
    found = [CaseDays(by_key[one.case], one.opened_on, one.done_on, one.days) for one in times]
    return sorted(found, key=lambda one: (one.done_on, one.application.number or ""), reverse=True)


def case_days_listing() -> Listing:
    """Sorted by days, the slowest are found at once."""
    return Listing(
        key="step_day_cases",
        title=_("环节用时的办件"),
        columns=[
            Column(
                "number",
                _("办件编号"),
                lambda one: one.application.number,
                sort="number",
                url=lambda one: reverse("applications:case", args=(one.application.pk,)),
                css="title",
            ),
            Column("title", _("事项"), lambda one: shown_case_title(one.application), sort="title"),
            Column("subject", _("申请主体"), lambda one: one.application.subject.name, sort="subject"),
            Column("unit", _("责任单位"), lambda one: one.application.unit.shown_name, sort="unit", css="named"),
            Column("opened", pgettext_lazy("step", "开始"), lambda one: one.opened_on, sort="opened", css="short"),
            Column("done", pgettext_lazy("step", "办结"), lambda one: one.done_on, sort="done", css="short"),
            Column("days", _("工作日"), lambda one: one.days, sort="days", css="right short"),
            Column(
                "submitted",
                _("提交日期"),
                lambda one: timezone.localdate(one.application.submitted_at),
                sort="submitted",
                css="short",
            ),
            Column("state", _("状态"), lambda one: application_sign(one.application), sort="state", css="short"),
        ],
        default_sort="",
        empty_title=_("这一段时间没有办结的办件"),
    )
