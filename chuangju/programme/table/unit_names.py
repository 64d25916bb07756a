"""Unit cells - the names in 牵头部门 and 配合单位, one by one as printed.

Names are parted by 、 ， , ； ; / and by spaces and line breaks, but not within brackets. A space between
Latin words parts nothing. A space or a line break may also stand within a name (区人力资源社会⏎保障局). It is taken for such where one of these holds, in this order:
the joined name stands whole elsewhere in the table (and not both halves do); the second half cannot begin a name or
is a single character; the first half is a party or government organ and the second one of its offices; the first
half does not end like a unit, and the second does not begin like one; the cut runs through the name of the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from chuangju.programme.table.categories import is_none_sign

_OPEN, _CLOSE = "（([【〔《〈“", "）)]】〕》〉”"
_HARD = "、，,；;/／\\＼。\t|"
_BEGINS_LIKE_UNIT = re.compile(
    r"^(?:区|市|县|省|旗|州|各|团|国家|国网|中国|中共|中央|上海|北京|相关|有关|其他|其它|全区|全市|全体|本|驻|原)"
    r"|^.{1,8}(?:镇|街道|乡|工业区|园区|开发区|高新区|新区|居委会|村委会)(?:党工委|办事处|政府)?$"
)
_ENDS_LIKE_UNIT = re.compile(
    r"(?:局|委|办|部|厅|署|院|校|所|站|馆|台|社|处|室|队|科|股|团|联|协|镇|乡|街道|园|公司|集团|中心|会|"
    r"银行|支行|分行|总行|央行|农商行|大学|交大|师大|人大|政府|企业|机构|基地|单位|部门|成员|等|"
    r"工业区|开发区|高新区|新区|城区|度假区|商务区|"
    r"[）)】〕\]])$"
)
# Ends that look like a unit's and are the middle of a longer name.
_ENDS_OPEN = re.compile(r"(?:社会|退役军|内部|全部|干部|政协委|区科|市科|^[区市县团各]|发展和改革|机构编)$")
# Of what follows 和 or 及, only this is certain to be a name of its own.
_BEGINS_ANEW = re.compile(
    r"^(?:区|市|县|团|各)(?!域|内|级)|^[^（(]{1,6}(?:镇|街道|工业区|园区)(?:党工委|办事处|政府)?$"
)
_CANNOT_BEGIN = re.compile(
    r"^(?:员会|公室|理局|理委|育局|政局|保障局|障局|监管局|督管理|管理局|管理委|改革委|服务局|合作局|传部|织部|战部|"
    r"员单位|成员单位|办事处$|分局$|分中心$)"
)
_ORGAN = re.compile(r"(?:^|[市县])(?:区委|市委|县委|区政府|市政府|县政府|区人大|区政协|区纪委|团区委|党工委)$")
_OFFICE = re.compile(
    r"^(?:宣传部|组织部|统战部|政法委|政研室|网信办|办公室|编办|老干部局|社会工作部|党校|常委会|监委|机关.*)$"
)
_LONGEST_NAME = 60
# 上海市闵行⏎区税务局: the name of the place itself is cut.
_PLACE = re.compile(r"(?:^|[省市])(?!交大|师大|高校|各)[^省市区县局委办部]{2,3}$")
_UNDECIDED = re.compile(r"^(?:区|各)?(?:相关|有关)")
# A list's own markers within a cell: 1. 区财政局, • 区教育局.
_MARKER = re.compile(r"^(?:[（(]?\d{1,2}[）).．]|[①-⑳•●·○■▪◆–-])\s*")
# 区级部门：区财政局、区科委；街镇：七宝镇
_KIND_OF_UNITS = re.compile(r"^(?:(?:区|市|镇)级|区|市)?(?:部门|单位|街镇|园区)\s*[:：]\s*")
# 1、区财政局 2、区科委: the sign that parts names also follows their numbers.
_COUNTED = re.compile(r"(?:^|(?<=[\s；;，。]))\d{1,2}、")
_LATIN_END, _LATIN_BEGIN = re.compile(r"[A-Za-z0-9.&]$"), re.compile(r"[A-Za-z0-9&]")


@dataclass(slots=True)
class UnitCell:
    """The names of one cell, and what happened on the way to them."""

    names: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)


def split_units(text: str, known: frozenset[str] = frozenset()) -> UnitCell:
    """The names in a cell; `known` are names that stand whole somewhere in the same table."""
    cell = UnitCell()
    seen: set[str] = set()
    if is_none_sign(text):
        return cell
    for piece in split_hard(_COUNTED.sub("、", text)):
        fragments = _join_fragments(piece, known)
        for name, is_joined in ((part, flag) for whole, flag in fragments for part in _part_at_and(whole, known)):
            bare = _KIND_OF_UNITS.sub("", _MARKER.sub("", name.strip(" :：.．"))).strip()
            if is_none_sign(bare) or bare.isdigit():
                continue
            if is_joined and bare not in cell.joined:
                cell.joined.append(bare)
            if bare not in seen:
                seen.add(bare)
                cell.names.append(bare)
            elif bare not in cell.doubled:
                cell.doubled.append(bare)
    return cell


def _part_at_and(name: str, known: frozenset[str]) -> list[str]:
    """甲局和乙局 is two names where both sides are certain to be names; 和 and 及 also stand within names."""
    for match in re.finditer(r"(?:以及|[和及与])", name) if len(name) <= _LONGEST_NAME else ():
        first, second = name[: match.start()], name[match.end() :]
        is_first = first in known or (
            len(first) > 1 and _ENDS_LIKE_UNIT.search(first) and not _ENDS_OPEN.search(first) and "（" not in first
        )
        is_second = second in known or (_BEGINS_ANEW.search(second) and _ENDS_LIKE_UNIT.search(second))
        if is_first and is_second:
            return [*_part_at_and(first, known), *_part_at_and(second, known)]
    return [name]


def whole_names(texts: Iterable[str]) -> frozenset[str]:
    """The names of a table that no space or line break runs through."""
    names = set()
    for text in texts:
        for piece in split_hard(text):
            bare = piece.strip()
            if bare and not re.search(r"\s", bare):
                names.add(bare)
    return frozenset(names)


def look_like_units(text: str) -> bool:
    """Whether every name in the cell ends like the name of an office."""
    names = split_units(text).names
    return bool(names) and all(_ENDS_LIKE_UNIT.search(name) for name in names)


def is_undecided_group(name: str) -> bool:
    """Whether the name leaves open which units it means (相关创建成员单位, 有关部门)."""
    return bool(_UNDECIDED.match(name))


def is_open_ended(name: str) -> bool:
    """Whether the name ends with 等 and so stands for more than itself."""
    return bool(re.search(r"等(?:各?(?:相关|有关|职能)?(?:部门|单位))?$", name))


def split_hard(text: str) -> list[str]:
    """The pieces of a cell, parted at punctuation outside brackets; an opening bracket that never closes does not hold the rest together."""
    pieces, current, depth = [], "", 0
    last_close = max(text.rfind(close) for close in _CLOSE)
    for place, sign in enumerate(text):
        if sign in _OPEN and place < last_close:
            depth += 1
        elif sign in _CLOSE and depth:
            depth -= 1
        if sign in _HARD and not depth:
            pieces.append(current)
            current = ""
        else:
            current += sign
    return [*pieces, current]


def _join_fragments(piece: str, known: frozenset[str]) -> list[tuple[str, bool]]:
    """Names of one piece, and of each whether it was joined without standing whole anywhere else."""
    names: list[str] = []
    joined: list[bool] = []
    for fragment in _split_soft(piece.strip()):
        is_full = bool(names) and len(names[-1]) > _LONGEST_NAME
        if names and not is_full and _LATIN_END.search(names[-1]) and _LATIN_BEGIN.match(fragment):
            names[-1] += " " + fragment
        elif names and not is_full and _belong_together(names[-1], fragment, known):
            names[-1] += fragment
            joined[-1] = True
        else:
            names.append(fragment)
            joined.append(False)
    return [(name, is_joined and name not in known) for name, is_joined in zip(names, joined, strict=True)]


def _split_soft(piece: str) -> list[str]:
    """Parted at spaces and line breaks outside brackets; within brackets they are dropped."""
    fragments, current, depth = [], "", 0
    for sign in piece:
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE and depth:
            depth -= 1
        if sign.isspace():
            if not depth and current:
                fragments.append(current)
                current = ""
        else:
            current += sign
    if current:
        fragments.append(current)
    joined: list[str] = []
    for fragment in fragments:
        # Brackets after a space still belong to the name before them: 各街镇 （工业区）.
        if joined and fragment[0] in "（(":
            joined[-1] += fragment
        else:
            joined.append(fragment)
    return joined


def _belong_together(first: str, second: str, known: frozenset[str]) -> bool:
    if first + second in known:
        return True
    if first in known and second in known:
        return False
    if len(second) == 1 or _CANNOT_BEGIN.search(second) or (_ORGAN.search(first) and _OFFICE.search(second)):
        return True
    if len(first) == 1 and first in "区市县团各":
        return True
    if second[0] in "区县" and _PLACE.search(first):
        return True
    is_open = not _ENDS_LIKE_UNIT.search(first) or bool(_ENDS_OPEN.search(first))
    return is_open and not _BEGINS_LIKE_UNIT.search(second)
