"""Unit roles - one cell may say itself who leads and who cooperates, in whichever of the ways offices write it.

牵头：甲局 配合：乙局 · 甲局（牵头）、乙局 · 甲局牵头，乙局、丙局配合 · or, by the header or a note, the first named leads.
"""

from __future__ import annotations

import re

from chuangju.programme.table.unit_names import split_hard

_LEADING = "牵头|主办|主责|责任|承办|主抓"
_HELPING = "配合|协办|协同|参与|协作|参加|协助|会办"
_KIND = "(?:责任|落实)?(?:单位|部门)?"
_LEAD_LABEL = re.compile(rf"(?:{_LEADING}){_KIND}\s*(?:[:：]|为)")
_HELP_LABEL = re.compile(rf"(?:{_HELPING}){_KIND}\s*(?:[:：]|为)")
_LABEL = re.compile(f"({_LEAD_LABEL.pattern}|{_HELP_LABEL.pattern})")
# （牵头）甲局（配合）乙局 and labels on lines of their own become labels with a colon.
_BRACKET_LABEL = re.compile(rf"[（(【\[]\s*((?:{_LEADING}|{_HELPING}){_KIND})\s*[）)】\]]")
_LABEL_LINE = re.compile(rf"^[ \t]*((?:牵头|主办|主责|{_HELPING}){_KIND})[ \t]*$", re.MULTILINE)
_LEAD_MARK = re.compile(rf"\s*[（(【\[]\s*(?:牵头|主办|主责|主抓){_KIND}\s*[）)】\]]$")
_HELP_MARK = re.compile(rf"\s*[（(【\[]\s*(?:{_HELPING}){_KIND}\s*[）)】\]]$")
# 由甲局牵头，乙局、丙局配合。
_CLAUSE = re.compile(
    r"^\s*由?(?P<lead>[^。；;]+?)(?:负责)?牵头(?:负责|落实|实施|推进|组织)?"
    rf"(?:[，,、；;\s]+(?P<help>[^。；;]+?)(?:等)?(?:共同|积极|协同)?(?:{_HELPING})(?:落实|实施|推进|做好)?)?[。.]?\s*$"
)
# 区科委、区财政局（按职责分工负责）, 区科委等按职责分工负责
_SHARED_WORK = re.compile(
    r"[（(【]?\s*(?:各自)?按(?:照)?(?:各自)?职[责能](?:分工)?(?:分别)?(?:负责|落实|实施)?\s*[）)】]?"
)
_LONGEST_CLAUSE = 300
_FIRST = r"(?:排名?|列|排列)?(?:在)?(?:第一|首)(?:位|个|名|家)?(?:的)?(?:单位|部门)?(?:的)?(?:即)?(?:为|是)(?:牵头|主责|主办)"
_FIRST_LEADS = re.compile(_FIRST)


def first_leads(text: str) -> bool:
    """Whether a header or a note says that the first unit of a cell is the one that leads."""
    return bool(_FIRST_LEADS.search(re.sub(r"\s+", "", text)))


def part_labelled(lead: str, cooperating: str) -> tuple[str, str]:
    """Who leads and who cooperates, from cells that may say so within themselves."""
    lead, cooperating = _plain_labels(lead), _plain_labels(cooperating)
    if _HELP_LABEL.search(lead) or _LEAD_LABEL.search(lead):
        lead, found = _part_by_labels(lead)
        cooperating = "\n".join(part for part in (found, cooperating) if part.strip())
    elif clause := _CLAUSE.match(lead) if len(lead) <= _LONGEST_CLAUSE else None:
        lead = clause["lead"]
        cooperating = "\n".join(part for part in (clause["help"] or "", cooperating) if part.strip())
    else:
        lead, cooperating = _part_by_marks(lead, cooperating)
    return lead, _without_marks(_HELP_LABEL.sub("", cooperating))


def part_by_order(lead: str, cooperating: str) -> tuple[str, str]:
    """The first unit of the cell leads, the others cooperate."""
    first, *others = [piece.strip() for piece in re.split(r"[、，,；;\s]+", lead.strip(), maxsplit=1)]
    return first, "\n".join(part for part in (*others, cooperating) if part.strip())


def _plain_labels(text: str) -> str:
    text = _SHARED_WORK.sub("", text)
    if _BRACKET_LABEL.match(text.strip()):
        text = _BRACKET_LABEL.sub(lambda match: f"\n{match[1]}：", text)
    return _LABEL_LINE.sub(lambda match: f"{match[1]}：", text)


def _part_by_labels(text: str) -> tuple[str, str]:
    leading: list[str] = []
    cooperating: list[str] = []
    into_lead = True
    for piece in _LABEL.split(text):
        if _HELP_LABEL.fullmatch(piece):
            into_lead = False
        elif _LEAD_LABEL.fullmatch(piece):
            into_lead = True
        elif piece.strip():
            (leading if into_lead else cooperating).append(piece.strip())
    return "\n".join(leading), "\n".join(cooperating)


def _part_by_marks(lead: str, cooperating: str) -> tuple[str, str]:
    """甲局（牵头）、乙局: the marked lead; where only those who help are marked, the others do."""
    if not re.search(rf"{_LEADING}|{_HELPING}", lead):
        return lead, cooperating
    pieces = [piece.strip() for part in split_hard(lead) for piece in part.split("\n") if piece.strip()]
    leading = [piece for piece in pieces if _LEAD_MARK.search(piece)]
    if not leading:
        leading = [piece for piece in pieces if not _HELP_MARK.search(piece)]
    if len(leading) == len(pieces) and not any(_LEAD_MARK.search(piece) for piece in pieces):
        return lead, cooperating
    others = [piece for piece in pieces if piece not in leading]
    helping = "\n".join(part for part in ("、".join(others), cooperating) if part.strip())
    return _without_marks("、".join(leading)), helping


def _without_marks(text: str) -> str:
    """The same names without （牵头） and （配合） behind them."""
    anywhere = rf"[（(【\[]\s*(?:牵头|主办|主责|主抓|{_HELPING}){_KIND}\s*[）)】\]](?=[\s、，,；;]|$)"
    return re.sub(anywhere, "", text)
