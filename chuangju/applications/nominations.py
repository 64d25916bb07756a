"""推荐 - a unit, an association or an incubator puts somebody forward; the nominee confirms, and only then applies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.access import desk_units
from chuangju.applications.applicant_access import applicants_of
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_people import case_clerks, tell_staff
from chuangju.applications.models import Application, Nomination
from chuangju.applications.nomination_cases import is_decided, tie_to_waiting_case
from chuangju.applications.nomination_rules import (
    UNIT_ROLES,
    NominationRefused,
    NominationRule,
    nominating_parties,
    nominating_units,
    nomination_rule,
    nomination_title,
)
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.mobiles import user_with_mobile
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.current import current_catalogue
from chuangju.rules.policy import Policy
from chuangju.units.access import Visitor
from chuangju.units.models import Unit
from chuangju.ventures.access import acting_parties
from chuangju.ventures.codes import even_out
from chuangju.ventures.models import Claim, Party

LONGEST_REASON = 1000
State = Nomination.State


@dataclass(frozen=True)
class Forward:
    """Whom, by whom, and why: a venture by its credit code, a person by their mobile number."""

    policy_id: str
    reason: str
    credit_code: str = ""
    mobile: str = ""
    party: Party | None = None
    unit: Unit | None = None


@transaction.atomic
def nominate(forward: Forward, *, by: User, at: datetime) -> Nomination | None:
    """Put somebody forward; None where nobody has this mobile number, which is not told. Raises NominationRefused."""
    on = timezone.localdate(at)
    policy = current_catalogue().version_for(forward.policy_id, on)
    rule = nomination_rule(policy) if policy is not None else None
    if policy is None or rule is None:
        raise NominationRefused(_("这项政策不需要推荐"))
    _refuse_others(forward, rule, by=by, on=on)
    words = " ".join(forward.reason.replace("\x00", "").split())
    if not words or len(words) > LONGEST_REASON:
        raise NominationRefused(_("请写明推荐理由（不超过 1000 个字）"))
    nominee, person = _nominee(forward, policy)
    if nominee is None and person is None:
        return None
    if person == by or (nominee is not None and applicants_of(by, on).filter(pk=nominee.pk).exists()):
        raise NominationRefused(_("不能推荐自己"))
    take_locks(f"applications.nominations.{policy.id}")
    same = Nomination.objects.filter(
        policy_id=policy.id, party=forward.party, unit=forward.unit, nominee=nominee, person=person,
        state__in=Nomination.LIVE_STATES, application__isnull=True,
    ).first()  # fmt: skip
    if same is not None:
        return same
    made = Nomination.objects.create(
        policy_id=policy.id,
        title=policy.title.zh[:200],
        party=forward.party,
        unit=forward.unit,
        nominee=nominee,
        person=person,
        reason=words,
        made_by=by,
        made_at=at,
        is_demo=by.is_demo,
    )
    record_event("applications.nominated", made, by=by, at=at, after=snapshot(made), about=nominee)
    for user in nominees_of(made, on=on):
        values = {"nominator": lambda: made.nominator, "title": partial(nomination_title, made)}
        notify(user, "applications.nominated", made, at=at, values=values, address=f"/my/nominations/{made.pk}/")
    return made


@transaction.atomic
def answer_nomination(nomination: Nomination, *, agrees: bool, by: User, at: datetime) -> Nomination:
    """The nominee confirms or declines; raises NominationRefused, StaleForm."""
    fresh = _locked(nomination, State.ASKED)
    if not is_nominee(by, fresh, on=timezone.localdate(at)):
        raise NominationRefused(_("只能由被推荐的人答复"))
    before = {"state": fresh.state}
    fresh.state, fresh.answered_by, fresh.answered_at = State.CONFIRMED if agrees else State.DECLINED, by, at
    fresh.save(update_fields=["state", "answered_by", "answered_at"])
    action = "applications.nomination_confirmed" if agrees else "applications.nomination_declined"
    record_event(action, fresh, by=by, at=at, before=before, after={"state": fresh.state}, about=fresh.nominee)
    if agrees:
        tie_to_waiting_case(fresh, at=at)
    values = {
        "who": fresh.nominated,
        "answer": fresh.get_state_display,
        "title": partial(nomination_title, fresh),
    }
    address = f"/my/nominations/{fresh.pk}/"
    notify(fresh.made_by, "applications.nomination_answered", fresh, at=at, values=values, address=address)
    return fresh


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, reason: str = "", by: User, at: datetime) -> Nomination:
    """Whoever put somebody forward takes it back, until the case that came of it is decided.

    Unanswered it just goes. Once confirmed it needs a reason, which the nominee reads: a draft can then not be handed in,
    and a case under review is not ended by somebody who does not handle it, but cannot be granted (`nomination_cases`).
    Raises NominationRefused, StaleForm.
    """
    case = nomination.application
    application = lock_application(case) if case is not None else None
    fresh = _locked(nomination, *Nomination.LIVE_STATES)
    if fresh.application_id != (application.pk if application is not None else None):
        raise StaleForm(_("这项推荐刚有变动，请刷新后查看"))
    if not made_by(by, timezone.localdate(at)).filter(pk=fresh.pk).exists():
        raise NominationRefused(_("只能由推荐的一方撤回"))
    words = " ".join(reason.replace("\x00", "").split())
    if len(words) > LONGEST_REASON or (fresh.state == State.CONFIRMED and not words):
        raise NominationRefused(_("请写明撤回的理由（不超过 1000 个字）"))
    if application is not None and is_decided(application):
        raise NominationRefused(_("办件已经审定，不能再撤回推荐；有新情况的，请向承办单位反映"))
    before = snapshot(fresh)
    fresh.state, fresh.withdrawn_by, fresh.withdrawn_at, fresh.withdrawal_reason = State.WITHDRAWN, by, at, words
    fresh.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    record_event(
        "applications.nomination_withdrawn",
        fresh,
        by=by,
        at=at,
        before=before,
        after=snapshot(fresh),
        about=fresh.nominee,
        reason=words,
    )
    _tell_withdrawn(fresh, application, at=at)
    return fresh


def nominations_visible_to(user: Visitor, on: date) -> QuerySet[Nomination]:
    """Those one made, for oneself, for a party or for a unit, and those in which one is put forward."""
    if not isinstance(user, User):
        return Nomination.objects.none()
    mine = Q(person=user) | Q(nominee__in=applicants_of(user, on).values("pk"))
    # What was taken back before the nominee had answered concerns them no longer.
    unanswered = Q(state=State.WITHDRAWN, answered_at__isnull=True)
    found = Nomination.objects.filter(mine & ~unanswered | Q(pk__in=made_by(user, on).values("pk")))
    return found.select_related("party", "unit", "nominee", "person", "application")


def made_by(user: User, on: date) -> QuerySet[Nomination]:
    """Those that somebody made, or speaks for: of their parties and their units."""
    units = desk_units(user, on, *UNIT_ROLES)
    own = Q(made_by=user) | Q(party__in=acting_parties(user, on).values("pk")) | Q(unit__in=units)
    return Nomination.objects.filter(own)


def can_withdraw(user: User, nomination: Nomination, *, on: date) -> bool:
    """Whether somebody may take a nomination back now; withdraw_nomination has the last word."""
    case = nomination.application
    if nomination.state not in Nomination.LIVE_STATES or (case is not None and is_decided(case)):
        return False
    return made_by(user, on).filter(pk=nomination.pk).exists()


def is_nominee(user: User, nomination: Nomination, *, on: date) -> bool:
    """Whether somebody is put forward, or acts for who is."""
    if nomination.person_id is not None:
        return nomination.person_id == user.pk
    return nomination.nominee is not None and applicants_of(user, on).filter(pk=nomination.nominee.pk).exists()


def nominees_of(nomination: Nomination, *, on: date) -> list[User]:
    """Who is told: the person, or whoever acts for the party."""
    if nomination.person is not None:
        return [nomination.person]
    holding = Claim.objects.holding_on(on).filter(party=nomination.nominee_id).values("user")
    wanted = Q(pk__in=holding) | Q(party=nomination.nominee_id)
    return list(User.objects.filter(wanted, is_active=True).distinct().order_by("pk"))


def _refuse_others(forward: Forward, rule: NominationRule, *, by: User, on: date) -> None:
    """Nobody puts forward in the name of those they do not speak for."""
    if (forward.party is None) == (forward.unit is None):
        raise NominationRefused(_("请选择以谁的名义推荐"))
    is_own = (forward.party is not None and forward.party in nominating_parties(by, rule, on=on)) or (
        forward.unit is not None and forward.unit in nominating_units(by, rule, on=on)
    )
    if not is_own:
        raise NominationRefused(_("您不能以它的名义推荐：这项政策由%(who)s推荐") % {"who": rule.says(str(_("、")))})


def _nominee(forward: Forward, policy: Policy) -> tuple[Party | None, User | None]:
    """The entry of a credit code, or the account of a mobile number."""
    if forward.credit_code.strip():
        found = Party.objects.standing().filter(credit_code=even_out(forward.credit_code)).first()
        if found is None:
            raise NominationRefused(_("主体名册里没有这个统一社会信用代码"))
        if found.kind not in apply_settings().kinds_of(policy.subject):
            raise NominationRefused(_("这项政策不适用于%(kind)s") % {"kind": str(found.get_kind_display())})
        return found, None
    if not forward.mobile.strip():
        raise NominationRefused(_("请填写被推荐者的统一社会信用代码或手机号码"))
    return None, user_with_mobile(forward.mobile)


def _locked(nomination: Nomination, *states: str) -> Nomination:
    found = Nomination.objects.select_for_update(of=("self",)).select_related("party", "unit", "nominee", "person")
    fresh = found.get(pk=nomination.pk)
    if fresh.state not in states:
        raise StaleForm(_("这项推荐已经答复或撤回，请刷新后查看"))
    return fresh


def _tell_withdrawn(nomination: Nomination, application: Application | None, *, at: datetime) -> None:
    """The nominee reads why; where the case is handed in, so do those who handle it."""
    values = {
        "nominator": lambda: nomination.nominator,
        "title": partial(nomination_title, nomination),
        "reason": nomination.withdrawal_reason or "—",
    }
    address = f"/my/nominations/{nomination.pk}/"
    for user in nominees_of(nomination, on=timezone.localdate(at)):
        notify(user, "applications.nomination_withdrawn", nomination, at=at, values=values, address=address)
    if application is not None and application.state in Application.OPEN_STATES:
        tell_staff(case_clerks(application, at=at), application, "applications.nomination_gone", at=at, values=values)
