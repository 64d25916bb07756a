"""逐期数字 - figures of several years, quarters or months on one line: "100×36,80×12", or a single number for all of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from chuangju.rules.facts import Fact

_REPEATED = re.compile(r"(.+?)[x×*](\d{1,2})")


def is_fen(fact: Fact) -> bool:
    """Whether the figures are money: people write yuan."""
    return fact.unit.zh == "分"


def read_series(text: str, fact: Fact) -> Any:
    """Numbers parted by commas, each once or so many times; a single number stands for every period."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    numbers: list[int] = []
    parts = [one for one in re.split(r"[,;、]", plain) if one]
    for part in parts:
        repeated = _REPEATED.fullmatch(part)
        count = int(repeated[2]) if repeated else fact.max_items if len(parts) == 1 else 1
        number = _whole(repeated[1] if repeated else part, fact)
        if number is None:
            return text
        numbers += [number] * count
    return numbers[: fact.max_items]


def _whole(text: str, fact: Fact) -> int | None:
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,2})?", text):
        return None
    if is_fen(fact):
        whole, _point, rest = text.partition(".")
        return int(whole) * 100 + int((rest + "00")[:2])
    return int(text) if text.lstrip("-").isdecimal() else None


def series_text(value: Any, fact: Fact) -> str:
    """A series as somebody would type it: a single number where it is the same in every period."""
    if not isinstance(value, list) or not value or None in value:
        return ""
    shown = [str(one // 100 if is_fen(fact) else one) for one in value]
    runs: list[tuple[str, int]] = []
    for one in shown:
        if runs and runs[-1][0] == one:
            runs[-1] = (one, runs[-1][1] + 1)
        else:
            runs.append((one, 1))
    if len(runs) == 1 and runs[0][1] == fact.max_items:
        return runs[0][0]
    return ",".join(f"{text}×{count}" if count > 1 else text for text, count in runs)
