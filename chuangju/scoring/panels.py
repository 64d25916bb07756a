"""评审 - how a panel is opened, filled with subjects, begun and ended. How it is frozen stands in `freezing.py`.

panel = open_panel(sheet, title=…, unit=…, is_blind=True, drop_extremes=True, subjects=[(key, label, blind)], …)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.scoring.access import can_open_panels, can_run_panel
from chuangju.scoring.models import Assessment, Panel, PanelEntry, ScoreSheet
from chuangju.scoring.parameters import read_parameters
from chuangju.units.models import Unit

# Subjects without a package: typed in by whoever runs the panel.
TYPED = "scoring.typed"
MOST_SUBJECTS = 2000
_LONGEST = {"title": 120, "label": 200, "blind_label": 40, "subject_key": 120}

Subjects = Iterable[tuple[str, str, str]]


class PanelRefused(Refused):
    """The panel cannot be opened, changed or ended like this; the sentence says why."""


@dataclass(frozen=True)
class PanelTerms:
    """How a panel scores; what is left out is the house's figure."""

    drop_extremes: bool = False
    is_blind: bool = False
    normalisation: str = Panel.Normalisation.NONE
    min_assessors: int | None = None
    max_per_assessor: int | None = None


def panel_lock(panel: Panel) -> str:
    """The lock under which everything of a panel changes."""
    return f"scoring.panel.{panel.pk}"


@transaction.atomic
def open_panel(  # noqa: PLR0913 - what a panel is, each by name
    sheet: ScoreSheet,
    *,
    title: str,
    unit: Unit,
    is_blind: bool = False,
    drop_extremes: bool = False,
    subjects: Subjects = (),
    due_on: date,
    normalisation: str = Panel.Normalisation.NONE,
    min_assessors: int | None = None,
    max_per_assessor: int | None = None,
    is_draft: bool = False,
    by: User,
    at: datetime,
) -> Panel:
    """Open a panel over these subjects (key, label, blind label; an empty blind label is numbered). It scores at once,
    unless it is still being prepared (`is_draft`). Raises PanelRefused.
    """
    terms = PanelTerms(drop_extremes, is_blind, normalisation, min_assessors, max_per_assessor)
    listed = list(subjects)
    _refuse_panel(sheet, title=title, unit=unit, terms=terms, due_on=due_on, by=by, at=at)
    if not is_draft and not listed:
        raise PanelRefused(_("评审至少要有一个参评对象"))
    figures = read_parameters()
    panel = Panel.objects.create(
        title=" ".join(title.split()),
        sheet=sheet,
        unit=unit,
        state=Panel.State.DRAFT if is_draft else Panel.State.SCORING,
        is_blind=is_blind,
        drop_extremes=drop_extremes,
        drop_from=figures.drop_extremes_from,
        normalisation=normalisation,
        min_assessors=min_assessors or figures.min_assessors,
        max_per_assessor=max_per_assessor,
        due_on=due_on,
        opened_by=by,
        opened_at=at,
        is_demo=by.is_demo,
    )
    _enter(panel, listed)
    record_event(
        "scoring.panel_opened", panel, by=by, at=at, after={**snapshot(panel), gettext_noop("参评对象数"): len(listed)}
    )
    return panel


@transaction.atomic
def add_subjects(panel: Panel, subjects: Subjects, *, by: User, at: datetime) -> list[PanelEntry]:
    """Add subjects to a panel that is not frozen; raises PanelRefused."""
    fresh = lock_panel(panel, by=by, at=at)
    listed = list(subjects)
    if not listed:
        raise PanelRefused(_("请填写参评对象"))
    entries = _enter(fresh, listed)
    names = [entry.blind_label for entry in entries]
    record_event("scoring.subjects_added", fresh, by=by, at=at, after={"匿名编号": names})
    return entries


def typed_subjects(labels: Iterable[str]) -> list[tuple[str, str, str]]:
    """Subjects that no package knows, by their names."""
    return [(f"{TYPED}:{uuid4()}", " ".join(label.split()), "") for label in labels if label.strip()]


@transaction.atomic
def withdraw_subject(panel: Panel, subject_key: str, *, reason: str, by: User | None, at: datetime) -> PanelEntry:
    """A subject leaves the panel: nobody scores it any more, and it is not ranked. Raises PanelRefused.

    Without `by` it leaves because its own package says so (an applicant withdrew).
    """
    fresh = lock_panel(panel, by=by, at=at)
    entry = fresh.entries.filter(subject_key=subject_key).first()
    if entry is None:
        raise PanelRefused(_("评审中没有这个参评对象"))
    if entry.withdrawn_at is not None:
        raise PanelRefused(_("这个参评对象已经退出"))
    entry.withdraw_reason = one_line(reason, _("请写明退出的原因"))
    entry.withdrawn_at = at
    entry.save(update_fields=["withdrawn_at", "withdraw_reason"])
    withdraw_open(Assessment.objects.filter(entry=entry))
    after = {"匿名编号": entry.blind_label}
    record_event("scoring.subject_withdrawn", fresh, by=by, at=at, after=after, reason=entry.withdraw_reason)
    return entry


@transaction.atomic
def begin_scoring(panel: Panel, *, by: User, at: datetime) -> None:
    """The preparations are over: assessors are told and may score. Raises PanelRefused."""
    fresh = lock_panel(panel, by=by, at=at)
    if fresh.state != Panel.State.DRAFT:
        raise PanelRefused(_("只有筹备中的评审可以开始"))
    if not fresh.entries.filter(withdrawn_at__isnull=True).exists():
        raise PanelRefused(_("评审至少要有一个参评对象"))
    if fresh.due_on < timezone.localdate(at):
        raise PanelRefused(_("评分截止日期已过，请先改期"))
    fresh.state = Panel.State.SCORING
    fresh.save(update_fields=["state"])
    before, after = {"state": Panel.State.DRAFT}, {"state": fresh.state}
    record_event("scoring.panel_begun", fresh, by=by, at=at, before=before, after=after)
    for assessor in assessors_waited_for(fresh):
        tell_assessor(fresh, assessor, at=at)
    panel.refresh_from_db()


