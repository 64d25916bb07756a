"""演示评选 - competitive rounds made by the very rules that people use: published with reserves, on the board, open now."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from chuangju.applications.batch_publications import begin_batch_notice, publish_batch
from chuangju.applications.batches import approve_batch, draw_batch, freeze_batch, propose_batch
from chuangju.applications.demo_driving import Cast, Drive, begin, demo_cast, hand_in
from chuangju.applications.models import Window
from chuangju.applications.panel_cases import PanelWish, open_window_panel
from chuangju.applications.window_changes import WindowFacts, close_window, open_window, prepare_window
from chuangju.kernel.models import User
from chuangju.kernel.money import parse_yuan
from chuangju.policies.current import current_catalogue
from chuangju.scoring.assignments import assign_assessor, spread_assessors
from chuangju.scoring.declarations import declare_no_conflict
from chuangju.scoring.freezing import freeze_panel
from chuangju.scoring.models import Assessment
from chuangju.scoring.panels import begin_scoring
from chuangju.scoring.sheets import latest_sheet
from chuangju.scoring.submissions import submit_scores
from chuangju.units.models import Unit
from chuangju.ventures.models import Party
from chuangju.ventures.parties import PartyFacts, add_party

DATA = Path(__file__).parent / "data" / "demo_selection.toml"
# 310199 was never assigned to any district.
_PREFIX = "91310199"


@transaction.atomic
def load_demo_selection(at: datetime) -> None:
    """Every round of the file, as far as the demo's people are there to bring them along."""
    data, cast = tomllib.loads(DATA.read_text(encoding="utf-8")), demo_cast()
    wanted = {data["officer"], *data["assessors"], "clerk-kw", "approver-kw"}
    if not wanted <= set(cast.people) or latest_sheet(data["sheet"]) is None:
        return
    towns = [Unit.objects.filter(code=code).first() for code in data["towns"]]
    if None not in towns:
        for entry in data["round"]:
            _load(entry, data, [one for one in towns if one is not None], cast, at)


def _load(entry: dict[str, Any], data: dict[str, Any], towns: list[Unit], cast: Cast, at: datetime) -> None:
    begun, officer = at - timedelta(days=entry["ago"]), cast.people[data["officer"]]
    unit = Unit.objects.get(code="kw")
    if current_catalogue().version_for(data["policy"], timezone.localdate(begun)) is None:
        return
    facts = WindowFacts(
        policy_id=data["policy"],
        title=entry["title"],
        title_en=entry.get("title_en", ""),
        unit=unit,
        opens_on=timezone.localdate(begun),
        closes_on=timezone.localdate(begun) + timedelta(days=entry["days"]),
        places=entry["places"],
        money=parse_yuan(entry["money"]),
        towns=list(Unit.objects.filter(code__in=entry.get("towns", ()))),
        is_sealed=True,
        score_sheet=data["sheet"],
    )
    window = prepare_window(facts, by=officer, at=begun, is_demo=True)
    window = open_window(window, by=officer, at=begun)
    if not entry["firms"]:
        return
    later = begun + timedelta(days=entry["days"] + 1)
    for place, firm in enumerate(entry["firms"]):
        _screen(firm, data["policy"], towns[place % len(towns)], cast, begun + timedelta(days=3), later)
    window = close_window(window, reason="申报数量已够（演示）", by=officer, at=later)
    scored = _score(window, entry, data, officer, cast, later + timedelta(days=8))
    batch = draw_batch(window, by=officer, at=scored)
    if not entry["is_published"]:
        return
    batch = propose_batch(freeze_batch(batch, by=officer, at=scored), by=officer, at=scored)
    batch = approve_batch(batch, opinion="同意", by=cast.people["approver-kw"], at=scored + timedelta(days=1))
    notice = begin_batch_notice(batch, by=officer, at=scored + timedelta(days=2))
    days = (notice.ends_on - timezone.localdate(scored)).days + 1
    publish_batch(batch, by=officer, at=scored + timedelta(days=days))


def _screen(firm: dict[str, Any], policy: str, town: Unit, cast: Cast, at: datetime, later: datetime) -> None:
    """Handed in at the counter, accepted once the round is over, and through its formal check."""
    draft = begin({"policy": policy, "number": firm["number"]}, _party(firm, town, policy, at=at), cast, at)
    if draft is None:
        return
    hand_in(draft, cast, at)
    drive = Drive(draft, cast, later)
    drive.accept()
    drive.review(before="panel")


def _party(firm: dict[str, Any], town: Unit, policy: str, *, at: datetime) -> Party:
    found = current_catalogue().version_for(policy, timezone.localdate(at))
    registered = found.examples[0].given.get("registered_on") if found is not None else None
    body = f"{_PREFIX}{firm['number']:09d}"
    facts = PartyFacts(
        kind=Party.Kind.FIRM,
        name=firm["name"],
        credit_code=body + str(uscc.calc_check_digit(body)),
        town=town,
        registered_on=registered if isinstance(registered, date) else None,
    )
    return add_party(facts, source=Party.Source.DEMO, is_demo=True, by=None, at=at)


def _score(
    window: Window, entry: dict[str, Any], data: dict[str, Any], officer: User, cast: Cast, at: datetime
) -> datetime:
    """The panel over the round's cases, scored by everybody and frozen; when it was."""
    sheet = latest_sheet(data["sheet"])
    assert sheet is not None  # noqa: S101 - asked above
    due_on = timezone.localdate(at) + timedelta(days=7)
    wish = PanelWish(sheet, due_on, min_assessors=entry["per_case"])
    panel = open_window_panel(window, wish, by=officer, at=at)
    for name in data["assessors"][: entry["per_case"]]:
        assign_assessor(panel, cast.people[name], [], by=officer, at=at)
    spread_assessors(panel, by=officer, at=at)
    begin_scoring(panel, by=officer, at=at)
    given = Assessment.objects.filter(panel=panel).select_related("panel", "entry", "assessor")
    for one in given.order_by("entry__position", "assessor__username"):
        declare_no_conflict(one, by=one.assessor, at=at)
        points = entry["firms"][one.entry.position - 1]["points"]
        place = sorted(data["assessors"]).index(one.assessor.username)
        scores = {
            "innovation": str(points[place % len(points)]),
            **{key: str(value) for key, value in data["same"].items()},
        }
        submit_scores(one, scores, comment="（演示）", by=one.assessor, at=at + timedelta(days=2))
    freeze_panel(panel, by=officer, at=at + timedelta(days=3))
    return at + timedelta(days=3)
