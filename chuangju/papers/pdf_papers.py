"""文书 PDF - a paper as PDF, set by typst in the fonts of the installation; every word of it is a value, none is markup."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from chuangju.papers.documents import (
    OPEN_DAY,
    Block,
    Chart,
    Heading,
    PaperColumn,
    PaperDocument,
    PaperTable,
    Paragraph,
    QrBlock,
    SignedBy,
    paper_day,
    paper_text,
)
from chuangju.papers.qr_codes import qr_svg
from chuangju.papers.typesetting import set_pdf

_MM_PER_PIXEL = 25.4 / 96


def document_pdf(doc: PaperDocument) -> bytes:
    """The paper as PDF, all fonts within; raises PaperFault."""
    return set_pdf(json.dumps(_values(doc), ensure_ascii=False))


def _values(doc: PaperDocument) -> dict[str, Any]:
    issuer, number = paper_text(doc.issuer), paper_text(doc.number)
    return {
        "title": paper_text(doc.title),
        "authors": [issuer] if issuer else [],
        "keywords": [number] if number else [],
        "number": number,
        "recipients": paper_text(doc.recipients),
        "mark": paper_text(doc.mark),
        "footer_code": paper_text(doc.footer_code),
        "is_landscape": doc.is_landscape,
        "blocks": [value for block in doc.blocks for value in _block_values(block)],
    }


def _block_values(block: Block) -> list[dict[str, Any]]:
    match block:
        case Heading():
            return [{"kind": "heading", "level": block.level, "text": paper_text(block.text)}]
        case Paragraph():
            return [{"kind": "paragraph", "text": paper_text(block.text), "is_indented": block.is_indented}]
        case PaperTable():
            return [_table_values(block)]
        case Chart():
            chart = {
                "kind": "chart",
                "svg": block.svg,
                "caption": paper_text(block.caption),
                "width": _width_of(block.svg),
            }
            columns = [PaperColumn(head, 1) for head in block.header]
            return [chart, _table_values(PaperTable(columns, block.rows))] if columns else [chart]
        case SignedBy():
            return [
                {
                    "kind": "signed",
                    "unit": paper_text(block.unit),
                    "day": paper_day(block.day) if block.day else OPEN_DAY,
                }
            ]
        case QrBlock():
            svg = qr_svg(block.url)
            return [{"kind": "code", "svg": svg, "url": paper_text(block.url), "caption": paper_text(block.caption)}]


def _table_values(table: PaperTable) -> dict[str, Any]:
    columns = [
        {"head": paper_text(column.head), "share": column.share, "is_centred": column.is_centred}
        for column in table.columns
    ]
    rows = [[paper_text(cell) for cell in row] for row in table.rows]
    return {"kind": "table", "caption": paper_text(table.caption), "columns": columns, "rows": rows}


def _width_of(svg: str) -> float:
    """The width of a drawing in millimetres."""
    return float(etree.fromstring(svg.encode()).get("width", "0")) * _MM_PER_PIXEL
