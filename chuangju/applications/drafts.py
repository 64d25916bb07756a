"""填写申请 - a case from its first answer: begun for a party, saved as one goes, resumed anywhere, evaluated at each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.answers import (
    APPLICANT,
    CHECK,
    EARLIER,
    AnswerRefused,
    Entries,
    answers_of,
    clean_entries,
    facts_of_application,
    is_settled,
    keep_entries,
)
from chuangju.applications.applicant_access import applicants_of, can_fill_in
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.documents import sync_documents
from chuangju.applications.evaluation import Evaluation, evaluate, facts_asked_by, note_evaluation
from chuangju.applications.models import Application, ApplicationBundle, ApplicationRole, Window
from chuangju.applications.nomination_cases import refuse_unnominated, tie_nomination
from chuangju.applications.windows import refuse_town, unit_of, window_for
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.policies.current import current_catalogue
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy
from chuangju.units.access import has_role
from chuangju.units.models import Role
from chuangju.ventures.facts import known_facts
from chuangju.ventures.models import Party

__all__ = [
    "AnswerRefused",
    "ApplicationRefused",
    "Beginning",
    "answers_of",
    "begin_application",
    "facts_of_application",
    "save_answers",
]


class ApplicationRefused(Refused):
    """The case cannot be begun, filled in or handed in like this; the sentence says why."""


@dataclass(frozen=True)
class Beginning:
    """What a case may begin with besides policy and subject."""

    answers: Mapping[str, Any] | None = None
    # Where these answers come from: what was said in the check, at the counter, by the applicant.
    source: str = CHECK
    said: str = ""
    period: str = ""
    bundle: ApplicationBundle | None = None


@transaction.atomic
def begin_application(
    policy_id: str,
    subject: Party,
    *,
    by: User,
    at: datetime,
    answers: Mapping[str, Any] | None = None,
    channel: str = Application.Channel.ONLINE,
    beginning: Beginning | None = None,
) -> Application:
    """Begin a case, or go on with the draft that stands already. Raises ApplicationRefused, WindowRefused."""
    on, more = timezone.localdate(at), beginning or Beginning(answers=answers)
    policy = current_catalogue().version_for(policy_id, on)
    if policy is None:
        raise ApplicationRefused(_("这项政策现在不施行"))
    check_subject(policy, subject, by=by, on=on, channel=channel)
    refuse_unnominated(policy, subject, by=by)
    take_locks(live_key(policy_id, subject, more.period))
    standing = _live(policy_id, subject, more.period)
    if standing is not None:
        return _standing_draft(standing)
    window = window_for(policy, on=on)
    refuse_town(window, subject)
    application = _new_case(policy, subject, window, more, channel=channel, by=by, at=at)
    keep_entries(application, _first_entries(application, policy, more, on=on))
    evaluation = evaluate(application, on=on, policy=policy)
    note_evaluation(application, evaluation)
    application.save(force_insert=True)
    ApplicationRole.objects.create(
        application=application,
        kind=ApplicationRole.Kind.SUBMITTER,
        user=by,
        consent=ApplicationRole.Consent.GIVEN,
        asked_at=at,
        answered_at=at,
    )
    tie_nomination(policy, application, by=by, at=at)
    sync_documents(application, evaluation)
    after = {"policy": policy.key, "channel": channel, "window": window.pk}
    record_event("applications.begun", application, by=by, at=at, after=after, about=subject)
    return application


def _new_case(
    policy: Policy, subject: Party, window: Window, more: Beginning, *, channel: str, by: User, at: datetime
) -> Application:
    return Application(
        window=window,
        policy_id=policy.id,
        policy_version=policy.version,
        title=policy.title.zh[:200],
        channel=channel,
        subject=subject,
        period=more.period,
        bundle=more.bundle,
        unit=window.unit or unit_of(policy, on=timezone.localdate(at), town=subject.town),
        town=subject.town,
        submitter=by,
        started_at=at,
        changed_at=at,
        is_demo=by.is_demo,
    )


def live_key(policy_id: str, subject: Party, period: str = "") -> str:
    """The lock under which a policy, subject and period get their one live case."""
    return f"applications.live.{policy_id}.{subject.body_id}.{period}"


def check_subject(policy: Policy, subject: Party, *, by: User, on: date, channel: str) -> None:
    """Raise ApplicationRefused where this person cannot apply in the name of this party, or the policy is for others."""
    if subject.kind not in apply_settings().kinds_of(policy.subject):
        raise ApplicationRefused(
            _("这项政策不适用于%(kind)s") % {"kind": str(subject.get_kind_display())},
        )
    if channel == Application.Channel.COUNTER:
        if not has_role(by, Role.CLERK, on=on):
            raise ApplicationRefused(_("窗口代办由受理窗口的工作人员办理"))
        return
    if channel == Application.Channel.ONLINE and not applicants_of(by, on).filter(pk=subject.pk).exists():
        raise ApplicationRefused(_("您还不能代表“%(name)s”，请先申请代表企业") % {"name": subject.name})


@transaction.atomic
def save_answers(
    application: Application,
    given: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    source: str = APPLICANT,
    revision: int | None = None,
    skipped: tuple[str, ...] = (),
) -> Application:
    """Keep answers (values as JSON has them; None forgets one) and evaluate anew.

    Raises ApplicationRefused, AnswerRefused; StaleForm where `revision` says that the form was older than the record.
    """
    fresh, on = lock_draft(application, by=by, at=at), timezone.localdate(at)
    if revision is not None and revision != fresh.revision:
        raise StaleForm(_("别处刚改过这件申请，请核对后再保存；您填的内容还在下面"))
    write_answers(fresh, given, by=by, at=at, source=source, skipped=skipped, on=on)
    return fresh


def write_answers(
    application: Application,
    given: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    source: str,
    on: date,
    skipped: tuple[str, ...] = (),
) -> Evaluation:
    """The same for a record that is locked already; whoever calls it has decided that it may be changed."""
    entries = answers_of(application)
    for key in given:
        entries.pop(key, None)
    told = {key: value for key, value in given.items() if value is not None}
    entries.update(clean_entries(told, source=source, said=str(by), on=on))
    for key in skipped:
        entries[key] = {"value": None, "source": "skipped", "on": on.isoformat()}
    keep_entries(application, entries)
    evaluation = evaluate_draft(application, on=on)
    application.changed_at, application.revision = at, application.revision + 1
    application.save()
    sync_documents(application, evaluation)
    # The values may be personal: the log says which were told, and the record holds them encrypted.
    after = {"keys": sorted(told), "skipped": sorted(skipped), "verdict": application.verdict}
    record_event("applications.answered", application, by=by, at=at, after=after, about=application.subject)
    return evaluation


def evaluate_draft(application: Application, *, on: date, catalogue: Catalogue | None = None) -> Evaluation:
    """The evaluation of a case; a draft follows the law, what was handed in goes by its version."""
    found, policy = catalogue or current_catalogue(), None
    if application.state in {Application.State.DRAFT, Application.State.OFFERED}:
        policy = found.version_for(application.policy_id, on)
    if policy is None:
        policy = found.version(application.policy_id, application.policy_version)
    if policy is not None:
        application.policy_version = policy.version
    evaluation = evaluate(application, on=on, policy=policy)
    note_evaluation(application, evaluation)
    return evaluation


def lock_draft(application: Application, *, by: User, at: datetime) -> Application:
    """The case as it stands, locked, for somebody who may fill it in; raises ApplicationRefused."""
    fresh = (
        Application.objects.select_for_update(of=("self",))
        .select_related("subject__town", "window", "unit", "town")
        .get(pk=application.pk)
    )
    if not _may_write(by, fresh, timezone.localdate(at)):
        raise ApplicationRefused(_("您不能填写这件申请"))
    if fresh.state != Application.State.DRAFT:
        raise ApplicationRefused(_("这件申请已经提交，不能再改；需要补正时会告诉您"))
    return fresh


def _may_write(by: User, application: Application, on: date) -> bool:
    if application.channel == Application.Channel.COUNTER and application.submitter_id == by.pk:
        return True
    return can_fill_in(by, application, on)


def _live(policy_id: str, subject: Party, period: str) -> Application | None:
    return Application.objects.filter(
        policy_id=policy_id,
        subject__in=Party.objects.same_body(subject).values("pk"),
        period=period,
        kind=Application.Kind.APPLICATION,
        state__in=Application.LIVE_STATES,
    ).first()


def _standing_draft(application: Application) -> Application:
    if application.state in {Application.State.DRAFT, Application.State.OFFERED}:
        return application
    raise ApplicationRefused(
        _("已有一件在办（%(number)s），不用重复申请；进展请看“我的办件”") % {"number": application.number or ""}
    )


def _first_entries(application: Application, policy: Policy, more: Beginning, *, on: date) -> Entries:
    """What a case begins with: what was said in the check, else what the subject told in an earlier case."""
    wanted = facts_asked_by(policy, on)
    known = known_facts(application.subject, on=on)
    open_keys = {key for key in wanted if not is_settled(known.get(key))}
    entries = Entries()
    earlier = Application.objects.filter(subject=application.subject).order_by("-changed_at", "pk").first()
    if earlier is not None:
        said = earlier.number or earlier.title
        for key, entry in answers_of(earlier).items():
            if key in open_keys and entry.get("value") is not None:
                entries[key] = {"value": entry["value"], "source": EARLIER, "said": said, "on": entry.get("on", "")}
    told = {key: value for key, value in (more.answers or {}).items() if key in open_keys and value is not None}
    for key, value in told.items():
        try:
            entries.update(clean_entries({key: value}, source=more.source, said=more.said, on=on))
        except AnswerRefused:
            # Said under an earlier dictionary: it is asked for again.
            continue
    return entries
