"""一件事的办理 - somebody goes through the steps of a life event: outcomes entered back, fees waived on record, dated list ticked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.applicant_access import applicants_of
from chuangju.applications.life_events import GuideStep, LifeEvent, life_events
from chuangju.applications.models import ApplicationBundle, FeeWaiver
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.policies.fees import Fee, fees_on
from chuangju.policies.models import FeeEntry
from chuangju.rules.explain import explain
from chuangju.ventures.codes import CodeRefused, normal_credit_code
from chuangju.ventures.facts import facts_of
from chuangju.ventures.models import Party

LONGEST = 300
_GROUNDS = {
    FeeEntry.Standing.EXEMPT: FeeWaiver.Ground.EXEMPT,
    FeeEntry.Standing.SUSPENDED: FeeWaiver.Ground.SUSPENDED,
    FeeEntry.Standing.ABOLISHED: FeeWaiver.Ground.ABOLISHED,
    FeeEntry.Standing.CHARGED: FeeWaiver.Ground.CHARGED,
}


class BundleRefused(Refused):
    """The guide cannot be begun or noted in like this; the sentence says why."""


@dataclass(frozen=True)
class DatedItem:
    """One line of the list after the licence: what, until when, whether it is done."""

    key: str
    title: Any
    due_on: date
    is_done: bool
    leads_to_check: bool


@transaction.atomic
def begin_bundle(event_key: str, *, by: User, at: datetime) -> ApplicationBundle:
    """Begin a life event, or go on with one's own that is not finished; raises BundleRefused."""
    if event_key not in life_events():
        raise BundleRefused(_("没有这个“一件事”"))
    take_locks(f"applications.bundles:{by.pk}")
    standing = ApplicationBundle.objects.filter(event_key=event_key, created_by=by, subject__isnull=True).first()
    if standing is not None:
        return standing
    bundle = ApplicationBundle.objects.create(event_key=event_key, created_by=by, created_at=at, is_demo=by.is_demo)
    record_event("applications.bundle_begun", bundle, by=by, at=at, after={"event": event_key})
    return bundle


@transaction.atomic
def note_step(
    bundle: ApplicationBundle, step_key: str, given: Mapping[str, str], *, done_on: date, by: User, at: datetime
) -> ApplicationBundle:
    """Enter the outcome of a step back; its fees are looked up and what was waived is recorded. Raises BundleRefused."""
    fresh, event = _held(bundle, by=by, at=at)
    step = event.step(step_key)
    if step is None:
        raise BundleRefused(_("没有这一步"))
    if done_on > timezone.localdate(at):
        raise BundleRefused(_("办理日期不能晚于今天"))
    outcome = {one.key: _checked(one.kind, given.get(one.key, ""), str(one.label.zh)) for one in step.outcome}
    notes = notes_of(fresh)
    notes.setdefault("steps", {})[step_key] = {"done_on": done_on.isoformat(), "outcome": outcome}
    fresh.notes = json.dumps(notes, ensure_ascii=False)
    _tie_subject(fresh, by=by, on=timezone.localdate(at))
    fresh.save(update_fields=["notes", "subject"])
    grounds = _record_waivers(fresh, event, step, on=done_on, by=by, at=at)
    after = {"step": step_key, "done_on": done_on, "fees": grounds}
    record_event("applications.bundle_noted", fresh, by=by, at=at, after=after)
    return fresh


@transaction.atomic
def tick_follow(bundle: ApplicationBundle, key: str, *, is_done: bool, by: User, at: datetime) -> ApplicationBundle:
    """Tick a line of the dated list, or take the tick back; raises BundleRefused."""
    fresh, event = _held(bundle, by=by, at=at)
    if key not in {one.key for one in event.follows}:
        raise BundleRefused(_("清单里没有这一项"))
    notes = notes_of(fresh)
    ticked = set(notes.get("ticked", []))
    notes["ticked"] = sorted(ticked | {key} if is_done else ticked - {key})
    fresh.notes = json.dumps(notes, ensure_ascii=False)
    fresh.save(update_fields=["notes"])
    record_event("applications.bundle_noted", fresh, by=by, at=at, after={"follow": key, "is_done": is_done})
    return fresh


def notes_of(bundle: ApplicationBundle) -> dict[str, Any]:
    """What the guide has kept: steps with day and outcome, ticks."""
    found: dict[str, Any] = json.loads(bundle.notes) if bundle.notes else {}
    return found


