"""推荐与办件 - the nomination that a case came from: without a confirmed one none is begun, handed in or granted."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.models import Application, ApplicationRole, Decision, Nomination
from chuangju.applications.nomination_rules import NominationRefused, nomination_rule
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.rules.policy import Policy
from chuangju.ventures.models import Party

State = Nomination.State


def refuse_unnominated(policy: Policy, subject: Party, *, by: User) -> None:
    """Raise NominationRefused where the file wants a nomination and the applicant has not confirmed one."""
    rule = nomination_rule(policy)
    if rule is not None and not _open_for(policy, subject, by=by).exists():
        said = rule.says(str(_("、")))
        raise NominationRefused(_("这项政策须由%(who)s推荐：请推荐方在“推荐”里推荐您，您确认后再申请") % {"who": said})


def tie_nomination(policy: Policy, application: Application, *, by: User, at: datetime) -> None:
    """A case that was begun bears who put its subject forward; nothing where the file asks for no nomination."""
    if nomination_rule(policy) is None:
        return
    found = _open_for(policy, application.subject, by=by).order_by("-answered_at", "pk").first()
    if found is None:
        return
    _tie(found, application, at=at)


def hold_nomination(policy: Policy, application: Application, *, by: User, at: datetime) -> None:
    """What is handed in still has a nomination that stands, the first or a later one; raises NominationRefused."""
    if nomination_rule(policy) is None or application.nominations.filter(state=State.CONFIRMED).exists():
        return
    refuse_unnominated(policy, application.subject, by=by)
    tie_nomination(policy, application, by=by, at=at)


def tie_to_waiting_case(nomination: Nomination, *, at: datetime) -> None:
    """A case whose nomination was taken back goes on with a new one, once the nominee has confirmed that."""
    theirs = Q(subject=nomination.nominee_id) if nomination.nominee_id else Q(submitter=nomination.person_id)
    waiting = (Application.State.DRAFT, *Application.OPEN_STATES)
    cases = Application.objects.filter(theirs, policy_id=nomination.policy_id, state__in=waiting)
    left = cases.filter(nominations__state=State.WITHDRAWN).exclude(nominations__state=State.CONFIRMED)
    application = left.order_by("started_at", "pk").first()
    if application is not None:
        _tie(nomination, application, at=at)


def is_decided(application: Application) -> bool:
    """Whether what came of a nomination is decided: from then on it is the decision's ground and stays."""
    if application.state in {Application.State.GRANTED, Application.State.REFUSED}:
        return True
    return application.decisions.filter(state__in=(Decision.State.APPROVED, Decision.State.PUBLISHED)).exists()


def is_nomination_gone(application: Application, policy: Policy) -> bool:
    """Whether the nomination that a case came from was taken back, and no other stands in its place."""
    if application.kind != Application.Kind.APPLICATION or nomination_rule(policy) is None:
        return False
    return set(application.nominations.values_list("state", flat=True)) == {State.WITHDRAWN}


def refuse_nomination_gone(application: Application, policy: Policy) -> None:
    """Raise DecisionRefused where something is to be granted to somebody who is nominated no longer."""
    if is_nomination_gone(application, policy):
        raise DecisionRefused(_("推荐方已撤回推荐，不能同意支持：请不予支持，或等新的推荐"))


def nomination_behind(application: Application) -> Nomination | None:
    """The nomination that a case came from, or the case from which it grew; no query for policies without."""
    policy = current_catalogue().version(application.policy_id, application.policy_version)
    if policy is None or nomination_rule(policy) is None:
        return None
    cases = [pk for pk in (application.pk, application.parent_id) if pk is not None]
    # One that stands goes before one that was taken back.
    found = Nomination.objects.filter(application__in=cases).order_by("state", "-made_at", "pk")
    return found.select_related("party", "unit").first()


def _open_for(policy: Policy, subject: Party, *, by: User) -> QuerySet[Nomination]:
    """Confirmed nominations of a subject from which no case has come that still counts."""
    accounts = [pk for pk in (subject.account_id, by.pk) if pk is not None]
    spent = Q(application__state__in=(*Application.OPEN_STATES, Application.State.GRANTED, Application.State.REFUSED))
    found = Nomination.objects.filter(policy_id=policy.id, state=State.CONFIRMED).exclude(spent)
    return found.filter(Q(nominee=subject) | Q(person__in=accounts)).select_related("party")


def _tie(nomination: Nomination, application: Application, *, at: datetime) -> None:
    nomination.application = application
    nomination.save(update_fields=["application"])
    if nomination.party is not None:
        # The party stands in the case; nobody reads the nominee's answers for having put them forward.
        ApplicationRole.objects.create(
            application=application,
            kind=ApplicationRole.Kind.NOMINATOR,
            party=nomination.party,
            consent=ApplicationRole.Consent.GIVEN,
            asked_at=nomination.made_at,
            answered_at=at,
        )
