"""Trees in words: what an officer reads beside the label, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.rules.folding import settle_figures
from chuangju.rules.kinds import FAR, Kind, Words
from chuangju.rules.saying_values import say_day, say_gap, say_value
from chuangju.rules.sentences import Names, tell
from chuangju.rules.tree import Aggregate, Const, FromDay, InSet, Item, YearStart
from chuangju.rules.wording import Wording
from tests.rules.small import DAY, DICTIONARY, bound, policy, policy_of, tree


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("staff >= 3", "职工人数不少于 3 人", "Staff at least 3 people"),
        ("3 <= staff < 10", "职工人数不少于 3 人，且职工人数少于 10 人", "Staff at least 3 people and Staff below 10 people"),
        ("staff != 3", "职工人数不等于 3 人", "Staff is not 3 people"),
        ("trained", "培训合格：是", "Trained: yes"),
        ("not trained", "培训合格：否", "Trained: no"),
        ("trained and not first_time", "培训合格：是，且首次创业：否", "Trained: yes and First venture: no"),
        ("trained or (first_time and staff > 1)", "培训合格：是，或（首次创业：是，且职工人数多于 1 人）", "Trained: yes or (First venture: yes and Staff above 1 people)"),
        ("trained and (first_time or staff > 1)", "培训合格：是，且（首次创业：是，或职工人数多于 1 人）", "Trained: yes and (First venture: yes or Staff above 1 people)"),
        ("not (trained and first_time)", "不满足“培训合格：是，且首次创业：是”", "not (Trained: yes and First venture: yes)"),
        ("trained == false", "培训合格：否", "Trained: no"),
        ("first_time != true", "首次创业：否", "First venture: no"),
        ("form == 'company'", "主体类型是公司", "Form is Company"),
        ("'company' != form", "主体类型不是公司", "Form is not Company"),
        ("form in {'company', 'individual'}", "主体类型是公司、个体工商户之一", "Form is Company, Individual business"),
        ("form not in {'company'}", "主体类型不是公司", "Form is not Company"),
        ("'veteran' in groups", "群体含退役军人", "Groups with Veteran"),
        ("has_any(groups, {'veteran', 'graduate'})", "群体含退役军人、毕业生", "Groups with Veteran, Graduate"),
        ("has_all(groups, {'veteran', 'graduate'})", "群体含全部：退役军人、毕业生", "Groups with all of Veteran, Graduate"),
        ("not has_any(groups, {'veteran'})", "群体不含退役军人", "Groups without Veteran"),
        ("number in approved", "信用代码是A1、B2之一", "Number is A1, B2"),
        ("number not in approved", "信用代码不是A1、B2之一", "Number is not A1, B2"),
        ("months_since(registered_on) <= 36", "自成立日期起不超过 36 个月", "no more than 36 months since registered on"),
        ("months_since(registered_on) > 36", "自成立日期起超过 36 个月", "more than 36 months since registered on"),
        ("6 <= months_since(registered_on)", "自成立日期起满 6 个月", "at least 6 months since registered on"),
        ("years_since(born_on) >= 18", "年龄满 18 周岁", "aged at least 18"),
        ("years_since(born_on) == 18", "年龄正好 18 周岁", "aged just 18"),
        ("months_since(born_on) != 18", "自出生日期起不是 18 个月", "not 18 months since born on"),
        ("days_since(registered_on) < 30", "自成立日期起未满 30 天", "less than 30 days since registered on"),
        ("working_days_since(registered_on) <= 30", "成立日期晚于 2025年4月27日", "Registered on after 27 April 2025"),
        ("registered_on >= 2024-01-01", "成立日期不早于 2024年1月1日", "Registered on not before 1 January 2024"),
        ("registered_on < on", "成立日期早于申请日", "Registered on before the day of application"),
        ("registered_on == 2024-01-01", "成立日期等于 2024年1月1日", "Registered on is 1 January 2024"),
        ("on <= ends_on", "申请日不晚于到期日", "the day is not after Ends on"),
        ("on == 2024-01-01", "申请日等于2024年1月1日", "the day is 1 January 2024"),
        ("months_between(registered_on, ends_on) >= 12", "成立日期至到期日的月数不少于 12", "months from registered on to ends on at least 12"),
        ("year_of(registered_on) == year_of(on)", "成立日期所在年度等于申请日所在年度", "the year of registered on is the year of the day of application"),
        ("add_months(registered_on, 6) <= on", "成立日期后 6 个月不晚于申请日", "6 months after registered on not after the day of application"),
        ("add_days(registered_on, 6) > on", "成立日期后 6 天晚于申请日", "6 days after registered on after the day of application"),
        ("count(employees) >= 2", "员工人数不少于 2", "number of employees at least 2"),
        ("count(e.local and e.months >= 6 for e in employees) >= 2", "本区户籍：是，且参保月数不少于 6的员工人数不少于 2", "number of employees with Local: yes and Months insured at least 6 at least 2"),
        ("count(e.months >= 6 for e in employees if e.local) >= 2", "本区户籍：是且参保月数不少于 6的员工人数不少于 2", "number of employees with Local: yes and Months insured at least 6 at least 2"),
        ("any(e.local for e in employees)", "员工中有“本区户籍：是”", "one of employees: Local: yes"),
        ("not any(e.local for e in employees)", "员工中没有“本区户籍：是”的", "none of employees with Local: yes"),
        ("all(e.months > 3 for e in employees)", "员工全部“参保月数多于 3”", "all of employees: Months insured above 3"),
        ("has_run(q >= 3 for q in latest(quarters, 6), 3)", "最近 6 期季度人数连续 3 期“该项不少于 3”", "3 in a row of the latest 6 of quarters: the value at least 3"),
        ("sum(e.wage for e in employees) > 3000元", "员工的工资合计多于 3,000 元", "total wage of employees above 3,000 yuan"),
        ("sum(q for q in quarters) > 3", "季度人数的合计多于 3", "total of quarters above 3"),
        ("max(e.months for e in employees if e.local) > 3", "本区户籍：是的员工的参保月数最大值多于 3", "greatest months insured of employees with Local: yes above 3"),
        ("min(e.wage for e in employees) > 3元", "员工的工资最小值多于 3 元", "least wage of employees above 3 yuan"),
        ("quarter_mean(quarters) <= 300", "季度人数的平均值不超过 300", "mean of quarters at most 300"),
        ("size(groups) > 1", "群体数量多于 1", "number of groups above 1"),
        ("ratio_at_least(local_staff, staff, 15%)", "本市职工占职工人数的比例不低于 15%", "Local staff at least 15% of staff"),
        ("ratio_at_least(local_staff, staff, by_band(ratio, staff))", "本市职工占职工人数的比例不低于 （职工人数不超过 100 人的为 15%，否则 8%）", "Local staff at least (15% if Staff at most 100 people, else 8%) of staff"),
        ("ratio_at_least(tax_a, tax_b, ownership)", "增值税占所得税的比例不低于 出资比例", "Value-added tax at least Share of income tax"),
        ("share_of(rent, 50%) > 0", "月租金 × 50%多于 0 元", "Monthly rent × 50% above 0 yuan"),
        ("min(share_of(rent, share), 3000元) * 12 > 0", "取最小（月租金 × 50%，3,000 元） × 12多于 0 元", "the least of (Monthly rent × 50%, 3,000 yuan) × 12 above 0 yuan"),
        ("(rent + 3元) * 2 - (tax_a - tax_b) > 0", "（月租金 + 3 元） × 2 - （增值税 - 所得税）多于 0 元", "(Monthly rent + 3 yuan) × 2 - (Value-added tax - Income tax) above 0 yuan"),
        ("prorate(rent, 7, 12) > 0", "月租金 × 7 ÷ 12多于 0 元", "Monthly rent × 7 ÷ 12 above 0 yuan"),
        ("interest(rent, 3.65%, 30, 'act/365') > 0", "月租金 × 3.65% × 30（天）÷ 365多于 0 元", "Monthly rent × 3.65% × 30 (days) ÷ 365 above 0 yuan"),
        ("deduct_in_order(3万元, tax_a, tax_b) > 0", "依次抵减 增值税 + 所得税，以 30,000 元 为限多于 0 元", "deduct in order Value-added tax + Income tax, up to 30,000 yuan above 0 yuan"),
        ("max(rent, 0) > 0", "月租金多于 0 元", "Monthly rent above 0 yuan"),
        ("max(rent, 3元, tax_a) > 0", "取最大（月租金，3 元，增值税）多于 0 元", "the greatest of (Monthly rent, 3 yuan, Value-added tax) above 0 yuan"),
        ("(3 if trained else 5) > staff", "（培训合格：是的为 3，否则 5）多于职工人数", "(3 if Trained: yes, else 5) above Staff"),
        ("by_band(ratio, staff) > 3%", "（职工人数不超过 100 人的为 15%，否则 8%）多于 3%", "(15% if Staff at most 100 people, else 8%) above 3%"),
        ("by_band(short_ratio, staff) > 3%", "（职工人数不超过 10 人的为 15%，否则 8%）多于 3%", "(15% if Staff at most 10 people, else 8%) above 3%"),
        ("ownership >= 30%", "出资比例不少于 30%", "Share at least 30%"),
        ("registered_on in {2024-01-01}", "成立日期是2024年1月1日", "Registered on is 1 January 2024"),
        ("-staff > 3", "0 - 职工人数多于 3", "0 - Staff above 3"),
    ],
)  # fmt: skip
def test_what_people_read(text: str, zh: str, en: str) -> None:
    assert tell(settle_figures(bound(text))) == Words(zh, en)


def test_a_long_set_is_cut_short_and_an_empty_list_is_said_to_be_one() -> None:
    words = tell(tree(f"staff in {{{', '.join(map(str, range(1, 20)))}}}"))
    assert "12 人等之一" in words.zh
    assert words.en.endswith("and others")
    empty = InSet(Kind.BOOL, tree("number"), ())
    assert tell(empty).zh == "信用代码在名单内"
    assert tell(tree("not (staff > 1)")) == Words("不满足“职工人数多于 1 人”", "not (Staff above 1 people)")
    assert tell(bound("number not in approved", date(2010, 1, 1))).zh == "信用代码不在名单内"


def test_a_formula_shows_the_applicants_numbers() -> None:
    formula = bound("min(share_of(rent, 50%), 3000元) * count(e.local for e in employees)")
    facts = {"rent": 500_000, "employees": ()}
    assert tell(formula, facts).zh == "取最小（月租金（5,000 元） × 50%，3,000 元） × 本区户籍：是的员工人数"
    assert "月租金（未知）" in tell(formula, {}).zh
    assert tell(tree("form"), {"form": "company"}).en == "Form (Company)"


def test_loops_over_months_are_told_as_such() -> None:
    wording = Wording(policy_of("staff > 1"), DAY)
    assert (
        wording.tell(tree("sum(at(wage_floor, m) for m in last_months(12))")).zh
        == "此前 12 个月逐月合计（当月的wage_floor）"
    )
    counted = wording.tell(tree("count(m > registered_on for m in last_months(3))"))
    assert counted.zh == "此前 3 个月中“当月晚于成立日期”的月数"
    assert counted.en == "number of the 3 months before with the month after Registered on"
    some = wording.tell(tree("any(m > registered_on for m in last_months(3) if m < on)"))
    assert some.zh == "此前 3 个月（当月早于申请日的月份）有一个月：当月晚于成立日期"
    every = wording.tell(tree("all(m > registered_on for m in last_months(3))"))
    assert every.en == "all of the 3 months before: the month after Registered on"
    assert wording.tell(tree("max(at(quota, m) for m in last_months(3))")).zh.startswith("此前 3 个月最大值")
    assert wording.tell(tree("working_days_since(registered_on) <= 30")).zh == "自成立日期起的工作日数不超过 30"


def test_a_total_of_points_goes_by_its_name() -> None:
    of = policy(
        "points:\n- {id: a, value: staff, law: x}\n- {id: b, value: 3 if trained else 0, law: x}\nconditions:\n- {id: c, when: points_total >= 12, law: x}\n"
    )
    assert Wording(of, DAY).tell(of.conditions[0].when).zh == "积分合计不少于 12"
    named = Names(parts=((tree("staff"), Words("人头", "heads")),))
    assert tell(tree("staff > 3"), None, named).zh == "人头多于 3 人"


def test_values_in_words() -> None:
    staff, groups = DICTIONARY.facts["staff"], DICTIONARY.facts["groups"]
    assert say_value(None, Kind.INT, staff) == Words("未知", "unknown")
    assert say_value(1234, Kind.INT, staff) == Words("1,234 人", "1,234 people")
    assert say_value(1234, Kind.INT, None) == Words("1,234", "1,234")
    assert say_value((None, "veteran", "unheard"), Kind.CODES, groups).zh == "未知、退役军人、unheard"
    assert say_value((), Kind.CODES, groups) == Words("无", "none")
    assert say_value((1, None), Kind.INTS, None).zh == "1、—"
    assert say_value(({}, {}), Kind.RECORDS, None).en == "2 records"
    assert say_value(False, Kind.BOOL, None).zh == "否"
    assert say_value(250, Kind.RATE, None).zh == "2.5%"
    assert say_value("x", Kind.TEXT, None).zh == "x"
    assert say_day(date(2026, 3, 1)) == Words("2026年3月1日", "1 March 2026")
    assert say_day(FAR).en == "a day that never comes"


def test_gaps_in_words() -> None:
    assert say_gap(200_000, "money") == Words("2,000 元", "2,000 yuan")
    assert say_gap(500, "rate").zh == "5%"
    assert say_gap(4, "months") == Words("4 个月", "4 months")
    assert say_gap(1, "years").zh == "1 年"
    assert say_gap(1000, "days").en == "1,000 days"
    assert say_gap(2, "count") == Words("2", "2")


def test_what_only_the_machine_makes_has_words_too() -> None:
    assert tell(YearStart(Kind.DATE, tree("registered_on"))).zh == "成立日期所在年度"
    assert tell(FromDay(Kind.DATE)).zh == "（…）"
    assert tell(Item(Kind.INT)).zh == "该项"
    nth = Aggregate(Kind.DATE, "nth", tree("quarters"), Const(Kind.DATE, DAY))  # type: ignore[arg-type]
    assert "季度人数" in tell(nth).zh
