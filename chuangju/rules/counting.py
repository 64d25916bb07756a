"""What counts on as days go by: the months before the day asked about, and the day on which working days are full.

Neither comes from a text: `binding` puts them where a tree is to tell of later days as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chuangju.rules.days import IsWorkingDay, add_months, nth_working_day_back, working_days_after
from chuangju.rules.kinds import Kind, Value
from chuangju.rules.transforms import depends_on_today, rebuild
from chuangju.rules.tree import AddMonths, Const, MonthsBetween, Node, Sub, Today, walk

# The months from the beginning of the calendar to the day asked about: loops over months count back from here.
MONTHS_SO_FAR = MonthsBetween(Kind.INT, Const(Kind.DATE, date.min), Today(Kind.DATE))
# Who begins later than so many months from now is not told when working days are full.
_MONTHS_TOLD = 36


@dataclass(frozen=True, slots=True)
class WorkingDayAfter(Node):
    """The day on which a count of working days that begins with `start` is full.

    `days` holds it for `since` and each day after it; a start before that has its first, one beyond them FAR.
    """

    start: Node
    since: Value
    days: tuple[Value, ...]


def working_day_after(start: Node, count: int, day: date, is_working_day: IsWorkingDay) -> Node:
    """The day on which so many working days after a date have gone by, for all dates of which that is not past on `day`."""
    since = nth_working_day_back(day, count, is_working_day)
    days = working_days_after(since, add_months(day, _MONTHS_TOLD), count, is_working_day)
    return WorkingDayAfter(Kind.DATE, start, since, days)


def months_back(count: int) -> list[Node]:
    """The first days of the months before that of the day asked about, the latest first."""
    begin = Const(Kind.DATE, date.min)
    return [
        AddMonths(Kind.DATE, begin, Sub(Kind.INT, MONTHS_SO_FAR, Const(Kind.INT, back))) for back in range(1, count + 1)
    ]


def counts_months(node: Node) -> bool:
    """Whether months before the day asked about stand in it."""
    return MONTHS_SO_FAR in walk(node)


def most_months_back(node: Node) -> int:
    """How far it looks back."""
    return max(int(one.right.value) for one in walk(node) if isinstance(one, Sub) and one.left == MONTHS_SO_FAR)  # type: ignore[attr-defined]


def is_of_whole_months(node: Node) -> bool:
    """Whether the day asked about stands in it only as the months before its own: it changes as a month begins."""
    if not counts_months(node):
        return False
    return not depends_on_today(rebuild(node, lambda one: Const(Kind.INT, 0) if one == MONTHS_SO_FAR else one))
