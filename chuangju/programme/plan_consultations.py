"""征求意见 - the draft goes to the units with a deadline; what they say, what was taken up, and who kept silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.programme.access import reporting_unit_ids
from chuangju.programme.models import (
    ConsultedUnit,
    Opinion,
    Plan,
    PlanItem,
    PlanRound,
    PlanSection,
)
from chuangju.programme.plan_content import content_of
from chuangju.programme.plan_messages import tell_asked
from chuangju.programme.plans import PlanRefused, locked_plan, plan_facts, require_office, save_plan
from chuangju.units.models import Unit

LONGEST_OPINION = 1000
LONGEST_REASON = 500


def _check_complete(plan: Plan) -> None:
    """A draft that is sent round has words in every section, and something to be done."""
    empty = plan.sections.filter(text="").order_by("position").first()
    if empty is not None:
        raise PlanRefused(_("章节“%(heading)s”还没有正文，请写好或删除后再征求意见") % {"heading": empty.heading})
    if not plan.sections.exists() or not plan.items.exclude(state=PlanItem.State.DROPPED).exists():
        raise PlanRefused(_("方案至少要有一个章节和一个事项"))


@transaction.atomic
def open_round(
    plan: Plan, *, units: Iterable[Unit], due_on: date, words: str = "", by: User, at: datetime
) -> PlanRound:
    """Send the draft to units until a day; it is kept as sent. Raises PlanRefused."""
    require_office(by, at)
    fresh = locked_plan(plan, *Plan.OPEN_STATES)
    _check_complete(fresh)
    asked = list({unit.pk: unit for unit in units}.values())
    if not asked:
        raise PlanRefused(_("请至少选择一个征求意见的单位"))
    if due_on <= timezone.localdate(at):
        raise PlanRefused(_("反馈期限须晚于今天"))
    consultation = PlanRound.objects.create(
        plan=fresh,
        number=fresh.rounds.count() + 1,
        words=words.strip(),
        content=content_of(fresh),
        due_on=due_on,
        opened_by=by,
        opened_at=at,
    )
    ConsultedUnit.objects.bulk_create(ConsultedUnit(round=consultation, unit=unit) for unit in asked)
    facts = {
        "轮次": consultation.number,
        "反馈期限": due_on,
        gettext_noop("征求单位"): [unit.name for unit in sorted(asked, key=lambda unit: unit.position)],
    }
    record_event("programme.plan_round_opened", consultation, by=by, at=at, after=facts, about=fresh)
    before = plan_facts(fresh)
    fresh.state = Plan.State.CONSULTING
    save_plan(fresh, "plan_sent_round", before, by=by, at=at)
    tell_asked(consultation, asked, at=at)
    return consultation


def _locked_asked(asked: ConsultedUnit, by: User, at: datetime) -> ConsultedUnit:
    """The unit's place in a round that is open, locked; only its own liaison officer answers for it."""
    # The plan first, as everywhere: a round that is closed at this moment waits, or is found closed.
    locked_plan(asked.round.plan)
    fresh = ConsultedUnit.objects.select_for_update().get(pk=asked.pk)
    if fresh.unit_id not in reporting_unit_ids(by, on=timezone.localdate(at)):
        raise PlanRefused(_("只有被征求单位的联络员可以反馈意见"))
    if not PlanRound.objects.filter(pk=fresh.round_id, closed_at__isnull=True).exists():
        raise PlanRefused(_("这一轮征求意见已经截止，请联系创建办"))
    return fresh


def _record_answer(asked: ConsultedUnit, answer: str, *, by: User, at: datetime) -> None:
    before = snapshot(asked)
    asked.answer, asked.answered_at, asked.answered_by = answer, at, by
    asked.save()
    record_event(
        "programme.plan_round_answered",
        asked,
        by=by,
        at=at,
        before=before,
        after=snapshot(asked),
        about=asked.round.plan,
    )


@transaction.atomic
def give_opinion(
    asked: ConsultedUnit,
    *,
    text: str,
    suggestion: str = "",
    section: PlanSection | None = None,
    item: PlanItem | None = None,
    by: User,
    at: datetime,
) -> Opinion:
    """A unit says what it wants changed, on the whole or in one place; raises PlanRefused."""
    fresh = _locked_asked(asked, by, at)
    words = text.strip()
    if not words:
        raise PlanRefused(_("请写明意见"))
    if max(len(words), len(suggestion.strip())) > LONGEST_OPINION:
        raise PlanRefused(_("意见和修改建议各不能超过 %(count)d 字") % {"count": LONGEST_OPINION})
    if section is not None and item is not None:
        raise PlanRefused(_("一条意见只针对一处内容"))
    if any(place is not None and place.plan_id != fresh.round.plan_id for place in (section, item)):
        raise PlanRefused(_("所选内容不属于这份方案"))
    opinion = Opinion.objects.create(
        asked=fresh,
        section=section,
        item=item,
        place=_place_words(section, item),
        text=words,
        suggestion=suggestion.strip(),
        by=by,
        at=at,
    )
    record_event("programme.opinion_given", opinion, by=by, at=at, after=snapshot(opinion), about=fresh.round.plan)
    if fresh.answer != ConsultedUnit.Answer.OPINIONS:
        _record_answer(fresh, ConsultedUnit.Answer.OPINIONS, by=by, at=at)
    return opinion


def _place_words(section: PlanSection | None, item: PlanItem | None) -> str:
    """What the place is called, as the table of opinions prints it in its one language."""
    if section is not None:
        return section.heading
    return f"事项{item.number} {item.title}" if item is not None else "总体"


