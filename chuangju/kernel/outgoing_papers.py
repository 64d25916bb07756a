"""文书流转 - how a paper goes out: drafted from a template, handed over for 核稿、签发、编号, sealed, delivered, verified.

The office automation system of the district checks, signs and numbers; this records what it gives back. Until the seal is
recorded every copy is marked 未用印; from the hand-over on the words are two files with their hashes and change no more.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Paper, PaperDelivery, User
from chuangju.kernel.paper_templates import (
    PaperTemplate,
    can_manage_paper,
    paper_document,
    papers_about,
    papers_visible_to,
    register_paper_template,
    templates,
)
from chuangju.kernel.refusals import Refused

__all__ = [
    "PaperRefused",
    "PaperTemplate",
    "change_paper",
    "deliver_paper",
    "draft_paper",
    "hand_over_paper",
    "papers_about",
    "papers_visible_to",
    "record_seal",
    "register_paper_template",
    "take_back_paper",
    "void_paper",
]

NUMBERS_LOCK = "kernel.paper_numbers"
LONGEST_TITLE = 200
# Signs that nobody mistakes for one another when reading a code aloud; twelve of them are 57 bits.
_CODE_SIGNS = "23456789ACDEFGHJKLMNPQRTWXY"
_CODE_LENGTH = 12
_Upload = Any


class PaperRefused(Refused):
    """The paper cannot go this step; the sentence says why."""


@transaction.atomic
def draft_paper(
    template_key: str,
    subject: models.Model,
    *,
    title: str,
    recipient: str,
    openness: str,
    by: User,
    at: datetime,
) -> Paper:
    """Begin a paper about a record; raises PaperRefused, and NotRegistered where there is no such template."""
    template = templates.get(template_key)
    if not template.can_manage(by, subject):
        raise PaperRefused(_("您不能起草这种文书"))
    paper = Paper(
        template_key=template_key,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=str(subject.pk),
        title=_checked_title(title),
        recipient=" ".join(recipient.split()),
        openness=_checked_openness(openness),
        code="".join(secrets.choice(_CODE_SIGNS) for _place in range(_CODE_LENGTH)),
        drafted_by=by,
        drafted_at=at,
    )
    paper.issuer = template.build(subject).issuer
    paper.save(force_insert=True)
    record_event("kernel.paper_drafted", paper, by=by, at=at, after=snapshot(paper), about=subject)
    return paper


@transaction.atomic
def change_paper(paper: Paper, *, title: str, recipient: str, openness: str, by: User, at: datetime) -> Paper:
    """Correct the outside of a draft; its words are corrected in the record it is about. Raises PaperRefused."""
    fresh = _locked(paper, by, _("只能修改草稿"), Paper.State.DRAFT)
    before = snapshot(fresh)
    fresh.title, fresh.recipient = _checked_title(title), " ".join(recipient.split())
    fresh.openness = _checked_openness(openness)
    fresh.issuer = templates.get(fresh.template_key).build(fresh.subject).issuer
    return _save(fresh, "kernel.paper_changed", before, by=by, at=at)


@transaction.atomic
def hand_over_paper(paper: Paper, *, by: User, at: datetime) -> Paper:
    """Freeze the words as docx and PDF, ready to be downloaded for 核稿、签发、编号; raises PaperRefused."""
    from chuangju.papers.docx_papers import document_docx  # noqa: PLC0415 - weighs on a process that writes none
    from chuangju.papers.pdf_papers import document_pdf  # noqa: PLC0415 - as above

    fresh = _locked(paper, by, _("只有草稿可以送核稿"), Paper.State.DRAFT)
    before = snapshot(fresh)
    document = paper_document(fresh)
    name = fresh.title[:80]
    docx = ContentFile(document_docx(document), name=f"{name}.docx")
    fresh.docx = attach_file(fresh, docx, by=by, at=at)
    fresh.pdf = attach_file(fresh, ContentFile(document_pdf(document), name=f"{name}.pdf"), by=by, at=at)
    fresh.state, fresh.handed_over_at = Paper.State.HANDED_OVER, at
    return _save(fresh, "kernel.paper_handed_over", before, by=by, at=at)


@transaction.atomic
def take_back_paper(paper: Paper, *, reason: str, by: User, at: datetime) -> Paper:
    """The check found something: a draft again; what had been handed over stays on record. Raises PaperRefused."""
    fresh = _locked(paper, by, _("只有已送核稿、尚未用印的文书可以退回修改"), Paper.State.HANDED_OVER)
    before = snapshot(fresh)
    fresh.state, fresh.handed_over_at, fresh.docx, fresh.pdf = Paper.State.DRAFT, None, None, None
    return _save(
        fresh, "kernel.paper_taken_back", before, by=by, at=at, reason=_checked_reason(reason, _("请写明退回的原因"))
    )


@transaction.atomic
def record_seal(paper: Paper, *, number: str, sealed_on: date, scan: _Upload, by: User, at: datetime) -> Paper:
    """Record 文号 and the scan of the sealed copy; the paper may now leave. Raises PaperRefused, AttachmentRefused."""
    fresh = _locked(paper, by, _("只有已送核稿的文书可以登记用印"), Paper.State.HANDED_OVER)
    take_locks(NUMBERS_LOCK)
    before = snapshot(fresh)
    fresh.number = _checked_number(number)
    if sealed_on > timezone.localdate(at):
        raise PaperRefused(_("用印日期不能晚于今天"))
    if not scan:
        raise PaperRefused(_("请上传用印后的扫描件"))
    fresh.scan_sha256 = _sha256(scan)
    if fresh.scan_sha256 in {file.sha256 for file in (fresh.docx, fresh.pdf) if file}:
        raise PaperRefused(_("这就是送核稿件本身，上面没有印章，请上传用印后的扫描件"))
    fresh.scan = attach_file(fresh, scan, by=by, at=at)
    fresh.state, fresh.sealed_on, fresh.sealed_at = Paper.State.SEALED, sealed_on, at
    saved = _save(fresh, "kernel.paper_sealed", before, by=by, at=at)
    template = templates.get(saved.template_key)
    if template.on_sealed:
        template.on_sealed(saved, by=by, at=at)
    return saved


@transaction.atomic
def deliver_paper(
    paper: Paper, *, recipient: str, method: str, delivered_on: date, by: User, at: datetime, note: str = ""
) -> PaperDelivery:
    """Record that the sealed paper came to somebody; once for each reader. Raises PaperRefused."""
    fresh = _locked(
        paper, by, _("只有已用印的文书可以送达，请先登记发文字号和用印"), Paper.State.SEALED, Paper.State.DELIVERED
    )
    reader = " ".join(recipient.split())
    if not reader:
        raise PaperRefused(_("请填写受送达人"))
    if method not in PaperDelivery.Method.values:
        raise PaperRefused(_("请选择送达方式"))
    if fresh.sealed_on is not None and delivered_on < fresh.sealed_on:
        raise PaperRefused(_("送达日期不能早于用印日期"))
    if delivered_on > timezone.localdate(at):
        raise PaperRefused(_("送达日期不能晚于今天"))
    if fresh.deliveries.filter(recipient=reader, method=method, delivered_on=delivered_on).exists():
        raise PaperRefused(_("这次送达已经登记过"))
    before = snapshot(fresh)
    delivery = fresh.deliveries.create(
        recipient=reader, method=method, delivered_on=delivered_on, note=note.strip(), recorded_by=by, recorded_at=at
    )
    fresh.state = Paper.State.DELIVERED
    fresh.save()
    record_event(
        "kernel.paper_delivered",
        fresh,
        by=by,
        at=at,
        before=before,
        after={**snapshot(fresh), **_said_of(delivery)},
        about=fresh.subject,
    )
    return delivery


@transaction.atomic
def void_paper(paper: Paper, *, reason: str, by: User, at: datetime) -> Paper:
    """Take a paper out of force for good; its number stays used, and whoever scans it is told. Raises PaperRefused.

    What its seal brought about ends with it (the template's `on_voided`), or refuses.
    """
    open_states = [state for state in Paper.State if state != Paper.State.VOIDED]
    fresh = _locked(paper, by, _("这份文书已经作废"), *open_states)
    before, was_sealed = snapshot(fresh), fresh.is_sealed
    fresh.void_reason = _checked_reason(reason, _("请写明作废的原因"))
    fresh.state, fresh.voided_at = Paper.State.VOIDED, at
    saved = _save(fresh, "kernel.paper_voided", before, by=by, at=at, reason=fresh.void_reason)
    template = templates.get(saved.template_key)
    if was_sealed and template.on_voided:
        template.on_voided(saved, by=by, at=at)
    return saved


def _locked(paper: Paper, by: User, refusal: str, *states: str) -> Paper:
    """The paper as it stands now, locked; refused to whoever may not manage it, and in any other state."""
    fresh = Paper.objects.select_for_update().get(pk=paper.pk)
    if not can_manage_paper(by, fresh):
        raise PaperRefused(_("您不能办理这份文书"))
    if fresh.state not in states:
        raise PaperRefused(refusal)
    return fresh


def _save(paper: Paper, action: str, before: dict[str, Any], *, by: User, at: datetime, reason: str = "") -> Paper:
    paper.save()
    record_event(action, paper, by=by, at=at, before=before, after=snapshot(paper), about=paper.subject, reason=reason)
    return paper


def _said_of(delivery: PaperDelivery) -> dict[str, object]:
    """What the log keeps of a delivery, under the words that readers of the log see."""
    return {
        "受送达人": delivery.recipient,
        "送达方式": str(PaperDelivery.Method(delivery.method).label),
        "送达日期": delivery.delivered_on,
    }


def _checked_title(title: str) -> str:
    text = " ".join(title.split())
    if not text:
        raise PaperRefused(_("请填写文书标题"))
    if len(text) > LONGEST_TITLE:
        raise PaperRefused(_("文书标题不能超过 %(count)d 字") % {"count": LONGEST_TITLE})
    return text


def _checked_openness(openness: str) -> str:
    if openness not in Paper.Openness.values:
        raise PaperRefused(_("请选择公开属性"))
    return openness


def _checked_reason(reason: str, refusal: str) -> str:
    text = " ".join(reason.split())
    if not text:
        raise PaperRefused(refusal)
    return text[:200]


def _checked_number(number: str) -> str:
    """The 文号 without blanks, its year between the brackets that papers use; taken once only."""
    text = "".join(number.split()).translate(str.maketrans("[]［］【】", "〔〕〔〕〔〕"))
    if not text:
        raise PaperRefused(_("请填写发文字号"))
    longest = 80
    if len(text) > longest:
        raise PaperRefused(_("发文字号不能超过 %(count)d 字") % {"count": longest})
    other = Paper.objects.filter(number=text).first()
    if other is not None:
        raise PaperRefused(_("发文字号“%(number)s”已用于《%(title)s》") % {"number": text, "title": other.title})
    return text


def _sha256(upload: _Upload) -> str:
    upload.seek(0)
    found = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    return found
