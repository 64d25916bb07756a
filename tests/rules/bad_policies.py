"""Policy files with one thing wrong each: what was written, what stands instead, and where and how it is told."""

from __future__ import annotations

GOOD = """\
id: grant
version: "2024"
title: {zh: 补贴, en: Grant}
row: 6
level: district
source: {issuer: 区政府, document: 办法, number: 1号, confidence: sample}
effective: 2024-01-01 .. 2026-12-31
parameters:
  part: {2022-01-01: 30%, 2024-07-01: 50%}
  heads: {2024-01-01: {bands: [{upto: 100, value: 3}, {value: 9}]}}
let:
  locals: count(e.local for e in employees)
points:
  items:
  - {id: one, value: staff, cap: 10, law: 表一}
conditions:
- id: enough
  label: 两人以上
  when: locals >= 2 and form == 'company'
  law: 第四条
- {id: young, when: months_since(registered_on) <= 36, law: 第五条}
amount: share_of(rent, part)
claim_by: add_months(registered_on, 36)
stacking: {order: 1}
what_if:
- {label: 招一人, change: {staff: +1}}
form: [staff]
process:
- {step: 审核, days: 7}
examples:
- {given: {staff: 3}, on: 2025-01-01, expect: unknown}
"""


def _section(name: str) -> str:
    """A part of the good file, from its key to the next."""
    lines = GOOD.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}:"))
    inside = [line[0] in {" ", "-"} for line in lines[start + 1 :]]
    return "".join(lines[start : start + 1 + inside.index(False)])


