"""Who sees which cases and steps, and who may act in them: applicants their own, staff those of their unit or town."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from chuangju.applications.applicant_access import is_behind_subject, own_applications_visible_to
from chuangju.applications.models import Application, ApplicationRole, Step, Window
from chuangju.kernel.models import User
from chuangju.scoring.models import Assessment
from chuangju.units.access import Visitor, assignments_of, has_role
from chuangju.units.models import Role, RoleAssignment

# Who reads every case of the district, whichever unit it lies with.
WHOLE_READERS = (Role.LEADER, Role.PROGRAMME_OFFICE)
# Who works at the desk of a unit; liaison officers only answer what their unit is asked.
DESK_ROLES = (Role.CLERK, Role.APPROVER, Role.FINANCE, Role.POLICY_OFFICER)
DESK_READERS = (*WHOLE_READERS, *DESK_ROLES, Role.LIAISON_OFFICER)
# Who deals with cases at all; leaders and the office read.
DESK_ACTORS = (Role.CLERK, Role.APPROVER, Role.FINANCE, Role.LIAISON_OFFICER)
# What somebody does in a case before others see it.
_PRIVATE_STATES = (Application.State.DRAFT, Application.State.OFFERED)
# Who may end a step of a kind; every other kind is the clerks'.
_ACTORS: dict[str, tuple[str, ...]] = {
    Step.Kind.APPROVE: (Role.APPROVER,),
    Step.Kind.PAY: (Role.FINANCE, Role.CLERK),
    Step.Kind.CONSULT: (Role.CLERK, Role.LIAISON_OFFICER),
}
_MANY = 10_000
# The name of cases among the subjects of panels.
SUBJECTS = "applications.application"


def desk_units(user: Visitor, on: date, *roles: str) -> frozenset[int]:
    """The units at whose desk somebody works on a day, in these roles (any of the desk's where none is named)."""
    wanted = roles or DESK_ROLES
    return frozenset(one.unit_id for one in assignments_of(user, on) if one.role in wanted and one.unit_id is not None)


def reads_whole_desk(user: Visitor, on: date) -> bool:
    """Whether somebody reads the cases of every unit."""
    return has_role(user, *WHOLE_READERS, on=on)


def is_desk_reader(user: Visitor, on: date) -> bool:
    """Whether somebody has to do with the clerk's side at all."""
    return has_role(user, *DESK_READERS, on=on)


def desk_applications_visible_to(user: Visitor, on: date, *, one_by_one: bool = False) -> QuerySet[Application]:
    """Cases on the clerk's side: handed in, not sealed, and of a unit or town at whose desk one works, or asked of it.

    `one_by_one` looks at the steps of each case that is of no unit of theirs, instead of gathering all their steps first: the
    same cases, found sooner where there are few such cases (`leads_many`) or few cases to ask about.
    """
    found = Application.objects.exclude(state__in=_PRIVATE_STATES).exclude(window__in=sealed_windows(on).values("pk"))
    if reads_whole_desk(user, on):
        return found
    units, asked = desk_units(user, on), desk_units(user, on, Role.LIAISON_OFFICER)
    # Named one by one, so that the index on state and unit is used.
    begun = (Step.State.OPEN, Step.State.DONE, Step.State.SKIPPED)
    steps = Step.objects.filter(Q(unit__in=units) | Q(unit__in=asked, kind=Step.Kind.CONSULT), state__in=begun)
    if not units and not asked:
        return found.none()
    asks = Exists(steps.filter(application=OuterRef("pk"))) if one_by_one else Q(pk__in=steps.values("application"))
    return found.filter(Q(unit__in=units) | Q(town__in=units) | Q(asks))


def leads_many(user: Visitor, on: date) -> bool:
    """Whether the units at whose desk somebody works answer for so many cases that lists had better go through them."""
    return Application.objects.filter(unit__in=desk_units(user, on))[_MANY : _MANY + 1].exists()


def applications_visible_to(user: Visitor, on: date) -> QuerySet[Application]:
    """Every case somebody may open: their own, and those of their desk."""
    own = own_applications_visible_to(user, on).values("pk")
    desk = desk_applications_visible_to(user, on).values("pk")
    return Application.objects.filter(Q(pk__in=own) | Q(pk__in=desk))


def steps_visible_to(user: Visitor, on: date) -> QuerySet[Step]:
    """The steps of the cases on one's desk."""
    cases = desk_applications_visible_to(user, on, one_by_one=True)
    return Step.objects.filter(Exists(cases.filter(pk=OuterRef("application"))))


def referred_steps_visible_to(user: Visitor, on: date) -> QuerySet[Step]:
    """What somebody of an outside body is asked about, by name: a guarantor never sees what went to the bank, or to another."""
    if not isinstance(user, User) or not has_role(user, Role.BANK_OFFICER, on=on):
        return Step.objects.none()
    words = outside_words()["limited_view"]
    addressed = Step.objects.filter(kind=Step.Kind.REFERRAL, word__in=words, assignee=user)
    return addressed.exclude(state=Step.State.WAITING)


@cache
def outside_words() -> dict[str, list[str]]:
    """Words of policy files for outside bodies that work in the product itself, and for those that lend."""
    found = tomllib.loads((Path(__file__).parent / "data" / "step_words.toml").read_text(encoding="utf-8"))
    return {key: [str(word) for word in words] for key, words in found["outside"].items()}


def outside_officers(on: date) -> QuerySet[User]:
    """Who answers for banks and guarantors in the product itself: to whom a case can be referred by name."""
    held = RoleAssignment.objects.held_on(on).filter(role=Role.BANK_OFFICER)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def sealed_windows(on: date) -> QuerySet[Window]:
    """Windows whose applications nobody reads yet: sealed, and still taking them in."""
    return Window.objects.filter(
        Q(closes_on__isnull=True) | Q(closes_on__gte=on),
        is_sealed=True,
        state__in=(Window.State.DRAFT, Window.State.OPEN),
    )


def hides_cases(window: Window, on: date) -> bool:
    """The same of a window at hand."""
    takes_in = window.state in {Window.State.DRAFT, Window.State.OPEN}
    return window.is_sealed and takes_in and (window.closes_on is None or window.closes_on >= on)


def desk_windows_visible_to(user: Visitor, on: date) -> QuerySet[Window]:
    """The windows by which the desk's lists are narrowed: all that were opened, for whoever works there or reads."""
    found = Window.objects.exclude(state=Window.State.DRAFT)
    return found if is_desk_reader(user, on) else found.none()


def counter_drafts_visible_to(user: Visitor) -> QuerySet[Application]:
    """What a clerk has begun at the counter for others and not handed in."""
    if not isinstance(user, User):
        return Application.objects.none()
    return Application.objects.filter(
        submitter=user, channel=Application.Channel.COUNTER, state=Application.State.DRAFT
    )


def stands_in_case(user: User, application: Application) -> bool:
    """Whether somebody is on the applicant's side of a case: who applied decides nothing in it (four eyes)."""
    if is_behind_subject(user, application):
        return True
    kinds = [ApplicationRole.Kind.CO_EDITOR, ApplicationRole.Kind.AGENT]
    if application.channel != Application.Channel.COUNTER:
        # At the counter the clerk fills in for somebody and stays a clerk.
        if application.submitter_id == user.pk:
            return True
        kinds.append(ApplicationRole.Kind.SUBMITTER)
    return application.roles.filter(user=user, kind__in=kinds, consent=ApplicationRole.Consent.GIVEN).exists()


def actors_of(step: Step) -> tuple[str, ...]:
    """The roles that end a step of this kind, held for its unit."""
    return _ACTORS.get(step.kind, (Role.CLERK,))


def acts_in_step(user: Visitor, step: Step, on: date) -> bool:
    """Whether a step is somebody's to do by their role and unit, whatever its state."""
    if not isinstance(user, User):
        return False
    roles = actors_of(step)
    if step.assignee_id == user.pk and desk_units(user, on, *roles):
        return True
    return step.unit_id in desk_units(user, on, *roles)


def can_act_in_step(user: Visitor, step: Step, on: date) -> bool:
    """Whether somebody may deal with an open step now: theirs, not standing in the case, and not approving their own review."""
    if not isinstance(user, User) or step.state != Step.State.OPEN or not acts_in_step(user, step, on):
        return False
    if stands_in_case(user, step.application):
        return False
    return step.kind != Step.Kind.APPROVE or not has_reviewed(user, step.application)


def has_reviewed(user: User, application: Application) -> bool:
    """Whether somebody reviewed a case, or scored it: whoever did does not approve it."""
    reviews = (Step.Kind.SCREEN, Step.Kind.VERIFY, Step.Kind.VISIT, Step.Kind.PANEL)
    if application.steps.filter(kind__in=reviews, done_by=user).exists():
        return True
    given = Assessment.objects.filter(entry__subject_key=f"{SUBJECTS}:{application.pk}", assessor=user)
    return given.filter(state=Assessment.State.SUBMITTED).exists()


def can_lead_case(user: Visitor, application: Application, on: date) -> bool:
    """Whether somebody leads a case: a clerk of the unit that answers for it, or of its town; never one who applied."""
    if not isinstance(user, User):
        return False
    units = desk_units(user, on, Role.CLERK)
    is_of_unit = application.unit_id in units or (application.town_id is not None and application.town_id in units)
    return is_of_unit and not stands_in_case(user, application)


def can_assign_step(user: Visitor, step: Step, on: date) -> bool:
    """Whether somebody gives a step to a colleague: clerks and approvers of its unit, and of the unit that leads the case."""
    units = desk_units(user, on, Role.CLERK, Role.APPROVER)
    return step.unit_id in units or step.application.unit_id in units


def can_open_counter(user: Visitor, on: date) -> bool:
    """Whether somebody fills in for people at the desk: clerks."""
    return has_role(user, Role.CLERK, on=on)


def can_read_application(user: User | None, application: Application, on: date) -> bool:
    """Whether somebody may open a case and what hangs on it."""
    return applications_visible_to(user, on).filter(pk=application.pk).exists()


def writes_papers(user: Visitor, application: Application) -> bool:
    """Whether somebody drafts and seals the papers of a case today: clerks and approvers of its unit or town."""
    units = desk_units(user, timezone.localdate(), Role.CLERK, Role.APPROVER)
    return not {application.unit_id, application.town_id}.isdisjoint(units)


def stands_on_own_side(user: Visitor, application: Application) -> bool:
    """Whether a case is one of somebody's own today."""
    return own_applications_visible_to(user, timezone.localdate()).filter(pk=application.pk).exists()
