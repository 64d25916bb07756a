"""One policy file, read in full: every part of it stands in the policy."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from chuangju.rules.facts import make_dictionary
from chuangju.rules.kinds import Kind, Words
from chuangju.rules.policy import Stacking
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.policy_sections import IMPLIED
from chuangju.rules.program import prepare_policy
from tests.rules.small import DAY, DICTIONARY, HEAD, SHARED, TERM, answer, policy

FULL = (
    HEAD.replace("confidence: sample", "confidence: official, url: 'https://x.cn', note: {zh: 核对, en: check}")
    + """\
summary: {zh: 一句话, en: One sentence}
row: [4, 6]
unit: 区人社局
level: city
subject: team
audience: [graduate, venture]
benefit: loan
channel: referral
effective: 2024-01-01 ..
rounding: down
amount_note: 一次性
parameters: {few: {2024-01-01: {value: 3, law: 第三条, confidence: unverified}}}
let: {enough: staff >= few}
conditions:
- {id: a, label: {zh: 人数, en: Heads}, when: enough, law: 第一条, mend: 招人, note: x, source: y}
- {id: b, when: trained, law: 第二条}
amount: share_of(rent, 50%)
excludes: [x]
stacking: {excludes: [y], stacks_with: [z], tops_up: w, order: 3}
form: [staff, {fact: trained, from: x}, 表格, {from: x}]
documents: [执照, {zh: 学历, en: Degree}]
process:
- {step: screen, label: {zh: 初审, en: Screening}, unit: 街镇, days: 7}
- {step: 拨付, days: 15}
- {zh: 公示, en: Notice}
- 归档
pays: {to: organisation, instalments: 2}
leaves: [{kind: entitlement, zh: 一次性补贴, en: One-off grant, months: 12}]
note: x
examples:
- {name: {zh: 例, en: Ex}, given: {staff: 3, employees: [{local: true}], groups: []}, on: 2025-01-01, expect: unknown, missing: trained, amount: null}
- {label: 二, on: 2025-01-01, expect: unknown, given: null, amount: 30, note: x}
"""
)


def test_every_part_of_a_file_stands_in_the_policy() -> None:
    found = parse_policy(FULL, dictionary=DICTIONARY, shared=SHARED, file="full.yaml")
    assert (found.id, found.version, found.key) == ("grant", "2024-01-01", "grant@2024-01-01")
    assert (found.title, found.summary) == (Words("补贴", "Grant"), Words("一句话", "One sentence"))
    assert (found.rows, found.unit, found.level, found.subject) == ((4, 6), "区人社局", "city", "team")
    assert (found.audience, found.benefit, found.channel) == (("graduate", "venture"), "loan", "referral")
    assert (found.source.issuer, found.source.url, found.source.note.en) == ("区政府", "https://x.cn", "check")
    assert (found.confidence, found.rounding, found.amount_note.zh) == ("official", "down", "一次性")
    assert (found.effective_from, found.effective_to) == (date(2024, 1, 1), None)
    few = found.parameters["few"].values[0]
    assert (few.value, few.law, few.confidence) == (3, "第三条", "unverified")
    assert [(one.id, one.label.zh, one.law, one.text) for one in found.conditions] == [
        ("a", "人数", "第一条", "enough"),
        ("b", "b", "第二条", "trained"),
    ]
    assert found.conditions[0].mend == Words("招人", "招人")
    assert (found.amount_kind, found.amount_text, found.amount_unit) == (Kind.MONEY, "share_of(rent, 50%)", "money")
    assert found.stacking == Stacking(("x", "y"), ("z",), "w", 3)
    assert found.form == ("staff", "trained", "表格")
    assert [one.en for one in found.documents] == ["执照", "Degree"]
    assert [one["label"]["zh"] for one in found.process] == ["初审", "拨付", "公示", "归档"]
    assert found.days == 22
    assert found.pays == {"to": "organisation", "instalments": 2}
    assert found.leaves[0]["months"] == 12
    first, second = found.examples
    assert (first.name.en, first.given["employees"][0]["local"], first.missing, first.amount) == (
        "Ex",
        True,
        ("trained",),
        None,
    )
    assert (second.name.zh, second.given, second.amount, second.missing) == ("二", {}, 30, None)
    assert found.sha256 == hashlib.sha256(FULL.encode()).hexdigest()
    assert found.text == FULL
    assert found.file == "full.yaml"


def test_what_a_file_does_not_say() -> None:
    found = policy("conditions: [{id: a, when: staff > 1, law: x}]\n")
    assert (found.level, found.subject, found.benefit, found.channel) == ("district", "venture", "subsidy", "apply")
    assert (found.amount, found.amount_kind, found.amount_unit, found.days) == (None, None, "money", None)
    assert (found.rows, found.audience, found.form, found.pays, found.examples) == ((), (), (), {}, ())
    assert (found.grandfathering, found.claim_by, found.stacking) == (None, None, Stacking())
    assert found.is_in_force(date(2024, 1, 1))
    assert found.is_in_force(date(2026, 12, 31))
    assert not found.is_in_force(date(2023, 12, 31))
    assert not found.is_in_force(date(2027, 1, 1))


def test_parts_left_empty_are_as_if_not_written() -> None:
    text = "conditions: [{id: a, when: staff > 1, law: x}]\nlet:\npays:\nstacking: ~\nform:\nexamples:\nwhat_if: null\naudience:\nversion:\n"
    found = policy(text)
    assert (found.pays, found.form, found.examples, found.steps, found.audience) == ({}, (), (), (), ())
    assert found.version == "2024-01-01"


def test_a_single_value_stands_for_a_list_of_one() -> None:
    found = policy(
        "conditions: [{id: a, when: staff > 1, law: x}]\nform: staff\naudience: graduate\nrow: 6\ndocuments: 执照\n"
    )
    assert (found.form, found.audience, found.rows, len(found.documents)) == (("staff",), ("graduate",), (6,), 1)


@pytest.mark.parametrize(
    ("unit", "amount", "expected"),
    [("", "rent", "money"), ("", "staff", "points"), ("amount_unit: months\n", "staff", "months")],
)
def test_the_unit_of_the_amount(unit: str, amount: str, expected: str) -> None:
    assert policy(f"conditions: [{{id: a, when: staff > 1, law: x}}]\namount: {amount}\n{unit}").amount_unit == expected


def test_the_rounding_of_a_policy_is_that_of_its_shares() -> None:
    of = policy("rounding: down\nconditions: [{id: a, when: staff > 1, law: x}]\namount: share_of(rent, 50%)\n")
    assert (
        of.amount
        == policy("conditions: [{id: a, when: staff > 1, law: x}]\namount: \"share_of(rent, 50%, 'down')\"\n").amount
    )


@pytest.mark.parametrize("unit", ["documents", "process", "leaves"])
def test_descriptions_may_be_words_alone(unit: str) -> None:
    assert len(getattr(policy(f"conditions: [{{id: a, when: staff > 1, law: x}}]\n{unit}: [一, 二]\n"), unit)) == 2


def test_figures_of_every_kind() -> None:
    figures = "{n: {2024-01-01: -3}, m: {2024-01-01: -5.5元}, r: {2024-01-01: 2.5%}, d: {2024-01-01: 2025-02-28}, b: {2024-01-01: true}, t: {2024-01-01: company}}"
    found = policy(f"parameters: {figures}\nconditions: [{{id: a, when: staff > n, law: x}}]\n").parameters
    assert {name: (one.kind, one.values[0].value) for name, one in found.items()} == {
        "n": (Kind.INT, -3),
        "m": (Kind.MONEY, -550),
        "r": (Kind.RATE, 250),
        "d": (Kind.DATE, date(2025, 2, 28)),
        "b": (Kind.BOOL, True),
        "t": (Kind.TEXT, "company"),
    }


def test_bands_may_go_by_money() -> None:
    bands = "{2024-01-01: {bands: [{upto: 1万元, value: 50%}, {upto: 5万元, value: 30%}, {value: 10%}]}}"
    of = policy(
        f"parameters: {{part: {bands}}}\nconditions: [{{id: a, when: trained, law: x}}]\namount: share_of(rent, by_band(part, rent))\n"
    )
    assert [answer(of, trained=True, rent=rent).amount for rent in (1_000_000, 1_000_001, 5_000_001)] == [
        500_000,
        300_000,
        500_000,
    ]
    open_end = policy(
        "parameters: {part: {2024-01-01: {bands: [{value: 3}]}}}\nconditions: [{id: a, when: 'staff > by_band(part, rent)', law: x}]\n"
    )
    assert answer(open_end, staff=5, rent=1).verdict == "eligible"


def test_the_facts_of_a_program_are_those_of_its_conditions_and_its_amount() -> None:
    of = policy("conditions: [{id: a, when: staff > 1 or trained, law: x}]\namount: rent + tax_a\n")
    assert prepare_policy(of, DAY).facts == ("staff", "trained", "rent", "tax_a")
    assert prepare_policy(policy("conditions: [{id: a, when: trained, law: x}]\n"), DAY).facts == ("trained",)


WINDOWS = (
    "on >= 2024-06-01 and on <= 2024-09-30",
    "on == 2025-03-01",
    "year_of(on) == 2025",
    "registered_on >= 2024-01-01 and months_since(registered_on) >= 12",
    "on > 2024-06-01 and on < 2024-06-03",
)


@pytest.mark.parametrize("when", WINDOWS)
def test_a_window_of_time_is_no_contradiction(when: str) -> None:
    assert policy(f'conditions:\n- {{id: a, when: "{when}", law: x}}\n').conditions


def test_conditions_that_only_some_days_allow_together_are_no_contradiction() -> None:
    assert policy(
        "conditions:\n- {id: a, when: registered_on >= 2024-01-01, law: x}\n- {id: b, when: months_since(registered_on) >= 24, law: x}\n"
    )


def test_a_figure_that_makes_a_condition_impossible_from_a_day_on_is_told_with_the_day() -> None:
    with pytest.raises(ValueError, match="条件 a 在 2025-01-01 永远不会成立"):
        policy(
            "parameters: {least: {2024-01-01: 3, 2025-01-01: 100001}}\nconditions:\n- {id: a, when: staff >= least, law: x}\n"
        )


def test_a_shared_figure_must_be_there_from_the_first_day_but_for_figures_of_other_days() -> None:
    with pytest.raises(ValueError, match="参数 late 在 2024-01-01 还没有数值"):
        policy("conditions:\n- {id: a, when: registered_on >= late, law: x}\n")
    assert policy('conditions:\n- {id: a, when: "registered_on >= at(late, 2030-01-01)", law: x}\n')


def test_names_of_implied_conditions_are_those_that_programs_have() -> None:
    text = "conditions: [{id: a, when: staff > 1, law: x}]\nclaim_by: registered_on\ngrandfathering: {when: trained, until: ends_on, law: x}\n"
    days = (date(2020, 1, 1), DAY, date(2030, 1, 1))
    implied = {one.id for day in days for one in prepare_policy(policy(text), day).conditions} - {"a"}
    assert implied == IMPLIED


def test_a_policy_that_uses_too_many_facts_is_refused() -> None:
    many = make_dictionary({f"f{number}": {"type": "bool"} for number in range(70)})
    text = HEAD + TERM + f"conditions:\n- {{id: a, when: {' or '.join(many.facts)}, law: x}}\n"
    with pytest.raises(ValueError, match="一项政策最多用 63 个数据项"):
        parse_policy(text, dictionary=many, shared=SHARED)
