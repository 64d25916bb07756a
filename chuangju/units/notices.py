"""通知 - a paper in one's own words: the simplest template, for what no record of the programme stands behind."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import change_paper, draft_paper
from chuangju.kernel.paper_templates import PaperTemplate
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.papers.documents import Block, Heading, PaperDocument, Paragraph, SignedBy
from chuangju.units.access import drafting_units, has_role
from chuangju.units.models import Notice, Role, Unit

NOTICE = "notice"
LONGEST_TEXT = 20_000
# How papers number their parts: 一、 then （一）, then 1. and （1）.
_LEVELS = (
    (1, re.compile(r"^[一二三四五六七八九十]{1,3}、")),
    (2, re.compile(r"^（[一二三四五六七八九十]{1,3}）")),
    (3, re.compile(r"^\d{1,2}[.．](?!\d)")),
)
# Longer ones, and those that end as sentences do, are text that begins with a number.
_LONGEST_HEADING = 40


class NoticeRefused(Refused):
    """The notice cannot be written like this; the sentence says why."""


def can_manage_notice(user: User, notice: Notice) -> bool:
    """The programme office, and who speaks for the unit that drafts it."""
    units = drafting_units(user)
    return units is None or notice.unit in units


def can_read_notice(user: User, notice: Notice) -> bool:
    """Leaders read all of them."""
    return has_role(user, Role.LEADER) or can_manage_notice(user, notice)


def listed_notices(user: User) -> Q:
    """Which papers of this kind stand in somebody's list."""
    units = drafting_units(user)
    if units is None or has_role(user, Role.LEADER):
        return Q()
    own = Notice.objects.filter(unit__in=units).annotate(key=Cast("pk", CharField()))
    return Q(subject_id__in=own.values("key"))


def notice_document(notice: Notice) -> PaperDocument:
    """The notice as a paper: its lines, numbered ones as headings, and who signs."""
    blocks: list[Block] = [_block_of(line.strip()) for line in notice.text.splitlines() if line.strip()]
    return PaperDocument("", [*blocks, SignedBy(notice.issuer)], issuer=notice.issuer)


TEMPLATE = PaperTemplate(
    key=NOTICE,
    label=gettext_lazy("通知"),
    build=notice_document,
    can_manage=can_manage_notice,
    can_read=can_read_notice,
    listed_for=listed_notices,
)


def verify_page(code: str) -> str:
    """The path of the public page where a paper is verified."""
    return reverse("units:paper_verify", args=[code])


@transaction.atomic
def draft_notice(  # noqa: PLR0913 - a notice is all of this, each by name
    unit: Unit, *, title: str, recipient: str, issuer: str, text: str, openness: str, by: User, at: datetime
) -> Paper:
    """Write a notice in the name of a unit and begin its paper; raises NoticeRefused, PaperRefused."""
    allowed = drafting_units(by, timezone.localdate(at))
    if allowed is not None and unit not in allowed:
        raise NoticeRefused(_("您不能以这个单位的名义起草"))
    notice = Notice.objects.create(unit=unit, issuer=_checked_issuer(issuer), text=_checked_text(text))
    paper = draft_paper(NOTICE, notice, title=title, recipient=recipient, openness=openness, by=by, at=at)
    record_event("units.notice_written", notice, by=by, at=at, after=snapshot(notice))
    return paper


@transaction.atomic
def change_notice(  # noqa: PLR0913 - as above
    paper: Paper,
    *,
    title: str,
    recipient: str,
    issuer: str,
    text: str,
    openness: str,
    revision: int,
    by: User,
    at: datetime,
) -> Paper:
    """Write a draft anew; raises NoticeRefused, PaperRefused, and StaleForm when somebody else did so meanwhile."""
    notice = Notice.objects.select_for_update().get(pk=paper.subject_id)
    if notice.revision != revision:
        raise StaleForm(_("这份通知刚刚被他人修改过，请核对最新内容后再提交"))
    before = snapshot(notice)
    notice.issuer, notice.text = _checked_issuer(issuer), _checked_text(text)
    notice.revision += 1
    notice.save()
    changed = change_paper(paper, title=title, recipient=recipient, openness=openness, by=by, at=at)
    record_event("units.notice_changed", notice, by=by, at=at, before=before, after=snapshot(notice))
    return changed


def _block_of(line: str) -> Block:
    if len(line) <= _LONGEST_HEADING and not line.endswith(("。", "；", "！", "？")):
        for level, pattern in _LEVELS:
            if pattern.match(line):
                return Heading(line, level)
    return Paragraph(line)


def _checked_issuer(issuer: str) -> str:
    text = " ".join(issuer.split())
    if not text:
        raise NoticeRefused(_("请填写落款的机关名称"))
    return text[:200]


def _checked_text(text: str) -> str:
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise NoticeRefused(_("请填写正文"))
    if len(kept) > LONGEST_TEXT:
        raise NoticeRefused(_("正文不能超过 %(count)d 字") % {"count": LONGEST_TEXT})
    return kept
