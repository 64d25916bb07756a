"""预算申请表 - next year's request with its 绩效目标表, as a paper and as rows of a sheet. In Chinese, as papers are."""

from __future__ import annotations

from collections.abc import Sequence

from chuangju.budget.batch_files import in_yuan
from chuangju.budget.models import BudgetRequest, PerformanceTarget
from chuangju.kernel.languages import in_kept_language
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

Kind = PerformanceTarget.Kind
TARGET_HEAD = ("一级指标", "二级指标", "三级指标", "指标值")
# Which class of the usual form each kind belongs to.
_CLASSES = {
    Kind.QUANTITY: "产出指标",
    Kind.QUALITY: "产出指标",
    Kind.TIMELINESS: "产出指标",
    Kind.COST: "产出指标",
    Kind.ECONOMIC: "效益指标",
    Kind.SOCIAL: "效益指标",
    Kind.SATISFACTION: "满意度指标",
}


def in_form_order(targets: Sequence[PerformanceTarget]) -> list[PerformanceTarget]:
    """Targets as the form has them: by class and kind, then as entered."""
    return sorted(targets, key=lambda target: (Kind.values.index(target.kind), target.position))


def target_rows(targets: Sequence[PerformanceTarget]) -> list[list[str]]:
    """绩效目标表, a row for each target."""
    with in_kept_language():
        return [
            [_CLASSES[Kind(target.kind)], str(target.get_kind_display()), target.name, target.value]
            for target in in_form_order(targets)
        ]


def request_paper(asked: BudgetRequest, targets: Sequence[PerformanceTarget]) -> PaperDocument:
    """The request as it goes to the finance bureau."""
    money = [
        ("申请年度", str(asked.year)),
        ("预算单位", asked.unit.name),
        ("申请金额", f"{in_yuan(asked.amount):,.2f} 元"),
        ("编制时本年已支付", f"{in_yuan(asked.spent):,.2f} 元"),
        ("编制时本年预计支出", f"{in_yuan(asked.expected):,.2f} 元"),
    ]
    if asked.simulation or asked.simulated is not None:
        told = f"{in_yuan(asked.simulated):,.2f} 元" if asked.simulated is not None else ""
        money.append(("测算依据", "　".join(part for part in (asked.simulation, told) if part)))
    blocks: list[Block] = [
        Heading("一、申请情况"),
        PaperTable((PaperColumn("项目", 34), PaperColumn("内容", 66)), [list(row) for row in money]),
        Heading("二、申请理由"),
        *(Paragraph(line) for line in lines_of(asked.reasons) if line.strip()),
    ]
    if asked.goal:
        blocks += [Heading("三、总体目标"), *(Paragraph(line) for line in lines_of(asked.goal) if line.strip())]
    columns = (
        PaperColumn(TARGET_HEAD[0], 18, is_centred=True, is_merged=True),
        PaperColumn(TARGET_HEAD[1], 22, is_centred=True, is_merged=True),
        PaperColumn(TARGET_HEAD[2], 38),
        PaperColumn(TARGET_HEAD[3], 22, is_centred=True),
    )
    blocks += [Heading("附：绩效目标表"), PaperTable(columns, target_rows(targets)), SignedBy(asked.unit.name)]
    is_draft = asked.state == BudgetRequest.State.DRAFT
    return PaperDocument(
        f"{asked.year}年度预算申请（{asked.title}）",
        blocks,
        issuer=asked.unit.name,
        mark="编制稿" if is_draft else "",
    )
