"""演示文书 - one notice in each state, so that a newcomer sees the whole way of a paper; nothing in them is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from chuangju.kernel.models import Paper, PaperDelivery, User
from chuangju.kernel.outgoing_papers import deliver_paper, hand_over_paper, record_seal, void_paper
from chuangju.papers.documents import PaperDocument, Paragraph, SignedBy
from chuangju.units.models import Unit
from chuangju.units.notices import draft_notice

_OFFICE = "闵行区创建创业型城区工作领导小组办公室"
_TEXT = """为推进《闵行区创建创业型城区工作任务分解表》落地见效，现就有关事项通知如下。
一、报送内容
各牵头单位按任务逐项报送进展、节点完成情况和存在的困难，配合单位报送配合情况。
（一）节点完成情况
已完成的节点附佐证照片或链接，未完成的说明原因和预计完成日期。
（二）数据
统计数据以系统中的记录为准，不另行填表。
二、时间要求
请于每月5日前由联络员在系统中报送，逾期未报的在下次会议上通报。
特此通知。"""


@dataclass(frozen=True)
class DemoNotice:
    """A notice of the demo and how far it has come."""

    title: str
    state: str
    days_ago: int
    # Its place among the numbers of the year.
    place: int = 0
    openness: str = Paper.Openness.ON_REQUEST


_NOTICES = (
    DemoNotice("（演示）关于召开第三次联络员会议的通知", Paper.State.DRAFT, 2),
    DemoNotice("（演示）关于开展创业服务月活动的通知", Paper.State.HANDED_OVER, 6, openness=Paper.Openness.OPEN),
    DemoNotice("（演示）关于调整工作联络员的通知", Paper.State.SEALED, 12, 3),
    DemoNotice("（演示）关于报送工作进展情况的通知", Paper.State.DELIVERED, 30, 2, Paper.Openness.OPEN),
    DemoNotice("（演示）关于召开第二次联络员会议的通知", Paper.State.VOIDED, 40, 1),
)


def load_demo_papers(at: datetime) -> None:
    """Draft the notices in the name of the bureau, and bring each as far as its state says."""
    office = User.objects.filter(username="office", is_demo=True).first()
    # The bureau in which the programme office sits.
    unit = Unit.objects.filter(name__contains="人力资源").order_by("position", "code").first()
    if office is None or unit is None:
        return
    for notice in _NOTICES:
        _bring_along(notice, unit, office, at - timedelta(days=notice.days_ago))


def _bring_along(notice: DemoNotice, unit: Unit, by: User, begun: datetime) -> None:
    paper = draft_notice(
        unit,
        title=notice.title,
        recipient="各成员单位",
        issuer=_OFFICE,
        text=_TEXT,
        openness=notice.openness,
        by=by,
        at=begun,
    )
    if notice.state == Paper.State.DRAFT:
        return
    paper = hand_over_paper(paper, by=by, at=begun + timedelta(hours=3))
    if notice.state == Paper.State.HANDED_OVER:
        return
    from chuangju.papers.pdf_papers import document_pdf  # noqa: PLC0415 - loaded once, by the first start of a demo

    sealed_at = begun + timedelta(days=1)
    day = timezone.localdate(sealed_at)
    number = f"演示〔{day.year}〕{notice.place}号"
    scan = PaperDocument(
        notice.title,
        [Paragraph("这里是用印扫描件，仅供演示，没有印章。"), SignedBy(_OFFICE, day)],
        number=number,
    )
    file = ContentFile(document_pdf(scan), name=f"{notice.title}（用印）.pdf")
    paper = record_seal(paper, number=number, sealed_on=day, scan=file, by=by, at=sealed_at)
    if notice.state == Paper.State.VOIDED:
        void_paper(paper, reason="会议改期，另行通知", by=by, at=sealed_at + timedelta(hours=1))
    if notice.state == Paper.State.DELIVERED:
        for recipient in ("各成员单位联络员", "区档案局"):
            deliver_paper(
                paper,
                recipient=recipient,
                method=PaperDelivery.Method.EXCHANGE,
                delivered_on=timezone.localdate(sealed_at + timedelta(days=1)),
                by=by,
                at=sealed_at + timedelta(days=1, hours=2),
            )
