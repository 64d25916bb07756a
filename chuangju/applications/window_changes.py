"""批次管理 - a round is prepared, changed while nobody can apply yet, opened, closed on its day or earlier with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.models import Window
from chuangju.applications.window_access import can_keep_window, keeping_units
from chuangju.applications.windows import WindowRefused
from chuangju.budget.models import BudgetLine
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.current import current_catalogue
from chuangju.scoring.sheets import latest_sheet
from chuangju.units.models import Unit

Kind, State = Window.Kind, Window.State
LONGEST_TITLE, LONGEST_REASON = 200, 500


@dataclass(frozen=True)
class WindowFacts:
    """What a round is: whose, when, for how many and how much, and how it is decided."""

    policy_id: str
    title: str
    unit: Unit
    opens_on: date | None
    closes_on: date | None
    is_competitive: bool = True
    places: int | None = None
    money: int | None = None
    budget_code: str = ""
    towns: Sequence[Unit] = ()
    is_sealed: bool = False
    reserves: str = Window.Reserves.AT_DECISION
    when_empty: str = Window.WhenEmpty.QUEUE
    score_sheet: str = ""
    title_en: str = ""


@transaction.atomic
def prepare_window(facts: WindowFacts, *, by: User, at: datetime, is_demo: bool = False) -> Window:
    """Write a round down, still closed to everybody; it gets the next number of its policy and year. Raises WindowRefused."""
    take_locks(f"applications.windows:{facts.policy_id}")
    on = timezone.localdate(at)
    if not keeping_units(by, on).filter(pk=facts.unit.pk).exists():
        raise WindowRefused(_("只有该单位的政策管理员可以设立申报批次"))
    _refuse_facts(facts, on=on)
    window = Window(state=State.DRAFT, created_at=at, is_demo=is_demo)
    _write(window, facts)
    window.cycle = next_cycle(facts.policy_id, (facts.opens_on or on).year)
    window.save(force_insert=True)
    window.towns.set(facts.towns)
    record_event("applications.window_prepared", window, by=by, at=at, after=snapshot(window))
    return window


@transaction.atomic
def change_window(window: Window, facts: WindowFacts, *, revision: int, by: User, at: datetime) -> Window:
    """Change a round as long as nobody can have applied in it. Raises WindowRefused, StaleForm."""
    fresh = locked_window(window, by=by, at=at, revision=revision)
    on = timezone.localdate(at)
    is_coming = fresh.state == State.OPEN and fresh.opens_on is not None and fresh.opens_on > on
    if fresh.state != State.DRAFT and not is_coming:
        raise WindowRefused(_("批次已经开始受理，不能再改；确需变更的，请提前截止后另设一批"))
    if facts.policy_id != fresh.policy_id or facts.unit.pk != fresh.unit_id:
        raise WindowRefused(_("批次的政策和单位不能改，请另设一批"))
    _refuse_facts(facts, on=on)
    before = snapshot(fresh)
    _write(fresh, facts)
    _keep(fresh, "applications.window_changed", before, by=by, at=at)
    fresh.towns.set(facts.towns)
    return fresh


@transaction.atomic
def open_window(window: Window, *, by: User, at: datetime) -> Window:
    """Make a round public: it takes applications from its first day on; the rolling one of its policy ends. Raises WindowRefused."""
    fresh = locked_window(window, by=by, at=at)
    on = timezone.localdate(at)
    if fresh.state != State.DRAFT:
        raise WindowRefused(_("这一批次已经公布"))
    if fresh.closes_on is not None and fresh.closes_on < on:
        raise WindowRefused(_("截止日期已过，请先改期"))
    if fresh.kind == Kind.COMPETITIVE:
        _refuse_overlap(fresh)
    for rolling in Window.objects.filter(policy_id=fresh.policy_id, kind=Kind.ROLLING, state=State.OPEN):
        before = snapshot(rolling)
        rolling.state, rolling.closed_at = State.CLOSED, at
        rolling.close_reason = _("改为分批受理")
        _keep(rolling, "applications.window_closed", before, by=by, at=at, reason=rolling.close_reason)
    before = snapshot(fresh)
    fresh.state = State.OPEN
    return _keep(fresh, "applications.window_opened", before, by=by, at=at)


@transaction.atomic
def close_window(window: Window, *, reason: str, by: User, at: datetime) -> Window:
    """Close a round before its last day, with the reason that everybody reads. Raises WindowRefused."""
    fresh = locked_window(window, by=by, at=at)
    if fresh.state != State.OPEN:
        raise WindowRefused(_("只有受理中的批次可以截止"))
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise WindowRefused(_("请写明提前截止的原因"))
    return _close(fresh, words, by=by, at=at)


def close_due_windows(period: DutyPeriod) -> int:
    """What the duty does every day: rounds whose last day has passed are closed; how many."""
    due = Window.objects.filter(state=State.OPEN, closes_on__lt=period.on).order_by("pk")
    for window in list(due):
        with transaction.atomic():
            take_locks(f"applications.window:{window.pk}")
            fresh = Window.objects.select_for_update(of=("self",)).get(pk=window.pk)
            if fresh.state == State.OPEN:
                _close(fresh, "", by=None, at=period.at)
    return len(due)


def next_cycle(policy_id: str, year: int) -> str:
    """The number of the next round of a policy in a year: 2026-1, 2026-2, …"""
    taken = Window.objects.filter(policy_id=policy_id, cycle__startswith=f"{year}-").values_list("cycle", flat=True)
    numbers = [int(one.partition("-")[2]) for one in taken if one.partition("-")[2].isdigit()]
    return f"{year}-{max(numbers, default=0) + 1}"


def has_closed(window: Window, *, on: date) -> bool:
    """Whether nobody can apply in a round any more."""
    is_over = window.closes_on is not None and window.closes_on < on
    return window.state in {State.CLOSED, State.DECIDED} or (window.state == State.OPEN and is_over)


def locked_window(window: Window, *, by: User, at: datetime, revision: int | None = None) -> Window:
    """The round as it stands, held, for whoever keeps it. Raises WindowRefused, StaleForm."""
    take_locks(f"applications.windows:{window.policy_id}", f"applications.window:{window.pk}")
    fresh = Window.objects.select_for_update(of=("self",)).select_related("unit", "panel").get(pk=window.pk)
    if not can_keep_window(by, fresh, timezone.localdate(at)):
        raise WindowRefused(_("只有该单位的政策管理员可以管理这一批次"))
    if revision is not None and revision != fresh.revision:
        raise StaleForm(_("批次刚由他人修改，请看过最新内容后再保存"))
    return fresh


def _close(window: Window, reason: str, *, by: User | None, at: datetime) -> Window:
    before = snapshot(window)
    window.state, window.closed_at, window.close_reason = State.CLOSED, at, reason
    return _keep(window, "applications.window_closed", before, by=by, at=at, reason=reason)


def _keep(
    window: Window, action: str, before: dict[str, Any], *, by: User | None, at: datetime, reason: str = ""
) -> Window:
    window.revision += 1
    window.save()
    record_event(action, window, by=by, at=at, before=before, after=snapshot(window), reason=reason)
    return window


def _write(window: Window, facts: WindowFacts) -> None:
    window.kind = Kind.COMPETITIVE if facts.is_competitive else Kind.ROLLING
    window.policy_id, window.title, window.unit = facts.policy_id, " ".join(facts.title.split()), facts.unit
    window.opens_on, window.closes_on = facts.opens_on, facts.closes_on
    window.places, window.money, window.budget_code = facts.places, facts.money, facts.budget_code
    window.is_sealed, window.reserves, window.when_empty = facts.is_sealed, facts.reserves, facts.when_empty
    window.score_sheet = facts.score_sheet
    window.title_en = " ".join(facts.title_en.split())[:LONGEST_TITLE]


def _refuse_facts(facts: WindowFacts, *, on: date) -> None:
    policy = current_catalogue().version_for(facts.policy_id, facts.opens_on or on)
    if policy is None or policy.channel not in apply_settings().applied_channels:
        raise WindowRefused(_("请选择在开始受理那天施行、需要申请的政策"))
    title = " ".join(facts.title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise WindowRefused(_("请填写批次名称（不超过 200 个字）"))
    if facts.opens_on is None or facts.closes_on is None:
        raise WindowRefused(_("请填写开始和截止日期"))
    if facts.closes_on < facts.opens_on:
        raise WindowRefused(_("截止日期不能早于开始日期"))
    if facts.closes_on < on:
        raise WindowRefused(_("截止日期不能早于今天"))
    if facts.places == 0 or (facts.money is not None and facts.money <= 0):
        raise WindowRefused(_("名额和资金额度应大于零；不限的请留空"))
    if facts.score_sheet and latest_sheet(facts.score_sheet) is None:
        raise WindowRefused(_("这张评分表还没有发布，请另选一张"))
    if facts.score_sheet and not facts.is_competitive:
        raise WindowRefused(_("只有集中评选的批次统一选评分表"))
    if facts.budget_code and not BudgetLine.objects.filter(code=facts.budget_code, year=facts.closes_on.year).exists():
        raise WindowRefused(_("当年没有编号为“%(code)s”的资金条目") % {"code": facts.budget_code[:40]})


def _refuse_overlap(window: Window) -> None:
    beside = Window.objects.filter(policy_id=window.policy_id, kind=Kind.COMPETITIVE, state=State.OPEN).exclude(
        pk=window.pk
    )
    other = beside.filter(opens_on__lte=window.closes_on, closes_on__gte=window.opens_on).first()
    if other is not None:
        raise WindowRefused(_("与批次“%(title)s”的受理时间重叠") % {"title": other.title})
