"""容缺与承诺的处置 - what the desk does about a paper that was to follow and a promise that was taken: only what is allowed.

Received or sent back; put off once; the case ended or, once granted, revoked and recovered by a child case; a promise kept,
or untrue, by which the case goes to refusal or what it granted is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import can_lead_case
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.document_checks import check_document
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.lenient_consequences import can_revoke, end_case, revoke, take_consequence
from chuangju.applications.lenient_terms import lenient_terms
from chuangju.applications.models import Application, Obligation, RequiredDocument
from chuangju.applications.obligations import ObligationRefused
from chuangju.applications.paper_duties import LIVE, keep_duty, release_case, shown_paper
from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days

Kind, State, Paper = Obligation.Kind, Obligation.State, RequiredDocument.State
LONGEST_REMARK = 500


class FollowUp(models.TextChoices):
    """What may be done about such a duty."""

    RECEIVED = "received", pgettext_lazy("follow-up", "已收到，核对相符")
    FAULTY = "faulty", pgettext_lazy("follow-up", "交来的不符，退回重交")
    EXTENDED = "extended", pgettext_lazy("follow-up", "延期一次")
    ENDED = "ended", pgettext_lazy("follow-up", "终止办理")
    REVOKED = "revoked", pgettext_lazy("follow-up", "立案撤销决定、追回资金")
    KEPT = "kept", pgettext_lazy("follow-up", "核查属实")
    BROKEN = "broken", pgettext_lazy("follow-up", "核查不实")
    WAIVED = "waived", pgettext_lazy("follow-up", "不再需要")


# These go without a word of explanation.
_PLAIN = frozenset({FollowUp.RECEIVED, FollowUp.KEPT})


@dataclass(frozen=True)
class FollowedUp:
    """What the clerk does about a duty: how, in what words, until which day, and the files that came over the counter."""

    how: str
    remark: str = ""
    due_on: date | None = None
    files: Iterable[Any] = ()


def is_followed_up(duty: Obligation) -> bool:
    """Whether a duty came of a lenient acceptance, so that it is dealt with here and not merely settled."""
    return duty.document_id is not None


def follow_ups_of(duty: Obligation, *, on: date) -> tuple[FollowUp, ...]:
    """What may be done about a duty on a day, in the order in which it is wanted."""
    if duty.state not in LIVE or duty.document_id is None:
        return ()
    if duty.kind == Kind.PROMISE:
        return (FollowUp.KEPT, FollowUp.BROKEN, FollowUp.WAIVED)
    found = [FollowUp.RECEIVED]
    if duty.state == State.REPORTED:
        return (*found, FollowUp.FAULTY, FollowUp.WAIVED)
    if duty.extended_at is None:
        found.append(FollowUp.EXTENDED)
    if duty.due_on < on and duty.application.state in Application.OPEN_STATES:
        found.append(FollowUp.ENDED)
    if duty.due_on < on and can_revoke(duty.application):
        found.append(FollowUp.REVOKED)
    return (*found, FollowUp.WAIVED)


def latest_extension(*, on: date) -> date:
    """The last day to which a paper may be put off on a day."""
    return add_working_days(on, desk_settings()["follow"]["extend_days"])


@transaction.atomic
def follow_up(duty: Obligation, done: FollowedUp, *, by: User, at: datetime) -> Obligation:
    """Do about a duty what is allowed; raises ObligationRefused, and whatever the rules behind it refuse."""
    fresh, on = _locked(duty), timezone.localdate(at)
    if not can_lead_case(by, fresh.application, on):
        raise ObligationRefused(_("只有责任单位或街镇的经办人可以核实"))
    if fresh.state not in LIVE:
        raise ObligationRefused(_("这项义务已经核实"))
    if done.how not in follow_ups_of(fresh, on=on):
        raise ObligationRefused(_("现在不能这样办理，请从列出的办法中选择"))
    words = " ".join(done.remark.split())[:LONGEST_REMARK]
    if not words and done.how not in _PLAIN:
        raise ObligationRefused(_("请写明原因，申请人会看到"))
    match done.how:
        case FollowUp.RECEIVED | FollowUp.FAULTY:
            _look_at(fresh, done, words, by=by, at=at)
        case FollowUp.EXTENDED:
            _extend(fresh, done.due_on, words, by=by, at=at)
        case FollowUp.ENDED | FollowUp.REVOKED:
            _give_up(fresh, done.how, words, by=by, at=at)
        case FollowUp.WAIVED:
            _waive(fresh, words, by=by, at=at)
        case _:
            _judge_promise(fresh, words, is_kept=done.how == FollowUp.KEPT, by=by, at=at)
    return Obligation.objects.get(pk=fresh.pk)


def _look_at(duty: Obligation, done: FollowedUp, words: str, *, by: User, at: datetime) -> None:
    """What came over the counter or from the applicant's page is in order, or goes back."""
    document = _document(duty)
    files = [file for file in done.files if file]
    for file in files:
        attach_file(document, file, by=by, at=at)
    check_document(
        document,
        is_good=done.how == FollowUp.RECEIVED,
        saw_original=duty.state == State.OPEN,
        remark=words,
        by=by,
        at=at,
    )


