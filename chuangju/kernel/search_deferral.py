"""延后检索索引 - bulk work indexes each of its records once, at its end, instead of with every event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chuangju.kernel.search_index import Noted, index_noted, noted


@contextmanager
def indexing_at_the_end() -> Iterator[None]:
    """Inside, what changes is only noted; on leaving it is indexed. For one transaction: what fails is not indexed."""
    waiting: Noted = {}
    token = noted.set(waiting)
    try:
        yield
    finally:
        noted.reset(token)
    index_noted(waiting)
