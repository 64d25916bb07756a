"""Whose cases somebody may fill in: their own, those of whom they act for, and those in which they were given a part."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from chuangju.applications.models import (
    Application,
    ApplicationBundle,
    ApplicationRole,
    Correction,
    RequiredDocument,
)
from chuangju.kernel.models import User
from chuangju.units.access import Visitor
from chuangju.ventures.access import acting_parties
from chuangju.ventures.models import Claim, Party

# Parts in which somebody reads a case; whoever writes in it is named below. Whoever handed a case in reads it as whoever
# they are or act for, so that a former employee does not; only the counter's clerk reads what they filled in for others.
_READING = (
    ApplicationRole.Kind.SUBMITTER,
    ApplicationRole.Kind.CO_EDITOR,
    ApplicationRole.Kind.AGENT,
    ApplicationRole.Kind.NOMINATOR,
    ApplicationRole.Kind.PAYEE,
)
_WRITING = (ApplicationRole.Kind.CO_EDITOR, ApplicationRole.Kind.AGENT)


def applicants_of(user: Visitor, on: date) -> QuerySet[Party]:
    """The parties in whose name somebody applies: their own entry, and those they act for by a confirmed claim."""
    if not isinstance(user, User):
        return Party.objects.none()
    acting = acting_parties(user, on).values("pk")
    # Their own entry may have turned out to be another one's duplicate: then it is that one.
    merged = Party.objects.filter(account=user, merged_into__isnull=False).values("merged_into")
    return Party.objects.standing().filter(Q(account=user) | Q(pk__in=acting) | Q(pk__in=merged))


def _entries_of(user: User, on: date) -> QuerySet[Party]:
    """The same parties with all entries that were merged into them: what was begun under one of these goes on."""
    own = applicants_of(user, on).values("pk")
    return Party.objects.filter(Q(pk__in=own) | Q(merged_into__in=own)).values("pk")  # type: ignore[return-value]


def own_applications_visible_to(user: Visitor, on: date) -> QuerySet[Application]:
    """The cases of the applicant's side that somebody sees."""
    if not isinstance(user, User):
        return Application.objects.none()
    # Keys, not EXISTS: each side is found by its index, however many cases there are.
    for_others = ~Q(kind=ApplicationRole.Kind.SUBMITTER) | Q(application__channel=Application.Channel.COUNTER)
    given = ApplicationRole.objects.filter(_holds(user, on, _READING), for_others).values("application")
    return Application.objects.filter(Q(subject__in=_entries_of(user, on)) | Q(pk__in=given))


def asked_roles_visible_to(user: Visitor) -> QuerySet[ApplicationRole]:
    """The parts that somebody was asked to take and has not answered."""
    if not isinstance(user, User):
        return ApplicationRole.objects.none()
    return ApplicationRole.objects.filter(user=user, consent=ApplicationRole.Consent.ASKED)


def bundles_visible_to(user: Visitor, on: date) -> QuerySet[ApplicationBundle]:
    """One's own bundles, and those of whom one acts for."""
    if not isinstance(user, User):
        return ApplicationBundle.objects.none()
    return ApplicationBundle.objects.filter(Q(created_by=user) | Q(subject__in=_entries_of(user, on)))


def acts_for_subject(user: Visitor, application: Application, on: date) -> bool:
    """Whether somebody is, or acts for, the subject of a case, under whichever entry; one plain query."""
    return isinstance(user, User) and _is_behind(user, application.subject, Claim.objects.holding_on(on))


def is_behind_subject(user: User, application: Application) -> bool:
    """The same of whoever was ever confirmed to act for it and was not relieved, whatever the day: they decide nothing."""
    return _is_behind(user, application.subject, Claim.objects.filter(state=Claim.State.CONFIRMED))


def _is_behind(user: User, subject: Party, claims: QuerySet[Claim]) -> bool:
    if subject.account_id == user.pk:
        return True
    own = claims.filter(user=user, party=OuterRef("pk"))
    return Party.objects.same_body(subject).filter(Q(account=user) | Exists(own)).exists()


def can_fill_in(user: Visitor, application: Application, on: date) -> bool:
    """Whether somebody may write in a case: its subject's people, and whoever was given a part in it."""
    if not isinstance(user, User):
        return False
    if acts_for_subject(user, application, on):
        return True
    return application.roles.filter(_holds(user, on, _WRITING)).exists()


def is_counter_clerk(user: Visitor, application: Application) -> bool:
    """Whether somebody fills in or filled in for another at the counter: what they type is the clerk's, they pledge nothing."""
    is_theirs = isinstance(user, User) and application.submitter_id == user.pk
    return is_theirs and application.channel == Application.Channel.COUNTER


def can_hand_in(user: Visitor, application: Application, on: date) -> bool:
    """Whether somebody may submit and withdraw: its subject's people, and an agent."""
    if not isinstance(user, User):
        return False
    if acts_for_subject(user, application, on):
        return True
    return application.roles.filter(_holds(user, on, (ApplicationRole.Kind.AGENT,))).exists()


def _holds(user: User, on: date, kinds: tuple[ApplicationRole.Kind, ...]) -> Q:
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return Q(user=user, kind__in=kinds, consent=ApplicationRole.Consent.GIVEN) & still


def roles_visible_to(user: Visitor, on: date) -> QuerySet[ApplicationRole]:
    """One's own parts, and the parts in cases of whom one acts for."""
    if not isinstance(user, User):
        return ApplicationRole.objects.none()
    mine = Q(user=user) | Q(application__subject__in=_entries_of(user, on))
    return ApplicationRole.objects.filter(mine)


def waiting_for(user: User, on: date) -> QuerySet[Application]:
    """The cases in which the next step is the applicant's: to confirm, to mend."""
    asked = Correction.objects.filter(application=OuterRef("pk"), state=Correction.State.ASKED)
    mine = own_applications_visible_to(user, on)
    return mine.filter(Q(state=Application.State.OFFERED) | Q(Exists(asked)))


def own_documents_visible_to(user: Visitor, on: date) -> QuerySet[RequiredDocument]:
    """The papers of the cases that somebody sees on the applicant's side."""
    return RequiredDocument.objects.filter(application__in=own_applications_visible_to(user, on).values("pk"))
