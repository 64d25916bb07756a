"""Policies as others would write them, worked out by hand: explained, matched and simulated they come to the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.changes import with_figures
from chuangju.rules.bulk.run import match
from chuangju.rules.bulk.simulate import simulate
from chuangju.rules.explain import explain
from chuangju.rules.given import clean_facts
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import schema
from tests.rules.bulk.random_registers import ON, as_frame

_HEAD = """\
title: {zh: 某项扶持, en: Some support}
source: {issuer: 某局, document: 某办法, number: 某号, confidence: sample}
"""
_TERM = "effective: 2022-01-01 .. 2026-12-31\n"
TEXTS = {
    "hiring": """
parameters:
  ratio: {2022-01-01: {bands: [{upto: 100, value: 15%}, {value: 8%}]}}
  per_head: {2022-01-01: 1500元, 2025-01-01: 2000元}
  cap: {2022-01-01: 25000元}
conditions:
- {id: kind, when: status == 'active' and not (restricted_trade or labour_dispatch), law: 一}
- id: ratio_met
  when: ratio_at_least(local_staff, staff_count, by_band(ratio, staff_count))
  law: 二
amount: min(local_staff * per_head, cap)
""",
    "graduate": """
conditions:
- {id: age, when: years_since(founder_born_on) <= 35, law: 一}
- {id: same_year, when: year_of(founder_graduated_on) == year_of(registered_on), law: 二}
- {id: a_year, when: months_since(registered_on) >= 12, law: 三}
""",
    "series": """
conditions:
- id: three_in_a_row
  when: has_run(m > 10% for m in profit_margin_years, 3)
  law: 一
- {id: small, when: quarter_mean(staff_quarters) <= 300, law: 二}
""",
    "heads": """
let:
  heads: count(e.residence == 'district' and e.contract_months >= 12 and e.insured_months >= 6 for e in employees)
conditions:
- {id: two, when: heads >= 2, law: 一}
amount: min(heads * 3000元, 60000元)
""",
    "wages": """
parameters: {share: {2022-01-01: 80%}}
conditions:
- {id: listed, when: 'registered_on <= add_months(on, -6)', law: 一}
amount: sum(share_of(at(min_wage_month, m), share) for m in last_months(6))
""",
    "once": """
conditions:
- {id: first, when: not any(g.policy == 'first_startup_grant' for g in founder_grants), law: 一}
amount: 8000元
""",
    "deduction": """
parameters: {limit: {2022-01-01: 24000元}}
conditions:
- {id: registered, when: tax_registered, law: 一}
amount: deduct_in_order(prorate(limit, tax_months_this_year, 12), vat_due, urban_tax_due, income_tax_due)
""",
    "rounded": """
rounding: half_even
parameters: {rate: {2022-01-01: 25.5%}}
conditions:
- {id: rents, when: monthly_rent > 0元, law: 一}
amount: share_of(share_of(monthly_rent, rate), 50%)
""",
    "forfeited": """
conditions:
- {id: two_years, when: months_since(registered_on) >= 24, law: 一}
amount: 5000元
claim_by: add_months(registered_on, 36)
""",
    "kept": """
conditions:
- {id: open, when: status == 'active', law: 一}
amount: 1000元
grandfathering: {when: registered_on <= 2024-12-31, until: 'add_months(registered_on, 36)', law: 二}
""",
    "gap": """
parameters: {cap: {2022-01-01: 50000元}}
conditions:
- id: who
  when: founder_residence in {'district', 'residence_permit', 'returnee'} or has_any(founder_groups, {'veteran'})
  law: 一
amount: max(0元, min(cap, site_fee_paid) - sum(g.amount for g in grants if g.level == 'city'))
""",
    "interest": """
parameters: {most: {2022-01-01: 50万元}}
conditions:
- {id: repaid, when: 'all(not l.overdue for l in loans) and size(loans) >= 1', law: 一}
amount: sum(interest(min(l.principal, most), l.rate, days_between(l.from, l.to), 'act/360') for l in loans)
""",
    "points": """
