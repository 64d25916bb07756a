"""What changed inside a sentence, in pieces a reader can follow: usual words and numbers whole, else by character."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import StrEnum

# Words that such tables are made of: kept whole, so that 创业 never becomes 创新 by one character.
_USUAL_WORDS = (
    "大学生|创业者|联络员|创业|创新|政策|扶持|支持|培训|见习|服务|工作|单位|部门|导师|专家|孵化|基地|平台|青年|资金|补贴|贷款|担保|贴息"
    "|宣传|组织|机制|机构|制度|人才|企业|社团|活动|典型|指导|咨询|落实|开展|建设|完善|推进|优化|建立|发挥|作用"
)
# Words, numbers with their point, runs of spaces; every other character by itself.
_TOKEN = re.compile(rf"{_USUAL_WORDS}|[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
# Past this length only whole clauses are compared: reading a page of single characters helps nobody.
_LONG = 1200
_CLAUSE = re.compile(r"[^。；;！？\n]*[。；;！？\n]?")
# A kept run shorter than this between two changes is noise, and is shown as part of the change.
_SHORTEST_KEPT = 2


class Op(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


Part = tuple[Op, str]


def text_parts(old: str, new: str) -> list[Part]:
    """The pieces of the old and the new text in reading order; same+removed is the old text, same+added the new."""
    pattern = _CLAUSE if max(len(old), len(new)) > _LONG else _TOKEN
    before = [piece for piece in pattern.findall(old) if piece]
    after = [piece for piece in pattern.findall(new) if piece]
    blocks: list[tuple[bool, str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        blocks.append((tag == "equal", "".join(before[i1:i2]), "".join(after[j1:j2])))
    return _as_parts(_without_crumbs(blocks))


def _without_crumbs(blocks: list[tuple[bool, str, str]]) -> list[tuple[bool, str, str]]:
    """Join a change, a kept crumb and a change into one change."""
    merged: list[tuple[bool, str, str]] = []
    for place, (kept, old, new) in enumerate(blocks):
        between = 0 < place < len(blocks) - 1
        changed = not kept or (between and len(old.strip()) < _SHORTEST_KEPT)
        if merged and changed and not merged[-1][0]:
            _, old_before, new_before = merged[-1]
            merged[-1] = (False, old_before + old, new_before + new)
        else:
            merged.append((not changed, old, new))
    return merged


def _as_parts(blocks: Iterable[tuple[bool, str, str]]) -> list[Part]:
    parts: list[Part] = []
    for kept, old, new in blocks:
        if kept:
            parts.append((Op.SAME, old))
            continue
        if old:
            parts.append((Op.REMOVED, old))
        if new:
            parts.append((Op.ADDED, new))
    return parts


def list_parts(old: Iterable[str], new: Iterable[str]) -> list[Part]:
    """The names of both lists in the new order, separated as printed; what was removed follows what it followed before."""
    before, after = list(dict.fromkeys(old)), list(dict.fromkeys(new))
    names = [(Op.SAME if name in before else Op.ADDED, name) for name in after]
    place = 0
    for name in before:
        if name in after:
            place = next(index for index, (_, known) in enumerate(names) if known == name) + 1
        else:
            names.insert(place, (Op.REMOVED, name))
            place += 1
    parts: list[Part] = []
    for op, name in names:
        parts.extend([(Op.SAME, "、"), (op, name)] if parts else [(op, name)])
    return parts
