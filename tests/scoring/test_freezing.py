"""What a frozen panel holds does not change any more, whoever holds the connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from chuangju.kernel.guards import guards_lifted
from chuangju.kernel.models import AuditEvent, User
from chuangju.scoring.declarations import AssessmentRefused, declare_conflict
from chuangju.scoring.freezing import close_panel, digest_of, find_panel_faults, freeze_panel
from chuangju.scoring.guards import install_state_guards, remove_state_guards
from chuangju.scoring.models import Assessment, FrozenResult, Panel
from chuangju.scoring.panels import PanelRefused, add_subjects, begin_scoring, change_due_day, withdraw_subject
from chuangju.scoring.results import compute_results, plain_results, results_of
from chuangju.scoring.submissions import return_scores, submit_scores
from chuangju.units.models import Role, RoleAssignment, Unit


def test_freezing_writes_down_what_the_scores_come_to(scored_panel: Panel, officer: User, now: datetime) -> None:
    results = freeze_panel(scored_panel, by=officer, at=now)
    assert [(row.label, row.total, row.rank, row.count) for row in results] == [
        ("甲公司", 9400, 1, 3),
        ("乙公司", 7600, 2, 3),
        ("丙公司", 5600, 3, 3),
    ]
    assert scored_panel.state == Panel.State.FROZEN
    assert results_of(scored_panel) == results
    frozen = FrozenResult.objects.get()
    assert frozen.sha256 == digest_of(frozen.results)
    event = AuditEvent.objects.get(action="scoring.panel_frozen")
    assert event.actor == officer
    close_panel(scored_panel, by=officer, at=now)
    assert results_of(scored_panel) == results
    with pytest.raises(PanelRefused, match="已冻结的评审"):
        close_panel(scored_panel, by=officer, at=now)


def test_a_subject_with_too_few_scores_keeps_a_panel_open(
    panel: Panel,
    assessors: list[User],
    assign: Callable[..., Any],
    score: Callable[..., Any],
    officer: User,
    now: datetime,
) -> None:
    for assessor in assessors[:3]:
        for assessment in assign(panel, assessor, 1, 2):
            score(assessment, 30)
    with pytest.raises(PanelRefused, match="1 个参评对象的评分不足 3 份"):
        freeze_panel(panel, by=officer, at=now)
    withdraw_subject(panel, "test.subject:3", reason="申请人撤回", by=officer, at=now)
    assert [row.label for row in freeze_panel(panel, by=officer, at=now)] == ["甲公司", "乙公司"]


def test_what_is_still_open_is_taken_back(
    scored_panel: Panel, assessors: list[User], assign: Callable[..., Any], officer: User, now: datetime
) -> None:
    waiting = assign(scored_panel, assessors[3], 1)[0]
    freeze_panel(scored_panel, by=officer, at=now)
    waiting.refresh_from_db()
    assert waiting.state == Assessment.State.WITHDRAWN
    with pytest.raises(AssessmentRefused, match="已经冻结"):
        declare_conflict(waiting, reason="同事", by=assessors[3], at=now)


def test_nothing_of_a_frozen_panel_can_be_changed_by_its_rules(
    scored_panel: Panel, assessors: list[User], assign: Callable[..., Any], officer: User, now: datetime
) -> None:
    freeze_panel(scored_panel, by=officer, at=now)
    one = Assessment.objects.filter(assessor=assessors[0]).first()
    assert one is not None
    changes: list[Callable[[], object]] = [
        lambda: freeze_panel(scored_panel, by=officer, at=now),
        lambda: assign(scored_panel, assessors[4], 1),
        lambda: add_subjects(scored_panel, [("test.subject:4", "丁公司", "")], by=officer, at=now),
        lambda: withdraw_subject(scored_panel, "test.subject:1", reason="撤回", by=officer, at=now),
        lambda: begin_scoring(scored_panel, by=officer, at=now),
        lambda: change_due_day(scored_panel, due_on=now.date(), reason="延期", by=officer, at=now),
    ]
    for change in changes:
        with pytest.raises(PanelRefused, match="已经冻结"):
            change()
    with pytest.raises(AssessmentRefused, match="已经冻结"):
        submit_scores(one, {"idea": 1, "team": 1}, by=assessors[0], at=now)
    with pytest.raises(AssessmentRefused, match="已经冻结"):
        return_scores(one, reason="重评", by=officer, at=now)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Assessment.objects.update(total=1),
        lambda: Assessment.objects.first().delete(),
        lambda: Panel.objects.update(title="另一个"),
        lambda: Panel.objects.update(state="scoring", frozen_at=None),
        lambda: FrozenResult.objects.update(sha256="0"),
        lambda: FrozenResult.objects.all().delete(),
    ],
)
def test_the_database_itself_refuses_changes_of_a_frozen_panel(
    change: Callable[[], object], scored_panel: Panel, officer: User, now: datetime
) -> None:
    freeze_panel(scored_panel, by=officer, at=now)
    with pytest.raises(DatabaseError, match=r"settled|append-only"), transaction.atomic():
        change()


def test_verify_finds_scores_that_were_changed_behind_the_guards(
    scored_panel: Panel, officer: User, now: datetime
) -> None:
    freeze_panel(scored_panel, by=officer, at=now)
    assert list(find_panel_faults()) == []
    remove_state_guards(connection)
    try:
        Assessment.objects.filter(pk=Assessment.objects.order_by("total", "pk").values("pk")[:1]).update(total=9999)
        faults = list(find_panel_faults())
    finally:
        install_state_guards(connection)
    assert len([fault for fault in faults if "保护触发器" in fault]) == 8
    assert "评审“项目评审”的冻结结果与评分不一致。" in faults
    with guards_lifted(connection):
        FrozenResult.objects.update(results=[])
    assert list(find_panel_faults()) == ["评审“项目评审”的冻结结果缺失或与校验值不符。"]


def test_results_of_an_open_panel_follow_its_scores(scored_panel: Panel) -> None:
    assert plain_results(results_of(scored_panel)) == plain_results(compute_results(scored_panel))


def test_whoever_assesses_in_a_panel_does_not_run_it(
    scored_panel: Panel, assessors: list[User], unit: Unit, now: datetime
) -> None:
    judge = assessors[0]
    RoleAssignment.objects.create(user=judge, role=Role.CLERK, unit=unit, starts_on=now.date())
    other = Assessment.objects.filter(panel=scored_panel).exclude(assessor=judge).first()
    assert other is not None
    with pytest.raises(AssessmentRefused, match="没有组织该评审的权限"):
        return_scores(other, reason="重评", by=judge, at=now)
    with pytest.raises(PanelRefused, match="没有组织该评审的权限"):
        freeze_panel(scored_panel, by=judge, at=now)
