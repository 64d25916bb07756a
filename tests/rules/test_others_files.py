"""A policy file as somebody else would write it, with sentences in place of whatever no rule looks at."""

from __future__ import annotations

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.examples import run_examples
from chuangju.rules.policy_file import parse_policy
from chuangju.ventures.registers import dictionary

RENT = """\
id: rent_subsidy
title: {zh: 创业场地房租补贴, en: Start-up rent subsidy}
row: 6
unit: 区人力资源社会保障局
subject: venture
source: {issuer: 某局, document: 某办法, number: 某号, url: …, confidence: sample}
effective: 2024-01-01 .. 2026-12-31
parameters:                       # each number has a date and a citation; a reform is an override
  share:     {2022-01-01: 30%, 2024-07-01: 50%}
  cap_month: {2022-01-01: 3000元}
  max_months: {2022-01-01: 36}
  max_total:  {2022-01-01: 24}
conditions:                       # a label for people, an expression for all engines, the clause
- {id: young, label: 注册未满三年, when: months_since(registered_on) <= max_months, law: 第四条第一款}
- {id: hire,  label: 参保两人以上, when: count(e.insured_months >= 6 for e in employees) >= 2, law: 第四条第三款}
amount: min(share_of(monthly_rent, share), cap_month) * min(max_total - rent_months_granted, 12)
excludes: [incubation_site_subsidy]
form: 网上填表
documents: 租赁合同
process: 街镇初审，区中心审核
pays: 付到企业账户
leaves: …
examples:
- {given: {registered_on: 2024-05-02, employees: null}, on: 2025-01-01, expect: unknown, missing: [employees]}
- {given: {registered_on: 2024-05-02, employees: [{insured_months: 7}, {insured_months: 6}], monthly_rent: 5000元,
    rent_months_granted: 20}, on: 2025-01-01, expect: eligible, amount: 10000元}
- {given: {registered_on: 2021-12-31, employees: [{insured_months: 7}, {insured_months: 6}]}, on: 2025-01-01, expect: eligible}
- {given: {registered_on: 2021-12-01, employees: [{insured_months: 7}, {insured_months: 6}]}, on: 2025-01-01,
    expect: near_miss, failed: [young]}
"""


def test_sentences_may_stand_where_no_rule_looks() -> None:
    policy = parse_policy(RENT, dictionary=dictionary(), shared=shipped_catalogue().shared)
    assert policy.version == "2024-01-01"
    assert policy.pays == {"label": "付到企业账户"}
    assert [one.zh for one in policy.documents] == ["租赁合同"]
    assert policy.stacking.excludes == ("incubation_site_subsidy",)


def test_its_examples_come_out_as_written() -> None:
    policy = parse_policy(RENT, dictionary=dictionary(), shared=shipped_catalogue().shared)
    assert [one.differences for one in run_examples(policy)] == [(), (), (), ()]
