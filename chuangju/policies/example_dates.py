"""范例的日期 - the worked examples of an older version moved by whole years into the term of a new one, facts and all."""

from __future__ import annotations

import re
from datetime import date

from chuangju.policies.policy_text import find, scalars_of

_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MOST_YEARS = 60


def move_examples(text: str, first: date, last: date | None) -> str:
    """Each example whose day lies outside the term is moved by the fewest years that bring it inside; else it stays."""
    scalars = scalars_of(text)
    numbers = sorted({int(path.split(".")[1]) for path in scalars if path.startswith("examples.")}, reverse=True)
    for number in numbers:
        item = find(text, ("examples", str(number)))
        day = scalars.get(f"examples.{number}.on", "")
        years = _years_to(day, first, last)
        if item is not None and years:
            part = _DAY.sub(lambda match, years=years: _moved(match, years), text[item.start : item.end])  # type: ignore[misc]
            text = text[: item.start] + part + text[item.end :]
    return text


def _years_to(text: str, first: date, last: date | None) -> int:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return 0
    for years in sorted(range(-_MOST_YEARS, _MOST_YEARS + 1), key=abs):
        moved = _in_year(day, day.year + years)
        if moved >= first and (last is None or moved <= last):
            return years
    return 0


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=min(max(year, 1900), 2199))
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def _moved(match: re.Match[str], years: int) -> str:
    try:
        return _in_year(date.fromisoformat(match[0]), int(match[1]) + years).isoformat()
    except ValueError:
        return match[0]
