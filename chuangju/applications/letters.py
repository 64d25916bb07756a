"""决定书 - what a case becomes on paper: 决定书、受理凭证、补正告知书、不予受理通知书 and the certificate of a standing.

Papers are written in one language, so these words are not translated. Each is a draft marked 未用印 until its seal is
recorded; whoever applied reads it from then on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.access import stands_on_own_side, writes_papers
from chuangju.applications.decision_settings import decision_settings
from chuangju.applications.letter_blocks import decided_blocks, reason_blocks, remedies
from chuangju.applications.models import Application, Correction, Decision, Standing
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import draft_paper, papers_about
from chuangju.kernel.paper_templates import PaperTemplate
from chuangju.papers.documents import Block, Heading, PaperDocument, Paragraph, SignedBy, lines_of, paper_day
from chuangju.units.models import Unit

DECISION, ACCEPTANCE = "applications.decision", "applications.acceptance"
NOT_ACCEPTED, CORRECTION = "applications.not_accepted", "applications.correction"
CERTIFICATE = "applications.certificate"
_TITLES = {
    Application.Kind.OBJECTION: "异议处理决定书",
    Application.Kind.RECOVERY: "追回决定书",
    Application.Kind.CORRECTION: "更正决定书",
}


def decision_document(decision: Decision) -> PaperDocument:
    """决定书: what was decided, on which grounds, from when to when, and what can be done against it."""
    application = decision.application
    asked = paper_day(timezone.localdate(application.submitted_at)) if application.submitted_at else ""
    opening = f"{asked}提出的“{application.title}”（办件编号{application.number}）收悉。经审核，决定如下："
    blocks: list[Block] = [Paragraph(opening), Heading("一、决定", 1), *decided_blocks(decision)]
    blocks += [Heading("二、理由和依据", 1), *reason_blocks(decision)]
    blocks += [Heading("三、救济途径", 1), *remedies(decision)]
    issuer = issuer_of(application.unit)
    blocks.append(SignedBy(issuer, decision.effective_on))
    return PaperDocument(
        decision_title(decision), blocks, issuer=issuer, recipients=application.subject.name, day=decision.effective_on
    )


def acceptance_document(application: Application) -> PaperDocument:
    """受理凭证: that it was accepted, by when it will be done, and how to ask after it."""
    accepted = timezone.localdate(application.accepted_at) if application.accepted_at else None
    due = f"承诺于{paper_day(application.due_on)}前办结。" if application.due_on else ""
    day = paper_day(accepted) if accepted else ""
    text = f"你（单位）提出的“{application.title}”申请（办件编号{application.number}）材料齐全，于{day}受理。{due}"
    contact = str(settings.DISTRICT["contact"] or "受理窗口")
    return _letter(
        "受理凭证", application, [Paragraph(text), Paragraph(f"查询办理进度，请凭办件编号联系：{contact}。")], accepted
    )


def not_accepted_document(application: Application) -> PaperDocument:
    """不予受理通知书: why it is not taken in, and what can be done against that."""
    day = timezone.localdate(application.closed_at) if application.closed_at else None
    text = f"你（单位）提出的“{application.title}”申请（办件编号{application.number}），经审查，决定不予受理。"
    reason = f"理由：{application.end_reason or '—'}"
    return _letter("不予受理通知书", application, [Paragraph(text), Paragraph(reason), *remedies(None)], day)


def correction_document(correction: Correction) -> PaperDocument:
    """补正告知书: everything that is missing, once and in full."""
    application = correction.application
    day = timezone.localdate(correction.asked_at)
    text = f"你（单位）提出的“{application.title}”申请（办件编号{application.number}），尚需补正以下内容："
    blocks: list[Block] = [Paragraph(text)]
    items = correction.items.order_by("position")
    blocks += [Paragraph(f"{number}. {item.text}") for number, item in enumerate(items, start=1)]
    blocks += [Paragraph(line) for line in lines_of(correction.note) if line.strip()]
    blocks.append(Paragraph(f"请于{paper_day(correction.due_on)}前一次补齐；逾期未补正的，视为撤回申请。"))
    return _letter("补正告知书", application, blocks, day)


def certificate_document(standing: Standing) -> PaperDocument:
    """证书: who holds what, under which number, from when to when."""
    starts = paper_day(standing.starts_on)
    term = f"{starts}至{paper_day(standing.ends_on)}" if standing.ends_on else f"自{starts}起"
    grade = f"，等级：{standing.grade}" if standing.grade else ""
    blocks = [
        Paragraph(f"{standing.party.name}：", is_indented=False),
        Paragraph(f"经审核，授予“{standing.title}”{grade}。"),
        Paragraph(f"证书编号：{standing.number}"),
        Paragraph(f"有效期：{term}"),
    ]
    issuer = issuer_of(standing.decision.application.unit)
    return PaperDocument("证书", [*blocks, SignedBy(issuer, standing.starts_on)], issuer=issuer, day=standing.starts_on)


def issuer_of(unit: Unit) -> str:
    """How a unit signs: with the district's name before its own."""
    district = str(settings.DISTRICT["district"])
    return unit.name if unit.name.startswith(district) else f"{district}{unit.name.removeprefix('区')}"


