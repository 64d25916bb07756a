"""Days and moments as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from chuangju.ui import dates

DAY = date(2026, 3, 1)
# Nine o'clock on the first of March in Shanghai.
MOMENT = datetime(2026, 3, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", ["2026年3月1日", "3月1日", "2026年3月", "2026年3月1日 09:05", "2026-03-01", "2026-03-01 09:05"]),
        ("en", ["1 March 2026", "1 Mar", "March 2026", "1 March 2026, 09:05", "2026-03-01", "2026-03-01 09:05"]),
    ],
)
def test_each_language_writes_dates_its_own_way_and_tables_alike(language: str, expected: list[str]) -> None:
    with override(language):
        assert [
            dates.long_date(DAY),
            dates.short_date(DAY),
            dates.month(DAY),
            dates.long_moment(MOMENT),
            dates.iso_date(DAY),
            dates.iso_moment(MOMENT),
        ] == expected


def test_a_moment_late_in_the_day_elsewhere_is_the_next_day_here() -> None:
    late = datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert dates.iso_date(late) == "2026-03-01"
    with override("zh-hans"):
        assert dates.long_date(late) == "2026年3月1日"


def test_no_date_is_no_text() -> None:
    writers = (dates.long_date, dates.short_date, dates.month, dates.long_moment, dates.iso_date, dates.iso_moment)
    assert [write(None) for write in writers] == [""] * len(writers)


def test_no_language_at_all_means_chinese() -> None:
    with override(None):
        assert dates.long_date(DAY) == "2026年3月1日"
