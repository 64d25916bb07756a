"""评选名单 - the order of a round's cases by their scores, what each would get, and where the cut line runs.

A list keeps its entries as plain data, so that the board reads it in a constant number of queries and its hash says exactly
what was decided. Places are counted from 1; equal scores share a rank and are pointed out.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from chuangju.applications.case_locks import findings_of
from chuangju.applications.case_money import granted_in, line_of
from chuangju.applications.evaluation import evaluate, pinned_policy
from chuangju.applications.models import Application, Decision, DecisionBatch, Step, Window
from chuangju.budget.ledger import balances_of
from chuangju.budget.models import BudgetLine

GRANTED, RESERVE, REFUSED = "granted", "reserve", "refused"
_COUNTING = (Decision.State.APPROVED, Decision.State.PUBLISHED)
Entry = dict[str, Any]


@dataclass(frozen=True)
class Left:
    """What a round can still give: places and money; None where nothing limits it."""

    places: int | None
    money: int | None
    line: BudgetLine | None


@cache
def batch_settings() -> dict[str, Any]:
    """The settings of selection lists."""
    return tomllib.loads((Path(__file__).parent / "data" / "batches.toml").read_text(encoding="utf-8"))


def cases_of_round(window: Window) -> list[Application]:
    """The cases that a list ranks: at their approval, checked and scored, not decided yet."""
    found = Application.objects.filter(
        window=window, state=Application.State.IN_REVIEW, kind=Application.Kind.APPLICATION,
        steps__kind=Step.Kind.APPROVE, steps__state=Step.State.OPEN,
    ).exclude(decisions__state__in=(Decision.State.PROPOSED, *_COUNTING))  # fmt: skip
    # Whoever failed a check is refused alone, with that reason.
    listed = found.exclude(pk__in=_failed_in(window)).select_related("subject", "town", "unit", "window", "payee")
    return list(listed.distinct().order_by("number"))


def _failed_in(window: Window) -> QuerySet[Step]:
    """The cases of steps that said no for their whole position: not whoever was only asked, or stood beside one that was enough."""
    beside = Step.objects.filter(
        application=OuterRef("application"), position=OuterRef("position"),
        result__in=(Step.Result.PASSED, Step.Result.SILENT),
    )  # fmt: skip
    no = Step.objects.filter(application__window=window, result=Step.Result.FAILED).exclude(kind=Step.Kind.CONSULT)
    no = no.exclude(join=Step.Join.LEAD, is_lead=False)
    return no.exclude(Q(join=Step.Join.ANY) & Exists(beside)).values("application")  # type: ignore[return-value]


def draw_up(cases: Sequence[Application], *, at: datetime, kept: Sequence[Entry] = ()) -> list[Entry]:
    """The list by scores, the highest first; what was moved by hand before stays where it was put."""
    scores = _scores(cases)
    entries = [_entry(case, scores.get(case.pk, {}), at=at) for case in cases]
    entries.sort(key=lambda one: (one["score"] is None, -(one["score"] or 0), one["number"]))
    places = {one["application"]: place for place, one in enumerate(kept)}
    moves = {one["application"]: one["moves"] for one in kept if one.get("moves")}
    for key in sorted((key for key in moves), key=lambda key: places[key]):
        entry = next((one for one in entries if one["application"] == key), None)
        if entry is not None:
            entry["moves"] = moves[key]
            entries.remove(entry)
            entries.insert(min(places[key], len(entries)), entry)
    return entries


def ranked(entries: Sequence[Entry], *, cut: int, reserves: int) -> list[Entry]:
    """The same list with the outcome of each by the cut line."""
    return [{**one, "outcome": outcome_at(place, cut, reserves)} for place, one in enumerate(entries)]


def outcome_at(place: int, cut: int, reserves: int) -> str:
    """What stands at a place (from 0): within the line, in reserve, or outside."""
    if place < cut:
        return GRANTED
    return RESERVE if place < cut + reserves else REFUSED


def left_of(window: Window, *, at: datetime) -> Left:
    """What the round can still give: its own limits less what was granted, and never more than the budget line holds."""
    granted = granted_in(window)
    used = granted.aggregate(sum=Sum("amount"))["sum"] or 0
    places = None if window.places is None else max(0, window.places - granted.count())
    money = None if window.money is None else max(0, window.money - used)
    case = window.applications.select_related("window", "unit").first()
    line = line_of(case, pinned_policy(case), on=timezone.localdate(at)) if case is not None else None
    if line is not None:
        available = max(0, balances_of(line).available)
        money = available if money is None else min(money, available)
    return Left(places, money, line)


def widest_cut(entries: Sequence[Entry], left: Left) -> int:
    """How many from the top the places and the money allow."""
    total, count = 0, 0
    for one in entries:
        total += one["amount"] or 0
        if (left.money is not None and total > left.money) or (left.places is not None and count >= left.places):
            break
        if one["verdict"] not in {"eligible", "unknown"} or one["score"] is None:
            break
        count += 1
    return count


def ties_of(entries: Sequence[Entry]) -> set[str]:
    """The cases that share their score with another."""
    counts = Counter(one["score"] for one in entries if one["score"] is not None)
    return {one["application"] for one in entries if counts[one["score"]] > 1}


def digest_of(batch: DecisionBatch) -> str:
    """The hash of a list: its entries in their order, the line and the reserves."""
    kept = {
        "window": batch.window_id, "cut": batch.cut_line, "reserves": batch.reserve_count, "ranking": batch.ranking,
    }  # fmt: skip
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _scores(cases: Sequence[Application]) -> dict[Any, dict[str, Any]]:
    steps = Step.objects.filter(application__in=cases, kind=Step.Kind.PANEL, state=Step.State.DONE)
    return {step.application_id: findings_of(step) for step in steps.order_by("position")}


def _entry(case: Application, found: dict[str, Any], *, at: datetime) -> Entry:
    evaluation = evaluate(case, on=timezone.localdate(at))
    return {
        "application": str(case.pk),
        "number": case.number or "",
        "score": found.get("score"),
        "rank": found.get("rank"),
        "spread": found.get("spread"),
        "asked": case.expected_amount,
        "amount": evaluation.money,
        "verdict": evaluation.verdict,
        "moves": [],
    }
