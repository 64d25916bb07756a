"""报送文件 - what goes to the treasury: 拨付明细表 as a sheet, 用款申请 as a paper. In Chinese, as papers are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from chuangju.budget.models import BatchItem, PaymentBatch
from chuangju.kernel.money import FEN_PER_YUAN
from chuangju.papers.documents import Block, PaperColumn, PaperDocument, PaperTable, Paragraph, SignedBy

# The first column is by what answers name a payment; the last three are left for the treasury.
DETAIL_HEAD = (
    "支付编号",
    "序号",
    "收款人",
    "账户名称",
    "银行账号",
    "开户银行",
    "金额（元）",
    "用途",
    "资金条目",
    "支付结果",
    "支付日期",
    "失败或退票原因",
    "国库凭证号",
)
DRAFT_MARK = "未审批稿"


def items_of(batch: PaymentBatch) -> list[BatchItem]:
    """The items of a batch in their order, each with its payment."""
    return list(batch.items.select_related("payment__payee", "payment__line").order_by("position", "pk"))


def in_yuan(fen: int) -> Decimal:
    """An amount as a sheet holds it."""
    return Decimal(fen) / FEN_PER_YUAN


def detail_rows(items: Sequence[BatchItem]) -> list[list[object]]:
    """拨付明细表: a row for each payment with its full account number."""
    return [
        [
            item.payment.number,
            item.position,
            item.payment.payee.name,
            item.payment.account_name,
            item.payment.account_number,
            item.payment.bank,
            in_yuan(item.amount),
            item.payment.purpose,
            f"{item.payment.line.year}-{item.payment.line.code} {item.payment.line.name}",
            "",
            "",
            "",
            "",
        ]
        for item in items
    ]


def detail_digest(batch: PaymentBatch, items: Sequence[BatchItem]) -> str:
    """The fingerprint of what is to be paid, whatever program writes the file: kept when a batch is sent."""
    told = [batch.number, [[str(cell) for cell in row] for row in detail_rows(items)]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def request_document(batch: PaymentBatch) -> PaperDocument:
    """用款申请: how much is asked of which line, signed by the unit."""
    items = items_of(batch)
    by_line: dict[str, list[int]] = {}
    for item in items:
        line = item.payment.line
        by_line.setdefault(f"{line.year}-{line.code} {line.name}", []).append(item.amount)
    columns = (
        PaperColumn("资金条目", 50),
        PaperColumn("笔数", 14, is_centred=True),
        PaperColumn("金额（元）", 36, is_centred=True),
    )
    rows = [[name, str(len(amounts)), f"{in_yuan(sum(amounts)):,.2f}"] for name, amounts in by_line.items()]
    rows.append(["合计", str(batch.count), f"{in_yuan(batch.total):,.2f}"])
    blocks: list[Block] = [
        Paragraph(
            f"根据年度预算安排和审定结果，现申请拨付“{batch.title}”（批次号 {batch.number}）共 {batch.count} 笔，"
            f"金额合计人民币 {in_yuan(batch.total):,.2f} 元，请予审核支付。收款人及金额见所附拨付明细表。"
        ),
        PaperTable(columns, rows, caption="申请用款情况"),
        Paragraph(
            f"组批：{batch.created_by.name}　联审：{batch.checked_by.name if batch.checked_by else ''}　"
            f"审批：{batch.approved_by.name if batch.approved_by else ''}"
        ),
        SignedBy(batch.unit.name),
    ]
    bureau = f"{settings.DISTRICT['district']}财政局"
    return PaperDocument(
        "用款申请",
        blocks,
        issuer=batch.unit.name,
        recipients=bureau,
        mark="" if batch.approved_by_id else DRAFT_MARK,
        footer_code=batch.number,
    )
