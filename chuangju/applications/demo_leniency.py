"""演示容缺与承诺 - a paper that is still to come, one whose day has passed, a promise to be checked, and one that was untrue."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from chuangju.applications.demo_driving import Drive
from chuangju.applications.follow_ups import FollowedUp, FollowUp, follow_up
from chuangju.applications.intake import Leniency, accept_application, usual_follow_day
from chuangju.applications.lenient_duties import follow_lenient_cases
from chuangju.applications.models import Decision, Obligation, RequiredDocument
from chuangju.kernel.duty_periods import DutyPeriod

Kind, State = Obligation.Kind, RequiredDocument.State


def follow(drive: Drive) -> None:
    """Accepted without a paper, which is still to come."""
    paper = _missing(drive, may_follow=True)
    if paper is not None:
        day = usual_follow_day(on=timezone.localdate(drive.at))
        _accept(drive, Leniency({paper.pk: day}))


def overdue(drive: Drive) -> None:
    """The same, and its day has passed: it lies with the clerk."""
    follow(drive)
    drive.review(before="visit")
    duty = _duty(drive, Kind.DOCUMENT)
    if duty is not None:
        late = duty.due_on + timedelta(days=1)
        drive.at += timedelta(days=(late - timezone.localdate(drive.at)).days)
        follow_lenient_cases(DutyPeriod(on=late, start=drive.at, end=drive.at, at=drive.at))


def promised(drive: Drive) -> None:
    """Accepted upon a promise, which the desk has not checked yet."""
    paper = _missing(drive, may_be_promised=True)
    if paper is not None:
        _accept(drive, Leniency({}, promised=[paper.pk]))
        drive.review(before="verify")


def untrue(drive: Drive) -> None:
    """Granted upon a promise that was found untrue: the other side is heard before it is revoked."""
    paper = _missing(drive, may_be_promised=True)
    if paper is None:
        return
    _accept(drive, Leniency({}, promised=[paper.pk]))
    drive.review()
    drive.propose(Decision.Outcome.GRANTED)
    drive.approve()
    drive.end_notice()
    duty = _duty(drive, Kind.PROMISE)
    if duty is not None:
        drive.pass_days(3)
        words = "现场核查：场地面积只有承诺的一半"
        clerk = drive.cast.clerks[drive.application.unit_id]
        follow_up(duty, FollowedUp(FollowUp.BROKEN, words), by=clerk, at=drive.at)


def _missing(drive: Drive, **allowed: bool) -> RequiredDocument | None:
    """The first paper with which this goes, which nobody brought."""
    paper = drive.application.documents.filter(**allowed).order_by("position").first()
    if paper is not None:
        paper.state, paper.original_seen_at = State.MISSING, None
        paper.save(update_fields=["state", "original_seen_at"])
    return paper


def _accept(drive: Drive, leniency: Leniency) -> None:
    step = drive.step()
    if step is not None and step.unit_id in drive.cast.clerks:
        accept_application(drive.fresh(), leniency=leniency, by=drive.cast.clerks[step.unit_id], at=drive.at)


def _duty(drive: Drive, kind: str) -> Obligation | None:
    found = drive.application.obligations.filter(kind=kind, state="open").first()
    if found is not None:
        found.application = drive.fresh()
    return found
