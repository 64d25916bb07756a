"""受理 - whether a case that was handed in is complete: accepted (the clock starts), mended first, or not accepted.

容缺受理 accepts without a paper that is to follow by a day; 告知承诺 takes a promise instead of a paper, which is checked
afterwards. Both leave an obligation, so that nobody forgets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step
from chuangju.applications.case_clocks import start_case_clock
from chuangju.applications.case_locks import StepRefused, lock_application
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.flags import blocking_flag
from chuangju.applications.models import Application, RequiredDocument, Step
from chuangju.applications.paper_duties import owe_check, owe_paper
from chuangju.applications.steps import finish_step
from chuangju.applications.submissions import end_application
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days

State, Paper = Application.State, RequiredDocument.State
LONGEST_REASON = 500
# Papers with which a case may be accepted as they are.
_IN_ORDER = frozenset({Paper.GIVEN, Paper.CHECKED, Paper.TO_FOLLOW, Paper.PROMISED, Paper.WAIVED})


class IntakeRefused(StepRefused):
    """The case cannot be accepted or turned away like this; the sentence says why."""


@dataclass(frozen=True)
class Leniency:
    """What is accepted without: papers that follow by a day, papers for which a promise stands."""

    to_follow: Mapping[int, date]
    promised: Collection[int] = ()


def missing_documents(application: Application) -> list[RequiredDocument]:
    """The papers that are not there or not in order."""
    return [one for one in application.documents.all() if one.state not in _IN_ORDER]


def usual_follow_day(*, on: date) -> date:
    """By when a paper that may follow is usually there."""
    return add_working_days(on, desk_settings()["follow"]["document_days"])


@transaction.atomic
def accept_application(
    application: Application, *, leniency: Leniency | None = None, opinion: str = "", by: User, at: datetime
) -> Application:
    """受理: the case is complete, or complete enough; its clock starts. Raises IntakeRefused, StaleForm."""
    fresh, step = _at_intake(application, by=by, at=at)
    _be_lenient(fresh, leniency or Leniency({}), by=by, at=at)
    lacking = missing_documents(fresh)
    if lacking:
        raise IntakeRefused(
            _("材料还不齐：%(names)s。请一次性告知补正，或按规定容缺受理")
            % {"names": "、".join(one.name for one in lacking)}
        )
    before = snapshot(fresh)
    fresh.due_on = start_case_clock(fresh, pinned_policy(fresh), by=by, at=at)
    fresh.state, fresh.accepted_at, fresh.changed_at = State.IN_REVIEW, at, at
    fresh.revision += 1
    fresh.save()
    tell_applicants(fresh, "applications.accepted", at=at, values={"due_on": fresh.due_on})
    record_event("applications.accepted", fresh, by=by, at=at, before=before, after=snapshot(fresh))
    finish_step(step, Step.Result.PASSED, opinion=opinion, by=by, at=at)
    return fresh


@transaction.atomic
def refuse_acceptance(application: Application, *, reason: str, by: User, at: datetime) -> Application:
    """不予受理: it does not belong here or cannot be applied for; the case ends with its reason. Raises IntakeRefused."""
    fresh, step = _at_intake(application, by=by, at=at)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise IntakeRefused(_("请写明不予受理的理由和依据，申请人会收到书面告知"))
    before = snapshot(fresh)
    finish_step(step, Step.Result.FAILED, opinion=words, goes_on=False, by=by, at=at)
    fresh.decided_at, fresh.due_on = at, None
    end_application(fresh, State.REFUSED, reason=words, by=by, at=at)
    tell_applicants(fresh, "applications.not_accepted", at=at, values={"reason": words})
    record_event(
        "applications.acceptance_refused", fresh, by=by, at=at, before=before, after=snapshot(fresh), reason=words
    )
    return fresh


def _at_intake(application: Application, *, by: User, at: datetime) -> tuple[Application, Step]:
    fresh = lock_application(application)
    step = fresh.steps.filter(kind=Step.Kind.ACCEPT, state=Step.State.OPEN).select_related("unit").first()
    if step is None or fresh.state != State.SUBMITTED:
        raise StaleForm(_("这个办件已经受理或已经结束，请刷新后查看"))
    step.application = fresh
    if not can_act_in_step(by, step, timezone.localdate(at)):
        raise IntakeRefused(_("您不能受理这个办件：它属于其他单位，或按回避规定应由他人办理"))
    flag = blocking_flag(fresh)
    if flag is not None:
        raise IntakeRefused(_("办件%(state)s，暂不能受理") % {"state": flag.get_kind_display()})
    return fresh, step


def _be_lenient(application: Application, leniency: Leniency, *, by: User, at: datetime) -> None:
    today = timezone.localdate(at)
    for document in application.documents.filter(state__in=(Paper.MISSING, Paper.FAULTY)):
        before = snapshot(document)
        if document.pk in leniency.to_follow:
            _let_follow(document, leniency.to_follow[document.pk], today)
        elif document.pk in leniency.promised:
            _take_promise(document)
        else:
            continue
        document.save()
        if document.state == Paper.TO_FOLLOW:
            owe_paper(document, due_on=leniency.to_follow[document.pk], by=by, at=at)
        record_event(
            "applications.document_let_off",
            document,
            by=by,
            at=at,
            before=before,
            after=snapshot(document),
            about=application,
        )
    # Those that the applicant promised already when handing in are checked as well.
    check_on = add_working_days(today, desk_settings()["follow"]["promise_check_days"])
    for document in application.documents.filter(state=Paper.PROMISED):
        owe_check(document, due_on=check_on, by=by, at=at)


def _let_follow(document: RequiredDocument, due_on: date, today: date) -> None:
    if not document.may_follow:
        raise IntakeRefused(_("“%(name)s”不在可容缺的材料之内") % {"name": document.name})
    if due_on <= today:
        raise IntakeRefused(_("补交日期应晚于今天"))
    document.state, document.due_on = Paper.TO_FOLLOW, due_on


def _take_promise(document: RequiredDocument) -> None:
    if not document.may_be_promised:
        raise IntakeRefused(_("“%(name)s”不适用告知承诺") % {"name": document.name})
    document.state = Paper.PROMISED
