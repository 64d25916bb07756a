"""Numbers - the 序号 of a row, however it was written: 1, １, 1., （一）, 十二, ③."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {sign: value for value, signs in enumerate(("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
           for sign in signs}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_ROMAN = {"I": 1, "V": 5, "X": 10}
_LARGEST = 99_999
_MOST_DIGITS = 5


def parse_number(text: str) -> int | None:
    """The number, or None when the text is no whole number."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = plain.lstrip("'’‘`")
    plain = re.sub(r"^(第|no\.?|№)", "", plain, flags=re.IGNORECASE)
    plain = re.sub(r"^(?:任务|事项|项目|序号)(?=[\d〇零一二三四五六七八九十百])", "", plain)
    plain = re.sub(r"^[(\[【〔]+|[)\]】〕、.,:#项条号]+$", "", plain)
    if re.fullmatch(r"\d{1,9}(\.0+)?", plain):
        number = int(plain.split(".")[0])
        return number if number <= _LARGEST else None
    return _parse_roman(plain) or parse_chinese_number(plain)


def _parse_roman(text: str) -> int | None:
    """A small number in Roman signs (Ⅳ, XII), as headings of chapters have them."""
    if not text or not re.fullmatch(r"X{0,3}(?:IX|IV|V?I{0,3})", text):
        return None
    values = [_ROMAN[sign] for sign in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def parse_chinese_number(text: str) -> int | None:
    """A number written in Chinese signs (十二, 二十一, 二〇二六, 一百零三)."""
    if not text or any(sign not in _DIGITS and sign not in _TENS for sign in text):
        return None
    if not any(sign in _TENS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text)) if len(text) <= _MOST_DIGITS else None
    total, digit = 0, 0
    for sign in text:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