def _extend(duty: Obligation, due_on: date | None, words: str, *, by: User, at: datetime) -> None:
    """延期: once, with its reason; the applicant is told the new day."""
    on = timezone.localdate(at)
    latest = latest_extension(on=on)
    if due_on is None or not on < due_on <= latest or due_on <= duty.due_on:
        raise ObligationRefused(
            _("请填写新的补交截止日：晚于今天和原截止日，不晚于 %(day)s") % {"day": latest.isoformat()}
        )
    document = _document(duty)
    before = snapshot(document)
    document.due_on = due_on
    document.save(update_fields=["due_on"])
    _record(document, before, words, by=by, at=at)
    duty.due_on, duty.extended_at, duty.extension_reason, duty.overdue_at = due_on, at, words, None
    keep_duty(duty, "paper_extended", reason=words, by=by, at=at)
    release_case(duty.application, by=by, at=at)
    values = {"what": lambda: shown_paper(document), "due_on": due_on, "reason": words}
    tell_applicants(duty.application, "applications.paper_extended", at=at, values=values)


def _give_up(duty: Obligation, how: str, words: str, *, by: User, at: datetime) -> None:
    """The paper never came: the case ends, or what it granted is taken back."""
    with in_kept_language():
        reason = _("逾期未补交“%(name)s”：%(reason)s") % {"name": _document(duty).name, "reason": words}
    _settle(duty, State.BROKEN, words, by=by, at=at)
    application = lock_application(duty.application)
    if how == FollowUp.ENDED:
        end_case(application, reason=reason, by=by, at=at)
    else:
        release_case(application, by=by, at=at)
        revoke(application, lenient_terms(pinned_policy(application)), reason=reason, by=by, at=at)


def _waive(duty: Obligation, words: str, *, by: User, at: datetime) -> None:
    document = _document(duty)
    if document.state in {Paper.TO_FOLLOW, Paper.GIVEN, Paper.PROMISED}:
        before = snapshot(document)
        document.state, document.remark = Paper.WAIVED, words
        document.save()
        _record(document, before, words, by=by, at=at)
    _settle(duty, State.WAIVED, words, by=by, at=at)
    release_case(duty.application, by=by, at=at)


def _judge_promise(duty: Obligation, words: str, *, is_kept: bool, by: User, at: datetime) -> None:
    """核查: the promise is true, or it is not and its consequence begins."""
    document = _document(duty)
    before = snapshot(document)
    document.state, document.remark = (Paper.CHECKED if is_kept else Paper.BROKEN), words
    document.checked_by, document.checked_at = by, at
    document.save()
    _record(document, before, words, by=by, at=at)
    _settle(duty, State.MET if is_kept else State.BROKEN, words, by=by, at=at)
    if not is_kept:
        take_consequence(duty.application, document, words, by=by, at=at)


def _settle(duty: Obligation, state: str, words: str, *, by: User, at: datetime) -> None:
    duty.state, duty.remark, duty.settled_by, duty.settled_at = state, words, by, at
    keep_duty(duty, "obligation_settled", by=by, at=at)


def _record(document: RequiredDocument, before: dict[str, Any], words: str, *, by: User, at: datetime) -> None:
    record_event(
        "applications.document_checked", document, by=by, at=at, before=before, after=snapshot(document),
        about=document.application, reason=words,
    )  # fmt: skip


def _document(duty: Obligation) -> RequiredDocument:
    if duty.document is None:
        raise ObligationRefused(_("这项义务不是容缺或承诺留下的"))
    found = RequiredDocument.objects.select_for_update().get(pk=duty.document.pk)
    found.application = duty.application
    return found


def _locked(duty: Obligation) -> Obligation:
    application = lock_application(duty.application)
    fresh = Obligation.objects.select_for_update().get(pk=duty.pk)
    fresh.application = application
    return fresh
