"""办件标记 - how days left, marks and steps of a case are shown at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.flags import PAUSING
from chuangju.applications.models import ApplicationFlag, Step
from chuangju.kernel.languages import reads_english
from chuangju.kernel.working_days import working_days_between
from chuangju.ui.signs import Sign

_FLAG_SHAPES = {
    ApplicationFlag.Kind.CORRECTION: "soon",
    ApplicationFlag.Kind.EXTERNAL: "info",
    ApplicationFlag.Kind.SUSPENDED: "late",
    ApplicationFlag.Kind.NOTICE: "info",
    ApplicationFlag.Kind.OBJECTION: "late",
    ApplicationFlag.Kind.FUNDS: "soon",
    ApplicationFlag.Kind.RESERVE: "flat",
    ApplicationFlag.Kind.DISPUTED: "soon",
    ApplicationFlag.Kind.OVERDUE: "late",
}


@lru_cache(maxsize=4096)
def _days_between(start: date, end: date) -> int:
    return working_days_between(start, end)


def due_sign(due_on: date | None, *, on: date, is_paused: bool = False) -> Sign:
    """How many working days are left until a day; a case that stands still says so instead."""
    if is_paused:
        return Sign("flat", _("已暂停"))
    if due_on is None:
        return Sign("flat", _("无时限"))
    left = _days_between(on, due_on)
    if left < 0 or due_on < on:
        over = max(1, -left)
        return Sign("late", ngettext("超 %(days)d 个工作日", "超 %(days)d 个工作日", over) % {"days": over})
    if left == 0:
        return Sign("soon", _("今天到期"))
    soon: int = desk_settings()["workbench"]["soon_days"]
    text = ngettext("剩 %(days)d 个工作日", "剩 %(days)d 个工作日", left) % {"days": left}
    return Sign("soon" if left <= soon else "good", text)


def flag_signs(flags: Iterable[ApplicationFlag]) -> list[Sign]:
    """The marks of a case as tags."""
    return [Sign(_FLAG_SHAPES[ApplicationFlag.Kind(one.kind)], str(one.get_kind_display())) for one in flags]


def flags_sign(flags: Iterable[ApplicationFlag]) -> Sign | None:
    """The marks of a case as one tag for a line of a list; None where it bears none."""
    signs = flag_signs(flags)
    return Sign(signs[0].state, _("、").join(sign.text for sign in signs)) if signs else None


def is_paused(flags: Iterable[ApplicationFlag]) -> bool:
    """Whether one of the marks lets the clock stand still."""
    return any(one.kind in PAUSING or one.kind == ApplicationFlag.Kind.EXTERNAL for one in flags)


def step_label(step: Step) -> str:
    """What a step is called in the reader's language."""
    return step.label_en if reads_english() and step.label_en else step.label


def step_place(step: Step) -> str:
    """Who does a step: the outside body, else the unit."""
    return step.body or (step.unit.shown_name if step.unit else "")


def result_sign(step: Step) -> Sign:
    """How a step ended, or where it is."""
    if step.state == Step.State.DONE:
        shape = {"passed": "done", "failed": "late", "silent": "flat", "undecided": "info"}.get(step.result, "flat")
        return Sign(shape, str(step.get_result_display()))
    shape = {Step.State.OPEN: "info"}.get(Step.State(step.state), "flat")
    return Sign(shape, str(step.get_state_display()))
