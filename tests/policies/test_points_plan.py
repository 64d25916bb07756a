"""The planner: lines with their caps, the best of a group, steps by what they add, the day on which it suffices."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.current import current_catalogue
from chuangju.policies.points_plan import PointsPlan, plan_points, points_policies

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 15)
FOUNDER = {
    "founder_residence": "residence_permit",
    "founder_born_on": date(1990, 6, 15),
    "founder_education": "bachelor",
    "founder_skill_level": "level_4",
    "founder_insured_years": 5,
    "founder_shortage_profession": False,
    "tax_paid_years": (0, 0, 0),
    "founder_tax_share": 0,
    "local_staff_years": (0, 0, 0),
    "founder_insured_base_percents": (0,) * 48,
    "founder_public_service_years": 0,
    "founder_outer_area_years": 0,
    "founder_fresh_graduate": False,
    "founder_honour": "none",
    "founder_spouse_residence": "none",
}


def plan(**changes: object) -> PointsPlan:
    catalogue = current_catalogue()
    policy = points_policies(catalogue, ON)[0]
    return plan_points(policy, catalogue, {**FOUNDER, **changes}, on=ON)


def test_of_education_and_skill_the_better_counts() -> None:
    found = plan()
    lines = {line.label: line for line in found.lines}
    education = next(line for label, line in lines.items() if label.startswith("学历"))
    skill = next(line for label, line in lines.items() if label.startswith("技能"))
    assert (education.value, education.counts) == (60, True)
    assert (skill.value, skill.counts) == (30, False)
    assert found.known == 30 + 60 + 15
    assert (found.standard, found.short_by, found.is_reached) == (120, 15, False)
    assert lines["年龄"].cap == 30


def test_steps_stand_by_what_they_add() -> None:
    gains = [step.gain for step in plan().steps]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] >= 40
    assert plan().steps[0].is_enough


def test_going_on_as_now_the_standard_is_reached_on_a_day() -> None:
    assert plan().reached_on == date(2031, 6, 15)


def test_what_is_not_told_is_open_and_the_other_ways_are_compared() -> None:
    found = plan(founder_education=None, founder_spouse_residence=None)
    assert found.open_lines == 2
    assert {"founder_direct_settlement", "founder_residency_conversion"} <= {card.policy.id for card in found.ways}
