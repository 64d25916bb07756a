"""Headers - which column means what, told by the meaning of its words and not by their place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from chuangju.papers.grids import Cell, Grid
from chuangju.programme.table.categories import join_lines
from chuangju.programme.table.sentences import refuse

KEYS = ("number", "category", "task", "lead", "cooperating", "measures", "due")
# Names of the two columns no table is without, for the sentence that misses them.
NAMES = {"task": "工作任务", "lead": "牵头部门"}
_LOOK_AT_ROWS = 60
_LONGEST_HEADER = 24
# Fewer known words may stand in any row of any table.
_WORDS_OF_A_HEADER = 2
_SURE, _LIKELY, _PERHAPS = 3, 2, 1

# The first pattern that fits decides; a header cell is compared without spaces, brackets and case.
_PATTERNS: tuple[tuple[str, str, int], ...] = tuple(
    (pattern, key, strength)
    for key, strength, pattern in (
        ("number", _SURE, r"序号|编号|序|号|项次|№|no\.?|number|#|\w{0,4}(序号|编号)"),
        ("other", _SURE, r".*(领导|负责人|责任人|联系人|联络员|电话|邮箱|手机|分管).*"),
        ("other", _SURE, r".*(备注|附注|进展|完成情况|落实情况|完成率|得分|分值|评分|权重|经费|资金来源|依据).*"),
        ("other", _SURE, r".*(开始|启动|起始|印发|发布).{0,3}(时间|日期|节点)|note|notes|remarks?|contact"),
        ("cooperating", _SURE, r".*(配合|协办|协同|协作|协助|参与|会同|参加).*|co-?operating.*|supporting.*|partners?"),
        ("lead", _SURE, r".*(牵头|主办|承办|主责|主管|总责).*|lead.*|responsible.*"),
        (
            "lead",
            _SURE,
            r".*(责任|负责|实施|落实|承担|执行)(单位|部门|主体|科室|处室|机构|单位部门)|责任(落实)?|承办者",
        ),
        ("measures", _SURE, r".*(举措|措施|做法|办法|抓手).*|measures?|actions?|steps?"),
        ("due", _SURE, r".*(时限|期限|时间|节点|截止|日期|工期).*|due.*|deadline|by"),
        ("due", _LIKELY, r".*(进度|时序)(安排|要求|计划)?"),
        ("category", _SURE, r".*(类别|分类|板块|大类|类型|门类|归类|领域|模块)|类|category|group|section"),
        ("category", _LIKELY, r"(工作|任务|重点)?(方面|维度|专题|方向)|一级(指标|任务|目标)|指标类|项目类"),
        ("task", _SURE, r".*任务(名称|事项|内容)?|二级指标|tasks?|.*任务分解"),
        (
            "task",
            _LIKELY,
            r".*(工作|重点|主要|具体)(内容|事项|项目|要点)|重点工作|主要工作|工作(目标|指标|名称)?|事项(名称)?",
        ),
        (
            "measures",
            _LIKELY,
            r".*(实施|推进|任务|具体|主要|落实)(内容|要求|步骤|计划|安排|路径)|工作要求|工作安排|内容",
        ),
        ("task", _PERHAPS, r".*(项目|指标|目标|事项|要点)(名称|内容)?|名称|item"),
    )
)


@dataclass(slots=True)
class Header:
    """Where a grid's header stands and what its columns mean."""

    # Index of the first and of the last header row in the grid.
    first: int
    last: int
    # Row in the file, for sentences.
    row: int
    # Key and printed header of each column, by index; columns without any header have the key "".
    columns: list[tuple[str, str]]
    indices: dict[str, list[int]] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether the columns that every table needs are there."""
        return "task" in self.indices and "lead" in self.indices

    def name(self, key: str) -> str | None:
        """The printed header of the (first) column with that meaning."""
        found = self.indices.get(key)
        return self.columns[found[0]][1] if found else None


def plain_header(text: str) -> str:
    """A header on one line: no spaces and line breaks but those between Latin words."""
    return join_lines(text)


def meaning(text: str) -> tuple[str, int]:
    """Key and strength of a header's words; ("", 0) when they mean nothing here."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】", "", plain).strip(":：*＊、.·/") or plain
    if not plain or len(plain) > _LONGEST_HEADER or re.search(r"[。；;！？]", plain):
        return "", 0
    for pattern, key, strength in _PATTERNS:
        if re.fullmatch(pattern, plain):
            return key, strength
    return "", 0