@transaction.atomic
def change_due_day(panel: Panel, *, due_on: date, reason: str, by: User, at: datetime) -> None:
    """Move the day by which everybody has scored; raises PanelRefused."""
    fresh = lock_panel(panel, by=by, at=at)
    if due_on < timezone.localdate(at):
        raise PanelRefused(_("评分截止日期不能早于今天"))
    said = one_line(reason, _("请写明改期的原因"))
    before = {"due_on": fresh.due_on}
    fresh.due_on = due_on
    fresh.save(update_fields=["due_on"])
    record_event("scoring.panel_moved", fresh, by=by, at=at, before=before, after={"due_on": due_on}, reason=said)
    panel.refresh_from_db()


def assessors_waited_for(panel: Panel) -> list[User]:
    """Who still has to score something."""
    open_ones = Assessment.objects.filter(panel=panel, state=Assessment.State.ASSIGNED)
    return list(User.objects.filter(pk__in=open_ones.values("assessor")).order_by("name", "pk"))


def tell_assessor(panel: Panel, assessor: User, *, at: datetime, once_key: str = "") -> None:
    """Let an assessor know what waits for them."""
    notify(
        assessor,
        "scoring.assigned",
        panel,
        at=at,
        values={"panel": panel.title, "day": panel.due_on},
        address="/account/assessments/",
        once_key=once_key or f"scoring.assigned.{panel.pk}",
    )


def withdraw_open(assessments: Any) -> int:
    """Take back what nobody has scored yet; how many."""
    count: int = assessments.filter(state=Assessment.State.ASSIGNED).update(state=Assessment.State.WITHDRAWN)
    return count


def lock_panel(panel: Panel, *, by: User | None, at: datetime) -> Panel:
    """The panel as it stands, locked, for whoever runs it and while it is not frozen; raises PanelRefused."""
    take_locks(panel_lock(panel))
    fresh = Panel.objects.select_for_update(of=("self",)).select_related("sheet", "unit").get(pk=panel.pk)
    if by is not None and not can_run_panel(by, fresh, timezone.localdate(at)):
        raise PanelRefused(_("您没有组织该评审的权限"))
    if fresh.is_settled:
        raise PanelRefused(_("评审已经冻结，不能再作任何变更"))
    return fresh


def one_line(text: str, sentence: Any, longest: int = 200) -> str:
    """A text on one line; refused with this sentence where it is missing or too long."""
    even = " ".join(text.replace("\x00", "").split())
    if not even or len(even) > longest:
        raise PanelRefused(sentence)
    return even


def _enter(panel: Panel, listed: Sequence[tuple[str, str, str]]) -> list[PanelEntry]:
    known = {entry.subject_key: entry for entry in panel.entries.all()}
    if len(known) + len(listed) > MOST_SUBJECTS:
        raise PanelRefused(_("一次评审最多 %(count)d 个参评对象") % {"count": MOST_SUBJECTS})
    taken = {entry.blind_label for entry in known.values()}
    made: list[PanelEntry] = []
    place = max((entry.position for entry in known.values()), default=0)
    for key, label, given in listed:
        place += 1
        blind = given or _number(place, taken)
        _refuse_subject(key, label, blind, taken=taken, keys=known.keys() | {entry.subject_key for entry in made})
        taken.add(blind)
        made.append(PanelEntry(panel=panel, subject_key=key, label=label, blind_label=blind, position=place))
    return PanelEntry.objects.bulk_create(made)


def _number(place: int, taken: set[str]) -> str:
    while f"{place:03d}" in taken:
        place += 1
    return f"{place:03d}"


def _refuse_subject(key: str, label: str, blind: str, *, taken: set[str], keys: set[str]) -> None:
    if not label.strip() or len(label) > _LONGEST["label"]:
        raise PanelRefused(_("参评对象的名称为 1 到 200 个字"))
    if not key.partition(":")[2] or len(key) > _LONGEST["subject_key"]:
        raise PanelRefused(_("参评对象“%(label)s”没有可用的标识") % {"label": label})
    if key in keys:
        raise PanelRefused(_("参评对象“%(label)s”重复") % {"label": label})
    if blind in taken or len(blind) > _LONGEST["blind_label"]:
        raise PanelRefused(_("匿名编号“%(blind)s”重复或太长") % {"blind": blind[:40]})


def _refuse_panel(
    sheet: ScoreSheet, *, title: str, unit: Unit, terms: PanelTerms, due_on: date, by: User, at: datetime
) -> None:
    on = timezone.localdate(at)
    if not can_open_panels(by, unit, on):
        raise PanelRefused(_("您没有以该单位名义组织评审的权限"))
    one_line(title, _("请填写评审名称（不超过 120 个字）"), _LONGEST["title"])
    if not sheet.is_published:
        raise PanelRefused(_("评分表还没有发布，不能用于评审"))
    if terms.normalisation not in Panel.Normalisation.values:
        raise PanelRefused(_("请选择评委间调整的方式"))
    if due_on < on:
        raise PanelRefused(_("评分截止日期不能早于今天"))
    if terms.min_assessors is not None and terms.min_assessors < 1:
        raise PanelRefused(_("每个对象至少要有 1 位专家评分"))
    if terms.max_per_assessor is not None and terms.max_per_assessor < 1:
        raise PanelRefused(_("每位专家最多对象数应为正整数"))
