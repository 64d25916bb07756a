"""The explained answer: every condition with its value, gap, day and clause, and the keys that others rely on."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from chuangju.rules.catalogue import Catalogue
from chuangju.rules.explain import explain_all
from tests.rules.small import DICTIONARY, SHARED, answer, policy, policy_of

# As formats.md fixes them; others may be added.
KEYS = ("policy", "version", "on", "verdict", "actionable", "amount", "from", "missing", "confidence", "conditions")
CONDITION_KEYS = ("id", "verdict", "label", "sentence", "values", "short_by", "from", "law")

RENT = policy(
    """\
parameters:
  share: {2022-01-01: 30%, 2024-07-01: 50%}
  cap: {2022-01-01: 3000元}
  most: {2022-01-01: 36}
conditions:
- {id: young, label: 注册未满三年, when: months_since(registered_on) <= most, law: 第四条第一款}
- {id: hire, label: {zh: 两人以上, en: Two people}, when: count(e.months >= 6 for e in employees) >= 2, law: 第四条第三款, mend: {zh: 再招一人, en: Hire one more}}
- {id: year, label: 满一年, when: months_since(registered_on) >= 12, law: 第五条}
amount: min(share_of(rent, share), cap) * 12
claim_by: add_months(registered_on, 36)
excludes: [other]
documents:
- 执照
- {zh: 学历, en: Degree, when: "'graduate' in groups"}
"""
)  # fmt: skip


def _employees(*months: int) -> list[dict[str, Any]]:
    return [
        {"months": one, "local": True, "wage": 700_000, "hired_on": None, "form": None, "groups": None}
        for one in months
    ]


def test_an_answer_has_the_promised_keys_and_is_json() -> None:
    found = answer(RENT, registered_on=date(2024, 2, 29), employees=_employees(12, 6), rent=800_000, groups=["veteran"])
    told = found.as_json()
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told
    assert [key for key in KEYS if key not in told] == []
    for one in told["conditions"]:
        assert [key for key in CONDITION_KEYS if key not in one] == []
        assert set(one["sentence"]) == {"zh", "en"}
    assert (told["policy"], told["version"], told["on"]) == ("grant", "2024-01-01", "2025-06-15")
    assert (told["verdict"], told["amount"], told["from"]) == ("eligible", 12 * 300_000, None)
    assert (told["missing"], told["confidence"], told["actionable"]) == ([], "sample", False)
    assert (told["claim_by"], told["days_to_claim"]) == ("2027-02-28", 623)
    assert told["excludes"] == ["other"]
    assert told["title"] == {"zh": "补贴", "en": "Grant"}
    assert "月租金（8,000 元） × 50%" in told["amount_formula"]["zh"]


def test_each_condition_tells_value_gap_day_and_clause() -> None:
    found = answer(RENT, registered_on=date(2025, 1, 31), employees=_employees(3, 6), rent=100)
    young, hire, begun, claim = found.as_json()["conditions"]
    assert (young["verdict"], young["values"], young["law"]) == ("yes", {"registered_on": "2025-01-31"}, "第四条第一款")
    assert (hire["verdict"], hire["short_by"], hire["short_unit"], hire["from"]) == ("no", 1, "count", None)
    assert hire["values"] == {"employees": [{"months": 3}, {"months": 6}]}
    assert hire["mend"] == {"zh": "再招一人", "en": "Hire one more"}
    assert hire["actionable"] is True
    assert (begun["short_by"], begun["short_unit"], begun["from"]) == (8, "months", "2026-01-31")
    assert begun["actionable"] is False
    assert (claim["id"], claim["law"], claim["label"]) == ("claim_by", "办法", "在申领期限内")
    assert found.verdict == "not_eligible"
    assert found.as_json()["actionable"] is False


def test_a_near_miss_is_actionable_where_the_applicant_can_mend_it() -> None:
    found = answer(RENT, registered_on=date(2024, 2, 29), employees=_employees(3, 6), rent=100)
    assert (found.verdict, found.is_actionable) == ("near_miss", True)
    by_fact = answer(policy_of("staff >= 3"), staff=2)
    assert by_fact.is_actionable
    assert not answer(policy_of("local_staff >= 3"), local_staff=2).is_actionable
    said = policy("conditions:\n- {id: a, when: staff >= 3, law: x, actionable: false}\n")
    assert not answer(said, staff=2).is_actionable
    said = policy("conditions:\n- {id: a, when: local_staff >= 3, law: x, actionable: true}\n")
    assert answer(said, local_staff=2).is_actionable


def test_the_amount_of_a_later_day_is_that_of_its_figures() -> None:
    of = policy(
        "parameters: {grant: {2024-01-01: 8000元, 2025-07-01: 1万元}}\n"
        "conditions:\n- {id: a, when: months_since(registered_on) >= 6, law: x}\namount: grant\n"
    )
    assert answer(of, registered_on=date(2024, 12, 31)).amount_at_from == 800_000
    assert answer(of, registered_on=date(2025, 1, 1)).amount_at_from == 1_000_000
    assert answer(of, registered_on=date(2024, 1, 1)).amount_at_from is None
    assert answer(policy_of("months_since(registered_on) >= 6"), registered_on=date(2025, 1, 1)).amount_at_from is None


def test_papers_that_are_surely_not_wanted_are_left_out() -> None:
    assert [one.en for one in answer(RENT, groups=["graduate"]).documents] == ["执照", "Degree"]
    assert [one.en for one in answer(RENT, groups=[]).documents] == ["执照"]
    assert len(answer(RENT).documents) == 2


def test_unknown_answers_tell_what_is_missing_where() -> None:
    found = answer(RENT, employees=_employees(6, 6))
    assert [one.missing for one in found.conditions] == [("registered_on",), (), ("registered_on",), ("registered_on",)]
    assert found.missing == ("registered_on",)
    assert found.claim_by is None
    assert found.as_json()["days_to_claim"] is None
    assert [one.verdict for one in found.conditions] == ["unknown", "yes", "unknown", "unknown"]


def test_a_day_that_never_comes_is_no_last_day_to_claim() -> None:
    of = policy_of("staff > 1", more="claim_by: min(registered_on, 2200-12-31)\n")
    assert answer(of, staff=3, registered_on=date(2199, 1, 1)).claim_by == date(2199, 1, 1)
    assert answer(policy_of("staff > 1"), staff=3).claim_by is None


def test_all_policies_in_force_are_answered_in_their_order() -> None:
    old = policy_of("staff > 1", term="effective: 2020-01-01 .. 2023-12-31\n")
    new = policy_of("staff > 2")
    catalogue = Catalogue((old, new), SHARED, DICTIONARY)
    assert [one.policy.key for one in explain_all(catalogue, {}, on=date(2025, 1, 1))] == ["grant@2024-01-01"]
    assert [one.policy.key for one in explain_all(catalogue, {}, on=date(2021, 1, 1))] == ["grant@2020-01-01"]
    assert explain_all(catalogue, {}, on=date(2019, 1, 1)) == []