def find_header(grid: Grid) -> Header | None:
    """The first complete header of the grid; else the row that comes nearest to one; else None."""
    nearest: Header | None = None
    for index in range(min(len(grid.rows), _LOOK_AT_ROWS)):
        candidates = [_read_header(grid.rows[index], None, index)]
        if index + 1 < len(grid.rows) and _is_lower_header(grid.rows[index], grid.rows[index + 1]):
            candidates.append(_read_header(grid.rows[index], grid.rows[index + 1], index))
        best = max(candidates, key=lambda header: (header.is_complete, len(header.indices)))
        if best.is_complete:
            return best
        known = set(best.indices) - {"other"}
        is_near = len(known) >= _WORDS_OF_A_HEADER and bool(known & {"task", "lead"})
        if is_near and (nearest is None or len(best.indices) > len(nearest.indices)):
            nearest = best
    return nearest


def check_header(header: Header) -> None:
    """Refuses a header without task or lead, or with two columns for either."""
    for key, name in NAMES.items():
        found = header.indices.get(key, [])
        if not found:
            raise refuse("missing_column", row=header.row, column=name)
        if len(found) > 1:
            first, second = (header.columns[index][1] for index in found[:2])
            raise refuse("double_column", row=header.row, key=name, first=first, second=second)


def _is_lower_header(upper: list[Cell], lower: list[Cell]) -> bool:
    """Whether the next row belongs to the header: its own cells are header words below a wider or an empty one."""
    own = [
        (index, cell)
        for index, cell in enumerate(lower)
        if cell.text.strip() and not _is_from_above(cell, lower) and not _repeats_left(lower, index)
    ]
    if not own or len(own) >= len([cell for cell in lower if cell]):
        return False
    knows = [bool(meaning(cell.text)[0]) for _, cell in own]
    below_wide = [_is_wide(upper, index) for index, _ in own]
    return any(knows) and all(known or wide for known, wide in zip(knows, below_wide, strict=True))


def _is_from_above(cell: Cell, row: list[Cell]) -> bool:
    return cell.merged_from is not None and cell.merged_from[0] < row[0].row


def _repeats_left(row: list[Cell], index: int) -> bool:
    return index > 0 and row[index].origin == row[index - 1].origin


def _is_wide(row: list[Cell], index: int) -> bool:
    if index >= len(row):
        return False
    neighbours = [place for place in (index - 1, index + 1) if 0 <= place < len(row)]
    return not row[index].text.strip() or any(row[place].origin == row[index].origin for place in neighbours)


def _read_header(upper: list[Cell], lower: list[Cell] | None, index: int) -> Header:
    names: list[tuple[str, str, int]] = []
    for place, cell in enumerate(upper):
        top = plain_header(cell.text)
        below = lower[place] if lower and place < len(lower) else None
        bottom = plain_header(below.text) if below and lower and not _is_from_above(below, lower) else ""
        if lower is None and _repeats_left(upper, place) and top:
            # A cell over several columns names none of them by itself.
            names.append(("", "", 0))
            continue
        names.append(_name_column(top, bottom))
    columns = _settle([(key, header, strength) for key, header, strength in names])
    header = Header(index, index + (lower is not None), upper[0].row if upper else 0, columns)
    for place, (key, _) in enumerate(columns):
        if key:
            header.indices.setdefault(key, []).append(place)
    return header


def _name_column(top: str, bottom: str) -> tuple[str, str, int]:
    for text in (bottom, top + bottom, top) if bottom else (top,):
        key, strength = meaning(text)
        if key:
            return key, text if text == top + bottom or not bottom else bottom, strength
    text = bottom or top
    return ("other" if text else ""), text, 0


def _settle(names: list[tuple[str, str, int]]) -> list[tuple[str, str]]:
    """One meaning for each column: of several that could be the task the surest is it, the others say how."""
    strengths = [strength for key, _, strength in names if key == "task"]
    strongest = max(strengths, default=0)
    has_measures = any(key == "measures" for key, _, _ in names)
    single: set[str] = set()
    settled = []
    for key, header, strength in names:
        found = key
        if key == "task" and strength < strongest:
            found = "other" if has_measures else "measures"
            has_measures = True
        if found in {"category", "due"} and found in single:
            found = "other"
        single.add(found)
        settled.append((found, header))
    numbers = [place for place, (key, _) in enumerate(settled) if key == "number"]
    for place in numbers[:-1]:
        # Two columns of numbers: the one nearer to the task counts tasks, the other categories.
        settled[place] = ("other", settled[place][1])
    return settled