points:
  items:
  - {id: insured, value: 3 * founder_insured_years, cap: 20, law: 表一}
  - {id: degree, value: 10 if founder_education == 'master' else 0, group: learning, law: 表一}
  - {id: certified, value: 6 if founder_training_certificate else 0, group: learning, law: 表一}
conditions:
- {id: standard, when: points_total >= 30, law: 一}
amount: points_total
amount_unit: points
""",
    "waiting": """
conditions:
- {id: shown, when: working_days_since(recognised_on) >= 10, law: 一}
- id: six_months
  when: all(count(e.insured_from <= m for e in employees) >= 1 for m in last_months(6))
  law: 二
- {id: not_again, when: count(months_since(g.paid_on) < 12 for g in grants) == 0, law: 三}
amount: 1000元
""",
}  # fmt: skip
_HIRES = {"status": "active", "restricted_trade": False, "labour_dispatch": False}
_GOOD = {"residence": "district", "contract_months": 12, "insured_months": 6}
_TAXES = {"tax_registered": True, "vat_due": "10000元", "urban_tax_due": "700元", "income_tax_due": "5000元"}
_LOAN = {"principal": "60万元", "rate": "3.45%", "from": "2024-01-01", "to": "2025-01-01", "overdue": False}
_WAITS = {"grants": [], "recognised_on": "2025-06-02", "employees": [{"insured_from": "2024-12-01"}]}
_NONE: tuple[str, ...] = ()
# Policy, facts, verdict, amount in fen, from, failed, missing.
_CASES: list[tuple[str, dict[str, Any], str, int | None, str | None, tuple[str, ...], tuple[str, ...]]] = [
    ("hiring", {**_HIRES, "staff_count": 100, "local_staff": 15}, "eligible", 2_500_000, None, _NONE, _NONE),
    ("hiring", {**_HIRES, "staff_count": 60, "local_staff": 9}, "eligible", 1_800_000, None, _NONE, _NONE),
    ("hiring", {**_HIRES, "staff_count": 101, "local_staff": 8}, "near_miss", None, None, ("ratio_met",), _NONE),
    ("hiring", {**_HIRES, "staff_count": 101, "local_staff": 9, "status": "closed"}, "near_miss", None, None, ("kind",), _NONE),
    ("hiring", {**_HIRES, "local_staff": 9}, "unknown", None, None, _NONE, ("staff_count",)),
    ("hiring", {**_HIRES, "status": "closed", "local_staff": 9}, "not_eligible", None, None, ("kind",), _NONE),
    ("graduate", {"founder_born_on": "1990-01-02", "founder_graduated_on": "2024-07-01", "registered_on": "2024-12-31"}, "not_yet", None, "2025-12-31", ("a_year",), _NONE),
    ("graduate", {"founder_born_on": "1989-07-01", "founder_graduated_on": "2024-07-01", "registered_on": "2024-12-31"}, "near_miss", None, None, ("a_year",), _NONE),
    ("graduate", {"founder_born_on": "1989-06-30", "founder_graduated_on": "2024-07-01", "registered_on": "2024-06-30"}, "near_miss", None, None, ("age",), _NONE),
    ("graduate", {"founder_born_on": "1990-01-02", "founder_graduated_on": "2024-07-01", "registered_on": "2024-06-30"}, "eligible", None, None, _NONE, _NONE),
    ("series", {"profit_margin_years": [1200, 1100, 1050], "staff_quarters": [300] * 8}, "eligible", None, None, _NONE, _NONE),
    ("series", {"profit_margin_years": [1200, 1100, 1050], "staff_quarters": [300] * 7 + [301]}, "near_miss", None, None, ("small",), _NONE),
    ("series", {"profit_margin_years": [1200, 1000, 1050], "staff_quarters": [300] * 7}, "not_eligible", None, None, ("three_in_a_row",), _NONE),
    ("heads", {"employees": [_GOOD, _GOOD, {**_GOOD, "residence": "city"}]}, "eligible", 600_000, None, _NONE, _NONE),
    ("heads", {"employees": [_GOOD] * 30}, "eligible", 6_000_000, None, _NONE, _NONE),
    ("heads", {"employees": [_GOOD, {**_GOOD, "insured_months": None}]}, "unknown", None, None, _NONE, ("employees",)),
    ("heads", {"employees": []}, "near_miss", None, None, ("two",), _NONE),
    # Six months of 2690 yuan, four fifths of each.
    ("wages", {"registered_on": "2024-12-30"}, "eligible", 1_291_200, None, _NONE, _NONE),
    ("wages", {"registered_on": "2024-12-31"}, "not_yet", None, "2025-07-01", ("listed",), _NONE),
    ("once", {"founder_grants": []}, "eligible", 800_000, None, _NONE, _NONE),
    ("once", {"founder_grants": [{"policy": "first_startup_grant"}]}, "near_miss", None, None, ("first",), _NONE),
    ("once", {}, "unknown", None, None, _NONE, ("founder_grants",)),
    ("deduction", {**_TAXES, "tax_months_this_year": 7}, "eligible", 1_400_000, None, _NONE, _NONE),
    ("deduction", {**_TAXES, "tax_months_this_year": 12}, "eligible", 1_570_000, None, _NONE, _NONE),
    ("deduction", {**_TAXES, "income_tax_due": None, "tax_months_this_year": 12}, "eligible", None, None, _NONE, ("income_tax_due",)),
    # 7310 yuan x 25.5 % = 1864.05; half of it 932.025: the even neighbour below.
    ("rounded", {"monthly_rent": "7310元"}, "eligible", 93_202, None, _NONE, _NONE),
    ("forfeited", {"registered_on": "2022-06-30"}, "eligible", 500_000, None, _NONE, _NONE),
    ("forfeited", {"registered_on": "2022-06-29"}, "near_miss", None, None, ("claim_by",), _NONE),
    ("forfeited", {"registered_on": "2023-07-31"}, "not_yet", None, "2025-07-31", ("two_years",), _NONE),
    ("kept", {"status": "active", "registered_on": "2023-01-10"}, "eligible", 100_000, None, _NONE, _NONE),
    ("kept", {"status": "active", "registered_on": "2022-06-01"}, "near_miss", None, None, ("grandfathered_until",), _NONE),
    ("kept", {"status": "active", "registered_on": "2025-01-01"}, "near_miss", None, None, ("grandfathered",), _NONE),
    ("gap", {"founder_residence": "returnee", "founder_groups": [], "site_fee_paid": "62000元", "grants": [{"level": "city", "amount": "12000.50元"}, {"level": "district", "amount": "9元"}]}, "eligible", 3_799_950, None, _NONE, _NONE),
    ("gap", {"founder_residence": "other", "founder_groups": ["veteran"], "site_fee_paid": "3000元", "grants": [{"level": "city", "amount": "5000元"}]}, "eligible", 0, None, _NONE, _NONE),
    ("gap", {"founder_residence": "other", "founder_groups": None, "site_fee_paid": "3000元", "grants": []}, "unknown", None, None, _NONE, ("founder_groups",)),
    # 366 days of a leap year: 50,000,000 fen x 3.45 % x 366 / 360.
    ("interest", {"loans": [_LOAN]}, "eligible", 1_753_750, None, _NONE, _NONE),
    ("interest", {"loans": [{**_LOAN, "overdue": True}]}, "near_miss", None, None, ("repaid",), _NONE),
    ("points", {"founder_insured_years": 8, "founder_education": "master", "founder_training_certificate": True}, "eligible", 30, None, _NONE, _NONE),
    ("points", {"founder_insured_years": 6, "founder_education": "master", "founder_training_certificate": True}, "near_miss", None, None, ("standard",), _NONE),
    # 3 to 16 June 2025: ten working days; the six months are December to May.
    ("waiting", _WAITS, "eligible", 100_000, None, _NONE, _NONE),
    ("waiting", {**_WAITS, "recognised_on": "2025-06-20"}, "not_yet", None, "2025-07-04", ("shown",), _NONE),
    ("waiting", {**_WAITS, "employees": [{"insured_from": "2025-02-10"}]}, "not_yet", None, "2025-09-01", ("six_months",), _NONE),
    ("waiting", {**_WAITS, "grants": [{"paid_on": "2025-01-31"}]}, "not_yet", None, "2026-01-31", ("not_again",), _NONE),
    ("waiting", {**_WAITS, "recognised_on": "2025-06-20", "grants": [{"paid_on": "2024-08-08"}]}, "not_yet", None, "2025-08-08", ("shown", "not_again"), _NONE),
]  # fmt: skip


@lru_cache
def own_policy(name: str) -> Policy:
    """One of the policies above."""
    term = "effective: 2022-01-01 .. 2024-12-31\n" if name == "kept" else _TERM
    text = f"id: {name}\n{_HEAD}{term}{TEXTS[name].lstrip()}"
    return parse_policy(text, dictionary=dictionary(), shared=shipped_catalogue().shared, file=f"{name}.yaml")


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    facts, problems = clean_facts(given, dictionary())
    assert not problems
    return dict(facts)


@pytest.mark.parametrize(("name", "given", "verdict", "amount", "from_day", "failed", "missing"), _CASES)
def test_explained_it_is_what_the_hand_comes_to(
    name: str,
    given: dict[str, Any],
    verdict: str,
    amount: int | None,
    from_day: str | None,
    failed: tuple[str, ...],
    missing: tuple[str, ...],
) -> None:
    said = explain(own_policy(name), _facts(given), on=ON)
    found = said.verdict, said.amount, said.from_day, tuple(one.program.id for one in said.failing), said.missing
    assert found == (verdict, amount, from_day and date.fromisoformat(from_day), failed, missing)


def test_matched_and_simulated_it_is_the_same() -> None:
    rows = [{"id": str(number), **_facts(one[1])} for number, one in enumerate(_CASES)]
    frame = as_frame(rows, dict(schema()))
    found = {
        engine: match(frame, [own_policy(name) for name in TEXTS], on=ON, engine=engine)
        for engine in ("polars", "duckdb")
    }  # type: ignore[arg-type]
    assert found["duckdb"].frame.equals(found["polars"].frame)
    decided, legend = found["polars"].frame, found["polars"].legend["policies"]
    for number, (name, _, verdict, amount, _, failed, missing) in enumerate(_CASES):
        row = decided.row(number, named=True)
        told = [
            {one for place, one in enumerate(legend[name][what]) if row[f"{name}.{what}"] >> place & 1}
            for what in ("failed", "missing")
        ]
        assert (row[f"{name}.verdict"], row[f"{name}.amount"], *told) == (verdict, amount, set(failed), set(missing))
    by_policy = found["polars"].by_policy["hiring"]
    policy = own_policy("hiring")
    changed = simulate(frame, policy, with_figures(policy, {"cap": "20000元"}), on=ON)
    assert changed.base == {"eligible": by_policy["eligible"], "amount": by_policy["amount"]}
    assert (changed.base["amount"], changed.changed["amount"], changed.losers) == (4_300_000, 3_800_000, 1)


def test_a_version_of_another_day_is_another_policy() -> None:
    policy = replace(own_policy("hiring"), effective_to=date(2025, 5, 31))
    assert explain(policy, _facts({**_HIRES, "staff_count": 60, "local_staff": 9}), on=ON).verdict == "near_miss"
    before = explain(policy, _facts({**_HIRES, "staff_count": 60, "local_staff": 9}), on=date(2024, 12, 31))
    assert (before.verdict, before.amount) == ("eligible", 9 * 150_000)
