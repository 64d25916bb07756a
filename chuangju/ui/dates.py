"""日期 - how days and moments are written in each language; tables use 2026-03-01 in both."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date

from chuangju.kernel.languages import reads_english

# Django's format letters, by language: the long form, the form without the year, the form with the clock.
_LONG = {"zh": "Y年n月j日", "en": "j F Y"}
_SHORT = {"zh": "n月j日", "en": "j M"}
_MOMENT = {"zh": "Y年n月j日 H:i", "en": "j F Y, H:i"}
_MONTH = {"zh": "Y年n月", "en": "F Y"}


def _language() -> str:
    return "en" if reads_english() else "zh"


def _local(value: date) -> date:
    """A moment as it reads on the district's clock; a plain day as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def long_date(value: date | None) -> str:
    """2026年3月1日, 1 March 2026; empty for no date."""
    return format_date(_local(value), _LONG[_language()]) if value else ""


def short_date(value: date | None) -> str:
    """3月1日, 1 Mar: where the year is plain from the page."""
    return format_date(_local(value), _SHORT[_language()]) if value else ""


def month(value: date | None) -> str:
    """2026年3月, March 2026."""
    return format_date(_local(value), _MONTH[_language()]) if value else ""


def long_moment(value: datetime | None) -> str:
    """2026年3月1日 09:20, 1 March 2026, 09:20."""
    return format_date(_local(value), _MOMENT[_language()]) if value else ""


def iso_date(value: date | None) -> str:
    """2026-03-01, for tables."""
    return f"{_local(value):%Y-%m-%d}" if value else ""


def iso_moment(value: datetime | None) -> str:
    """2026-03-01 09:20, for tables."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else ""
