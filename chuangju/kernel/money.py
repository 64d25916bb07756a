"""金额: whole fen everywhere; yuan only where people read and write."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.kernel.refusals import Refused

FEN_PER_YUAN = 100
_FEN_PER_WAN = 1_000_000
_MAX_FEN = 2**63 - 1
_SCALE = {
    "": 100,
    "元": 100,
    "圆": 100,
    "万": 1_000_000,
    "万元": 1_000_000,
    "亿": 10_000_000_000,
    "亿元": 10_000_000_000,
}
_AMOUNT = re.compile(
    r"(?P<minus>-?)(?:RMB|[¥￥])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>亿元|万元|亿|万|元|圆|)(?:人民币|整)?"
)


class MoneyRefused(Refused):
    """The text is no amount of money."""


def parse_yuan(text: str) -> int:
    """Fen from "3000元", "1.2万元", "¥20,000.50" or "２０，０００ 元"; raises MoneyRefused."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("−", "-").upper()
    match = _AMOUNT.fullmatch(plain)
    if not match:
        raise MoneyRefused(_("“%(text)s”不是金额，请写成“3000元”或“1.2万元”。") % {"text": text.strip()[:40]})
    fen = Decimal(match["number"].replace(",", "")) * _SCALE[match["unit"]]
    if fen != fen.to_integral_value():
        raise MoneyRefused(_("“%(text)s”精确到分以下，请写到分为止。") % {"text": text.strip()[:40]})
    if fen > _MAX_FEN:
        raise MoneyRefused(_("“%(text)s”超出可以记录的范围。") % {"text": text.strip()[:40]})
    return -int(fen) if match["minus"] else int(fen)


def format_yuan(fen: int) -> str:
    """As "20,000 元", with two decimals only where there are fen."""
    return _("%(amount)s 元") % {"amount": _grouped(fen)}


def format_wan(fen: int) -> str:
    """As "1.2 万元", rounded half up to at most two decimals; below ten thousand yuan, and in English, the amount in yuan."""
    if abs(fen) < _FEN_PER_WAN or reads_english():
        return format_yuan(fen)
    wan = (Decimal(fen) / _FEN_PER_WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _("%(amount)s 万元") % {"amount": f"{wan:,f}".rstrip("0").rstrip(".")}


def _grouped(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}" + (f".{rest:02d}" if rest else "")
