"""csv as a table: in any encoding in use here, each row counted as a spreadsheet counts it, none of it in memory twice."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from chuangju.papers.decoding import decode_text
from chuangju.papers.sentences import unreadable
from chuangju.ventures.registers.findings import Finding, refuse
from chuangju.ventures.registers.headers import HEAD_WITHIN, find_header
from chuangju.ventures.registers.tables import MAX_COLUMNS, Table, texts_to_table

_DELIMITERS = ",\t;，；|"
_LONGEST_CELL = 200_000


def read_separated(
    path: Path, label: str, *, part: str = "", most_rows: int, mapping: Mapping[str, str] | None = None
) -> Table:
    """The table of a csv file; `part` tells which related records it holds. Raises UnreadableFile."""
    text = decode_text(path.read_bytes())
    if not text.strip():
        raise unreadable("empty")
    rows = _rows(text, _find_delimiter(text))
    head = list(itertools.islice(rows, HEAD_WITHIN))
    place, header = find_header(head, part, mapping)
    width = len(header)
    if width > MAX_COLUMNS:
        raise unreadable("too_many_columns", count=width, limit=MAX_COLUMNS)
    columns: list[list[str | None]] = [[] for _ in range(width)]
    numbers: list[int] = []
    findings: list[Finding] = []
    for number, row in enumerate(itertools.chain(head[place + 1 :], rows), start=place + 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            findings.append(Finding("surplus_cells", number, "", label, {"value": str(len(row))}))
        for cells, text_of_cell in zip(columns, _fitted(row, width), strict=True):
            cells.append(text_of_cell)
        numbers.append(number)
        if len(numbers) > most_rows:
            raise refuse("too_many_rows", table=label, count=f">{most_rows}", limit=most_rows)
    table = texts_to_table(label, header, columns, numbers)
    table.part = part
    table.findings.extend(findings)
    return table


def _fitted(row: Sequence[str], width: int) -> list[str | None]:
    """The row's cells under the header: exactly so many."""
    return [*row[:width], *itertools.repeat(None, width - len(row))]


def _rows(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    begin = 1
    try:
        for row in reader:
            yield row
            begin = reader.line_num + 1
    except csv.Error as error:
        code = "unclosed_quote" if "end of data" in str(error) or "limit" in str(error) else "bad_quote"
        raise unreadable(code, line=begin) from error


def _find_delimiter(text: str) -> str:
    """The sign that stands most often in the first lines."""
    start = "\n".join(text[:20_000].split("\n")[:HEAD_WITHIN])
    counts = Counter(sign for sign in start if sign in _DELIMITERS)
    return counts.most_common(1)[0][0] if counts else ","
