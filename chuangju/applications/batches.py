"""批量审定 - a round decided as a whole: drawn up, ordered, frozen with its hash, put forward, approved by a second person.

Whatever happens to a list happens under the lock of its round and once: who comes second finds it in another state. The
decisions of a list are those of decisions.py, one for each case; if one of them cannot be taken none is, and every reason
is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.batch_decisions import BatchRefused, approve_all, propose_all, return_all
from chuangju.applications.batch_ranking import (
    GRANTED,
    REFUSED,
    Entry,
    batch_settings,
    cases_of_round,
    digest_of,
    draw_up,
    left_of,
    ranked,
    widest_cut,
)
from chuangju.applications.models import DecisionBatch, Window
from chuangju.applications.window_access import can_approve_batch, can_prepare_batch
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm

State = DecisionBatch.State
LONGEST_REASON = 500


@dataclass(frozen=True)
class Line:
    """Where the cut runs: so many are granted, so many after them wait."""

    cut: int
    reserves: int


@transaction.atomic
def draw_batch(window: Window, *, by: User, at: datetime) -> DecisionBatch:
    """Begin the list of a round whose panel is frozen. Raises BatchRefused."""
    take_locks(f"applications.window:{window.pk}")
    fresh = Window.objects.select_for_update(of=("self",)).select_related("unit", "panel").get(pk=window.pk)
    if not can_prepare_batch(by, fresh, timezone.localdate(at)):
        raise BatchRefused(_("只有该单位的政策管理员和经办人可以拟定名单；在本批次有申请的应当回避"))
    if fresh.kind != Window.Kind.COMPETITIVE or fresh.state not in {Window.State.CLOSED, Window.State.DECIDED}:
        raise BatchRefused(_("集中评选的批次截止以后才能拟定名单"))
    if fresh.batches.filter(state__in=DecisionBatch.OPEN_STATES).exists():
        raise BatchRefused(_("这一批次已有正在拟定的名单"))
    if fresh.panel is not None and not fresh.panel.is_settled:
        raise BatchRefused(_("专家评审还没有冻结，冻结以后才能拟定名单"))
    cases = cases_of_round(fresh)
    if not cases:
        raise BatchRefused(_("没有等待审定的办件"))
    earlier = fresh.batches.filter(state=State.RETURNED, parent__isnull=True).first()
    entries = draw_up(cases, at=at, kept=earlier.ranking if earlier else ())
    cut = widest_cut(entries, left_of(fresh, at=at))
    batch = DecisionBatch(
        window=fresh, title=f"{fresh.title} {fresh.cycle}".strip()[:200], money=fresh.money, places=fresh.places,
        ranking=entries, cut_line=cut, proposed_by=by, proposed_at=at, is_demo=fresh.is_demo,
        reserve_count=min(batch_settings()["board"]["reserves"], len(entries) - cut),
    )  # fmt: skip
    batch.save(force_insert=True)
    record_event("applications.batch_drawn", batch, by=by, at=at, after={"名单数": len(entries), "入围数": cut})
    return batch


@transaction.atomic
def refresh_batch(batch: DecisionBatch, *, by: User, at: datetime) -> DecisionBatch:
    """Read cases, scores and amounts once more; what was moved by hand stays. Raises BatchRefused."""
    fresh = locked_batch(batch, State.DRAFT, by=by, at=at)
    before = {"名单数": len(fresh.ranking)}
    fresh.ranking = draw_up(cases_of_round(fresh.window), at=at, kept=fresh.ranking)
    fresh.cut_line = min(fresh.cut_line, len(fresh.ranking))
    fresh.reserve_count = min(fresh.reserve_count, len(fresh.ranking) - fresh.cut_line)
    return keep_batch(fresh, "batch_refreshed", before, {"名单数": len(fresh.ranking)}, by=by, at=at)


@transaction.atomic
def set_line(batch: DecisionBatch, line: Line, *, revision: int | None = None, by: User, at: datetime) -> DecisionBatch:
    """Move the cut line, within what the list, the places and the money allow. Raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.DRAFT, by=by, at=at, revision=revision)
    if line.cut < 0 or line.reserves < 0 or line.cut + line.reserves > len(fresh.ranking):
        raise BatchRefused(_("入围和候补一共不能超过名单上的 %(count)d 件") % {"count": len(fresh.ranking)})
    left = left_of(fresh.window, at=at)
    if left.places is not None and line.cut > left.places:
        raise BatchRefused(_("名额只剩 %(count)d 个") % {"count": left.places})
    before = {"入围数": fresh.cut_line, "候补数": fresh.reserve_count}
    fresh.cut_line, fresh.reserve_count = line.cut, line.reserves
    return keep_batch(fresh, "batch_cut", before, {"入围数": line.cut, "候补数": line.reserves}, by=by, at=at)


