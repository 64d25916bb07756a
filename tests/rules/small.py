"""A small world for tests of the rules: a dictionary of a dozen facts, shared figures and lists, and policies in a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chuangju.rules.binding import Binder
from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.closures import compile_tree
from chuangju.rules.explain import Explanation, explain
from chuangju.rules.facts import make_dictionary
from chuangju.rules.folding import fold
from chuangju.rules.kinds import Fault, Kind, Value, Words
from chuangju.rules.parameters import Band, DatedList, Member, Parameter, ParameterValue, Shared
from chuangju.rules.parser import parse_expression
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.reading import Scope
from chuangju.rules.transforms import with_today
from chuangju.rules.tree import Const, Node

DAY = date(2025, 6, 15)

DICTIONARY = make_dictionary(
    {
        "registered_on": {"type": "date", "name": {"zh": "成立日期", "en": "Registered on"}},
        "born_on": {"type": "date", "name": {"zh": "出生日期", "en": "Born on"}},
        "ends_on": {"type": "date", "name": {"zh": "到期日", "en": "Ends on"}},
        "staff": {"type": "int", "min": 0, "max": 100_000, "name": {"zh": "职工人数", "en": "Staff"},
                  "unit": {"zh": "人", "en": "people"}, "mendable": True},
        "local_staff": {"type": "int", "min": 0, "max": 100_000, "name": {"zh": "本市职工", "en": "Local staff"}},
        "rent": {"type": "money", "min": 0, "max": 1_000_000_000, "name": {"zh": "月租金", "en": "Monthly rent"}},
        "tax_a": {"type": "money", "min": 0, "max": 10**12, "name": {"zh": "增值税", "en": "Value-added tax"}},
        "tax_b": {"type": "money", "min": 0, "max": 10**12, "name": {"zh": "所得税", "en": "Income tax"}},
        "ownership": {"type": "rate", "min": 0, "max": 10_000, "name": {"zh": "出资比例", "en": "Share"}},
        "trained": {"type": "bool", "name": {"zh": "培训合格", "en": "Trained"}},
        "first_time": {"type": "bool", "name": {"zh": "首次创业", "en": "First venture"}},
        "form": {"type": "text", "codes": "form", "name": {"zh": "主体类型", "en": "Form"}},
        "number": {"type": "text", "name": {"zh": "信用代码", "en": "Number"}},
        "groups": {"type": "codes", "codes": "group", "name": {"zh": "群体", "en": "Groups"}},
        "quarters": {"type": "ints", "min": 0, "max": 100_000, "max_items": 8, "name": {"zh": "季度人数", "en": "Quarters"}},
        "employees": {"type": "records", "max_items": 1000, "name": {"zh": "员工", "en": "Employees"}, "fields": {
            "local": {"type": "bool", "name": {"zh": "本区户籍", "en": "Local"}},
            "hired_on": {"type": "date", "name": {"zh": "入职日期", "en": "Hired on"}},
            "months": {"type": "int", "min": 0, "max": 600, "name": {"zh": "参保月数", "en": "Months insured"}},
            "wage": {"type": "money", "min": 0, "max": 100_000_000, "name": {"zh": "工资", "en": "Wage"}},
            "form": {"type": "text", "codes": "form", "name": {"zh": "形式", "en": "Form"}},
            "groups": {"type": "codes", "codes": "group", "name": {"zh": "群体", "en": "Groups"}},
        }},
        "leases": {"type": "records", "max_items": 10, "name": {"zh": "租约", "en": "Leases"}, "fields": {
            "from": {"type": "date", "name": {"zh": "起租日", "en": "From"}},
            "rent": {"type": "money", "min": 0, "max": 1_000_000_000, "name": {"zh": "租金", "en": "Rent"}},
        }},
    },
    {
        "form": {"name": {"zh": "主体类型", "en": "Form"}, "codes": [
            {"code": "company", "zh": "公司", "en": "Company"},
            {"code": "individual", "zh": "个体工商户", "en": "Individual business"},
            {"code": "cooperative", "zh": "合作社", "en": "Cooperative"}]},
        "group": {"name": {"zh": "群体", "en": "Group"}, "codes": [
            {"code": "graduate", "zh": "毕业生", "en": "Graduate"},
            {"code": "veteran", "zh": "退役军人", "en": "Veteran"},
            {"code": "disabled", "zh": "残疾人", "en": "Disabled"}]},
    },
)  # fmt: skip


def figure(name: str, kind: Kind, values: Mapping[date, Value]) -> Parameter:
    """A parameter that changes on these days; a value that is a list of (upto, value) has bands."""
    held = tuple(
        ParameterValue(
            since=since,
            value=None if isinstance(value, list) else value,
            bands=tuple(Band(*one) for one in value) if isinstance(value, list) else (),
        )
        for since, value in values.items()
    )
    return Parameter(name, kind, held, Words(name, name), shared=True)


PARAMETERS = {
    "wage_floor": figure("wage_floor", Kind.MONEY, {date(2020, 1, 1): 248_000, date(2025, 7, 1): 274_000}),
    "quota": figure("quota", Kind.INT, {date(2020, 1, 1): 3}),
    "share": figure("share", Kind.RATE, {date(2020, 1, 1): 3000, date(2024, 7, 1): 5000}),
    "ratio": figure("ratio", Kind.RATE, {date(2020, 1, 1): [(100, 1500), (None, 800)]}),
    "short_ratio": figure("short_ratio", Kind.RATE, {date(2020, 1, 1): [(10, 1500), (20, 800)]}),
    "since": figure("since", Kind.DATE, {date(2020, 1, 1): date(2021, 3, 31)}),
    "late": figure("late", Kind.DATE, {date(2030, 1, 1): date(2030, 1, 1)}),
}
LISTS = {
    "approved": DatedList(
        "approved",
        Words("名单", "the list"),
        (Member("A1", date(2024, 1, 1)), Member("B2", date(2020, 1, 1), date(2025, 6, 30)), Member("C3", date(2026, 1, 1))),
    )
}  # fmt: skip
SHARED = Shared(PARAMETERS, LISTS)
SCOPE = Scope(DICTIONARY, SHARED)


def tree(text: str, scope: Scope = SCOPE) -> Node:
    """The tree of an expression that is within bounds."""
    found = parse_expression(text, scope)
    BoundsCheck(scope.parameter).check(found)
    return found


def fault(text: str, scope: Scope = SCOPE) -> Fault:
    """What is wrong with an expression."""
    try:
        found = tree(text, scope)
    except Fault as problem:
        return problem
    raise AssertionError(f"taken: {found}")


def bound(text: str, on: date = DAY) -> Node:
    """The tree bound to a day."""
    return Binder(on, {}, SHARED).bind(tree(text))


def value(text: str, on: date = DAY, **facts: Any) -> Value:
    """What an expression comes to, the same with dates folded and without; records and lists may be given as lists."""
    facts = {key: tuple(one) if isinstance(one, list) else one for key, one in facts.items()}
    made = bound(text, on)
    folded = compile_tree(fold(made, on))(facts, None)
    plain = compile_tree(with_today(made, Const(Kind.DATE, on)))(facts, None)
    assert folded == plain, f"folded {folded}, unfolded {plain}"
    assert type(folded) is type(plain)
    return folded


HEAD = """\
id: grant
title: {zh: 补贴, en: Grant}
source: {issuer: 区政府, document: 办法, number: 1号, confidence: sample}
"""
TERM = "effective: 2024-01-01 .. 2026-12-31\n"


def policy(body: str, *, term: str = TERM, shared: Shared = SHARED) -> Policy:
    """A policy with a head and a term."""
    return parse_policy(HEAD + term + body, dictionary=DICTIONARY, shared=shared, file="grant.yaml")


def policy_of(*conditions: str, more: str = "", term: str = TERM) -> Policy:
    """A policy of these conditions, called c1, c2, …"""
    lines = [f'- {{id: c{number}, when: "{one}", law: 第{number}条}}\n' for number, one in enumerate(conditions, 1)]
    return policy(f"conditions:\n{''.join(lines)}{more}", term=term)


def answer(of: Policy, on: date = DAY, **facts: Any) -> Explanation:
    """The answer for these facts."""
    facts = {key: tuple(one) if isinstance(one, list) else one for key, one in facts.items()}
    return explain(of, facts, on=on)