@transaction.atomic
def take_back_opinion(opinion: Opinion, *, by: User, at: datetime) -> None:
    """A unit takes its opinion back while the round is open; the log keeps it. Raises PlanRefused."""
    fresh = _locked_asked(opinion.asked, by, at)
    given = fresh.opinions.filter(pk=opinion.pk).first()
    if given is None:
        raise StaleForm(_("该意见刚刚已由他人处理，请核对后再提交"))
    record_event("programme.opinion_taken_back", given, by=by, at=at, before=snapshot(given), about=fresh.round.plan)
    given.delete()
    if not fresh.opinions.exists():
        before = snapshot(fresh)
        fresh.answer, fresh.answered_at, fresh.answered_by = ConsultedUnit.Answer.WAITING, None, None
        fresh.save()
        record_event(
            "programme.plan_round_answered",
            fresh,
            by=by,
            at=at,
            before=before,
            after=snapshot(fresh),
            about=fresh.round.plan,
        )


@transaction.atomic
def answer_without_opinion(asked: ConsultedUnit, *, by: User, at: datetime) -> ConsultedUnit:
    """无意见, said by the unit itself: an answer, not silence. Raises PlanRefused."""
    fresh = _locked_asked(asked, by, at)
    if fresh.answer == ConsultedUnit.Answer.NO_OPINION:
        return fresh
    if fresh.opinions.exists():
        raise PlanRefused(_("本单位已提出意见；要改为无意见，请先撤回意见"))
    _record_answer(fresh, ConsultedUnit.Answer.NO_OPINION, by=by, at=at)
    return fresh


@transaction.atomic
def extend_round(consultation: PlanRound, *, due_on: date, reason: str, by: User, at: datetime) -> PlanRound:
    """Give the units more time, with the reason; raises PlanRefused."""
    require_office(by, at)
    plan = locked_plan(consultation.plan, Plan.State.CONSULTING)
    fresh = _locked_round(consultation)
    if due_on <= max(fresh.due_on, timezone.localdate(at)):
        raise PlanRefused(_("新的期限须晚于原期限和今天"))
    if not reason.strip():
        raise PlanRefused(_("请写明延期原因，它会记入历史"))
    before = {"反馈期限": fresh.due_on}
    fresh.due_on = due_on
    fresh.save()
    after = {"反馈期限": due_on}
    record_event(
        "programme.plan_round_extended",
        fresh,
        by=by,
        at=at,
        before=before,
        after=after,
        about=plan,
        reason=reason.strip(),
    )
    return fresh


def _locked_round(consultation: PlanRound) -> PlanRound:
    fresh = PlanRound.objects.select_for_update().get(pk=consultation.pk)
    if not fresh.is_open:
        raise StaleForm(_("这一轮征求意见刚刚已经截止"))
    return fresh


@transaction.atomic
def close_round(consultation: PlanRound, *, by: User, at: datetime) -> PlanRound:
    """End a round: nobody answers any more, and who kept silent is written down as such. Raises PlanRefused, StaleForm."""
    require_office(by, at)
    plan = locked_plan(consultation.plan)
    fresh = _locked_round(consultation)
    waiting = fresh.asked.filter(answer=ConsultedUnit.Answer.WAITING)
    if waiting.exists() and timezone.localdate(at) <= fresh.due_on:
        raise PlanRefused(_("还有单位没有反馈，期限未到不能截止"))
    silent = [asked.unit.name for asked in waiting.select_related("unit")]
    waiting.update(answer=ConsultedUnit.Answer.SILENT)
    fresh.closed_at, fresh.closed_by = at, by
    fresh.save()
    facts: dict[str, Any] = {"轮次": fresh.number, "逾期未反馈": silent}
    record_event("programme.plan_round_closed", fresh, by=by, at=at, after=facts, about=plan)
    before = plan_facts(plan)
    plan.state = Plan.State.COLLATING
    save_plan(plan, "plan_collected", before, by=by, at=at)
    return fresh


@transaction.atomic
def decide_opinion(opinion: Opinion, *, result: str, reason: str, revision: int, by: User, at: datetime) -> Opinion:
    """The office says what became of an opinion; anything but 采纳 with its reason. Raises PlanRefused, StaleForm."""
    require_office(by, at)
    plan = locked_plan(opinion.asked.round.plan, Plan.State.CONSULTING, Plan.State.COLLATING)
    fresh = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if fresh.revision != revision:
        raise StaleForm(_("该意见刚刚已由他人处理，请核对后再提交"))
    if result not in Opinion.Result.values or result == Opinion.Result.PENDING:
        raise PlanRefused(_("请选择采纳情况"))
    words = " ".join(reason.split())[:LONGEST_REASON]
    if result != Opinion.Result.ADOPTED and not words:
        raise PlanRefused(_("部分采纳或不采纳的，请写明理由"))
    before = snapshot(fresh)
    fresh.result, fresh.reason, fresh.decided_by, fresh.decided_at = result, words, by, at
    fresh.revision += 1
    fresh.save()
    record_event("programme.opinion_decided", fresh, by=by, at=at, before=before, after=snapshot(fresh), about=plan)
    return fresh


def round_counts(consultation: PlanRound, *, on: date) -> dict[str, int]:
    """How many units were asked, answered, and are late; one query."""
    waiting = Q(answer=ConsultedUnit.Answer.WAITING)
    late = waiting if consultation.due_on < on else Q(pk__in=())
    return consultation.asked.aggregate(
        asked=Count("pk"), answered=Count("pk", Q(answered_at__isnull=False)), late=Count("pk", late)
    )
