"""Not yet: the day that is promised is the first on which the policy, asked on that day, says yes; where none is, none comes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from chuangju.rules.closures import compile_tree
from chuangju.rules.folding import fold
from tests.rules.small import DAY, answer, bound, policy_of

# Conditions that time alone may mend: moved days, counts down and up, working days, months looked back on.
MENDED_BY_TIME = [
    "registered_on <= add_months(on, -12)",
    "registered_on < add_months(on, -1)",
    "add_days(on, -90) > registered_on",
    "add_months(add_days(on, 10), -6) >= registered_on",
    "add_years(on, -1) >= registered_on and months_between(registered_on, add_months(on, 3)) >= 18",
    "months_between(on, ends_on) <= 6",
    "months_between(on, ends_on) < 6 or days_between(on, ends_on) < 30",
    "years_between(on, add_months(ends_on, 6)) <= 0",
    "days_between(on, ends_on) <= 30",
    "months_since(registered_on) + 2 >= staff",
    "staff - months_since(registered_on) < 3",
    "12 - months_since(registered_on) - 1 <= 0",
    "min(months_since(registered_on), months_since(ends_on)) >= 2",
    "max(months_since(registered_on), staff) > 8",
    "min(months_between(on, ends_on), staff) <= 2",
    "max(months_between(on, ends_on), staff) <= 7",
    "(months_since(registered_on) if trained else days_since(ends_on)) >= 7",
    "(months_since(registered_on) >= 7) if trained else (on > ends_on)",
    "max(months_since(e.hired_on) for e in employees) >= 6",
    "min(months_since(e.hired_on) for e in employees if e.local) > 3",
    "min(days_between(on, e.hired_on) for e in employees) <= 3",
    "count(months_since(e.hired_on) < 6 for e in employees) == 0",
    "count(e.local and on <= add_months(e.hired_on, 3) for e in employees) < 1",
    "1 <= count(on >= add_days(e.hired_on, 20) for e in employees if e.local)",
    "year_of(on) >= year_of(registered_on) + 1",
    "year_of(add_months(on, 3)) > year_of(ends_on)",
    "year_of(on) != 2025",
    "on != 2025-06-15",
    "working_days_since(registered_on) >= 10",
    "working_days_since(registered_on) > 30",
    "working_days_since(ends_on) >= quota",
    "10 < working_days_since(registered_on)",
    "working_days_since(registered_on) == 12",
    "not (working_days_since(ends_on) < 5)",
    "all(working_days_since(e.hired_on) >= 20 for e in employees)",
    "count(working_days_since(e.hired_on) >= 7 for e in employees) >= 2",
    "all(m >= registered_on for m in last_months(6))",
    "count(m >= registered_on for m in last_months(12)) >= 4",
    "count(m > registered_on and m <= add_days(ends_on, 200) for m in last_months(3)) >= 2",
    "sum(1 for m in last_months(6) if m >= registered_on) == 3",
    "any(m > ends_on for m in last_months(2))",
    "max(m for m in last_months(2)) > ends_on",
    "all(count(e.hired_on <= m for e in employees) >= 2 for m in last_months(3))",
    "sum(count(e.hired_on < m for e in employees) for m in last_months(4)) >= 5",
    "sum(at(wage_floor, m) for m in last_months(3) if m > registered_on) >= 7000元",
]
SPAN = 900


def random_facts(draw: random.Random) -> dict[str, Any]:
    """An applicant with dates around today."""

    def _day() -> date:
        if draw.random() < 0.3:
            return draw.choice([date(2024, 8, 31), date(2024, 12, 31), date(2025, 1, 30), date(2025, 6, 14), DAY])
        return DAY + timedelta(days=draw.choice([draw.randint(-420, 0), draw.randint(0, 300)]))

    employees = tuple({"hired_on": _day(), "local": draw.random() < 0.6} for _ in range(draw.randint(1, 4)))
    return {
        "registered_on": _day(),
        "ends_on": _day(),
        "staff": draw.randint(0, 12),
        "trained": draw.random() < 0.5,
        "employees": employees,
    }


def _says_yes(texts: list[str], day: date, facts: dict[str, Any]) -> bool:
    """What the conditions say, bound to that very day."""
    return all(compile_tree(fold(bound(text, day), day))(facts, None) is True for text in texts)


@pytest.mark.parametrize("text", MENDED_BY_TIME)
def test_the_day_promised_is_the_first_day_of_yes(text: str) -> None:
    of, draw = policy_of(text, term="effective: 2024-01-01 ..\n"), random.Random(text)
    some_days = sorted(DAY + timedelta(days=draw.randrange(1, SPAN)) for _ in range(8))
    waited = 0
    for _ in range(24):
        facts = random_facts(draw)
        found = answer(of, **facts)
        if found.from_day is not None:
            waited += 1
            assert found.verdict == "not_yet"
            assert _says_yes([text], found.from_day, facts), facts
            for day in [found.from_day - timedelta(days=1), *(one for one in some_days if one < found.from_day)]:
                assert not _says_yes([text], day, facts), (day, facts)
        elif found.verdict != "eligible":
            assert not [day for day in some_days if _says_yes([text], day, facts)], facts
    assert waited


@pytest.mark.parametrize("seed", range(12))
def test_of_several_conditions_the_day_promised_is_one_of_yes(seed: int) -> None:
    draw = random.Random(seed)
    texts = draw.sample(MENDED_BY_TIME, 3)
    of = policy_of(*texts, term="effective: 2024-01-01 ..\n")
    for _ in range(30):
        facts = random_facts(draw)
        found = answer(of, **facts)
        if found.from_day is not None:
            assert _says_yes(texts, found.from_day, facts), facts
            assert not _says_yes(texts, found.from_day - timedelta(days=1), facts), facts


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("registered_on <= add_months(on, -12)", {"registered_on": date(2024, 8, 31)}, date(2025, 8, 31)),
        ("registered_on <= add_months(on, -18)", {"registered_on": date(2024, 8, 31)}, date(2026, 3, 1)),
        ("registered_on < add_months(on, -12)", {"registered_on": date(2024, 8, 31)}, date(2025, 9, 1)),
        ("working_days_since(registered_on) >= 5", {"registered_on": date(2025, 6, 13)}, date(2025, 6, 20)),
        ("working_days_since(registered_on) >= 5", {"registered_on": date(2025, 9, 30)}, date(2025, 10, 14)),
        ("working_days_since(registered_on) >= 1", {"registered_on": date(2025, 9, 27)}, date(2025, 9, 28)),
        ("working_days_since(registered_on) >= 5", {"registered_on": date(2099, 9, 30)}, None),
        ("all(m >= registered_on for m in last_months(6))", {"registered_on": date(2025, 3, 2)}, date(2025, 10, 1)),
        ("all(m >= registered_on for m in last_months(6))", {"registered_on": date(2025, 3, 1)}, date(2025, 9, 1)),
        ("count(m >= registered_on for m in last_months(60)) >= 48", {"registered_on": date(2025, 3, 1)}, date(2029, 3, 1)),
        ("count(m >= registered_on for m in last_months(60)) >= 60", {"registered_on": date(2025, 3, 1)}, None),
    ],
)  # fmt: skip
def test_from_which_day(text: str, facts: dict[str, Any], expected: date | None) -> None:
    found = answer(policy_of(text, term="effective: 2024-01-01 ..\n"), **facts)
    assert (found.from_day, found.verdict) == (expected, "not_yet" if expected else "near_miss")


def test_what_is_missing_for_the_day_is_asked_for() -> None:
    of = policy_of("registered_on <= add_months(on, 0 - min(staff, 36))", "all(m >= ends_on for m in last_months(2))")
    found = answer(of, registered_on=date(2025, 6, 1), ends_on=date(2025, 5, 20))
    assert (found.verdict, found.missing) == ("unknown", ("staff",))
    found = answer(of, registered_on=date(2025, 6, 1), ends_on=date(2025, 5, 20), staff=1)
    assert (found.verdict, found.from_day) == ("not_yet", date(2025, 8, 1))
