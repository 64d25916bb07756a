"""演示评审 - one panel in each state with three assessors, and scores in each state; subjects and assessors are invented."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.scoring.assignments import assign_assessor, spread_assessors
from chuangju.scoring.declarations import declare_conflict, declare_no_conflict
from chuangju.scoring.freezing import close_panel, freeze_panel
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.panels import begin_scoring, open_panel, withdraw_subject
from chuangju.scoring.sheets import draft_sheet, latest_sheet
from chuangju.scoring.submissions import keep_scores, submit_scores
from chuangju.units.models import Unit

DATA = Path(__file__).parent / "data" / "demo_panels.toml"


@transaction.atomic
def load_demo_panels(at: datetime) -> None:
    """Make the panels of the file by the rules of the product."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    for entry in data["panel"]:
        assessors = [people[name] for name in data["assessors"] if name in people]
        if entry["by"] in people and len(assessors) == len(data["assessors"]):
            _make(entry, people[entry["by"]], assessors, at)
    draft = data["draft_sheet"]
    if draft["by"] in people:
        said = {name: draft[name] for name in ("key", "title", "title_en", "summary")}
        draft_sheet(**said, by=people[draft["by"]], at=at - timedelta(days=1))


def _make(entry: dict[str, Any], by: User, assessors: list[User], at: datetime) -> None:
    begun = at - timedelta(days=entry["days_ago"])
    sheet, unit = latest_sheet(entry["sheet"]), Unit.objects.filter(code=entry["unit"]).first()
    if sheet is None or unit is None:
        return
    panel = open_panel(
        sheet,
        title=entry["title"],
        unit=unit,
        is_blind=entry["is_blind"],
        drop_extremes=entry["drop_extremes"],
        min_assessors=entry["min_assessors"],
        normalisation=entry["normalisation"],
        subjects=[(f"scoring.demo:{entry['key']}-{n}", label, "") for n, label in enumerate(entry["subjects"], 1)],
        due_on=timezone.localdate(begun) + timedelta(days=entry["days"]),
        is_draft=True,
        by=by,
        at=begun,
    )
    for assessor in assessors:
        assign_assessor(panel, assessor, [], by=by, at=begun)
    spread_assessors(panel, by=by, at=begun)
    if entry["state"] == Panel.State.DRAFT:
        return
    begin_scoring(panel, by=by, at=begun + timedelta(hours=1))
    _score(panel, entry, begun + timedelta(days=1))
    if entry.get("leaves"):
        key = f"scoring.demo:{entry['key']}-{len(entry['subjects'])}"
        withdraw_subject(panel, key, reason=entry["leaves"], by=by, at=begun + timedelta(days=2))
    if entry["state"] in Panel.SETTLED:
        freeze_panel(panel, by=by, at=begun + timedelta(days=3))
    if entry["state"] == Panel.State.CLOSED:
        close_panel(panel, by=by, at=begun + timedelta(days=6))


def _score(panel: Panel, entry: dict[str, Any], at: datetime) -> None:
    """Everybody scores down the lines of the file; "conflict", "keep" and "wait" stand where somebody does not."""
    given = Assessment.objects.filter(panel=panel).select_related("panel", "entry", "assessor")
    listed = given.order_by("assessor__username", "entry__position")
    for number, one in enumerate(listed):
        line = entry["score"][number % len(entry["score"])]
        by = one.assessor
        is_leaving = bool(entry.get("leaves")) and one.entry.position == len(entry["subjects"])
        if is_leaving or line.get("is") == "wait":
            continue
        if line.get("is") == "conflict":
            declare_conflict(one, reason=line["reason"], by=by, at=at)
            continue
        declare_no_conflict(one, by=by, at=at)
        scores = {key: str(value) for key, value in line.items() if key not in {"is", "comment"}}
        hand_in = keep_scores if line.get("is") == "keep" else submit_scores
        if entry["sheet"] == "contest_final":
            scores["placing"] = str(one.entry.position)
        hand_in(one, scores, comment=line.get("comment", ""), by=by, at=at)
