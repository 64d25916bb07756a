"""冻结 - the end of scoring: what came of it is written down with its hash, and from then on nothing changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.scoring.access import can_run_panel
from chuangju.scoring.guards import missing_state_guards
from chuangju.scoring.models import Assessment, FrozenResult, Panel
from chuangju.scoring.panels import PanelRefused, lock_panel, panel_lock, withdraw_open
from chuangju.scoring.results import Result, compute_results, plain_results
from chuangju.scoring.subjects import follow_frozen


@transaction.atomic
def freeze_panel(panel: Panel, *, by: User, at: datetime) -> list[Result]:
    """End the scoring: every subject has the scores it needs, what is still open is taken back, the results stand.

    Raises PanelRefused.
    """
    fresh = lock_panel(panel, by=by, at=at)
    if fresh.state != Panel.State.SCORING:
        raise PanelRefused(_("只有评分中的评审可以冻结"))
    results = compute_results(fresh)
    short = [result for result in results if result.missing]
    if short:
        said = {"count": len(short), "least": fresh.min_assessors}
        raise PanelRefused(_("还有 %(count)d 个参评对象的评分不足 %(least)d 份，不能冻结") % said)
    if not results:
        raise PanelRefused(_("没有可以冻结的评分"))
    taken_back = withdraw_open(Assessment.objects.filter(panel=fresh))
    kept = plain_results(results)
    frozen = FrozenResult.objects.create(panel=fresh, results=kept, sha256=digest_of(kept), frozen_by=by, frozen_at=at)
    fresh.state, fresh.frozen_at = Panel.State.FROZEN, at
    fresh.save(update_fields=["state", "frozen_at"])
    after = {"state": fresh.state, "校验值": frozen.sha256, gettext_noop("撤回数"): taken_back}
    before = {"state": Panel.State.SCORING}
    record_event("scoring.panel_frozen", fresh, by=by, at=at, before=before, after=after)
    follow_frozen(fresh, results, by=by, at=at)
    panel.refresh_from_db()
    return results


@transaction.atomic
def close_panel(panel: Panel, *, by: User, at: datetime) -> None:
    """The frozen results were used: the panel is put away. Raises PanelRefused."""
    take_locks(panel_lock(panel))
    fresh = Panel.objects.select_for_update(of=("self",)).select_related("unit").get(pk=panel.pk)
    if not can_run_panel(by, fresh, timezone.localdate(at)):
        raise PanelRefused(_("您没有组织该评审的权限"))
    if fresh.state != Panel.State.FROZEN:
        raise PanelRefused(_("只有已冻结的评审可以结束"))
    fresh.state, fresh.closed_at = Panel.State.CLOSED, at
    fresh.save(update_fields=["state", "closed_at"])
    before, after = {"state": Panel.State.FROZEN}, {"state": fresh.state}
    record_event("scoring.panel_closed", fresh, by=by, at=at, before=before, after=after)
    panel.refresh_from_db()


def digest_of(results: list[dict[str, Any]]) -> str:
    """The hash of plain results, the same whatever the order of their names."""
    text = json.dumps(results, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def find_panel_faults() -> Iterator[str]:
    """One sentence for each frozen panel whose results no longer follow from its scores, and for each guard that is gone."""
    for name in missing_state_guards(connection):
        yield _("数据库缺少评审的保护触发器 %(name)s。") % {"name": name}
    settled = Panel.objects.filter(state__in=Panel.SETTLED).select_related("sheet", "frozen").order_by("pk")
    for panel in settled.iterator(100):
        said = {"panel": panel.title}
        kept = panel.frozen.results if hasattr(panel, "frozen") else None
        if kept is None or digest_of(kept) != panel.frozen.sha256:
            yield _("评审“%(panel)s”的冻结结果缺失或与校验值不符。") % said
        elif plain_results(compute_results(panel)) != kept:
            yield _("评审“%(panel)s”的冻结结果与评分不一致。") % said
