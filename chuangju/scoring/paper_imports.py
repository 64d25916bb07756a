"""纸质评分录入 - scores from signed sheets of paper: all rows of a file, or none and what is wrong with which row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.papers.sheets import write_xlsx
from chuangju.scoring.criteria import Criterion, ScoreRefused, criteria_of
from chuangju.scoring.declarations import AssessmentRefused
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.panels import PanelRefused, lock_panel
from chuangju.scoring.paper_rows import ASSESSOR, COMMENT, DECLARED, FIXED, NAME, NUMBER, SUBJECT
from chuangju.scoring.submissions import enter_scores

_STATE = Assessment.State
_YES, _NO = frozenset({"是", "Y", "YES", "1"}), frozenset({"否", "N", "NO", "0"})


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row of the sheet, by its number in the file."""

    row: int
    sentence: str


class PaperRefused(Refused):
    """Nothing was entered; `faults` says why, row by row."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(_("表中有 %(count)d 行需要更正，一份评分也没有录入") % {"count": len(faults)})
        self.faults = faults


def empty_score_sheet(panel: Panel) -> bytes:
    """The sheet to fill in: a row for each score that is still awaited."""
    waiting = Assessment.objects.filter(panel=panel, state=_STATE.ASSIGNED).select_related("entry", "assessor")
    criteria = criteria_of(panel.sheet)
    header = [*FIXED[:-1], *(head_of(each) for each in criteria), COMMENT]
    rows: list[Sequence[object]] = []
    for one in waiting.order_by("assessor__name", "assessor_id", "entry__position"):
        shown = "" if panel.is_blind else one.entry.label
        person, number = one.assessor, one.entry.blind_label
        rows.append([person.username, person.name, number, shown, "", *("" for _each in criteria), ""])
    return write_xlsx(rows, header=header, title="纸质评分录入表")


def head_of(criterion: Criterion) -> str:
    """What a criterion's column is called."""
    return "".join(criterion.label.split())


@transaction.atomic
def import_paper_scores(
    panel: Panel, heads: Iterable[str], lines: Iterable[Mapping[str, Any]], *, by: User, at: datetime
) -> int:
    """Enter the scores of a sheet as `read_score_rows` gives it; how many. Raises PaperRefused, PanelRefused.

    A row says 是 under 无利益冲突 (the paper holds the signed declaration), or 否: then the assessor declined.
    """
    fresh = lock_panel(panel, by=by, at=at)
    if fresh.state != Panel.State.SCORING:
        raise PanelRefused(_("评审还没有开始"))
    criteria = criteria_of(fresh.sheet)
    missing = [head_of(each) for each in criteria if head_of(each) not in set(heads)]
    if missing:
        raise PanelRefused(_("表头缺少指标：%(names)s") % {"names": _("、").join(missing)})
    waiting = {
        (one.assessor.username, one.entry.blind_label): one
        for one in Assessment.objects.filter(panel=fresh)
        .select_related("panel__sheet", "entry", "assessor")
        .order_by("pk")
    }
    faults: list[RowFault] = []
    count = 0
    for line in lines:
        try:
            _enter_line(waiting, criteria, line["values"], by=by, at=at)
            count += 1
        except ScoreRefused as refused:
            faults.append(RowFault(int(line["row"]), _("；").join(refused.by_key.values())))
        except Refused as refused:
            faults.append(RowFault(int(line["row"]), refused.sentence))
    if faults:
        raise PaperRefused(faults)
    record_event("scoring.papers_imported", fresh, by=by, at=at, after={gettext_noop("录入份数"): count})
    return count


def _enter_line(
    waiting: Mapping[tuple[str, str], Assessment],
    criteria: Iterable[Criterion],
    values: Mapping[str, str],
    *,
    by: User,
    at: datetime,
) -> None:
    one = waiting.get((values.get(ASSESSOR, ""), values.get(NUMBER, "")))
    if one is None:
        said = {"name": values.get(ASSESSOR, "") or values.get(NAME, ""), "number": values.get(NUMBER, "")}
        raise AssessmentRefused(_("没有把编号“%(number)s”分派给“%(name)s”") % said)
    subject = values.get(SUBJECT, "")
    if subject and not one.panel.is_blind and subject != one.entry.label:
        raise AssessmentRefused(_("编号“%(number)s”不是“%(subject)s”") % {"number": values[NUMBER], "subject": subject})
    if one.state != _STATE.ASSIGNED:
        with in_kept_language():
            state = one.get_state_display()
        raise AssessmentRefused(_("这份评分的状态是“%(state)s”，不能录入") % {"state": state})
    said_of = values.get(DECLARED, "").strip().upper()
    if said_of in _NO:
        _decline(one, values.get(COMMENT, ""), by=by, at=at)
        return
    if said_of not in _YES:
        raise AssessmentRefused(_("“无利益冲突”请按纸质声明填“是”或“否”"))
    one.declared_at = one.declared_at or at
    given = {criterion.key: values.get(head_of(criterion), "") for criterion in criteria}
    enter_scores(one, given, comment=values.get(COMMENT, ""), entered_by=by, at=at)
    after = {"state": one.state, "total": one.total, "评分": one.scores}
    before = {"state": _STATE.ASSIGNED}
    record_event("scoring.scores_submitted", one, by=by, at=at, before=before, after=after, about=one.panel)


def _decline(one: Assessment, reason: str, *, by: User, at: datetime) -> None:
    said = " ".join(reason.split())[:200]
    if not said:
        raise AssessmentRefused(_("声明回避的，请在“评语”一栏写明原因"))
    one.state, one.declared_at, one.conflict_reason, one.entered_by = _STATE.DECLINED_CONFLICT, at, said, by
    one.scores, one.comment = {}, ""
    one.save(update_fields=["state", "declared_at", "conflict_reason", "entered_by", "scores", "comment"])
    before, after = {"state": _STATE.ASSIGNED}, {"state": one.state}
    record_event(
        "scoring.conflict_declared", one, by=by, at=at, before=before, after=after, about=one.panel, reason=said
    )
