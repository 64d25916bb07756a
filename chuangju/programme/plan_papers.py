"""方案文稿 - what plans become on paper: the plan itself, 采纳情况表, the table of adjustments, and the review.

Papers are written in one language, so these words are not translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.periods import Period
from chuangju.papers.documents import (
    Block,
    Heading,
    PaperColumn,
    PaperDocument,
    PaperTable,
    Paragraph,
    SignedBy,
    lines_of,
)
from chuangju.programme.models import ConsultedUnit, Opinion, Plan, PlanAdjustment, PlanReview, PlanRound
from chuangju.programme.plan_content import content_of, day_in
from chuangju.programme.plan_review_facts import review_facts

RECIPIENTS = "各创建成员单位"
ADOPTION_HEAD = ("单位", "所涉内容", "意见", "修改建议", "采纳情况", "理由")
ADJUSTMENT_HEAD = ("事项", "调整内容", "调整前", "调整后", "理由", "批准人", "批准日期")


def issuer() -> str:
    """Who issues a plan: the office of the leading group of this district."""
    return f"{settings.DISTRICT['district']}创建创业型城区工作领导小组办公室"


def _day(text: str | None) -> str:
    found = day_in(text)
    return f"{found.year}年{found.month}月{found.day}日" if found else ""


def _item_table(items: Sequence[dict[str, Any]]) -> PaperTable:
    columns = (
        PaperColumn("序号", 7, is_centred=True),
        PaperColumn("事项", 27),
        PaperColumn("服务的任务", 23),
        PaperColumn("责任单位", 16),
        PaperColumn("责任人", 11, is_centred=True),
        PaperColumn("完成期限", 19, is_centred=True),
    )
    rows = [
        (str(item["number"]), item["title"], item["task_title"], item["unit"], item["person"], _day(item["due_on"]))
        for item in items
    ]
    return PaperTable(columns, rows)


def plan_document(plan: Plan) -> PaperDocument:
    """The plan as issued, or as it stands while it is still written: its sections, then its items as a table."""
    content = plan.issued_content or content_of(plan)
    blocks: list[Block] = []
    for section in content["sections"]:
        blocks.append(Heading(section["heading"], 1))
        blocks += [Paragraph(line) for line in lines_of(section["text"]) if line.strip()]
    if content["items"]:
        blocks += [Heading("附：工作事项安排", 1), _item_table(content["items"])]
    blocks.append(SignedBy(issuer(), plan.issued_on))
    mark = "" if plan.was_issued else "未印发稿"
    return PaperDocument(
        content["title"],
        blocks,
        number=plan.number,
        issuer=issuer(),
        recipients=RECIPIENTS,
        day=plan.issued_on,
        mark=mark,
    )


def adoption_rows(consultation: PlanRound) -> list[tuple[str, ...]]:
    """采纳情况表: a line for each opinion, then a line for each unit without one; in 建制序."""
    asked = consultation.asked.select_related("unit").prefetch_related("opinions").order_by("unit__position", "pk")
    rows: list[tuple[str, ...]] = []
    with in_kept_language():
        for unit in asked:
            opinions = sorted(unit.opinions.all(), key=lambda opinion: opinion.pk)
            rows += [_opinion_row(unit, opinion) for opinion in opinions]
            if not opinions:
                rows.append((unit.unit.name, "", str(unit.get_answer_display()), "", "", ""))
    return rows


def _opinion_row(unit: ConsultedUnit, opinion: Opinion) -> tuple[str, ...]:
    result = str(opinion.get_result_display())
    return (unit.unit.name, opinion.place, opinion.text, opinion.suggestion, result, opinion.reason)


def adoption_document(consultation: PlanRound) -> PaperDocument:
    """The table of what became of every opinion, as the leading group gets it."""
    rows = adoption_rows(consultation)
    asked = list(consultation.asked.all())
    silent = sum(unit.answer in {ConsultedUnit.Answer.SILENT, ConsultedUnit.Answer.WAITING} for unit in asked)
    given = list(Opinion.objects.filter(asked__round=consultation))
    counts = {result: sum(opinion.result == result for opinion in given) for result in Opinion.Result.values}
    summary = (
        f"共征求 {len(asked)} 个单位意见，{len(asked) - silent} 个单位已反馈，{silent} 个单位未反馈；"
        f"收到意见 {len(given)} 条，采纳 {counts['adopted']} 条，部分采纳 {counts['partly']} 条，"
        f"不采纳 {counts['rejected']} 条，待处理 {counts['pending']} 条。"
    )
    columns = [
        PaperColumn(head, share, is_merged=head == "单位", is_centred=head == "采纳情况")
        for head, share in zip(ADOPTION_HEAD, (14, 14, 24, 20, 10, 18), strict=True)
    ]
    return PaperDocument(
        f"《{consultation.plan.title}》征求意见采纳情况表",
        [Paragraph(summary), PaperTable(columns, rows)],
        day=timezone.localdate(consultation.closed_at) if consultation.closed_at else None,
        is_landscape=True,
    )


def _facts_words(facts: dict[str, str]) -> str:
    return "；".join(f"{name}：{value}" for name, value in facts.items() if value)


def changed_words(adjustment: PlanAdjustment) -> tuple[str, str]:
    """What an adjustment changed, before and after; only what differs, and all of a new item."""
    before, after = adjustment.before, adjustment.after
    names = [name for name in after if before.get(name) != after.get(name)]
    return _facts_words({name: before.get(name, "") for name in names}), _facts_words(
        {name: after.get(name, "") for name in names}
    )


def adjustment_rows(adjustments: Iterable[PlanAdjustment]) -> list[tuple[str, ...]]:
    """The approved adjustments of a plan as its table prints them."""
    rows: list[tuple[str, ...]] = []
    with in_kept_language():
        for one in adjustments:
            before, after = changed_words(one)
            title = one.item.title if one.item else one.new_title
            decided = timezone.localdate(one.decided_at).isoformat() if one.decided_at else ""
            by = one.decided_by.name if one.decided_by else ""
            rows.append((title, str(one.get_kind_display()), before, after, one.reason, by, decided))
    return rows


def adjustments_document(plan: Plan, adjustments: Iterable[PlanAdjustment], *, on: date) -> PaperDocument:
    """Every change of an issued plan since its issue."""
    shares = (20, 10, 18, 18, 18, 8, 10)
    columns = [PaperColumn(head, share) for head, share in zip(ADJUSTMENT_HEAD, shares, strict=True)]
    rows = adjustment_rows(adjustments)
    words = f"截至{on.year}年{on.month}月{on.day}日，方案印发后共调整 {len(rows)} 次。"
    return PaperDocument(
        f"《{plan.title}》调整情况表",
        [Paragraph(words), PaperTable(columns, rows)],
        number=plan.number,
        is_landscape=True,
    )


def _review_table(lines: Sequence[dict[str, Any]], caption: str) -> PaperTable:
    columns = (
        PaperColumn("事项", 40),
        PaperColumn("责任单位", 24),
        PaperColumn("完成期限", 18, is_centred=True),
        PaperColumn("完成日期", 18, is_centred=True),
    )
    rows = [(line["title"], line["unit"], line["due_on"], line["done_on"] or "—") for line in lines]
    return PaperTable(columns, rows, caption=caption)


def review_document(review: PlanReview, *, on: date) -> PaperDocument:
    """The review as submitted, or as the records stand today while it is still written."""
    with in_kept_language():
        period = Period.parse(review.period)
        label = period.label
    facts = review.facts or review_facts(review.plan, period, on=on)
    summary = (
        f"方案共 {facts['total']} 项，截至期末累计完成 {facts['done_in_all']} 项；本期完成 {len(facts['done'])} 项，"
        f"其中按期完成 {facts['done_on_time']} 项；期末逾期 {len(facts['late'])} 项；"
        f"本期调整 {len(facts['adjustments'])} 次。"
    )
    blocks: list[Block] = [Heading("一、执行情况", 1), Paragraph(summary)]
    for lines, caption in ((facts["done"], "本期完成的事项"), (facts["late"], "期末逾期的事项")):
        if lines:
            blocks.append(_review_table(lines, caption))
    written = (
        ("二、总体评价", review.overall),
        ("三、存在问题", review.problems),
        ("四、下一步安排", review.next_steps),
    )
    for heading, text in written:
        blocks.append(Heading(heading, 1))
        blocks += [Paragraph(line) for line in lines_of(text or "（无）") if line.strip()]
    if facts["evidence"]:
        columns = (PaperColumn("日期", 16, is_centred=True), PaperColumn("单位", 24), PaperColumn("填报内容", 60))
        rows = [(each["on"], each["unit"], each["text"]) for each in facts["evidence"]]
        blocks += [Heading("附：佐证记录", 1), PaperTable(columns, rows)]
    day = timezone.localdate(review.submitted_at) if review.submitted_at else None
    blocks.append(SignedBy(issuer(), day))
    mark = "" if review.submitted_at else "草稿"
    return PaperDocument(f"《{review.plan.title}》{label}自查总结", blocks, issuer=issuer(), day=day, mark=mark)
