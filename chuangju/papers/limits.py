"""Limits - how large a table may be before it is somebody's attack or mistake."""

from __future__ import annotations

from chuangju.papers.sentences import unreadable

MAX_FILE_MEGABYTES = 20
MAX_ROWS = 10_000
MAX_COLUMNS = 200


def check_rows(count: int) -> None:
    """Refuses a table with more rows than any programme has."""
    if count > MAX_ROWS:
        raise unreadable("too_many_rows", count=count, limit=MAX_ROWS)


def check_columns(count: int) -> None:
    """Refuses a table wider than any programme's."""
    if count > MAX_COLUMNS:
        raise unreadable("too_many_columns", count=count, limit=MAX_COLUMNS)