def licensed_on(bundle: ApplicationBundle) -> date | None:
    """The day from which the dated list counts."""
    for step in life_events()[bundle.event_key].steps:
        done = notes_of(bundle).get("steps", {}).get(step.key)
        if step.starts_list and done:
            stated = next((one.key for one in step.outcome if one.kind == "date"), "")
            return date.fromisoformat(done["outcome"].get(stated) or done["done_on"])
    return None


def dated_list(bundle: ApplicationBundle) -> list[DatedItem]:
    """What is due after the licence, with its days; empty before."""
    start, ticked = licensed_on(bundle), set(notes_of(bundle).get("ticked", []))
    if start is None:
        return []
    event = life_events()[bundle.event_key]
    return [
        DatedItem(one.key, one.title, start + timedelta(days=one.day), one.key in ticked, one.leads_to_check)
        for one in sorted(event.follows, key=lambda one: one.day)
    ]


def fees_of(fee_ids: Iterable[str], *, on: date) -> list[Fee]:
    """These fees as they stand on a day; one query."""
    wanted = set(fee_ids)
    return [fee for fee in fees_on(on, FeeEntry.objects.filter(fee_id__in=wanted)) if fee.id in wanted]


def _record_waivers(
    bundle: ApplicationBundle, event: LifeEvent, step: GuideStep, *, on: date, by: User, at: datetime
) -> dict[str, str]:
    """For each fee of the step what freed it, or that it was charged; entered anew where the step is corrected."""
    bundle.waivers.filter(step=step.key).delete()
    rows = [_waiver(bundle, event, step, fee, on=on, by=by, at=at) for fee in fees_of(step.fees, on=on)]
    FeeWaiver.objects.bulk_create(rows)
    return {row.fee_id: row.ground for row in rows}


def _waiver(
    bundle: ApplicationBundle, event: LifeEvent, step: GuideStep, fee: Fee, *, on: date, by: User, at: datetime
) -> FeeWaiver:
    ground, rule = _GROUNDS[fee.standing], f"{fee.document} {fee.document_number}".strip()
    if ground == FeeWaiver.Ground.CHARGED and bundle.subject is not None:
        waiving = _waiving_rule(bundle.subject, event, on=on)
        ground, rule = (FeeWaiver.Ground.RULE, waiving) if waiving else (ground, rule)
    return FeeWaiver(
        bundle=bundle,
        subject=bundle.subject,
        step=step.key,
        fee_id=fee.id,
        fee_kind=fee.kind,
        fee_name=fee.name_zh[:200],
        fee_name_en=fee.name_en[:200],
        ground=ground,
        rule=rule[:300],
        waived_on=on,
        recorded_by=by,
        recorded_at=at,
    )


def _waiving_rule(subject: Party, event: LifeEvent, *, on: date) -> str:
    """The version whose rule frees this subject of fees; empty where none does."""
    facts = facts_of(subject, on=on)
    for policy in current_catalogue().in_force(on):
        if policy.benefit == event.waived_by and policy.channel == "none":
            answer = explain(policy, facts, on=on)
            if answer.verdict == "eligible":
                return policy.key
    return ""


def _held(bundle: ApplicationBundle, *, by: User, at: datetime) -> tuple[ApplicationBundle, LifeEvent]:
    fresh = ApplicationBundle.objects.select_for_update(of=("self",)).select_related("subject").get(pk=bundle.pk)
    event = life_events().get(fresh.event_key)
    is_own = fresh.created_by_id == by.pk
    if not is_own and fresh.subject_id is not None:
        is_own = applicants_of(by, timezone.localdate(at)).filter(pk=fresh.subject_id).exists()
    if not is_own or event is None:
        raise BundleRefused(_("您不能办理这件事"))
    return fresh, event


def _tie_subject(bundle: ApplicationBundle, *, by: User, on: date) -> None:
    """Once the licence's code is entered, the party that its maker acts for is the subject."""
    if bundle.subject_id is not None:
        return
    for done in notes_of(bundle).get("steps", {}).values():
        code = done["outcome"].get("credit_code")
        if code:
            bundle.subject = applicants_of(by, on).filter(credit_code=code).select_related("town").first()


def _checked(kind: str, text: str, label: str) -> str:
    words = " ".join(text.replace("\x00", "").split())
    if not words:
        return ""
    if kind == "date":
        try:
            return date.fromisoformat(words).isoformat()
        except ValueError as error:
            raise BundleRefused(_("“%(label)s”不是日期") % {"label": label}) from error
    if kind == "code":
        try:
            return normal_credit_code(words)
        except CodeRefused as refused:
            raise BundleRefused(refused.sentence) from refused
    if len(words) > LONGEST:
        raise BundleRefused(_("“%(label)s”不超过 300 个字") % {"label": label})
    return words
