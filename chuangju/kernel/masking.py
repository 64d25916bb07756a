"""遮蔽 - personal data as they are shown to everybody: enough to recognise, too little to use."""

from __future__ import annotations

import re

STAR = "*"
# Surnames of two signs that are met today; any other name is taken to begin with a surname of one.
_DOUBLE_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "司空",
        "夏侯",
        "端木",
        "长孙",
        "宇文",
        "南宫",
        "轩辕",
    ]
)
_MOBILE = re.compile(r"1\d{10}\Z")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
# From this length on three signs in front and four at the end give nobody away.
_LONG = 12
_SHORT = 4


def mask_middle(text: str, *, front: int, end: int) -> str:
    """The text with stars for all but its first `front` and last `end` signs; all stars where hardly any would remain."""
    hidden = len(text) - front - end
    if hidden < 1:
        return STAR * len(text)
    return text[:front] + STAR * hidden + text[len(text) - end :]


def mask_id_number(number: str) -> str:
    """310***********1234; a shorter number (a passport) keeps its first sign and its last two."""
    if len(number) >= _LONG:
        return mask_middle(number, front=3, end=4)
    return mask_middle(number, front=1, end=2)


def mask_mobile(number: str) -> str:
    """138****1234."""
    if _MOBILE.match(number):
        return mask_middle(number, front=3, end=4)
    return mask_middle(number, front=0, end=4)


def mask_account(number: str) -> str:
    """6222***********1234; a short account keeps only its end."""
    return mask_middle(number, front=4 if len(number) >= _LONG else 0, end=4)


def mask_name(name: str) -> str:
    """张*, 欧阳**; a name in Latin letters keeps its first one."""
    if not name or not _CHINESE.match(name):
        return mask_middle(name, front=1, end=0) if len(name) > 1 else STAR * len(name)
    surname = name[:2] if name[:2] in _DOUBLE_SURNAMES and len(name) > len("欧阳") else name[:1]
    return surname + STAR * max(len(name) - len(surname), 1)


def mask_all(text: str) -> str:
    """Nothing but stars, as many for a long text as for a short one."""
    return STAR * _SHORT if text else ""
