"""评选台 - everything the board of a list shows, read in a constant number of queries: rows, the money, what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangju.applications.batch_publications import free_places, reserves_of
from chuangju.applications.batch_ranking import (
    GRANTED,
    RESERVE,
    Entry,
    Left,
    batch_settings,
    left_of,
    outcome_at,
    ties_of,
)
from chuangju.applications.desk_words import flag_signs
from chuangju.applications.models import Application, ApplicationFlag, Decision, DecisionBatch, PublicNotice
from chuangju.applications.window_access import can_approve_batch, can_prepare_batch
from chuangju.kernel.models import User
from chuangju.scoring.score_text import score_text
from chuangju.ui.signs import Sign

State = DecisionBatch.State
_TONES = {GRANTED: "good", RESERVE: "soon"}


@dataclass(frozen=True)
class Row:
    """One case of the list as it is drawn."""

    place: int
    entry: Entry
    case: Application | None
    outcome: str
    sign: Sign
    score: str
    spread: str
    is_tied: bool
    is_wide: bool
    flags: Sequence[Sign]
    decision: Decision | None
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether it stands outside the line."""
        return self.outcome != GRANTED

    @property
    def can_leave(self) -> bool:
        """Whether it holds a place that it could give up."""
        counting = {Decision.State.APPROVED, Decision.State.PUBLISHED}
        return self.decision is not None and self.outcome == GRANTED and self.decision.state in counting


@dataclass(frozen=True)
class Board:
    """A list with everything beside it."""

    rows: list[Row]
    left: Left
    total: int
    may_prepare: bool
    may_approve: bool
    notices: list[PublicNotice]
    free: int
    waiting: int
    children: list[DecisionBatch]

    @property
    def over(self) -> int:
        """By how much the winners ask for more than is left; 0 where it is enough."""
        return max(0, self.total - self.left.money) if self.left.money is not None else 0

    @property
    def remaining(self) -> int | None:
        """What would be left after the winners."""
        return self.left.money - self.total if self.left.money is not None else None


def board_of(batch: DecisionBatch, *, user: User, at: datetime) -> Board:
    """Read a list for somebody."""
    on = timezone.localdate(at)
    cases = _cases(batch)
    decisions = {str(one.application_id): one for one in _decisions(batch)}
    ties, rows, total, sum_granted = ties_of(batch.ranking), [], 0, 0
    for place, entry in enumerate(batch.ranking):
        outcome = entry.get("outcome") or outcome_at(place, batch.cut_line, batch.reserve_count)
        total += entry["amount"] or 0
        sum_granted += (entry["amount"] or 0) if outcome == GRANTED else 0
        key = entry["application"]
        rows.append(
            _row(place + 1, entry, outcome, cases.get(key), decisions.get(key), is_tied=key in ties, total=total)
        )
    is_published = batch.state in {State.APPROVED, State.NOTICE, State.PUBLISHED}
    return Board(
        rows=rows,
        left=left_of(batch.window, at=at),
        total=sum_granted,
        may_prepare=can_prepare_batch(user, batch.window, on),
        may_approve=can_approve_batch(user, batch, on),
        notices=list(PublicNotice.objects.filter(decisions__batch=batch).distinct().order_by("-starts_on", "-pk")),
        free=free_places(batch) if is_published else 0,
        waiting=len(reserves_of(batch)) if is_published else 0,
        children=list(batch.children.select_related("window").order_by("proposed_at", "pk")),
    )


def outcome_name(outcome: str) -> str:
    """What stands beside a place."""
    if outcome == GRANTED:
        return pgettext("selection", "入围")
    return pgettext("selection", "候补") if outcome == RESERVE else pgettext("selection", "未入围")


def _row(
    place: int, entry: Entry, outcome: str, case: Application | None, decision: Decision | None, *,
    is_tied: bool, total: int,
) -> Row:  # fmt: skip
    wide = batch_settings()["board"]["wide_spread"] * 100
    flags = flag_signs(case.flags.all()) if case is not None else []
    if case is not None and case.state in {Application.State.WITHDRAWN, Application.State.LAPSED}:
        flags.append(Sign("flat", str(case.get_state_display())))
    if entry["verdict"] not in {"eligible", "unknown"}:
        flags.append(Sign("late", _("现在不符合条件")))
    elif entry["verdict"] == "unknown":
        flags.append(Sign("soon", _("有数据待核实")))
    return Row(
        place=place,
        entry=entry,
        case=case,
        outcome=outcome,
        sign=Sign(_TONES.get(outcome, "flat"), outcome_name(outcome)),
        score=score_text(entry["score"]),
        spread=score_text(entry["spread"]),
        is_tied=is_tied,
        is_wide=(entry["spread"] or 0) >= wide,
        flags=flags,
        decision=decision,
        total=total,
    )


def _cases(batch: DecisionBatch) -> dict[str, Application]:
    keys = [one["application"] for one in batch.ranking]
    flags = Prefetch("flags", ApplicationFlag.objects.filter(ended_at__isnull=True))
    found = Application.objects.filter(pk__in=keys).select_related("subject", "town").prefetch_related(flags)
    return {str(case.pk): case for case in found}


def _decisions(batch: DecisionBatch) -> QuerySet[Decision]:
    """The decision of each case that stands last."""
    return batch.decisions.order_by("proposed_at", "pk")
