"""评审文书 - score sheets of an assessor to be signed, and the summary of a panel: docx and PDF from one source.

These are papers of the house, written in its one language. A blind panel's score sheets name subjects by their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils import timezone

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.papers.documents import (
    OPEN_DAY,
    Block,
    Heading,
    PaperColumn,
    PaperDocument,
    PaperTable,
    Paragraph,
    paper_day,
)
from chuangju.scoring.answer_words import answer_text
from chuangju.scoring.criteria import Criterion, criteria_of, full_marks, points_of
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.results import Result
from chuangju.scoring.score_text import score_text

_SIGNATURE = "评审专家（签名）：　　　　　　　　　　　日期：" + OPEN_DAY
_DECLARATION = "本人与以上参评对象不存在可能影响公正评审的利益关系，评分为本人独立作出。"
_DEMO = "演示"
_NOT_FROZEN = "未冻结"


def score_sheet_document(panel: Panel, assessor: User, assessments: Sequence[Assessment]) -> PaperDocument:
    """The scores of one assessor, subject by subject, with the declaration and a line to sign; empty ones to fill in."""
    criteria = criteria_of(panel.sheet)
    blocks: list[Block] = [
        Paragraph(f"评审名称：{panel.title}", is_indented=False),
        Paragraph(f"组织单位：{panel.unit.name}　评分表：{panel.sheet}", is_indented=False),
        Paragraph(f"评审专家：{assessor}", is_indented=False),
    ]
    with in_kept_language():
        for number, one in enumerate(assessments, start=1):
            blocks += _score_blocks(number, one, criteria)
    blocks += [Paragraph(_DECLARATION), Paragraph(_SIGNATURE, is_indented=False)]
    return PaperDocument("评审评分表", blocks, mark=_DEMO if panel.is_demo else "")


def summary_document(panel: Panel, results: Sequence[Result], members: Sequence[User]) -> PaperDocument:
    """The ranked results with the terms they came about by, and lines for everybody to sign."""
    full = score_text(full_marks(criteria_of(panel.sheet))).removesuffix(".00")
    rows = [_summary_row(result) for result in results]
    table = PaperTable(
        (
            PaperColumn("名次", 8, is_centred=True),
            PaperColumn("参评对象", 40),
            PaperColumn("得分", 12, is_centred=True),
            PaperColumn("评分数", 10, is_centred=True),
            PaperColumn("极差", 12, is_centred=True),
            PaperColumn("去极值", 10, is_centred=True),
        ),
        rows or [["（没有参评对象）"]],
    )
    with in_kept_language():
        terms = _terms(panel, full)
    blocks: list[Block] = [Paragraph(terms), table]
    if panel.is_settled:
        blocks.append(Paragraph(f"冻结结果校验值（SHA-256）：{panel.frozen.sha256}", is_indented=False))
    blocks.append(Paragraph("评审组成员签名：", is_indented=False))
    blocks += [Paragraph(f"{member}：　　　　　　　　　　　日期：{OPEN_DAY}", is_indented=False) for member in members]
    mark = _DEMO if panel.is_demo else "" if panel.is_settled else _NOT_FROZEN
    return PaperDocument(f"{panel.title}结果汇总表", blocks, issuer=panel.unit.name, mark=mark)


def _score_blocks(number: int, one: Assessment, criteria: Iterable[Criterion]) -> list[Block]:
    listed = list(criteria)
    rows = []
    for criterion in listed:
        given = one.scores.get(criterion.key)
        points = score_text(points_of(criterion, Decimal(given))) if given is not None else ""
        answer = answer_text(criterion, given) if given is not None else ""
        rows.append([criterion.label, str(criterion.weight), answer, points])
    total = score_text(one.total) if one.total is not None else ""
    rows.append(["合计", score_text(full_marks(listed)).removesuffix(".00"), "", total])
    table = PaperTable(
        (
            PaperColumn("指标", 40),
            PaperColumn("分值", 14, is_centred=True),
            PaperColumn("评定", 26, is_centred=True),
            PaperColumn("得分", 20, is_centred=True),
        ),
        rows,
    )
    comment = one.comment or "　"
    return [Heading(f"{number}．{one.shown_label}", 3), table, Paragraph(f"评语：{comment}", is_indented=False)]


def _summary_row(result: Result) -> list[str]:
    return [
        str(result.rank or "—"),
        result.label,
        score_text(result.total) if result.total is not None else "—",
        str(result.count),
        score_text(result.spread),
        "是" if result.dropped else "否",
    ]


def _terms(panel: Panel, full: str) -> str:
    parts = [f"评分表：{panel.sheet}，满分 {full} 分", f"每个对象至少 {panel.min_assessors} 份评分"]
    if panel.is_blind:
        parts.append("匿名评审")
    if panel.drop_extremes:
        parts.append(f"评分达到 {panel.drop_from} 份时去掉一个最高分和一个最低分")
    if panel.normalisation != Panel.Normalisation.NONE:
        parts.append(f"评委间调整：{panel.get_normalisation_display()}")
    if panel.frozen_at is not None:
        parts.append(f"{paper_day(timezone.localdate(panel.frozen_at))}冻结")
    return "；".join(parts) + "。得分相同的名次并列。"
