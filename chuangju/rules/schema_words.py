"""What an editor shows beside the keys of a policy file, in both languages."""

from __future__ import annotations

from chuangju.rules.kinds import Words

DESCRIPTIONS: dict[str, Words] = {
    "id": Words("标识：小写字母、数字和下划线", "Identifier: small letters, digits and underscores"),
    "version": Words("版本；不写则为施行之日", "Version; the first day of the term if left out"),
    "title": Words("名称", "Title"),
    "summary": Words("一句话说明，写给申请人", "One plain sentence for applicants"),
    "row": Words("对应任务表的序号", "Number of the row of the table, or several"),
    "unit": Words("负责答复的部门", "The unit that answers for it"),
    "level": Words("层级：国家、市、区、街镇", "Level"),
    "subject": Words("对象：企业、个人、团队", "Whom it is for"),
    "audience": Words("人群标签，用于筛选", "Tags to filter by"),
    "benefit": Words("给的是什么", "What it brings"),
    "channel": Words("怎样享受：申请、推送、自行享受、转介", "How one comes by it"),
    "source": Words("出处：发文机关、文件名称、文号、网址、可信程度", "Where it stands written, and how sure we are"),
    "confidence": Words("可信程度", "How sure we are of it"),
    "effective": Words(
        "有效期：2024-01-01 .. 2026-12-31，长期有效的不写止日", "Term; leave the end open where there is none"
    ),
    "rounding": Words("舍入方式", "Rounding"),
    "grandfathering": Words("到期后仍可享受的情形", "For whom it goes on after its end"),
    "parameters": Words("参数：名称: {从哪天起: 数值}", "Figures: name: {from which day: value}"),
    "let": Words("中间量：名称: 表达式", "Named parts: name: expression"),
    "conditions": Words("条件，全部满足才可享", "Conditions, all of which must hold"),
    "when": Words("条件表达式", "The condition, as an expression"),
    "law": Words("依据：条款或文号", "The clause it stands on"),
    "label": Words("给人看的说法", "What people read"),
    "mend": Words("申请人可以怎样补上", "What the applicant can do about it"),
    "actionable": Words("申请人能否自行补上", "Whether the applicant can mend it"),
    "points": Words("积分表；合计用 points_total", "Points table; the total is points_total"),
    "cap": Words("该项最高分", "The most that the line can bring"),
    "group": Words("同组只取最高一项", "Of a group only the best line counts"),
    "claim_by": Words("最迟申领日，过期作废", "The last day to claim"),
    "amount": Words("金额（或分值、月数）", "The amount"),
    "amount_unit": Words("金额的单位", "What the amount is"),
    "amount_note": Words("金额的说明，如“一次性”", "A note on the amount"),
    "stacking": Words("与其他政策的关系", "How it goes with other policies"),
    "excludes": Words("不能同时享受的政策", "Policies it cannot be had with"),
    "what_if": Words("再进一步：改动哪些数据项", "Steps an applicant could take"),
    "form": Words("申请表要填的数据项", "Facts that the form asks for"),
    "documents": Words("申请材料", "Papers to bring"),
    "process": Words("办理步骤，days 为工作日", "Steps of the process; days are working days"),
    "pays": Words("拨付给谁、分几次", "To whom it is paid, in how many parts"),
    "leaves": Words("办结后留下什么", "What remains afterwards"),
    "examples": Words("范例，作为测试运行", "Worked examples, run as tests"),
    "given": Words("给出的数据项；null 为未知", "What is given; null is unknown"),
    "expect": Words("应得的结论", "The verdict that must come out"),
    "upto": Words("本档上限（含）", "The size up to and with which it holds"),
    "expression": Words(
        "表达式：数据项、参数、比较和语言自带的函数", "An expression of facts, figures, comparisons and functions"
    ),
    "note": Words("备注，不参与计算", "A note that no rule looks at"),
}
