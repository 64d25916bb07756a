"""工作台 - which steps lie on somebody's desk: to do, with others, nearly due, in public notice, to be paid.

Every tab is a question about open steps alone, so that it costs the same however many cases have ended before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import desk_units, reads_whole_desk
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.flags import BLOCKING
from chuangju.applications.models import Application, ApplicationFlag, Step
from chuangju.kernel.working_days import add_working_days
from chuangju.ui.tallies import Question, word_question
from chuangju.units.access import Visitor
from chuangju.units.models import Role

Kind = Step.Kind
# What nobody at the desk does by hand, or what has a tab of its own.
_ELSEWHERE = frozenset({Kind.REFERRAL, Kind.CONFIRM})
_CLERKS = frozenset(Kind.values) - {Kind.APPROVE, Kind.PAY, Kind.NOTICE} - _ELSEWHERE


class Tab(models.TextChoices):
    """The tabs of the workbench in their order."""

    MINE = "todo", pgettext_lazy("workbench", "待办")
    OTHERS = "others", pgettext_lazy("workbench", "待他人")
    SOON = "soon", pgettext_lazy("workbench", "将超期")
    NOTICE = "notice", pgettext_lazy("workbench", "公示中")
    PAY = "pay", pgettext_lazy("workbench", "待付")
    # 容缺: a paper is not there after its day; whoever leads the case says what becomes of it.
    OVERDUE = "overdue", pgettext_lazy("workbench", "容缺逾期")


@dataclass(frozen=True)
class Desk:
    """Where somebody works on a day: their units by role, and whether they read everything."""

    on: date
    clerk: frozenset[int]
    approver: frozenset[int]
    finance: frozenset[int]
    asked: frozenset[int]
    every: frozenset[int]
    reads_all: bool


@dataclass(frozen=True)
class PersonLoad:
    """How much somebody has: nobody's steps stand under None."""

    user_id: int | None
    name: str
    count: int
    late: int


def desk_of(user: Visitor, on: date) -> Desk:
    """Somebody's desk; asks the database for nothing that the page has not read already."""
    return Desk(
        on,
        desk_units(user, on, Role.CLERK),
        desk_units(user, on, Role.APPROVER),
        desk_units(user, on, Role.FINANCE),
        desk_units(user, on, Role.LIAISON_OFFICER),
        desk_units(user, on),
        reads_whole_desk(user, on),
    )


def steps_on_desk(desk: Desk, *, sealed: frozenset[int]) -> QuerySet[Step]:
    """Every open step that somebody sees at their desk; `sealed` are the windows that hide their cases now."""
    found = _open_steps(sealed)
    if desk.reads_all:
        return found
    mine = Q(unit__in=desk.every) | Q(application__unit__in=desk.every) | Q(application__town__in=desk.every)
    return found.filter(mine | Q(unit__in=desk.asked, kind=Kind.CONSULT))


def tab_condition(tab: str, desk: Desk) -> Q:
    """What a tab holds, of the steps on a desk."""
    todo = own_work(desk) & ~Q(application__in=_blocked())
    match tab:
        case Tab.MINE:
            return todo
        case Tab.SOON:
            day = add_working_days(desk.on, desk_settings()["workbench"]["soon_days"])
            return todo & Q(due_on__lte=day)
        case Tab.NOTICE:
            return Q(kind=Kind.NOTICE)
        case Tab.PAY:
            return Q(kind=Kind.PAY)
        case Tab.OVERDUE:
            return Q(application__in=_marked(ApplicationFlag.Kind.OVERDUE))
        case _:
            return ~Q(kind__in=(Kind.NOTICE, Kind.PAY)) & (~own_work(desk) | Q(application__in=_blocked()))


def own_work(desk: Desk) -> Q:
    """Steps that somebody ends by hand; for who reads everything, those that anybody at a desk does."""
    if desk.reads_all:
        return Q(kind__in=_CLERKS | {Kind.APPROVE})
    return (
        Q(unit__in=desk.clerk, kind__in=_CLERKS)
        | Q(unit__in=desk.approver, kind=Kind.APPROVE)
        | Q(unit__in=desk.asked, kind=Kind.CONSULT)
    )


def tab_steps(tab: str, desk: Desk, *, sealed: frozenset[int]) -> QuerySet[Step]:
    """The steps of one tab."""
    own = tab in {Tab.MINE, Tab.SOON} and not desk.reads_all
    found = _open_steps(sealed) if own else steps_on_desk(desk, sealed=sealed)
    return found.filter(tab_condition(tab, desk))


def count_tabs(desk: Desk, *, sealed: frozenset[int]) -> dict[str, int]:
    """How many steps wait for somebody, how many are nearly due, how many lack a paper after its day; one query.

    The first two look at no case, the last begins with the few marks. What lies with others is counted where it is listed:
    counting it means looking at every case of the unit.
    """
    soon = add_working_days(desk.on, desk_settings()["workbench"]["soon_days"])
    return _tab_question(desk, soon, sealed=sealed).ask()


@lru_cache(maxsize=512)
def _tab_question(desk: Desk, soon: date, *, sealed: frozenset[int]) -> Question:
    """What is counted at a desk on a day: worded once, which costs several times what asking costs."""
    mine = tab_steps(Tab.MINE, desk, sealed=sealed)
    marked = {"application__flags__kind": ApplicationFlag.Kind.OVERDUE, "application__flags__ended_at__isnull": True}
    overdue = steps_on_desk(desk, sealed=sealed).filter(**marked)
    return word_question({Tab.MINE: mine, Tab.SOON: mine.filter(due_on__lte=soon), Tab.OVERDUE: overdue})


def load_by_person(desk: Desk) -> list[PersonLoad]:
    """How many open steps each colleague has, and how many of them are late; whoever has most comes first."""
    units = desk.clerk | desk.approver
    steps = Step.objects.filter(state=Step.State.OPEN)
    steps = steps if desk.reads_all else steps.filter(unit__in=units)
    rows = steps.exclude(kind__in=(Kind.NOTICE, Kind.PAY, *_ELSEWHERE)).values("assignee", "assignee__name")
    counted = rows.annotate(count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=desk.on)))
    return [
        PersonLoad(row["assignee"], row["assignee__name"] or "", row["count"], row["late"])
        for row in counted.order_by("-count", "assignee")
    ]


def _open_steps(sealed: frozenset[int]) -> QuerySet[Step]:
    """Steps to be ended, but for those in the few cases that a window hides; looks at no other case."""
    found = Step.objects.filter(state=Step.State.OPEN)
    if not sealed:
        return found
    # By their keys, so that the database begins with these windows and not with every case.
    return found.exclude(application__in=Application.objects.filter(window__in=sealed).values("pk"))


def _blocked() -> QuerySet[ApplicationFlag, object]:
    """Cases that nobody may deal with now."""
    return _marked(*BLOCKING)


def _marked(*kinds: str) -> QuerySet[ApplicationFlag, object]:
    """Cases that bear one of these marks."""
    return ApplicationFlag.objects.filter(kind__in=kinds, ended_at__isnull=True).values_list("application", flat=True)
