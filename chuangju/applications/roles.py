"""共同填写与代办 - the owner asks somebody to fill in along, or to act for them by a written authority; both must agree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.applicant_access import acts_for_subject
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.models import Application, ApplicationRole
from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.mobiles import MobileRefused, user_with_mobile
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused

ASKABLE = (ApplicationRole.Kind.CO_EDITOR, ApplicationRole.Kind.AGENT)
MOST_ROLES = 10
_STANDING = (ApplicationRole.Consent.ASKED, ApplicationRole.Consent.GIVEN)


class RoleRefused(Refused):
    """The part cannot be given, answered or ended like this; the sentence says why."""


@transaction.atomic
def ask_role(
    application: Application,
    kind: str,
    *,
    mobile: str,
    ends_on: date | None = None,
    files: Iterable[Any] = (),
    by: User,
    at: datetime,
) -> ApplicationRole | None:
    """Ask somebody with an account; None where nobody has this number, which is not told. Raises RoleRefused."""
    take_locks(f"applications.roles:{application.pk}")
    fresh = Application.objects.select_related("subject").get(pk=application.pk)
    authority = [file for file in files if file]
    _refuse_asking(fresh, kind, ends_on=ends_on, authority=authority, by=by, at=at)
    try:
        person = user_with_mobile(mobile)
    except MobileRefused as refused:
        raise RoleRefused(refused.sentence) from refused
    if person is None:
        return None
    if person.pk == by.pk:
        raise RoleRefused(_("不用邀请自己"))
    standing = fresh.roles.filter(user=person, kind=kind, consent__in=_STANDING).first()
    if standing is not None:
        return standing
    role = ApplicationRole.objects.create(application=fresh, kind=kind, user=person, asked_at=at, ends_on=ends_on)
    for file in authority:
        attach_file(fresh, file, by=by, at=at)
    record_event("applications.role_asked", role, by=by, at=at, after=snapshot(role), about=fresh)
    values = {
        "person": str(by),
        "title": partial(shown_case_title, fresh),
        "part": lambda: str(role.get_kind_display()),
    }
    notify(person, "applications.role_asked", fresh, at=at, values=values, address="/my/cases/")
    return role


@transaction.atomic
def answer_role(role: ApplicationRole, *, agrees: bool, by: User, at: datetime) -> ApplicationRole:
    """Whoever was asked agrees or refuses; raises RoleRefused."""
    fresh = _locked(role)
    if fresh.user_id != by.pk:
        raise RoleRefused(_("只能由被邀请的人答复"))
    if fresh.consent != ApplicationRole.Consent.ASKED:
        raise RoleRefused(_("已经答复过"))
    before = fresh.consent
    fresh.consent = ApplicationRole.Consent.GIVEN if agrees else ApplicationRole.Consent.REFUSED
    fresh.answered_at = at
    _keep(fresh, "applications.role_answered", before, by=by, at=at)
    if fresh.application.submitter is not None:
        values = {
            "person": str(by),
            "answer": lambda: str(fresh.get_consent_display()),
            "title": partial(shown_case_title, fresh.application),
        }
        address = f"/my/cases/{fresh.application_id}/"
        notify(
            fresh.application.submitter,
            "applications.role_answered",
            fresh.application,
            at=at,
            values=values,
            address=address,
        )
    return fresh


@transaction.atomic
def end_role(role: ApplicationRole, *, by: User, at: datetime) -> ApplicationRole:
    """The owner takes a part back, or whoever has it lays it down; raises RoleRefused."""
    fresh = _locked(role)
    if fresh.user_id != by.pk and not acts_for_subject(by, fresh.application, timezone.localdate(at)):
        raise RoleRefused(_("只有申请主体的人或本人可以解除"))
    if fresh.consent not in _STANDING or fresh.kind not in ASKABLE:
        raise RoleRefused(_("这个角色不能解除"))
    before = fresh.consent
    fresh.consent = ApplicationRole.Consent.ENDED
    fresh.answered_at = fresh.answered_at or at
    _keep(fresh, "applications.role_ended", before, by=by, at=at)
    return fresh


def _refuse_asking(
    application: Application, kind: str, *, ends_on: date | None, authority: list[Any], by: User, at: datetime
) -> None:
    on = timezone.localdate(at)
    if not acts_for_subject(by, application, on):
        raise RoleRefused(_("只有申请主体的人可以邀请"))
    if not application.is_live:
        raise RoleRefused(_("办件已经结束"))
    if kind not in ASKABLE:
        raise RoleRefused(_("请选择共同填写或代办"))
    if kind == ApplicationRole.Kind.AGENT and not authority:
        raise RoleRefused(_("请上传授权委托书"))
    if kind == ApplicationRole.Kind.AGENT and ends_on is None:
        raise RoleRefused(_("请填写授权截止日期"))
    if ends_on is not None and ends_on < on:
        raise RoleRefused(_("截止日期不能早于今天"))
    if application.roles.filter(consent__in=_STANDING).count() >= MOST_ROLES:
        raise RoleRefused(_("一件办件最多 %(count)d 位参与人") % {"count": MOST_ROLES})


def _locked(role: ApplicationRole) -> ApplicationRole:
    found = ApplicationRole.objects.select_for_update(of=("self",))
    return found.select_related("application__submitter", "application__subject").get(pk=role.pk)


def _keep(role: ApplicationRole, action: str, before: str, *, by: User, at: datetime) -> None:
    role.save(update_fields=["consent", "answered_at"])
    record_event(
        action, role, by=by, at=at, before={"consent": before}, after={"consent": role.consent}, about=role.application
    )
