"""Text to typed tree: names, values, logic, arithmetic, and a sentence with its place for everything else."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.rules.kinds import Kind
from chuangju.rules.parameters import Shared
from chuangju.rules.parser import MAX_DEPTH
from chuangju.rules.reading import Scope
from chuangju.rules.tree import And, Compare, Const, FactRef, If, Mul, Not, Or, ParamRef, Sub, Today
from tests.rules.small import DICTIONARY, SCOPE, fault, tree, value

STAFF = FactRef(Kind.INT, DICTIONARY.facts["staff"])
TRAINED = FactRef(Kind.BOOL, DICTIONARY.facts["trained"])


def test_names_are_facts_parameters_the_day_and_names_of_the_policy() -> None:
    scope = Scope(DICTIONARY, SCOPE.shared, lets={"few": tree("staff < 5")})
    assert tree("staff") == STAFF
    assert tree("quota") == ParamRef(Kind.INT, "quota")
    assert tree("on") == Today(Kind.DATE)
    assert tree("few and trained", scope) == And(Kind.BOOL, (tree("staff < 5"), TRAINED))


def test_a_parameter_of_the_policy_goes_before_a_shared_one() -> None:
    own = {"quota": SCOPE.shared.parameters["share"]}
    assert tree("quota", Scope(DICTIONARY, SCOPE.shared, own)).kind is Kind.RATE


def test_logic_is_read_with_pythons_precedence() -> None:
    assert tree("trained or first_time and not trained") == Or(
        Kind.BOOL, (TRAINED, And(Kind.BOOL, (tree("first_time"), Not(Kind.BOOL, TRAINED))))
    )


def test_arithmetic_keeps_its_kinds() -> None:
    assert tree("3 * rent").kind is Kind.MONEY
    assert tree("rent * staff").kind is Kind.MONEY
    assert tree("staff * 2").kind is Kind.INT
    assert tree("ownership * 2").kind is Kind.RATE
    assert tree("rent + 3元 - rent").kind is Kind.MONEY
    assert tree("-3元") == Const(Kind.MONEY, -300)
    assert tree("-staff") == Sub(Kind.INT, Const(Kind.INT, 0), STAFF)
    assert isinstance(tree("staff * 3"), Mul)


def test_a_plain_nought_goes_with_money_and_rates() -> None:
    assert tree("rent > 0") == Compare(Kind.BOOL, ">", tree("rent"), Const(Kind.MONEY, 0))
    assert tree("0 < ownership") == Compare(Kind.BOOL, "<", Const(Kind.RATE, 0), tree("ownership"))
    assert tree("rent if trained else 0").kind is Kind.MONEY


def test_a_choice_takes_one_of_two_values_of_one_kind() -> None:
    found = tree("3 if trained else staff")
    assert found == If(Kind.INT, TRAINED, Const(Kind.INT, 3), STAFF)
    assert value("3元 if trained else 5元", trained=True) == 300
    assert value("3元 if trained else 5元", trained=False) == 500
    assert value("3元 if trained else 3元") is None


@pytest.mark.parametrize(
    ("text", "position", "zh", "en"),
    [
        ("", 0, "表达式是空的", "the expression is empty"),
        ("   ", 0, "表达式是空的", "empty"),
        ("staff >", 7, "读不下去", "cannot be read from here"),
        ("staff >= 3)", 10, "没有配上左括号", "not been opened"),
        ("min(staff, 3", 3, "没有配上右括号", "not closed"),
        ("min(staff, 3] > 2", 12, "不是一对", "no pair"),
        ("form == 'company", 8, "引号没有配对", "not closed"),
        ("3 if trained > 2", 0, "else", "else"),
        ("staff 3", 6, "读不下去", "cannot be read"),
        ("staff ＞ 3", 6, "“＞”是全角符号，请改用半角", "full-width sign"),
        ("min（staff, 3）> 2", 3, "“（”是全角符号", "full-width"),
        ("form == “company”", 8, "是全角符号", "full-width"),
        ("staff ≥ 3", 6, "全角符号", "full-width"),
        ("staff = 3", 6, "写 ==", "write =="),
        ("staf >= 3", 0, "没有“staf”这个数据项或参数，是不是“staff”？", "is it “staff”?"),
        ("qqqqqq > 1", 0, "没有“qqqqqq”这个数据项或参数", "there is no fact or parameter “qqqqqq”"),
        ("approved", 0, "没有“approved”", "no fact"),
        ("staff / 2 > 1", 0, "只有加、减、乘", "only + - *"),
        ("staff // 2 > 1", 0, "只有加、减、乘", "only + - *"),
        ("staff ** 2 > 1", 0, "只有加、减、乘", "only + - *"),
        ("staff % local_staff > 1", 0, "只有加、减、乘", "only + - *"),
        ("staff << 2", 0, "只有加、减、乘", "only + - *"),
        ("staff @ 2", 0, "只有加、减、乘", "only + - *"),
        ("~staff", 0, "不能使用这种运算", "operator is not allowed"),
        ("+staff", 0, "不能使用这种运算", "operator is not allowed"),
        ("staff > 1.5", 8, "不用小数", "no decimals"),
        ("None", 0, "不能使用这种值", "value is not allowed"),
        ("...", 0, "不能使用这种值", "value is not allowed"),
        ("b'x' == form", 0, "不能使用这种值", "value is not allowed"),
        ("staff > 9223372036854775808", 8, "数字太大", "too large"),
        ("rent * ownership > 0", 0, "share_of", "share_of"),
        ("rent * rent > 0", 0, "share_of", "share_of"),
        ("rent + 3 > 0", 0, "金额和整数不能放在一起；金额请带单位", "with their unit"),
        ("rent > 3000", 7, "金额请带单位，如 3000元", "write amounts with their unit, as 3000元"),
        ("trained + 1", 0, "这里要整数或金额或比率，写的是是非", "this must be a whole number"),
        ("registered_on - on", 0, "写的是日期", "is a date"),
        ("staff and trained", 0, "这里要是非，写的是整数", "must be yes or no"),
        ("not staff", 4, "这里要是非", "must be yes or no"),
        ("ratio > 3%", 0, "分档", "has bands: write by_band(ratio, …)"),
        ("employees if trained else employees", 0, "不能在两个列表之间选择", "lists cannot be chosen between"),
        ("3 if trained else form", 0, "不能放在一起", "does not go with"),
        ("staff.real > 1", 0, "只有明细的循环变量后面可以用点", "a dot may only follow"),
        ("any(e.nothing for e in employees)", 4, "没有“nothing”这一栏", "has no field “nothing”"),
        ("count(e for e in employees) > 1", 6, "请写出 e 的哪一栏，如 e.local", "name a field of e"),
        ("staff >= 1,000", 0, "不能有逗号", "no comma"),
        ("(staff, 3)", 0, "不能有逗号", "no comma"),
        ("[staff]", 0, "（List）", "(List)"),
        ("{'a': 1}", 0, "（Dict）", "(Dict)"),
        ("lambda: 1", 0, "（Lambda）", "(Lambda)"),
        ("(x := 3)", 1, "（NamedExpr）", "(NamedExpr)"),
        ("f'{staff}'", 0, "（JoinedStr）", "(JoinedStr)"),
        ("[e.local for e in employees]", 0, "（ListComp）", "(ListComp)"),
        ("{e.local for e in employees}", 0, "（SetComp）", "(SetComp)"),
        ("{1: e.local for e in employees}", 0, "（DictComp）", "(DictComp)"),
        ("(e.local for e in employees)", 0, "（GeneratorExp）", "(GeneratorExp)"),
        ("employees[0]", 0, "（Subscript）", "(Subscript)"),
        ("await staff", 0, "（Await）", "(Await)"),
        ("(yield)", 1, "（Yield）", "(Yield)"),
        ("staff; trained", 5, "读不下去", "cannot be read"),
        ("import os", 0, "读不下去", "cannot be read"),
    ],
)  # fmt: skip
def test_everything_else_is_a_sentence_with_its_place(text: str, position: int, zh: str, en: str) -> None:
    found = fault(text)
    assert zh in found.words.zh
    assert en in found.words.en
    assert found.position == position


@pytest.mark.parametrize(
    "text",
    [
        "not " * (MAX_DEPTH + 2) + "trained",
        "-" * 200 + "staff > 1",
        " + ".join(["staff"] * (MAX_DEPTH + 2)) + " > 1",
        "1 if trained else " * (MAX_DEPTH + 2) + "2",
        "not " * 990 + "trained",
        "-" * 3900 + "staff > 1",
        "staff" + ".real" * 700,
        "(" * 39 + "not " * 60 + "trained" + ")" * 39,
    ],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    assert any(words in fault(text).words.zh for words in ("嵌套太深", "太复杂", "可以用点"))


def test_wide_signs_before_a_fault_do_not_shift_its_place() -> None:
    text = "number == '中文中文' and staff > 3 and wrong"
    assert fault(text).position == text.index("wrong")


def test_values_of_an_expression() -> None:
    facts = {"staff": 7, "rent": 123_45, "registered_on": date(2024, 6, 15)}
    assert value("staff * 3 - 1", **facts) == 20
    assert value("rent * 2 + 0.55元", **facts) == 24_745
    assert value("registered_on <= on and on == 2025-06-15", **facts) is True
    assert value("-staff + 10", **facts) == 3


def test_a_scope_without_anything_shared() -> None:
    assert fault("quota > 1", Scope(DICTIONARY, Shared())).words.zh.startswith("没有“quota”")
