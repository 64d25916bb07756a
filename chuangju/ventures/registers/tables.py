"""Tables - what a file holds before anybody asks what it means: columns of texts or of the file's own types, rows numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from chuangju.ventures.registers.findings import Finding

# The column that holds each row's number in the file.
ROW = "__row"
# The column by which related records find the row of their enterprise.
AT = "__at"
MAX_ROWS = 2_000_000
MAX_COLUMNS = 400


@dataclass(slots=True)
class Table:
    """One table of a file."""

    # What its owner calls it: the sheet's name or the file's.
    label: str
    # Named c0, c1, … in the order of the header, and ROW.
    frame: pl.DataFrame
    header: Sequence[str]
    # The related records it holds by its name; empty for a table of enterprises.
    part: str = ""
    # Found while reading: cells that hold errors, rows wider than the header.
    findings: list[Finding] = field(default_factory=list)
    is_typed: bool = False
    # What a Parquet file says of itself.
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """How many rows stand below the header."""
        return self.frame.height


def place_name(place: int) -> str:
    """What the column at a place is called in a table's frame."""
    return f"c{place}"


def texts_to_table(
    label: str, header: Sequence[str], columns: Sequence[Sequence[str | None]], numbers: Sequence[int]
) -> Table:
    """A table of texts, given by columns."""
    data: dict[str, pl.Series] = {
        place_name(place): pl.Series(place_name(place), list(cells), dtype=pl.String)
        for place, cells in enumerate(columns)
    }
    data[ROW] = pl.Series(ROW, list(numbers), dtype=pl.Int64)
    return Table(label, pl.DataFrame(data), list(header))