def decision_title(decision: Decision) -> str:
    """The title of a letter of decision."""
    application = decision.application
    return f"关于“{application.title}”的{_TITLES.get(Application.Kind(application.kind), '审核决定书')}"[:200]


def draft_letter(decision: Decision, *, by: User | None, at: datetime) -> Paper | None:
    """Begin the letter of a published decision; in the name of whoever approved it where nobody publishes it by hand."""
    writer = next((user for user in (by, decision.approved_by, decision.proposed_by) if user is not None), None)
    if writer is None:
        return None
    writer = writer if can_write(writer, decision) else decision.approved_by or decision.proposed_by
    if writer is None or not can_write(writer, decision):
        return None
    return draft_paper(
        DECISION,
        decision,
        title=decision_title(decision),
        recipient=decision.application.subject.name,
        openness=Paper.Openness.ON_REQUEST,
        by=writer,
        at=at,
    )


def case_of(subject: Any) -> Application:
    """The case that a paper belongs to."""
    if isinstance(subject, Application):
        return subject
    if isinstance(subject, Standing):
        return subject.decision.application
    application: Application = subject.application
    return application


def can_write(user: User, subject: Any) -> bool:
    """Whether somebody drafts and seals the papers of a case: clerks and approvers of its unit or town."""
    return writes_papers(user, case_of(subject))


def can_read(user: User, subject: Any) -> bool:
    """Whether somebody opens it: the writers; of a sealed one its addressee too."""
    if can_write(user, subject):
        return True
    return (
        stands_on_own_side(user, case_of(subject))
        and papers_about(subject).filter(state__in=(Paper.State.SEALED, Paper.State.DELIVERED)).exists()
    )


def _listed_for(user: User) -> Q:
    return Q(drafted_by=user)


def _address(subject: Any) -> str:
    return f"/cases/{case_of(subject).pk}/"


def _letter(title: str, application: Application, blocks: list[Block], day: Any) -> PaperDocument:
    issuer = issuer_of(application.unit)
    with in_kept_language():
        signed: list[Block] = [*blocks, SignedBy(issuer, day)]
    return PaperDocument(title, signed, issuer=issuer, recipients=application.subject.name, day=day)


TEMPLATES = tuple(
    PaperTemplate(
        key=key, label=label, build=build, can_manage=can_write, can_read=can_read, listed_for=_listed_for,
        address=_address,
    )
    for key, label, build in (
        (DECISION, _("决定书"), decision_document),
        (ACCEPTANCE, _("受理凭证"), acceptance_document),
        (NOT_ACCEPTED, _("不予受理通知书"), not_accepted_document),
        (CORRECTION, _("补正告知书"), correction_document),
        (CERTIFICATE, _("资格证书"), certificate_document),
    )
)  # fmt: skip


def contact_sentence() -> str:
    """What a notice says about objections where its unit gives no contact."""
    return str(decision_settings()["notices_contact"]["zh"])
