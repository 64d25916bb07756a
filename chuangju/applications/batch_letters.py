"""候补通知书 - what a case in reserve is told on paper: its place, why, and what follows when a place becomes free.

Papers are written in one language, so these words are not translated.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.batch_decisions import score_ground
from chuangju.applications.batch_ranking import RESERVE
from chuangju.applications.letters import can_read, can_write, issuer_of
from chuangju.applications.models import Application, DecisionBatch
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import draft_paper
from chuangju.kernel.paper_templates import PaperTemplate
from chuangju.papers.documents import Block, PaperDocument, Paragraph, SignedBy

RESERVED = "applications.reserve"


def reserve_document(application: Application) -> PaperDocument:
    """候补通知书, from the list that was published last."""
    batch = list_of(application)
    key = str(application.pk)
    place = next((place for place, one in enumerate(batch.ranking) if one["application"] == key), 0)
    before = sum(one.get("outcome") == RESERVE for one in batch.ranking[:place])
    said = score_ground(batch, batch.ranking[place], place + 1)["zh"]
    day = timezone.localdate(batch.published_at) if batch.published_at else None
    issuer = issuer_of(application.unit)
    blocks: list[Block] = [
        Paragraph(f"你（单位）提出的“{application.title}”申请（办件编号{application.number}）参加了“{batch.title}”。"),
        Paragraph(f"{said}，未进入前{batch.cut_line}名的入围名单，列为候补第{before + 1}名。"),
        Paragraph("入围者退出时，按候补次序递补，另行公示并书面通知；候补期满没有递补的，另行书面通知结果。"),
        Paragraph("对评选程序有异议的，可在收到本通知之日起通过原申请渠道提出。"),
        SignedBy(issuer, day),
    ]
    return PaperDocument("候补通知书", blocks, issuer=issuer, recipients=application.subject.name, day=day)


def list_of(application: Application) -> DecisionBatch:
    """The first list of the case's round that names it in reserve."""
    lists = application.window.batches.filter(parent__isnull=True).exclude(state=DecisionBatch.State.RETURNED)
    return lists.order_by("-proposed_at", "-pk")[0]


def draft_reserve_letter(application: Application, batch: DecisionBatch, *, by: User, at: datetime) -> Paper | None:
    """Begin the letter, in the name of whoever may write for the unit."""
    writers = (by, batch.approved_by, batch.proposed_by)
    writer = next((one for one in writers if one is not None and can_write(one, application)), None)
    if writer is None:
        return None
    title = f"关于“{application.title}”的候补通知书"[:200]
    name = application.subject.name
    openness = Paper.Openness.ON_REQUEST
    return draft_paper(RESERVED, application, title=title, recipient=name, openness=openness, by=writer, at=at)


def _address(subject: Application) -> str:
    return f"/cases/{subject.pk}/"


TEMPLATE = PaperTemplate(
    key=RESERVED, label=_("候补通知书"), build=reserve_document, can_manage=can_write, can_read=can_read,
    address=_address,
)  # fmt: skip
