"""Header words - what the words above a column mean, in whichever of the ways offices put it."""

from __future__ import annotations

import re
import unicodedata

from chuangju.programme.table.categories import join_lines

# How surely words name their column: where two columns could be the same thing, the surer one is.
SURE, LIKELY, PERHAPS = 3, 2, 1
_LONGEST = 24

# Key, strength and pattern; the first that fits decides.
_PATTERNS: tuple[tuple[str, int, str], ...] = (
    ("number", SURE, r"序号|编号|序|号|项次|№|no\.?|number|s/?n|serial.*|index|#|\w{0,4}(序号|编号)"),
    ("other", SURE, r".*(领导|负责人|责任人|联系人|联络员|电话|邮箱|手机|分管).*"),
    ("other", SURE, r".*(备注|附注|进展|完成情况|落实情况|完成率|得分|分值|评分|权重|经费|资金|金额|依据).*"),
    ("other", SURE, r".*(开始|启动|起始|印发|发布).{0,3}(时间|日期|节点)|note|notes|remarks?|contact"),
    ("lead", SURE, r".*牵头.*(配合|协办|参与).*"),
    (
        "cooperating",
        SURE,
        r".*(配合|协办|协同|协作|协助|参与|会同|参加|会办|联办).*|(支持|支撑|联合)(单位|部门)|(co-?operat|support|partner|assist).*",
    ),
    ("lead", SURE, r".*(牵头|主办|承办|主责|总责|主抓).*|lead.*|responsible.*"),
    ("lead", SURE, r".*(责任|负责|实施|落实|承担|执行)(单位|部门|主体|机构|单位部门)|责任(落实)?"),
    ("lead", LIKELY, r".*(责任|负责|承办|主办)(科室|处室|分工|分解)|主管(单位|部门)"),
    ("lead", PERHAPS, r"单位|部门|(单位|部门)名称"),
    ("measures", SURE, r".*(举措|措施|做法|办法|抓手).*|.*(measures?|actions?|steps)(plan)?"),
    (
        "due",
        SURE,
        r".*(时限|期限|时间|节点|截止|日期|工期).*|due.*|deadline|by|time(limit|line)?|(completion|target)date",
    ),
    ("due", LIKELY, r".*(进度|时序)(安排|要求|计划)?"),
    ("category", SURE, r".*(类别|分类|板块|大类|类型|门类|归类|领域|模块)|类|category|group|section|type|area|field"),
    ("category", LIKELY, r"(工作|任务|重点)?(方面|维度|专题|方向)|一级(指标|任务|目标)|指标类|项目类"),
    ("task", LIKELY, r"具体任务|任务(内容|分解|要点|分工|清单)|具体工作|(二|三)级(指标|任务)"),
    ("task", SURE, r".*任务(名称|事项)?|(key|main)?(tasks?|work(item|task)s?).*"),
    (
        "task",
        LIKELY,
        r".*(工作|重点|主要|具体)(内容|事项|项目|要点)|重点工作|主要工作|工作(目标|指标|名称)?|事项(名称)?",
    ),
    ("measures", LIKELY, r".*(实施|推进|任务|具体|主要|落实)(内容|要求|步骤|计划|安排|路径)|工作要求|工作安排|内容"),
    ("task", PERHAPS, r".*(项目|指标|目标|事项|要点)(名称|内容)?|名称|item"),
)
# A second column about tasks tells how they are done where its words say so; else it is something of its own.
_TELLS_HOW = re.compile(r"内容|要点|分解|具体|要求")

# Beside 牵头单位 a column 责任单位 holds the others.
_HEADS = re.compile(r"牵头|主责|主办|总责")


def plain_header(text: str) -> str:
    """A header on one line: no spaces and line breaks but those between Latin words."""
    return join_lines(text)


def meaning(text: str) -> tuple[str, int]:
    """Key and strength of a header's words; ("", 0) when they mean nothing here."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】", "", plain).strip(":：*＊、.·/") or plain
    if not plain or len(plain) > _LONGEST or re.search(r"[。；;！？]", plain):
        return "", 0
    if re.search(r"[\u4e00-\u9fff]", plain):
        # Of a header in two languages the Chinese words are enough.
        plain = re.sub(r"[a-z][a-z./&-]*", "", plain) or plain
    for key, strength, pattern in _PATTERNS:
        if re.fullmatch(pattern, plain):
            return key, strength
    return "", 0


def settle_columns(names: list[tuple[str, str, int]]) -> list[tuple[str, str]]:
    """One meaning for each column, from key, header and strength of all: of several candidates the surest is it."""
    strongest = {key: max(strength for other, _, strength in names if other == key) for key, _, _ in names}
    if "task" not in strongest:
        # 工作任务及措施: one column for both is the task's.
        names = [
            ("task" if key == "measures" and "任务" in header else key, header, found) for key, header, found in names
        ]
        strongest = {key: max(strength for other, _, strength in names if other == key) for key, _, _ in names}
    taken = {"measures"} & set(strongest)
    settled: list[tuple[str, str]] = []
    has_two_ranks = "cooperating" not in strongest and any(
        _HEADS.search(header) for key, header, _ in names if key == "lead"
    )
    for key, header, strength in names:
        found = key
        if key == "lead" and has_two_ranks and strength == SURE and not _HEADS.search(header):
            found = "cooperating"
        elif key in {"task", "lead"} and strength < strongest[key]:
            tells_how = key == "task" and "measures" not in taken and _TELLS_HOW.search(header)
            found = "measures" if tells_how else "other"
        elif key in {"category", "due"} and key in taken:
            found = "other"
        taken.add(found)
        settled.append((found, header))
    numbers = [place for place, (key, _) in enumerate(settled) if key == "number"]
    for place in numbers[:-1]:
        # Two columns of numbers: the one nearer to the task counts tasks, the other categories.
        settled[place] = ("other", settled[place][1])
    return settled
