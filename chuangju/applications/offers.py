"""免申即享 - benefits offered to those whom a match run found: checked against what is known, told, taken by one tap or declined."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.answers import REGISTER, AnswerRefused, Entries, clean_entries, keep_entries
from chuangju.applications.applicant_access import can_hand_in
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.case_clocks import start_case_clock
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_numbers import next_number
from chuangju.applications.case_people import applicants_to_tell
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.claim_conflicts import conflicts_of, excluding_policies
from chuangju.applications.drafts import ApplicationRefused, evaluate_draft, live_key
from chuangju.applications.evaluation import evaluate, facts_asked_by, freeze_facts, note_evaluation, pinned_policy
from chuangju.applications.models import Application, ApplicationRole, FrozenFacts, OfferRun, Step
from chuangju.applications.payee_accounts import checked_account
from chuangju.applications.steps import begin_process, finish_step
from chuangju.applications.submissions import end_application
from chuangju.applications.windows import WindowRefused, refuse_town, unit_of, window_for
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.outbox import notify
from chuangju.rules.policy import Policy
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.register_parties import enter_from_register, kind_in_register


@dataclass
class OfferPlan:
    """Whom a run would offer a policy to, and who is left out, each with the reason."""

    chosen: list[tuple[Party, Mapping[str, Any]]] = field(default_factory=list)
    # Known to the register alone: (credit code, name, facts); entered as parties when they are offered it.
    to_enter: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def plan_offers(policy: Policy, found: Iterable[tuple[str, str, Mapping[str, Any]]]) -> OfferPlan:
    """From (credit code, name, facts) of those who qualify: who can be offered it. Six queries, however many they are."""
    rows, plan = list(found)[: apply_settings().most_offers], OfferPlan()
    codes = [code for code, _name, _facts in rows]
    known = {
        one.credit_code: one for one in Party.objects.standing().filter(credit_code__in=codes).select_related("town")
    }
    taken = _taken(policy, list(known.values()))
    excluded = excluding_policies(policy)
    barred = _barred(excluded, list(known.values()))
    kinds = apply_settings().kinds_of(policy.subject)
    for code, name, facts in rows:
        party = known.get(code)
        if party is None and kind_in_register(facts) in kinds:
            plan.to_enter.append((code, name, facts))
        elif party is None or party.kind not in kinds:
            plan.left_out.append((name, str(_("主体类型不符"))))
        elif party.pk in taken:
            plan.left_out.append((name, str(_("已有这项政策的办件"))))
        elif party.pk in barred:
            plan.left_out.append((name, str(_("已享受互斥的政策"))))
        else:
            plan.chosen.append((party, facts))
    return plan


@transaction.atomic
def make_offer(
    policy: Policy,
    party: Party,
    facts: Mapping[str, Any],
    *,
    said: str,
    run: OfferRun | None = None,
    by: User | None,
    at: datetime,
) -> Application | None:
    """Offer a policy to a party; None where what is known of it now says otherwise, or a case stands already."""
    on = timezone.localdate(at)
    take_locks(live_key(policy.id, party))
    if _taken(policy, [party]):
        return None
    window = window_for(policy, on=on)
    try:
        refuse_town(window, party)
    except WindowRefused:
        return None
    application = Application(
        window=window,
        policy_id=policy.id,
        policy_version=policy.version,
        title=policy.title.zh[:200],
        state=Application.State.OFFERED,
        channel=Application.Channel.OFFERED,
        offer_run=run,
        subject=party,
        unit=window.unit or unit_of(policy, on=on, town=party.town),
        town=party.town,
        started_at=at,
        changed_at=at,
        is_demo=party.is_demo,
    )
    keep_entries(application, _entries(policy, facts, said=said, on=on))
    evaluation = evaluate(application, on=on, policy=policy)
    if evaluation.verdict != "eligible":
        return None
    note_evaluation(application, evaluation)
    application.save(force_insert=True)
    after = {"policy": policy.key, "amount": application.expected_amount}
    record_event("applications.offered", application, by=by, at=at, after=after, about=party)
    _tell(application, on=on, at=at)
    return application


@transaction.atomic
def offer_from_register(
    policy: Policy,
    row: tuple[str, str, Mapping[str, Any]],
    *,
    said: str,
    run: OfferRun | None = None,
    by: User | None,
    at: datetime,
) -> Application | None:
    """Enter an enterprise of the register and offer it a policy; neither where it is not to be offered. Raises Refused."""
    code, name, facts = row
    party = enter_from_register(code, name, facts, said=said, by=by, at=at)
    made = make_offer(policy, party, facts, said=said, run=run, by=by, at=at)
    if made is None:
        # What is known now says otherwise: nobody is entered for nothing.
        transaction.set_rollback(True)
    return made


def offers_nobody_heard_of() -> QuerySet[Application]:
    """Offers that wait and whose party nobody acts for: the town writes or calls."""
    acting = Claim.objects.filter(state=Claim.State.CONFIRMED, party=OuterRef("subject"))
    given = ApplicationRole.objects.filter(
        application=OuterRef("pk"), consent=ApplicationRole.Consent.GIVEN, user__isnull=False
    )
    waiting = Application.objects.filter(state=Application.State.OFFERED, subject__account__isnull=True)
    return (
        waiting.exclude(Exists(acting))
        .exclude(Exists(given))
        .select_related("subject__town", "town")
        .order_by("town", "started_at", "pk")
    )


@transaction.atomic
def accept_offer(application: Application, account: Mapping[str, str] | None, *, by: User, at: datetime) -> Application:
    """One tap: yes, and this is the account. The case goes on to approval; twice is once. Raises ApplicationRefused."""
    fresh, on = _held(application, by=by, at=at), timezone.localdate(at)
    if fresh.state in (*Application.OPEN_STATES, Application.State.GRANTED):
        return fresh
    if fresh.state != Application.State.OFFERED:
        raise ApplicationRefused(_("这项支持已经放弃或失效"))
    # Until both are done, nobody takes another support that does not go with this one for the same party.
    take_locks(f"applications.party:{fresh.subject.body_id}")
    evaluation = evaluate_draft(fresh, on=on)
    if evaluation.verdict != "eligible":
        raise ApplicationRefused(_("数据有变化，现在不符合条件；如有疑问请留言或到窗口核实"))
    if any(not (one.is_same and one.is_granted) for one in conflicts_of(fresh, evaluation.policy)):
        raise ApplicationRefused(_("您已经享受或正在申请与它互斥的政策"))
    if apply_settings().wants_account(evaluation.policy):
        if not account:
            raise ApplicationRefused(_("请填写收款账户"))
        kept = checked_account(account.get("name", ""), account.get("number", ""), account.get("bank", ""))
        fresh.account = json.dumps(kept, ensure_ascii=False)
    fresh.number, fresh.state = next_number(on), Application.State.SUBMITTED
    fresh.submitted_at = fresh.pledged_at = fresh.changed_at = at
    fresh.submitter, fresh.payee = by, fresh.subject
    fresh.revision += 1
    fresh.save()
    freeze_facts(fresh, FrozenFacts.Moment.SUBMITTED, by=by, at=at, evaluation=evaluation)
    after = {"state": fresh.state, "number": fresh.number}
    before = {"state": Application.State.OFFERED}
    record_event("applications.offer_accepted", fresh, by=by, at=at, before=before, after=after, about=fresh.subject)
    _skip_what_is_done(fresh, at=at)
    return Application.objects.select_related("subject", "unit").get(pk=fresh.pk)


@transaction.atomic
def decline_offer(application: Application, *, reason: str = "", by: User, at: datetime) -> Application:
    """No, thank you: it is not offered again for this period. Raises ApplicationRefused."""
    fresh = _held(application, by=by, at=at)
    if fresh.state == Application.State.WITHDRAWN:
        return fresh
    if fresh.state != Application.State.OFFERED:
        raise ApplicationRefused(_("已经确认领取，要撤回请到办件页"))
    words = " ".join(reason.split())[:300] or str(_("申请人放弃"))
    end_application(fresh, Application.State.WITHDRAWN, reason=words, by=by, at=at)
    before, after = {"state": Application.State.OFFERED}, {"state": fresh.state}
    record_event(
        "applications.offer_declined",
        fresh,
        by=by,
        at=at,
        before=before,
        after=after,
        about=fresh.subject,
        reason=words,
    )
    return fresh


def offer_until(application: Application) -> date:
    """The last day on which an offer is answered."""
    return timezone.localdate(application.started_at) + timedelta(days=apply_settings().offer_days)


def _tell(application: Application, *, on: date, at: datetime) -> None:
    """Everybody who may answer is told: what, how much, until when."""
    until = on + timedelta(days=apply_settings().offer_days)
    amount = application.expected_amount
    values = {
        "title": partial(shown_case_title, application),
        "amount": (lambda: str(format_yuan(amount))) if amount is not None else "—",
        "until": until,
    }
    for user in applicants_to_tell(application, on=on):
        notify(user, "applications.offered", application, at=at, values=values, address=f"/my/offers/{application.pk}/")


def _held(application: Application, *, by: User, at: datetime) -> Application:
    fresh = lock_application(application)
    if not can_hand_in(by, fresh, timezone.localdate(at)):
        raise ApplicationRefused(_("只有领取主体的人可以确认"))
    return fresh


def _skip_what_is_done(application: Application, *, at: datetime) -> None:
    """Complete and compared already: accepted at once, and on to whoever approves."""
    step = begin_process(application, by=None, at=at)
    fresh = lock_application(application)
    fresh.due_on = start_case_clock(fresh, pinned_policy(fresh), by=None, at=at)
    fresh.state, fresh.accepted_at = Application.State.IN_REVIEW, at
    fresh.save()
    words = str(_("免申即享：数据已经比对"))
    done: Step | None = step
    while done is not None:
        finish_step(done, Step.Result.PASSED, opinion=words, by=None, at=at)
        done = fresh.steps.filter(state=Step.State.OPEN, word__in=apply_settings().offer_done_words).first()


def _taken(policy: Policy, parties: list[Party]) -> set[Any]:
    """Parties that have a case of the policy, or were offered it and said no."""
    states = (*Application.LIVE_STATES, Application.State.GRANTED, Application.State.WITHDRAWN)
    found = Application.objects.filter(policy_id=policy.id, subject__in=parties, state__in=states)
    offered = found.filter(channel=Application.Channel.OFFERED) | found.exclude(state=Application.State.WITHDRAWN)
    return set(offered.values_list("subject", flat=True))


def _barred(excluded: set[str], parties: list[Party]) -> set[Any]:
    states = (*Application.OPEN_STATES, Application.State.GRANTED)
    found = Application.objects.filter(policy_id__in=excluded, subject__in=parties, state__in=states)
    return set(found.values_list("subject", flat=True))


def _entries(policy: Policy, facts: Mapping[str, Any], *, said: str, on: date) -> Entries:
    """What the register of the run says, as far as the policy asks for it."""
    wanted, entries = facts_asked_by(policy, on), Entries()
    for key, value in facts.items():
        if key not in wanted or value is None:
            continue
        try:
            entries.update(clean_entries({key: value}, source=REGISTER, said=said, on=on))
        except AnswerRefused:
            continue
    return entries
