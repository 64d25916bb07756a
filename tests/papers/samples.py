"""Papers for tests: an ordinary one with every kind of block, and words that try to be more than words."""

from __future__ import annotations

from datetime import date

from chuangju.papers.charts import GanttBar, gantt_chart
from chuangju.papers.documents import (
    Chart,
    Heading,
    PaperColumn,
    PaperDocument,
    PaperTable,
    Paragraph,
    QrBlock,
    SignedBy,
)

DAY = date(2026, 6, 15)
ADDRESS = "https://cy.example.cn/verify/ABCDEFGHJKLM/"
SENTENCE = "各单位要高度重视，明确分管领导和联络员，于每月5日前报送进展情况。"

# Each is markup, a command or a formula somewhere; on a paper all are words.
HOSTILE = (
    "#strong[粗] #let x = 1 #panic()",
    "$x^2$ 和 $ 100",
    "@ref <label> https://x.cn",
    r"\ \n \u{1F600} \textbf{x}",
    "*b* _i_ `raw` ~ --- // /* */",
    "= 标题 - 项 + 项 / 项: 值",
    "<w:p>&amp;]]><script>alert(1)</script>",
    "{{ title }} {% include 'x' %} ${jndi:ldap://x}",
    '"；\'--"',
)


def gantt() -> str:
    """A small plan."""
    rows = [
        GanttBar("成立领导小组", date(2026, 1, 1), date(2026, 3, 1), "done", "组织保障"),
        GanttBar("建立会议制度", date(2026, 3, 1), date(2026, 5, 1), "late", "组织保障"),
        GanttBar("年度总结", date(2026, 12, 1), date(2026, 12, 1), "good", "总结"),
    ]
    return gantt_chart(rows, today=DAY, title="计划进度")


def paper(*, mark: str = "未用印", is_landscape: bool = False) -> PaperDocument:
    """A notice with one of each block."""
    columns = [PaperColumn("序号", 1, is_centred=True), PaperColumn("单位", 3), PaperColumn("内容", 6)]
    return PaperDocument(
        "关于报送工作进展情况的通知",
        [
            Paragraph(SENTENCE),
            Heading("一、报送内容", 1),
            Heading("（一）节点", 2),
            Paragraph("第一段\n第二段", is_indented=False),
            PaperTable(columns, [["组织保障"], ["1", "区人社局", "成立领导小组"], ["2", "区经委", "甲\n乙"]], "任务表"),
            Chart(gantt(), "各项任务何时完成？", ["任务", "完成"], [["成立领导小组", "2026-03-01"]]),
            SignedBy("闵行区创建办", DAY),
            QrBlock(ADDRESS, "扫码核验　ABCDEFGHJKLM"),
        ],
        number="闵创建办〔2026〕1号",
        issuer="闵行区创建办",
        recipients="各成员单位",
        mark=mark,
        footer_code="ABCDEFGHJKLM",
        is_landscape=is_landscape,
    )
