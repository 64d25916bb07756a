"""From which day: the first day found is the first on which a condition holds, tried day by day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from chuangju.rules.closures import FROM_KEY, compile_tree
from chuangju.rules.kinds import FAR
from chuangju.rules.timing import first_day, needs_another_look, on_that_day, rises
from chuangju.rules.tree import Node
from tests.rules.small import DAY, bound

FIVE_YEARS = [DAY + timedelta(days=number) for number in range(5 * 365 + 2)]
DAYS = [
    date(2020, 2, 29),
    date(2024, 12, 31),
    date(2025, 1, 31),
    date(2025, 6, 15),
    date(2025, 8, 30),
    date(2026, 1, 1),
    None,
]


def _found(condition: Node, facts: dict[str, Any]) -> date | None:
    return compile_tree(first_day(condition, DAY))(facts, None)  # type: ignore[no-any-return]


def _by_hand(condition: Node, facts: dict[str, Any]) -> date | None:
    """The first day of five years on which it holds, looked at one by one; FAR where there is none, None where unknown."""
    run = compile_tree(on_that_day(condition, DAY))
    answers = [run({**facts, FROM_KEY: day}, None) for day in FIVE_YEARS]
    if True in answers:
        return None if None in answers[: answers.index(True)] else FIVE_YEARS[answers.index(True)]
    return None if None in answers else FAR


class _Conditions:
    """Conditions that time makes true and keeps true, at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, depth: int, day: str) -> str:
        pick = self.random.choice
        if depth == 0:
            number = self.random.randint(-2, 30)
            return pick(
                [
                    f"months_since({day}) {pick(['>=', '>'])} {number}",
                    f"years_since({day}) {pick(['>=', '>'])} {number // 12}",
                    f"days_since({day}) {pick(['>=', '>'])} {number * 9}",
                    f"{number} <= months_since({day})",
                    f"on >= add_months({day}, {number})",
                    f"add_days({day}, {number}) <= on",
                    f"on > {day}",
                    f"not (months_since({day}) < {number})",
                    f"year_of(on) >= {2023 + number // 6}",
                    f"year_of(on) > {2023 + number // 6}",
                    f"year_of(on) {pick(['>=', '>'])} year_of({day})",
                    "trained",
                    "staff >= 3",
                ]
            )
        inner = "e.hired_on"
        return pick(
            [
                lambda: f"({self.one(depth - 1, day)} and {self.one(depth - 1, day)})",
                lambda: f"({self.one(depth - 1, day)} or {self.one(depth - 1, day)})",
                lambda: self.one(depth - 1, day),
                *(
                    [
                        lambda: f"any({self.one(depth - 1, inner)} for e in employees)",
                        lambda: f"all({self.one(depth - 1, inner)} for e in employees)",
                        lambda: f"all({self.one(depth - 1, inner)} for e in employees if e.local)",
                        lambda: (
                            f"count({self.one(depth - 1, inner)} for e in employees) >= {self.random.randint(0, 3)}"
                        ),
                        lambda: f"count({self.one(0, inner)} for e in employees if {self.one(0, inner)}) > 1",
                    ]
                    if day != inner
                    else []
                ),
            ]
        )()

    def facts(self) -> dict[str, Any]:
        pick = self.random.choice
        rows = [{"hired_on": pick(DAYS), "local": pick([True, False])} for _ in range(self.random.randint(0, 3))]
        return {
            "registered_on": pick(DAYS),
            "born_on": pick(DAYS),
            "trained": pick([True, False]),
            "staff": pick([1, 5]),
            "employees": tuple(rows),
        }


