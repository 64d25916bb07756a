"""印发样式 - a stored version in the layout of the file it came from, for export."""

from __future__ import annotations

from chuangju.programme.models import TableVersion
from chuangju.programme.table.writing import PrintedRow, PrintedTable


def printed_table(version: TableVersion) -> PrintedTable:
    """Title, headings, columns and rows as issued; two queries whatever the size."""
    layout = version.layout or {}
    columns = [(str(key), str(header)) for key, header in layout.get("columns", ())]
    rows = version.rows.select_related("category").prefetch_related("measure_rows").order_by("position")
    return PrintedTable(
        title=version.title,
        headings=[str(line) for line in layout.get("headings", [])],
        columns=columns,
        rows=[
            PrintedRow(
                number=row.number,
                category=row.category.name if row.category else None,
                task=row.title,
                # The cell as printed stands as one piece: its own separators are kept.
                lead=[row.lead_printed],
                cooperating=[row.cooperating_printed] if row.cooperating_printed else [],
                measures=[measure.text for measure in row.measure_rows.all()],
                due=row.due_printed or None,
            )
            for row in rows
        ],
    )
