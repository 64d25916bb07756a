"""Money and rates as people write them, read into whole fen and basis points; nothing here is a float."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from chuangju.rules.kinds import INT64, Fault

_FEN = {"元": 100, "圆": 100, "万": 1_000_000, "万元": 1_000_000, "亿": 10_000_000_000, "亿元": 10_000_000_000, "分": 1}
_MONEY = re.compile(r"(-?)[¥￥]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(亿元|万元|亿|万|元|圆|分)")
_RATE = re.compile(r"(-?\d+(?:\.\d+)?)(%|‱)")


def read_money(text: str) -> int:
    """Fen of "3000元", "1.5万元" or "0.50元"; raises Fault."""
    plain = _plain(text)
    match = _MONEY.fullmatch(plain)
    if not match:
        raise Fault(
            f"“{text[:40]}”不是金额，请写成“3000元”或“1.5万元”", f"“{text[:40]}” is no amount; write 3000元 or 1.5万元"
        )
    fen = Decimal(match[2].replace(",", "")) * _FEN[match[3]]
    if fen != fen.to_integral_value():
        raise Fault(f"“{text[:40]}”精确到分以下", f"“{text[:40]}” is finer than one fen")
    if fen > INT64:
        raise Fault(f"“{text[:40]}”太大", f"“{text[:40]}” is too large")
    return -int(fen) if match[1] else int(fen)


def read_rate(text: str) -> int:
    """Basis points of "30%", "2.5%" or "15‱"; raises Fault."""
    match = _RATE.fullmatch(_plain(text))
    if not match:
        raise Fault(f"“{text[:40]}”不是比率，请写成“30%”", f"“{text[:40]}” is no rate; write 30%")
    points = Decimal(match[1]) * (100 if match[2] == "%" else 1)
    if points != points.to_integral_value():
        raise Fault(f"“{text[:40]}”精确到万分之一以下", f"“{text[:40]}” is finer than one basis point")
    if abs(points) > INT64:
        raise Fault(f"“{text[:40]}”太大", f"“{text[:40]}” is too large")
    return int(points)


def write_money(fen: int) -> str:
    """As "20,000 元", with two decimals only where there are fen."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}{f'.{rest:02d}' if rest else ''} 元"


def write_money_en(fen: int) -> str:
    """As "20,000 yuan"."""
    return write_money(fen).replace("元", "yuan")


def write_rate(points: int) -> str:
    """As "30%" or "2.5%"."""
    whole, rest = divmod(abs(points), 100)
    decimals = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if points < 0 else ''}{whole}{decimals}%"


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:200])).replace("−", "-")
