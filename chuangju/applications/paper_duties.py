"""补交与核查 - the duty that a lenient acceptance leaves for each paper: opened with it, reported, met or opened again.

As long as a paper is not there after its day its case bears a mark, by which nobody decides, publishes or pays.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from chuangju.applications.case_people import case_clerks, tell_applicants, tell_staff
from chuangju.applications.flags import Kind as FlagKind
from chuangju.applications.flags import lower_flag
from chuangju.applications.models import Application, Obligation, RequiredDocument
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.languages import in_kept_language, reads_english
from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry

Kind, State = Obligation.Kind, Obligation.State
LIVE = (State.OPEN, State.REPORTED)
# What goes on by itself once no paper is overdue any more.
after_release: Registry[str, Callable[..., object]] = Registry("applications.after_release")


def shown_paper(document: RequiredDocument | None) -> str:
    """What a paper is called in the reader's language."""
    if document is None:
        return ""
    return (document.name_en if reads_english() else "") or document.name


def owe_paper(document: RequiredDocument, *, due_on: date, by: User, at: datetime) -> Obligation:
    """容缺: the paper is to follow by a day."""
    english = f"Hand in: {document.name_en or document.name}"
    return _owe(document, Kind.DOCUMENT, f"补交{document.name}", english, due_on, by=by, at=at)


def owe_check(document: RequiredDocument, *, due_on: date, by: User, at: datetime) -> Obligation:
    """告知承诺: the desk looks by a day whether what was promised is true."""
    english = f"Check of the promise: {document.name_en or document.name}"
    return _owe(document, Kind.PROMISE, f"核查告知承诺：{document.name}", english, due_on, by=by, at=at)


def live_duty(document: RequiredDocument, kind: str = Kind.DOCUMENT) -> Obligation | None:
    """The duty of a paper that is not settled; None where nothing is owed."""
    return document.duties.select_for_update().filter(kind=kind, state__in=LIVE).first()


def report_paper(document: RequiredDocument, *, by: User, at: datetime) -> None:
    """The paper that was to follow has been given: the desk is told to look at it, and the case goes on."""
    duty = live_duty(document)
    if duty is None:
        return
    with in_kept_language():
        duty.report, duty.reported_at, duty.state = _("已补交，请核对"), at, State.REPORTED
    keep_duty(duty, "obligation_reported", by=by, at=at)
    application = document.application
    values = {"what": lambda: shown_paper(document)}
    tell_staff(case_clerks(application, at=at), application, "applications.paper_given", at=at, values=values)
    release_case(application, by=by, at=at)


def meet_duty(document: RequiredDocument, *, remark: str = "", by: User, at: datetime) -> None:
    """The clerk has looked at the paper and it is in order: nothing is owed any more."""
    duty = live_duty(document)
    if duty is None:
        return
    duty.state, duty.remark, duty.settled_by, duty.settled_at = State.MET, remark, by, at
    keep_duty(duty, "obligation_settled", by=by, at=at)
    release_case(document.application, by=by, at=at)


def reopen_duty(document: RequiredDocument, *, remark: str, by: User, at: datetime) -> bool:
    """What was handed in is not in order: it is owed again, by its day. False where nothing was owed."""
    duty = live_duty(document)
    if duty is None:
        return False
    duty.state, duty.remark, duty.overdue_at = State.OPEN, remark, None
    keep_duty(duty, "obligation_returned", by=by, at=at)
    values = {"what": lambda: shown_paper(document), "reason": remark, "due_on": duty.due_on}
    tell_applicants(document.application, "applications.paper_returned", at=at, values=values)
    return True


def release_case(application: Application, *, by: User | None, at: datetime) -> None:
    """Take the mark away once no paper is overdue; what waited for it goes on."""
    if application.obligations.filter(kind=Kind.DOCUMENT, state=State.OPEN, overdue_at__isnull=False).exists():
        return
    if lower_flag(application, FlagKind.OVERDUE, by=by, at=at) is None:
        return
    for follow in after_release.values():
        follow(application, by=by, at=at)


def keep_duty(duty: Obligation, action: str, *, by: User | None, at: datetime, reason: str = "") -> Obligation:
    """Save a duty that was changed, with what it was before."""
    before: dict[str, Any] = snapshot(Obligation.objects.get(pk=duty.pk))
    duty.save()
    record_event(
        f"applications.{action}", duty, by=by, at=at, before=before, after=snapshot(duty),
        about=duty.application, reason=reason or duty.remark,
    )  # fmt: skip
    return duty


def _owe(
    document: RequiredDocument, kind: str, title: str, title_en: str, due_on: date, *, by: User, at: datetime
) -> Obligation:
    duty = Obligation.objects.create(
        application=document.application,
        document=document,
        kind=kind,
        title=title[:300],
        title_en=title_en[:300],
        due_on=due_on,
    )
    record_event("applications.obliged", duty, by=by, at=at, after=snapshot(duty), about=document.application)
    return duty
