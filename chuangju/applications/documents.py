"""申请材料 - the papers that the policy wants of this applicant: given by photo, taken over from earlier cases, seen at the counter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.applicant_access import can_fill_in, is_counter_clerk
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.evaluation import Evaluation
from chuangju.applications.models import Application, RequiredDocument
from chuangju.applications.paper_duties import report_paper
from chuangju.kernel.attachments import attach_file, path_of
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import Attachment, User
from chuangju.kernel.refusals import Refused
from chuangju.rules.kinds import Words

MOST_FILES = 20
_OPEN = (
    RequiredDocument.State.MISSING,
    RequiredDocument.State.GIVEN,
    RequiredDocument.State.FAULTY,
    RequiredDocument.State.TO_FOLLOW,
    RequiredDocument.State.PROMISED,
)


class DocumentRefused(Refused):
    """The paper cannot be given like this; the sentence says why."""


def sync_documents(application: Application, evaluation: Evaluation) -> list[RequiredDocument]:
    """Bring the list of papers in line with what the policy wants, given the facts; what was given stays."""
    wanted = _wanted(evaluation)
    standing = {one.name: one for one in application.documents.all()} if application.pk else {}
    settings = apply_settings()
    new = [
        RequiredDocument(
            application=application,
            position=position,
            name=words.zh[:200],
            name_en=words.en[:200],
            may_follow=_holds(words, settings.may_follow),
            may_be_promised=_holds(words, settings.may_be_promised),
            state=RequiredDocument.State.GIVEN if _holds(words, settings.made_here) else RequiredDocument.State.MISSING,
        )
        for position, words in wanted
        if words.zh[:200] not in standing
    ]
    names = {words.zh[:200] for _position, words in wanted}
    gone = [one for one in standing.values() if one.name not in names and one.state == RequiredDocument.State.MISSING]
    if gone:
        RequiredDocument.objects.filter(pk__in=[one.pk for one in gone]).delete()
    if new:
        RequiredDocument.objects.bulk_create(new)
    return new


def is_made_here(document: RequiredDocument) -> bool:
    """Whether the paper is the form itself, which nobody has to bring."""
    return any(word in document.name for word in apply_settings().made_here)


def missing_documents(application: Application) -> list[RequiredDocument]:
    """The papers that must be there before the case can be handed in."""
    return [
        one
        for one in application.documents.all()
        if one.state in {RequiredDocument.State.MISSING, RequiredDocument.State.FAULTY}
        and not one.may_follow
        and not one.may_be_promised
    ]


@transaction.atomic
def give_document(document: RequiredDocument, *, files: Iterable[Any], by: User, at: datetime) -> RequiredDocument:
    """Give the files of a paper (photos, PDF); raises DocumentRefused, AttachmentRefused."""
    fresh = _writable(document, by=by, at=at)
    brought = [file for file in files if file]
    if not brought:
        raise DocumentRefused(_("请选择或拍摄要上传的材料"))
    if fresh.attachments.count() + len(brought) > MOST_FILES:
        raise DocumentRefused(_("一份材料最多 %(count)d 个文件") % {"count": MOST_FILES})
    for file in brought:
        attach_file(fresh, file, by=by, at=at)
    return _given(fresh, "applications.document_given", by=by, at=at)


def reusable_files(documents: Iterable[RequiredDocument], *, subject: Any) -> dict[int, list[Attachment]]:
    """For papers still missing, the files given for a paper of this name in the subject's latest other case."""
    wanted = {one.name: one for one in documents if one.state == RequiredDocument.State.MISSING}
    if not wanted:
        return {}
    own = {one.application_id for one in wanted.values()}
    earlier = (
        RequiredDocument.objects.filter(
            application__subject=subject, name__in=wanted, state__in=("given", "checked"), attachments__isnull=False
        )
        .exclude(application__in=own)
        .order_by("-application__started_at", "-pk")
        .distinct()
        .prefetch_related("attachments")
    )
    found: dict[int, list[Attachment]] = {}
    for one in earlier:
        found.setdefault(wanted[one.name].pk, list(one.attachments.all()))
    return found


@transaction.atomic
def reuse_document(document: RequiredDocument, *, by: User, at: datetime) -> RequiredDocument:
    """Take over what was given for the same paper in an earlier case; raises DocumentRefused where there is none."""
    fresh = _writable(document, by=by, at=at)
    files = reusable_files([fresh], subject=fresh.application.subject_id).get(fresh.pk, [])
    if not files:
        raise DocumentRefused(_("没有可以沿用的材料，请重新拍摄或上传"))
    for file in files:
        attach_file(fresh, ContentFile(path_of(file).read_bytes(), name=file.name), by=by, at=at)
    return _given(fresh, "applications.document_reused", by=by, at=at)


