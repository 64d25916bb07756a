"""Who sees which guaranteed loans: staff of the desk, banks what they were asked about, borrowers their own."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from chuangju.applications.access import (
    applications_visible_to,
    desk_applications_visible_to,
    desk_units,
    outside_words,
    referred_steps_visible_to,
    stands_in_case,
)
from chuangju.applications.models import Application, InterestPeriod, LoanFacility, LoanFile, LoanMovement, Step
from chuangju.applications.step_kinds import REVIEW_KINDS
from chuangju.kernel.models import User
from chuangju.units.access import Visitor, has_role
from chuangju.units.models import Role
from chuangju.ventures.access import own_entries_visible_to

READERS = (
    Role.LEADER,
    Role.PROGRAMME_OFFICE,
    Role.POLICY_OFFICER,
    Role.CLERK,
    Role.APPROVER,
    Role.FINANCE,
    Role.BANK_OFFICER,
)
KEEPERS = (Role.CLERK, Role.BANK_OFFICER)


def facilities_visible_to(user: Visitor, on: date) -> QuerySet[LoanFacility]:
    """Loans: finance and the desk's readers theirs, a bank those of the cases it was asked about."""
    if has_role(user, Role.FINANCE, Role.LEADER, Role.PROGRAMME_OFFICE, on=on):
        return LoanFacility.objects.all()
    cases = desk_applications_visible_to(user, on).values("pk")
    asked = referred_steps_visible_to(user, on).values("application")
    return LoanFacility.objects.filter(Q(application__in=cases) | Q(application__in=asked))


def is_found_eligible(application: Application) -> bool:
    """Whether every review and the approval of a case have ended, so that a contract can follow."""
    before = application.steps.filter(kind__in=(*REVIEW_KINDS, Step.Kind.APPROVE))
    return not before.filter(state__in=(Step.State.WAITING, Step.State.OPEN)).exists()


def facility_of(application: Application) -> LoanFacility | None:
    """The loan that grew out of a case which somebody may read."""
    return LoanFacility.objects.filter(application=application).first()


def own_facilities_visible_to(user: Visitor, on: date) -> QuerySet[LoanFacility]:
    """The loans of whoever somebody is or acts for."""
    return LoanFacility.objects.filter(borrower__in=own_entries_visible_to(user, on).values("pk"))


def facilities_with_history(facilities: QuerySet[LoanFacility]) -> QuerySet[LoanFacility]:
    """Loans with their borrower, case, movements and periods; four queries however many there are."""
    return facilities.select_related("borrower", "application__unit").prefetch_related(
        Prefetch("movements", LoanMovement.objects.select_related("file")),
        Prefetch("periods", InterestPeriod.objects.order_by("number")),
    )


def periods_visible_to(user: Visitor, on: date) -> QuerySet[InterestPeriod]:
    """The periods of interest of the loans one sees."""
    periods = InterestPeriod.objects.select_related("facility__borrower", "facility__application__unit")
    return periods.filter(facility__in=facilities_visible_to(user, on).values("pk"))


def loan_cases_visible_to(user: Visitor, on: date) -> QuerySet[Application]:
    """The cases to which somebody may add a contract: those they may open, and those their bank was asked about."""
    asked = referred_steps_visible_to(user, on).filter(word__in=outside_words()["lends"]).values("application")
    return Application.objects.filter(Q(pk__in=applications_visible_to(user, on).values("pk")) | Q(pk__in=asked))


def loan_files_visible_to(user: Visitor, on: date) -> QuerySet[LoanFile]:
    """The banks' files: for those who bring them in."""
    return LoanFile.objects.all() if can_bring_movements(user, on) else LoanFile.objects.none()


def can_bring_movements(user: Visitor, on: date) -> bool:
    """Whether somebody brings in what a bank reports: its officer, or a clerk who was sent the file."""
    return has_role(user, *KEEPERS, on=on)


def can_record_facility(user: Visitor, application: Application, on: date) -> bool:
    """Whether somebody writes down the contract of a case: the bank that was asked, or a clerk of the unit that leads it.

    A guarantor that was asked signs nothing that is lent.
    """
    if not isinstance(user, User):
        return False
    if has_role(user, Role.BANK_OFFICER, on=on):
        lenders = outside_words()["lends"]
        return referred_steps_visible_to(user, on).filter(application=application, word__in=lenders).exists()
    return application.unit_id in desk_units(user, on, Role.CLERK)


def can_settle_periods(user: Visitor, facility: LoanFacility, on: date) -> bool:
    """Whether somebody confirms the subsidy of a period: a clerk of the unit that leads the case, not the borrower's own."""
    if not isinstance(user, User) or facility.application.unit_id not in desk_units(user, on, Role.CLERK):
        return False
    return not stands_in_case(user, facility.application)