@transaction.atomic
def move_case(
    batch: DecisionBatch, application: str, *, place: int, reason: str, revision: int | None = None, by: User,
    at: datetime,
) -> DecisionBatch:  # fmt: skip
    """Put a case at another place of the list, with the reason beside it for good. Raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.DRAFT, by=by, at=at, revision=revision)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise BatchRefused(_("请写明调整名次的原因"))
    entries: list[Entry] = list(fresh.ranking)
    entry = next((one for one in entries if one["application"] == application), None)
    if entry is None or not 1 <= place <= len(entries):
        raise BatchRefused(_("名次应在 1 到 %(count)d 之间") % {"count": len(entries)})
    was = entries.index(entry) + 1
    if was == place:
        raise BatchRefused(_("已经在这个名次"))
    entries.remove(entry)
    move = {"from": was, "to": place, "reason": words, "by": by.name, "at": at.isoformat()}
    entries.insert(place - 1, {**entry, "moves": [*entry["moves"], move]})
    fresh.ranking = entries
    before = {"办件": entry["number"], "名次": was}
    return keep_batch(
        fresh, "batch_moved", before, {"办件": entry["number"], "名次": place}, by=by, at=at, reason=words
    )


@transaction.atomic
def freeze_batch(batch: DecisionBatch, *, revision: int | None = None, by: User, at: datetime) -> DecisionBatch:
    """Freeze the list: from here on nothing moves. Raises BatchRefused, StaleForm."""
    fresh = locked_batch(batch, State.DRAFT, by=by, at=at, revision=revision)
    now = {str(case.pk) for case in cases_of_round(fresh.window)}
    listed = {one["application"] for one in fresh.ranking}
    if fresh.parent_id is None and now != listed:
        raise BatchRefused(_("名单上的办件有变动（撤回或新通过审查），请先更新名单"))
    entries = ranked(fresh.ranking, cut=fresh.cut_line, reserves=fresh.reserve_count)
    problems = _problems_of(entries)
    if problems:
        raise BatchRefused(_("名单还不能锁定，请逐件处理"), problems)
    total, left = sum(one["amount"] or 0 for one in entries if one["outcome"] == GRANTED), left_of(fresh.window, at=at)
    is_over = left.money is not None and total > left.money and fresh.window.when_empty == Window.WhenEmpty.REFUSE
    is_beyond = fresh.window.money is not None and left.money is not None and total > left.money
    if is_over or is_beyond:
        raise BatchRefused(_("入围金额超过可用资金，请把入围线上移"))
    fresh.ranking, fresh.state, fresh.frozen_at = entries, State.FROZEN, at
    fresh.sha256 = digest_of(fresh)
    return keep_batch(fresh, "batch_frozen", {"state": State.DRAFT}, {"校验值": fresh.sha256}, by=by, at=at)


@transaction.atomic
def propose_batch(batch: DecisionBatch, *, by: User, at: datetime) -> DecisionBatch:
    """Put the frozen list forward: a decision for each case but the reserves. Raises BatchRefused with every problem."""
    fresh = locked_batch(batch, State.FROZEN, by=by, at=at)
    refuse_if_changed(fresh)
    propose_all(fresh, by=by, at=at)
    fresh.state, fresh.proposed_by, fresh.proposed_at = State.PROPOSED, by, at
    return keep_batch(fresh, "batch_proposed", {"state": State.FROZEN}, {"state": State.PROPOSED}, by=by, at=at)


@transaction.atomic
def approve_batch(batch: DecisionBatch, *, opinion: str = "", by: User, at: datetime) -> DecisionBatch:
    """审定: the whole list by a second person; money is set aside for each. Raises BatchRefused with every problem."""
    fresh = _for_approver(batch, by=by, at=at)
    refuse_if_changed(fresh)
    approve_all(fresh, opinion=opinion, by=by, at=at)
    fresh.state, fresh.approved_by, fresh.approved_at = State.APPROVED, by, at
    return keep_batch(fresh, "batch_approved", {"state": State.PROPOSED}, {"state": State.APPROVED}, by=by, at=at)


@transaction.atomic
def return_batch(batch: DecisionBatch, *, reason: str, by: User, at: datetime) -> DecisionBatch:
    """The approver sends the list back; another one is drawn up from it. Raises BatchRefused."""
    fresh = _for_approver(batch, by=by, at=at)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise BatchRefused(_("请写明退回的原因"))
    return_all(fresh, reason=words, by=by, at=at)
    fresh.state, fresh.reason = State.RETURNED, words
    before = {"state": State.PROPOSED}
    return keep_batch(fresh, "batch_returned", before, {"state": State.RETURNED}, by=by, at=at, reason=words)


def locked_batch(
    batch: DecisionBatch, *states: str, revision: int | None = None, by: User, at: datetime
) -> DecisionBatch:
    """The list as it stands, held with its round, for whoever prepares it. Raises BatchRefused, StaleForm."""
    fresh = hold_batch(batch, *states)
    if not can_prepare_batch(by, fresh.window, timezone.localdate(at)):
        raise BatchRefused(_("只有该单位的政策管理员和经办人可以办理；在本批次有申请的应当回避"))
    if revision is not None and revision != fresh.revision:
        raise StaleForm(_("名单刚由他人改动，请看过最新名单后再办理"))
    return fresh


def hold_batch(batch: DecisionBatch, *states: str) -> DecisionBatch:
    """The list and its round, held; raises BatchRefused in another state than these."""
    take_locks(f"applications.batch:{batch.pk}")
    rows = DecisionBatch.objects.select_for_update(of=("self",)).select_related("window__unit", "window__panel")
    fresh = rows.get(pk=batch.pk)
    if fresh.state not in states:
        raise BatchRefused(
            _("名单现在是“%(state)s”，可能刚由他人办理，请刷新后查看") % {"state": fresh.get_state_display()}
        )
    return fresh


def refuse_if_changed(batch: DecisionBatch) -> None:
    """Raise BatchRefused where a frozen list is not what its hash says."""
    if digest_of(batch) != batch.sha256:
        raise BatchRefused(_("名单与锁定时的校验值不符，请联系系统管理员"))


def keep_batch(
    batch: DecisionBatch, action: str, before: dict[str, Any], after: dict[str, Any], *, by: User | None, at: datetime,
    reason: str = "",
) -> DecisionBatch:  # fmt: skip
    """Write the changed list with its event."""
    batch.revision += 1
    batch.save()
    kept = {**after, "revision": batch.revision} if after else snapshot(batch)
    record_event(f"applications.{action}", batch, by=by, at=at, before=before, after=kept, reason=reason)
    return batch


def _for_approver(batch: DecisionBatch, *, by: User, at: datetime) -> DecisionBatch:
    fresh = hold_batch(batch, State.PROPOSED)
    if not can_approve_batch(by, fresh, timezone.localdate(at)):
        raise BatchRefused(_("审定应由责任单位的另一名审批人办理；拟定名单和在本批次有申请的人不能审定"))
    return fresh


def _problems_of(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """What keeps a list from being frozen: winners without a score, or to whom the rule gives nothing."""
    found = []
    for one in entries:
        if one["outcome"] == REFUSED:
            continue
        name = one["number"]
        if one["score"] is None:
            found.append((name, _("还没有评审得分")))
        elif one["verdict"] not in {"eligible", "unknown"}:
            found.append((name, _("按现在的数据不符合政策条件，请调到入围线以下，或先核实数据")))
    return found