@transaction.atomic
def promise_document(document: RequiredDocument, *, by: User, at: datetime) -> RequiredDocument:
    """告知承诺: a promise stands for the paper, and is checked afterwards; raises DocumentRefused."""
    fresh = _writable(document, by=by, at=at)
    if not fresh.may_be_promised:
        raise DocumentRefused(_("这份材料不能以承诺代替"))
    fresh.state = RequiredDocument.State.PROMISED
    fresh.save(update_fields=["state"])
    record_event(
        "applications.document_given", fresh, by=by, at=at, after={"state": fresh.state}, about=fresh.application
    )
    return fresh


@transaction.atomic
def see_original(document: RequiredDocument, *, by: User, at: datetime) -> RequiredDocument:
    """原件核验: the clerk at the counter has seen the original. Whoever calls it has decided that they may."""
    fresh = RequiredDocument.objects.select_for_update(of=("self",)).select_related("application").get(pk=document.pk)
    if fresh.original_seen_at is not None:
        return fresh
    fresh.original_seen_at, fresh.checked_by, fresh.checked_at = at, by, at
    if fresh.state == RequiredDocument.State.MISSING:
        fresh.state = RequiredDocument.State.GIVEN
    fresh.save(update_fields=["original_seen_at", "checked_by", "checked_at", "state"])
    record_event(
        "applications.original_seen", fresh, by=by, at=at, after={"state": fresh.state}, about=fresh.application
    )
    return fresh


@transaction.atomic
def enclose_files(application: Application, *, files: Iterable[Any], by: User, at: datetime) -> list[Attachment]:
    """Files that answer no paper of the list but something asked in words; raises DocumentRefused, AttachmentRefused."""
    brought = [file for file in files if file]
    if application.state not in Application.OPEN_STATES or not application.corrections.filter(state="asked").exists():
        raise DocumentRefused(_("已经提交的办件不能再改材料；需要补正时会告诉您"))
    if application.attachments.count() + len(brought) > MOST_FILES:
        raise DocumentRefused(_("一份材料最多 %(count)d 个文件") % {"count": MOST_FILES})
    return [attach_file(application, file, by=by, at=at) for file in brought]


def documents_of(application: Application) -> QuerySet[RequiredDocument]:
    """The papers of a case in the order of the policy, with their files."""
    return application.documents.order_by("position", "pk").prefetch_related("attachments")


def _wanted(evaluation: Evaluation) -> list[tuple[int, Words]]:
    wanted = set(evaluation.explanation.documents)
    return [(position, words) for position, words in enumerate(evaluation.policy.documents, 1) if words in wanted]


def _holds(words: Words, signs: Iterable[str]) -> bool:
    return any(sign in words.zh or sign in words.en for sign in signs)


def _writable(document: RequiredDocument, *, by: User, at: datetime) -> RequiredDocument:
    """The paper as it stands, locked, while its case is being filled in or corrected."""
    fresh = (
        RequiredDocument.objects.select_for_update(of=("self",))
        .select_related("application__subject")
        .get(pk=document.pk)
    )
    application = fresh.application
    if not can_fill_in(by, application, timezone.localdate(at)) and not is_counter_clerk(by, application):
        raise DocumentRefused(_("您不能填写这件申请"))
    is_owed = fresh.state == RequiredDocument.State.TO_FOLLOW
    is_asked = fresh.state == RequiredDocument.State.FAULTY or application.corrections.filter(state="asked").exists()
    # What was to follow may still come after the decision.
    is_open = application.state in Application.OPEN_STATES and (is_owed or is_asked)
    is_decided = application.state == Application.State.GRANTED and is_owed
    if application.state != Application.State.DRAFT and not is_open and not is_decided:
        raise DocumentRefused(_("已经提交的办件不能再改材料；需要补正时会告诉您"))
    if fresh.state not in _OPEN:
        raise DocumentRefused(_("这份材料已经核对过，不用再提供"))
    return fresh


def _given(document: RequiredDocument, action: str, *, by: User, at: datetime) -> RequiredDocument:
    before = document.state
    document.state = RequiredDocument.State.GIVEN
    document.save(update_fields=["state"])
    report_paper(document, by=by, at=at)
    record_event(
        action,
        document,
        by=by,
        at=at,
        before={"state": before},
        after={"state": document.state},
        about=document.application,
    )
    return document