@pytest.mark.parametrize("seed", range(60))
def test_the_first_day_of_a_rising_condition_is_the_first_on_which_it_holds(seed: int) -> None:
    conditions = _Conditions(seed)
    condition = bound(conditions.one(2, "registered_on"))
    assert rises(condition)
    assert not needs_another_look(condition)
    for _ in range(6):
        facts = conditions.facts()
        found, by_hand = _found(condition, facts), _by_hand(condition, facts)
        if by_hand is not None:
            assert found == by_hand or found is None or (by_hand == FAR and found > FIVE_YEARS[-1])
        if found is not None:
            assert by_hand == found or by_hand is None or found > FIVE_YEARS[-1]
        if None not in facts.values() and not any(row["hired_on"] is None for row in facts["employees"]):
            assert found is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("months_since(registered_on) == 10", date(2025, 11, 30)),
        ("registered_on == on", FAR),
        ("on == 2025-09-01", date(2025, 9, 1)),
        ("on == 2025-05-01", FAR),
        ("year_of(on) in {2026, 2028}", date(2026, 1, 1)),
        ("year_of(on) in {2024, 2025}", DAY),
        ("year_of(on) not in {2025}", FAR),
        ("has_run(months_since(e.hired_on) >= 6 for e in employees, 2)", FAR),
        ("year_of(on) == 2027", date(2027, 1, 1)),
        ("year_of(on) >= 20260", FAR),
        ("year_of(on) >= 0", DAY),
        ("year_of(on) > year_of(registered_on)", date(2026, 1, 1)),
        ("year_of(registered_on) <= year_of(on)", DAY),
        ("months_since(registered_on) >= 100000", FAR),
        ("months_since(registered_on) < 6", DAY),
        ("months_since(registered_on) < 4", FAR),
        ("on <= 2025-06-15", DAY),
        ("on <= 2025-06-14", FAR),
        ("not trained", DAY),
        ("trained and months_since(registered_on) >= 12", FAR),
        ("trained or months_since(registered_on) >= 12", date(2026, 1, 31)),
        ("not trained or months_since(registered_on) >= 12", DAY),
        ("on >= max(e.hired_on for e in employees)", date(2025, 8, 1)),
        ("on > max(e.hired_on for e in employees)", date(2025, 8, 2)),
        ("count(months_since(e.hired_on) >= 6 for e in employees) >= 2", date(2026, 2, 1)),
        ("count(months_since(e.hired_on) >= 6 for e in employees) >= 3", FAR),
        ("count(months_since(e.hired_on) >= 6 for e in employees) >= 0", DAY),
        ("count(months_since(e.hired_on) < 5 for e in employees) >= 2", FAR),
        ("count(months_since(e.hired_on) >= 6 for e in employees) == 1", date(2025, 7, 1)),
        ("count(e.local for e in employees) >= 2", FAR),
        ("sum(e.months for e in employees) > months_since(registered_on)", FAR),
        ("all(months_since(e.hired_on) >= 6 for e in employees if months_since(e.hired_on) >= 0)", date(2025, 7, 1)),
        ("any(months_since(e.hired_on) >= 9 for e in employees if e.local)", date(2025, 10, 1)),
        ("all(months_since(e.hired_on) >= 9 for e in employees if e.local)", date(2025, 10, 1)),
        ("months_between(registered_on, on) >= months_since(born_on)", FAR),
        ("months_since(registered_on) >= staff", date(2026, 7, 31)),
        ("years_since(registered_on) > staff", date(2044, 1, 31)),
        ("form == 'company' and months_since(registered_on) >= 6", date(2025, 7, 31)),
        ("(months_since(registered_on) >= 6) == true", FAR),
        ("3 > 2 and on >= 2025-07-01", date(2025, 7, 1)),
    ],
)  # fmt: skip
def test_from_which_day(text: str, expected: date) -> None:
    facts = {
        "registered_on": date(2025, 1, 31),
        "born_on": date(2000, 1, 1),
        "trained": False,
        "staff": 18,
        "form": "company",
        "employees": ({"hired_on": date(2025, 1, 1), "local": True, "months": 3}, {"hired_on": date(2025, 8, 1), "local": False, "months": 1}),
    }  # fmt: skip
    assert _found(bound(text), facts) == expected


def test_what_time_does_not_touch_decides_before_what_is_unknown() -> None:
    condition = bound("form == 'company' and months_since(registered_on) >= 6")
    assert _found(condition, {"form": "individual"}) == FAR
    assert _found(condition, {"form": "company"}) is None
    assert _found(bound("on <= 2025-01-01 and months_since(registered_on) >= 6"), {}) == FAR
    assert _found(bound("on >= 2025-01-01 or months_since(registered_on) >= 6"), {}) == DAY
    either = bound("trained or months_since(registered_on) >= 6")
    assert _found(either, {"trained": True}) == DAY
    one_known = bound("count(e.local and months_since(e.hired_on) >= 6 for e in employees) >= 1")
    rows = ({"local": False, "hired_on": None}, {"local": True, "hired_on": date(2025, 4, 1)})
    assert _found(one_known, {"employees": rows}) == date(2025, 10, 1)


@pytest.mark.parametrize(
    ("text", "is_rising"),
    [
        ("staff > 1", True),
        ("months_since(registered_on) >= 6", True),
        ("months_since(registered_on) < 6", False),
        ("months_since(registered_on) == 6", False),
        ("not (months_since(registered_on) < 6)", True),
        ("not (on in {2025-01-01})", False),
        ("months_since(registered_on) >= 6 and on <= ends_on", False),
        ("any(months_since(e.hired_on) >= 6 for e in employees if on >= e.hired_on)", True),
        ("all(months_since(e.hired_on) >= 6 for e in employees if on >= e.hired_on)", False),
        ("count(months_since(e.hired_on) >= 6 for e in employees) >= 2", True),
        ("count(months_since(e.hired_on) >= 6 for e in employees) >= quota + staff", False),
        ("sum(months_since(e.hired_on) for e in employees) >= 6", False),
        ("months_since(registered_on) + 1 >= 6", True),
        ("months_since(registered_on) * 2 >= 6", False),
        ("year_of(on) >= staff", True),
        ("months_since(registered_on) <= staff", False),
        ("months_between(on, ends_on) <= staff", True),
        ("months_between(on, add_months(on, 3)) <= 3", False),
        ("add_months(on, -12) <= registered_on", False),
        ("add_days(on, max(0, min(days_since(registered_on), 9))) >= ends_on", False),
        ("add_months(on, max(0, min(months_since(registered_on), 9))) >= ends_on", False),
        ("months_since(registered_on) + months_since(born_on) >= 6", False),
        ("months_since(registered_on) - months_since(born_on) >= 6", False),
        ("min(months_since(registered_on), months_between(on, ends_on)) >= 6", False),
        ("max(months_since(e.hired_on) for e in employees if on > e.hired_on) >= 6", False),
        ("max(months_between(on, e.hired_on) for e in employees) >= 6", False),
        ("(months_since(registered_on) if trained else days_between(on, ends_on)) >= 6", False),
        ("(months_since(registered_on) if on > ends_on else staff) >= 6", False),
        ("(on > ends_on) if trained else (on > born_on)", True),
        ("count(months_since(e.hired_on) < 6 for e in employees) == 0", True),
        ("on != registered_on", False),
        ("year_of(on) >= year_of(registered_on)", True),
        ("trained if on >= registered_on else first_time", False),
    ],
)  # fmt: skip
def test_which_conditions_stay_true_once_they_are(text: str, is_rising: bool) -> None:  # noqa: FBT001 - a case of a table
    assert rises(bound(text)) is is_rising
    assert needs_another_look(bound(text)) is not is_rising