# Name, what is replaced, by what; line and column of the fault, and words of its sentence in both languages.
CASES: tuple[tuple[str, str, str, int, int, str, str], ...] = (
    ("no_id", "id: grant\n", "", 1, 1, "缺少“id”", "“id” is missing"),
    ("empty_id", "id: grant", "id:", 1, 1, "缺少“id”", "“id” is missing"),
    ("bad_id", "id: grant", "id: Grant-1", 1, 5, "“Grant-1”不能作名称：只用小写字母、数字和下划线，以字母开头", "“Grant-1” is no name: small letter"),
    ("id_list", "id: grant", "id: [a]", 1, 5, "这里要一句文字", "a text belongs here"),
    ("no_title", "title: {zh: 补贴, en: Grant}\n", "", 1, 1, "缺少“title”", "“title” is missing"),
    ("empty_title", "{zh: 补贴, en: Grant}", "{zh: ' ', en: Grant}", 3, 8, "缺少名称", "the title is missing"),
    ("title_without_chinese", "{zh: 补贴, en: Grant}", "{en: Grant}", 3, 8, "这里要写 {zh: 中文, en: 英文} 或一句话", "write {zh: …, en: …} or one senten"),
    ("title_list", "{zh: 补贴, en: Grant}", "[补贴]", 3, 8, "这里要写 {zh: 中文, en: 英文} 或一句话", "write {zh: …, en: …} or one senten"),
    ("no_source", _section("source"), "", 1, 1, "缺少“source”", "“source” is missing"),
    ("source_text", "{issuer: 区政府, document: 办法, number: 1号, confidence: sample}", "区政府办法", 6, 9, "出处要写成 {issuer: …, document: …, num", "the source is {issuer, document, n"),
    ("source_without_document", "document: 办法, ", "", 6, 9, "缺少“document”", "“document” is missing"),
    ("source_without_issuer", "issuer: 区政府, ", "", 6, 9, "缺少“issuer”", "“issuer” is missing"),
    ("source_unknown_key", "number: 1号", "nummer: 1号", 6, 37, "不认识“nummer”，是不是“number”？", "“nummer” is not known here; is it"),
    ("source_confidence", "confidence: sample", "confidence: sure", 6, 61, "“sure”应为 official、secondary、unveri", "“sure” must be one of official, se"),
    ("source_with_a_script", "number: 1号", "number: 1号, url: 'javascript:alert(1)'", 6, 54, "网址要以 https:// 或 http:// 开头", "an address begins with https:// or"),
    ("source_with_a_file", "number: 1号", "number: 1号, url: 'file:///etc/passwd'", 6, 54, "网址要以 https:// 或 http:// 开头", "an address begins with https:// or"),
    ("row_nought", "row: 6", "row: 0", 4, 6, "“0”不是任务的序号", "“0” is no number of a task"),
    ("text_that_turns_round", "label: 两人以上", "label: 两\u202e人以上", 18, 11, "这里有不可见字符", "there is an invisible character"),
    ("sign_without_width", "locals >= 2", "loc\u200bals >= 2", 19, 12, "这里有不可见字符", "there is an invisible character"),
    ("no_effective", "effective: 2024-01-01 .. 2026-12-31\n", "", 1, 1, "缺少“effective”", "“effective” is missing"),
    ("effective_one_day", "2024-01-01 .. 2026-12-31", "2024-01-01", 7, 12, "“2024-01-01”不是起止日期，请写成 2024-01-01 ", "“2024-01-01” is no term; write 202"),
    ("effective_no_day", "2024-01-01 .. 2026-12-31", "2024-02-30 ..", 7, 12, "“2024-02-30 ..”不是起止日期，请写成 2024-01-", "“2024-02-30 ..” is no term; write"),
    ("effective_bad_end", "2024-01-01 .. 2026-12-31", "2024-01-01 .. 2026-13-01", 7, 12, "“2024-01-01 .. 2026-13-01”不是起止日期，请", "“2024-01-01 .. 2026-13-01” is no t"),
    ("effective_reversed", "2024-01-01 .. 2026-12-31", "2026-12-31 .. 2024-01-01", 7, 12, "止日早于起日", "the term ends before it begins"),
    ("effective_far", "2024-01-01 .. 2026-12-31", "2024-01-01 .. 9999-12-31", 7, 12, "“2024-01-01 .. 9999-12-31”不是起止日期，请", "“2024-01-01 .. 9999-12-31” is no t"),
    ("effective_list", "2024-01-01 .. 2026-12-31", "[2024-01-01]", 7, 12, "“”不是起止日期，请写成 2024-01-01 .. 2026-12", "“” is no term; write 2024-01-01 .."),
    ("no_conditions", _section("conditions"), "", 1, 1, "缺少“conditions”", "“conditions” is missing"),
    ("conditions_mapping", _section("conditions"), "conditions: {a: staff > 1}\n", 16, 13, "条件要写成一组 - {id: …, label: …, when: ", "conditions are a list of {id, labe"),
    ("condition_text", "- {id: young, when: months_since(registered_on) <= 36, law: 第五条}", "- months_since(registered_on) <= 36", 21, 3, "条件要写成 {id: …, label: …, when: …, l", "a condition is written {id, label,"),
    ("condition_without_law", ", law: 第五条", "", 21, 3, "缺少依据（law）：写明条款或文号", "the citation (law) is missing"),
    ("condition_without_when", "when: months_since(registered_on) <= 36, ", "", 21, 3, "缺少“when”", "“when” is missing"),
    ("condition_without_id", "id: young, ", "", 21, 3, "缺少“id”", "“id” is missing"),
    ("condition_twice", "id: young", "id: enough", 21, 8, "条件 enough 写了两次", "condition enough is written twice"),
    ("condition_reserved", "id: young", "id: claim_by", 21, 8, "“claim_by”由系统使用，请换一个名称", "“claim_by” is used by the machine;"),
    ("condition_misspelt_key", "law: 第五条", "lwa: 第五条", 21, 3, "缺少依据（law）：写明条款或文号", "the citation (law) is missing"),
    ("condition_no_yes_or_no", "when: months_since(registered_on) <= 36", "when: months_since(registered_on)", 21, 21, "这里的结果要是是非，写出的是整数", "this must come to yes or no, and i"),
    ("condition_when_list", "when: months_since(registered_on) <= 36", "when: [staff]", 21, 21, "这里要一个表达式", "an expression belongs here"),
    ("condition_actionable", "law: 第五条", "law: 第五条, actionable: perhaps", 21, 78, "“perhaps”应为 true、false 之一", "“perhaps” must be one of true, fal"),
    ("unknown_key", "level: district", "levle: district", 5, 1, "不认识“levle”，是不是“level”？", "“levle” is not known here; is it “"),
    ("unknown_level", "level: district", "level: province", 5, 8, "“province”应为 national、city、distric", "“province” must be one of national"),
    ("duplicate_key", "level: district", "level: district\nlevel: city", 6, 1, "“level”写了两次", "“level” is written twice"),
    ("row_text", "row: 6", "row: six", 4, 6, "“six”不是任务的序号", "“six” is no number of a task"),
    ("row_superscript", "row: 6", "row: ²", 4, 6, "“²”不是任务的序号", "“²” is no number of a task"),
    ("version_with_a_blank", 'version: "2024"', 'version: "2024 a"', 2, 10, "版本只用字母、数字、点和横线", "a version is letters, digits, dots"),
    ("order_text", "order: 1", "order: first", 24, 19, "order 要写整数", "order is a whole number"),
    ("order_superscript", "order: 1", "order: ²", 24, 19, "order 要写整数", "order is a whole number"),
    ("stacking_text", "stacking: {order: 1}", "stacking: yes", 24, 11, "stacking 要写成 {键: 值}", "stacking is written {key: value}"),
    ("stacking_unknown_key", "order: 1", "exclude: [a]", 24, 12, "不认识“exclude”，是不是“excludes”？", "“exclude” is not known here; is it"),
    ("unknown_fact", "form == 'company'", "frm == 'company'", 19, 25, "没有“frm”这个数据项或参数，是不是“form”？", "there is no fact or parameter “frm"),
    ("unknown_code", "form == 'company'", "form == 'comapny'", 19, 33, "“comapny”不在主体类型的代码里，是不是“company”？", "“comapny” is no code of Form; is i"),
    ("wrong_kind", "locals >= 2", "locals >= 2元", 19, 19, "整数和金额不能放在一起；金额请带单位，如 3000元", "a whole number does not go with an"),
    ("money_and_number", "share_of(rent, part)", "rent + 3000", 22, 9, "金额和整数不能放在一起；金额请带单位，如 3000元", "an amount of money does not go wit"),
    ("yes_no_added", "locals >= 2", "trained + 2 > 1", 19, 9, "这里要整数或金额或比率，写的是是非", "this must be a whole number or an"),
    ("lists_compared", "locals >= 2", "employees == employees", 19, 9, "列表不能比较，请用 in、count 等", "lists cannot be compared; use in,"),
    ("unknown_function", "months_since(registered_on)", "month_since(registered_on)", 21, 21, "没有“month_since”这个函数，是不是 months_sin", "there is no function “month_since”"),
    ("too_few_arguments", "share_of(rent, part)", "share_of(rent)", 22, 9, "share_of 要 2–3 个参数，写了 1 个", "share_of takes 2–3 arguments, not"),
    ("too_many_arguments", "add_months(registered_on, 36)", "add_months(registered_on, 36, 1)", 23, 11, "add_months 要 2 个参数，写了 3 个", "add_months takes 2 arguments, not"),
    ("division", "locals >= 2", "locals / 2 >= 1", 19, 9, "只有加、减、乘；取份额用 share_of，按比例用 prorate", "only + - *; use share_of or prorat"),
    ("remainder", "locals >= 2", "locals % 2 >= 1", 19, 9, "只有加、减、乘；取份额用 share_of，按比例用 prorate", "only + - *; use share_of or prorat"),
    ("power", "locals >= 2", "locals ** 2 >= 1", 19, 9, "只有加、减、乘；取份额用 share_of，按比例用 prorate", "only + - *; use share_of or prorat"),
    ("decimal", "locals >= 2", "locals >= 2.5", 19, 19, "不用小数：金额写成 1.5万元，比率写成 2.5%", "no decimals: write 1.5万元 or 2.5%"),
    ("lambda", "locals >= 2 and form == 'company'", '"(lambda: 1)() >= 2"', 19, 10, "只能调用语言自带的函数", "only the language's own functions"),
    ("attribute", "locals >= 2", "staff.bit_length >= 2", 19, 9, "只有明细的循环变量后面可以用点", "a dot may only follow the loop var"),
    ("dunder", "locals >= 2", "staff.__class__ == 2", 19, 9, "只有明细的循环变量后面可以用点", "a dot may only follow the loop var"),
    ("open", "locals >= 2", "open('/etc/passwd') == 2", 19, 9, "没有“open”这个函数", "there is no function “open”"),
    ("eval", "locals >= 2", "eval('2') == 2", 19, 9, "没有“eval”这个函数", "there is no function “eval”"),
    ("import", "locals >= 2", "__import__('os') == 2", 19, 9, "没有“__import__”这个函数", "there is no function “__import__”"),
    ("exec", "locals >= 2", "exec('2') == 2", 19, 9, "没有“exec”这个函数", "there is no function “exec”"),
    ("getattr", "locals >= 2", "getattr(staff, 'x') == 2", 19, 9, "没有“getattr”这个函数", "there is no function “getattr”"),
    ("type", "locals >= 2", "type(staff) == 2", 19, 9, "没有“type”这个函数", "there is no function “type”"),
    ("globals", "locals >= 2", "globals() == 2", 19, 9, "没有“globals”这个函数", "there is no function “globals”"),
    ("format_text", "locals >= 2", "f'{staff}' == 'x'", 19, 9, "不能使用这种写法（JoinedStr）", "this construct is not allowed (Joi"),
    ("walrus", "locals >= 2", "(x := 2) >= 2", 19, 10, "不能使用这种写法（NamedExpr）", "this construct is not allowed (Nam"),
    ("star", "locals >= 2", "min(*groups) >= 2", 19, 9, "不能使用 *", "* is not allowed"),
    ("keyword", "locals >= 2", "min(a=1, b=2) >= 2", 19, 9, "参数不写名称", "arguments are written without name"),
    ("nested_lists", "count(e.local for e in employees)", "count(any(f.rent > 0 for f in leases) for e in employees)", 12, 20, "明细里面不能再套明细", "a list cannot be looked at inside"),
    ("two_loops", "count(e.local for e in employees)", "count(e.local for e in employees for f in leases)", 12, 16, "只能有一层循环", "only one loop is allowed"),
    ("brackets", "locals >= 2", "(" * 45 + "locals" + ")" * 45 + " >= 2", 19, 49, "括号嵌套超过 40 层", "more than 40 nested brackets"),
    ("nots", "locals >= 2", "not " * 100 + "trained", 19, 245, "表达式嵌套太深", "the expression is nested too deepl"),
    ("minuses", "locals >= 2", "-" * 300 + "locals >= 2", 19, 67, "表达式嵌套太深", "the expression is nested too deepl"),
    ("choices", "locals >= 2", "1 if trained else " * 100 + "2 >= 2", 19, 1076, "表达式嵌套太深", "the expression is nested too deepl"),
    ("attributes", "locals >= 2", "staff" + ".a" * 500 + " >= 2", 19, 9, "只有明细的循环变量后面可以用点", "a dot may only follow the loop var"),
    ("ands", "locals >= 2", "(trained and " * 38 + "trained" + ")" * 38 + " and " + "not " * 60 + "trained", 19, 789, "表达式嵌套太深", "the expression is nested too deepl"),
    ("long_text", "locals >= 2", " or ".join(["trained"] * 700), 19, 4009, "表达式超过 4000 个字符", "the expression is longer than 4000"),
    ("full_width", "locals >= 2", "locals ＞＝ 2", 19, 16, "“＞”是全角符号，请改用半角", "“＞” is a full-width sign; use the"),
    ("single_equals", "locals >= 2", "locals = 2", 19, 16, "比较是否相等要写 ==", "write == to compare"),
    ("unclosed", "locals >= 2", "min(locals, 2 >= 2", 19, 12, "这个括号没有配上右括号", "this bracket is not closed"),
    ("comment", "form == 'company'", "form == 'company' and staff > 1# x", 19, 56, "表达式里不能写 #", "# cannot stand in an expression"),
    ("bad_date", "locals >= 2", "registered_on >= 2025-02-30", 19, 26, "没有 2025-02-30 这一天", "2025-02-30 is no day of the calend"),
    ("far_date", "locals >= 2", "registered_on >= 9999-12-31", 19, 26, "日期应在 1900-01-01 至 2200-12-31 之间", "a date must lie between 1900-01-01"),
    ("overflow", "share_of(rent, part)", "sum(e.wage * e.months * staff * staff for e in employees)", 22, 9, "这里的数可能超出能计算的范围，请用 min(…) 加上限", "this could become larger than can"),
    ("division_by_nothing", "share_of(rent, part)", "prorate(rent, 3, staff)", 22, 9, "除数可能是 0，请改用不会为 0 的数", "the divisor could be 0; use one th"),
    ("date_too_far", "add_months(registered_on, 36)", "add_months(registered_on, staff)", 23, 11, "日期移动不能超过 1200 个月", "a date cannot be moved by more tha"),
    ("amount_is_a_date", "share_of(rent, part)", "registered_on", 22, 9, "这里的结果要是金额或整数，写出的是日期", "this must come to an amount of mon"),
    ("claim_by_is_a_number", "add_months(registered_on, 36)", "36", 23, 11, "这里的结果要是日期，写出的是整数", "this must come to a date, and is a"),
    ("points_as_money", "share_of(rent, part)", "points_total\namount_unit: money", 22, 9, "amount 的结果是整数时，amount_unit 写 point", "amount_unit is money for amounts,"),
    ("never_holds", "months_since(registered_on) <= 36", "staff > 100000", 21, 1, "条件 young 在 2024-01-01 永远不会成立", "condition young can never hold on"),
    ("contradicts_itself", "months_since(registered_on) <= 36", "staff > 5 and staff < 3", 21, 1, "条件 young 在 2024-01-01 永远不会成立", "condition young can never hold on"),
    ("contradicts_another", "months_since(registered_on) <= 36", "form == 'individual'", 21, 1, "条件 young 与前面的条件互相矛盾，没有人能同时满足", "condition young contradicts those"),
    ("figure_without_a_value_yet", "part: {2022-01-01: 30%, 2024-07-01: 50%}", "part: {2025-01-01: 30%}", 9, 3, "参数 part 在 2024-01-01 还没有数值", "parameter part has no figure on 20"),
    ("figures_of_two_kinds", "part: {2022-01-01: 30%, 2024-07-01: 50%}", "part: {2022-01-01: 30%, 2024-07-01: 3000元}", 9, 9, "参数 part 的数值种类不一致", "the figures of part are of differe"),
    ("figure_without_a_day", "part: {2022-01-01: 30%, 2024-07-01: 50%}", "part: 30%", 9, 9, "参数 part 要写明每个数值从哪天起，如 {2024-01-01:", "say from which day each figure of"),
    ("figure_with_a_bad_day", "2022-01-01: 30%", "2022-02-30: 30%", 9, 10, "“2022-02-30”这一天不存在，或不在 1900-01-01 ", "“2022-02-30” is no day of the cale"),
    ("figure_with_a_word_for_a_day", "2022-01-01: 30%", "early: 30%", 9, 10, "“early”不是日期，请写成 2026-03-01", "“early” is no date; write 2026-03-"),
    ("figure_empty", "2022-01-01: 30%", "2022-01-01: ", 9, 22, "这里要一个数，如 3000元、30%、36", "a figure belongs here, as 3000元, 3"),
    ("figure_list", "2022-01-01: 30%", "2022-01-01: [30%]", 9, 22, "这里要一个数，如 3000元、30%、36", "a figure belongs here, as 3000元, 3"),
    ("figure_too_fine", "2022-01-01: 30%", "2022-01-01: 30.001%", 9, 22, "“30.001%”精确到万分之一以下", "“30.001%” is finer than one basis"),
    ("figure_bad_money", "2022-01-01: 30%, 2024-07-01: 50%", "2022-01-01: 3k元", 9, 22, "“3k元”不是金额，请写成“3000元”或“1.5万元”", "“3k元” is no amount; write 3000元 or"),
    ("figure_date_gone", "2022-01-01: 30%, 2024-07-01: 50%", "2022-01-01: 2025-02-30", 9, 22, "“2025-02-30”这一天不存在，或不在 1900-01-01 ", "“2025-02-30” is no day of the cale"),
    ("figure_unknown_key", "2022-01-01: 30%", "2022-01-01: {value: 30%, lwa: x}", 9, 35, "不认识“lwa”，是不是“law”？", "“lwa” is not known here; is it “la"),
    ("figure_name_taken", "  part: {", "  staff: {2022-01-01: 3}\n  part: {", 9, 3, "“staff”这个名称已经用了", "the name “staff” is taken"),
    ("figure_called_on", "  part: {", "  on: {2022-01-01: 3}\n  part: {", 9, 3, "“on”这个名称已经用了", "the name “on” is taken"),
    ("figure_bad_name", "  part: {", "  Part-1: {2022-01-01: 3}\n  part: {", 9, 3, "“Part-1”不能作名称：只用小写字母、数字和下划线，以字母开头", "“Part-1” is no name: small letters"),
    ("figures_list", _section("parameters"), "parameters: [a]\n", 8, 13, "参数要写成 名称: {日期: 数值}", "parameters are written as name: {d"),
    ("bands_reversed", "[{upto: 100, value: 3}, {value: 9}]", "[{upto: 100, value: 3}, {upto: 50, value: 9}]", 10, 31, "各档要由小到大，数值种类一致", "bands go from small to large, of o"),
    ("bands_of_two_kinds", "[{upto: 100, value: 3}, {value: 9}]", "[{upto: 100, value: 3}, {value: 9%}]", 10, 31, "各档要由小到大，数值种类一致", "bands go from small to large, of o"),
    ("bands_after_the_open_one", "[{upto: 100, value: 3}, {value: 9}]", "[{value: 3}, {upto: 100, value: 9}]", 10, 44, "每一档写成 {upto: 100, value: 15%}，最后一档", "write each band as {upto: 100, val"),
    ("bands_without_value", "[{upto: 100, value: 3}, {value: 9}]", "[{upto: 100}]", 10, 32, "每一档写成 {upto: 100, value: 15%}，最后一档", "write each band as {upto: 100, val"),
    ("bands_text", "[{upto: 100, value: 3}, {value: 9}]", "many", 10, 31, "各档要由小到大，数值种类一致", "bands go from small to large, of o"),
    ("bands_up_to_a_word", "{upto: 100, value: 3}", "{upto: many, value: 3}", 10, 32, "每一档写成 {upto: 100, value: 15%}", "write each band as"),
    ("bands_up_to_a_rate", "{upto: 100, value: 3}", "{upto: 9%, value: 3}", 10, 32, "每一档写成 {upto: 100, value: 15%}", "write each band as"),
    ("bands_of_two_sizes", "{value: 9}]", "{upto: 500元, value: 9}]", 10, 31, "各档要由小到大，数值种类一致", "bands go from small to large"),
    ("bands_and_plain_figures", "{bands: [{upto: 100, value: 3}, {value: 9}]}}", "{bands: [{upto: 100, value: 3}, {value: 9}]}, 2025-01-01: 3}", 10, 10, "要按同一种大小分档", "bands of one kind of size"),
    ("bands_by_money_then_number", "{bands: [{upto: 100, value: 3}, {value: 9}]}}", "{bands: [{upto: 100, value: 3}, {value: 9}]}, 2025-01-01: {bands: [{upto: 9元, value: 3}]}}", 10, 10, "要按同一种大小分档", "bands of one kind of size"),
    ("band_of_a_wrong_size", "locals >= 2", "by_band(heads, rent) >= 2", 19, 24, "这里要整数，写的是金额", "must be a whole number"),
    ("bands_of_words", "[{upto: 100, value: 3}, {value: 9}]", "[3]", 10, 32, "每一档写成 {upto: 100, value: 15%}", "write each band as"),
    ("bands_unknown_key", "{value: 9}]", "{value: 9, up_to: 5}]", 10, 66, "不认识“up_to”，是不是“upto”？", "is it “upto”?"),
    ("bands_empty", "[{upto: 100, value: 3}, {value: 9}]", "[]", 10, 31, "各档要由小到大，数值种类一致", "bands go from small to large, of o"),
    ("banded_figure_bare", "locals >= 2", "heads >= 2", 19, 9, "参数 heads 分档，请写成 by_band(heads, …)", "heads has bands: write by_band(hea"),
    ("let_taken", "  locals:", "  staff:", 12, 3, "“staff”这个名称已经用了", "the name “staff” is taken"),
    ("let_called_on", "  locals:", "  on: 3\n  locals:", 12, 3, "“on”这个名称已经用了", "the name “on” is taken"),
    ("let_list", "let:\n  locals: count(e.local for e in employees)\n", "let: [a]\n", 11, 6, "let 要写成 {键: 值}", "let is written {key: value}"),
    ("let_doubling", _section("let"), "let:\n  locals: staff + 1\n  x0: locals\n" + "".join(f"  x{n + 1}: x{n} + x{n}\n" for n in range(20)), 24, 8, "表达式（连同所引用的名称）太大，请拆开或简化", "the expression, with the names it"),
    ("points_text", _section("points"), "points: many\n", 13, 9, "积分表要写成 items: 一组 {id, label, value", "a points table is items: a list of"),
    ("points_unknown_key", "  items:", "  threshold: 3\n  items:", 14, 3, "不认识“threshold”", "“threshold” is not known here"),
    ("points_item_text", "  - {id: one, value: staff, cap: 10, law: 表一}", "  - staff", 15, 5, "每项写成 {id: …, label: …, value: …, l", "an item is written {id, label, val"),
    ("points_item_without_law", ", law: 表一", "", 15, 5, "缺少依据（law）：写明条款或文号", "the citation (law) is missing"),
    ("points_item_money", "value: staff", "value: rent", 15, 22, "这里的结果要是整数，写出的是金额", "this must come to a whole number,"),
    ("step_without_change", ", change: {staff: +1}", "", 26, 3, "写成 {label: …, change: {…}}", "write {label: …, change: {…}}"),
    ("step_of_an_unknown_fact", "change: {staff: +1}", "change: {stuff: +1}", 26, 25, "没有“stuff”这个数据项", "there is no fact “stuff”"),
    ("step_by_a_word", "change: {staff: +1}", "change: {staff: +one}", 26, 32, "“one”不是整数", "“one” is not a whole number"),
    ("step_to_a_word", "change: {staff: +1}", "change: {staff: many}", 26, 32, "职工人数（staff）：“many”不是整数", "Staff (staff): “many” is not a who"),
    ("step_adds_an_unknown_field", "change: {staff: +1}", "change: {employees: {add: {nothing: 1}}}", 26, 36, "员工（employees）：第 1 条没有“nothing”这一栏", "Employees (employees): record 1 ha"),
    ("step_text", "- {label: 招一人, change: {staff: +1}}", "- 招一人", 26, 3, "每一项写成 {label: …, change: {…}}", "each is written {label: …, change:"),
    ("steps_mapping", "- {label: 招一人, change: {staff: +1}}", "  a: 1", 26, 3, "这里要写成一组 - {label: …, change: {…}}", "this is a list of {label: …, chang"),
    ("form_unknown_fact", "form: [staff]", "form: [stuff]", 27, 8, "没有“stuff”这个数据项", "there is no fact “stuff”"),
    ("process_days", "days: 7", "days: soon", 29, 3, "days 要写整数（工作日）", "days is a whole number of working"),
    ("pays_text", "form: [staff]", "pays: [cash]\nform: [staff]", 27, 7, "pays 要写成 {键: 值}", "pays is written {key: value}"),
    ("grandfathering_text", "form: [staff]", "grandfathering: forever\nform: [staff]", 27, 17, "写成 {when: …, until: …, law: …}", "write {when, until, law}"),
    ("grandfathering_without_law", "form: [staff]", "grandfathering: {when: trained}\nform: [staff]", 27, 17, "缺少依据（law）：写明条款或文号", "the citation (law) is missing"),
    ("grandfathering_until", "form: [staff]", "grandfathering: {when: trained, until: 3, law: x}\nform: [staff]", 27, 40, "这里的结果要是日期，写出的是整数", "this must come to a date, and is a"),
    ("example_unknown_verdict", "expect: unknown", "expect: maybe", 31, 47, "“maybe”应为 eligible、not_yet、near_mi", "“maybe” must be one of eligible, n"),
    ("example_without_day", ", on: 2025-01-01", "", 31, 3, "缺少“on”", "“on” is missing"),
    ("example_bad_day", "on: 2025-01-01", "on: 2025-02-30", 31, 27, "“2025-02-30”这一天不存在，或不在 1900-01-01 ", "“2025-02-30” is no day of the cale"),
    ("example_unknown_fact", "given: {staff: 3}", "given: {stuff: 3}", 31, 12, "没有“stuff”这个数据项，是不是“staff”？", "there is no fact “stuff”; is it “s"),
    ("example_bad_value", "given: {staff: 3}", "given: {staff: many}", 31, 19, "职工人数（staff）：“many”不是整数", "Staff (staff): “many” is not a who"),
    ("example_given_list", "given: {staff: 3}", "given: [3]", 31, 11, "given 写成 {数据项: 值}", "given is written {fact: value}"),
    ("example_given_text", "given: {staff: 3}", "given: 3", 31, 11, "given 写成 {数据项: 值}", "given is written {fact: value}"),
    ("example_unknown_key", "expect: unknown", "expect: unknown, amuont: 3", 31, 56, "不认识“amuont”，是不是“amount”？", "“amuont” is not known here; is it"),
    ("example_bad_amount", "expect: unknown", "expect: unknown, amount: --5", 31, 64, "“--5”不是金额，请写成“3000元”或“1.5万元”", "“--5” is no amount; write 3000元 or"),
    ("example_amount_list", "expect: unknown", "expect: unknown, amount: [5]", 31, 64, "这里要一个金额或整数", "an amount or a whole number belong"),
    ("example_text", "- {given: {staff: 3}, on: 2025-01-01, expect: unknown}", "- eligible", 31, 3, "每一项写成 {given: {…}, on: …, expect: ", "each is written {given: {…}, on: …"),
    ("examples_mapping", "- {given: {staff: 3}, on: 2025-01-01, expect: unknown}", "  a: {on: 2025-01-01}", 31, 3, "这里要写成一组 - {given: {…}, on: …, expe", "this is a list of {given: {…}, on:"),
    ("missing_names", "expect: unknown", "expect: unknown, missing: {a: 1}", 31, 65, "这里要一组名称", "a list of names belongs here"),
)  # fmt: skip
