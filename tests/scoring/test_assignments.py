"""Assessors get subjects by hand or evenly; conflicts and limits are respected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from chuangju.kernel.models import Message, User
from chuangju.scoring.assignments import assign_assessor, spread_assessors, withdraw_assessor
from chuangju.scoring.declarations import AssessmentRefused, declare_conflict, declare_no_conflict
from chuangju.scoring.models import Assessment, Panel, PanelMember
from chuangju.scoring.panels import PanelRefused, begin_scoring, open_panel, withdraw_subject
from chuangju.scoring.subjects import PanelSubject, RelatedPerson, panel_subjects, register_panel_subject
from chuangju.scoring.submissions import return_scores, submit_scores
from chuangju.units.models import Role, Unit
from tests.scoring.conftest import DUE

Make = Callable[..., Any]
STATE = Assessment.State


@pytest.fixture
def related() -> Iterator[dict[str, list[RelatedPerson]]]:
    """Subjects of the kind `test.subject`, and who is close to them: a test fills it."""
    people: dict[str, list[RelatedPerson]] = {}
    register_panel_subject("test.subject", PanelSubject(people=lambda key: people.get(key, [])))
    yield people
    panel_subjects.remove("test.subject")


def test_an_assessor_gets_subjects_and_is_told_without_their_names(
    panel: Panel, assessors: list[User], assign: Make
) -> None:
    made = assign(panel, assessors[0], 1, 2)
    assert [(one.subject_key, one.state, one.shown_label) for one in made] == [
        ("test.subject:1", STATE.ASSIGNED, "甲公司"),
        ("test.subject:2", STATE.ASSIGNED, "乙公司"),
    ]
    message = Message.objects.get(user=assessors[0])
    assert "项目评审" in message.subject
    assert "甲公司" not in message.subject + message.body
    assert assign(panel, assessors[0], 1) == []
    assert Message.objects.count() == 1


def test_only_assessors_are_assigned_and_nobody_by_themselves(
    panel: Panel, officer: User, stranger: User, make_user: Make, now: datetime
) -> None:
    with pytest.raises(PanelRefused, match="不是在任的评审专家"):
        assign_assessor(panel, stranger, ["test.subject:1"], by=officer, at=now)
    make_user("policy-officer", Role.ASSESSOR)
    with pytest.raises(PanelRefused, match="不能同时担任"):
        assign_assessor(panel, User.objects.get(pk=officer.pk), ["test.subject:1"], by=officer, at=now)


def test_whoever_reads_the_names_does_not_assess_blind(
    make_panel: Make, make_user: Make, unit: Unit, officer: User, now: datetime
) -> None:
    both = make_user("both", Role.CLERK, unit=unit)
    make_user("both", Role.ASSESSOR)
    with pytest.raises(PanelRefused, match="匿名评审"):
        assign_assessor(make_panel(is_blind=True), both, ["test.subject:1"], by=officer, at=now)


def test_other_units_do_not_run_the_panel(
    panel: Panel, other_officer: User, assessors: list[User], sheet: Any, unit: Unit, now: datetime
) -> None:
    with pytest.raises(PanelRefused, match="没有组织该评审的权限"):
        assign_assessor(panel, assessors[0], ["test.subject:1"], by=other_officer, at=now)
    with pytest.raises(PanelRefused, match="没有以该单位名义"):
        open_panel(sheet, title="别家的", unit=unit, due_on=DUE, is_draft=True, by=other_officer, at=now)


def test_limits_hold_by_hand(make_panel: Make, assessors: list[User], assign: Make) -> None:
    panel = make_panel(max_per_assessor=2)
    assign(panel, assessors[0], 1, 2)
    with pytest.raises(PanelRefused, match="最多评 2 个"):
        assign(panel, assessors[0], 3)


def test_spreading_is_even(make_panel: Make, assessors: list[User], officer: User, now: datetime) -> None:
    subjects = [(f"test.subject:{number}", f"对象{number}", "") for number in range(1, 11)]
    panel = make_panel(subjects=subjects, min_assessors=3)
    for assessor in assessors[:4]:
        assign_assessor(panel, assessor, [], by=officer, at=now)
    assert spread_assessors(panel, by=officer, at=now) == 30
    load = Counter(Assessment.objects.order_by().values_list("assessor__username", flat=True))
    assert sorted(load.values()) == [7, 7, 8, 8]
    assert set(Counter(Assessment.objects.order_by().values_list("entry_id", flat=True)).values()) == {3}
    assert spread_assessors(panel, by=officer, at=now) == 0


def test_spreading_respects_limits_conflicts_and_hints(
    make_panel: Make, assessors: list[User], assign: Make, officer: User, now: datetime, related: dict[str, Any]
) -> None:
    related["test.subject:1"] = [RelatedPerson("法定代表人", user_id=assessors[0].pk)]
    related["test.subject:2"] = [RelatedPerson("股东", name="专家2")]
    panel = make_panel(min_assessors=2, max_per_assessor=2)
    for assessor in assessors[:3]:
        assign_assessor(panel, assessor, [], by=officer, at=now)
    one = assign(panel, assessors[2], 3)[0]
    declare_conflict(one, reason="同事", by=assessors[2], at=now)
    spread_assessors(panel, by=officer, at=now)
    pairs = set(
        Assessment.objects.filter(state=STATE.ASSIGNED).values_list("assessor__name", "entry__label").order_by()
    )
    assert pairs.isdisjoint({("专家1", "甲公司"), ("专家2", "乙公司"), ("专家3", "丙公司")})
    assert len(pairs) == 6


def test_a_hint_is_kept_where_somebody_is_assigned_by_hand(
    panel: Panel, assessors: list[User], assign: Make, related: dict[str, Any]
) -> None:
    related["test.subject:1"] = [RelatedPerson("导师", name="专家1")]
    assert [one.conflict_hint for one in assign(panel, assessors[0], 1, 2)] == ["系统提示：与导师同名", ""]


def test_nobody_to_spread_over(panel: Panel, officer: User, now: datetime) -> None:
    with pytest.raises(PanelRefused, match="先把专家加入"):
        spread_assessors(panel, by=officer, at=now)


def test_a_declared_conflict_frees_the_subject_and_tells_the_runner(
    panel: Panel, assessors: list[User], assign: Make, officer: User, now: datetime
) -> None:
    one = assign(panel, assessors[0], 1)[0]
    with pytest.raises(AssessmentRefused, match="需要回避的原因"):
        declare_conflict(one, reason=" ", by=assessors[0], at=now)
    declare_conflict(one, reason="近三年合作", by=assessors[0], at=now)
    assert (one.state, one.conflict_reason) == (STATE.DECLINED_CONFLICT, "近三年合作")
    assert Message.objects.filter(user=officer, template="scoring.conflict").count() == 1
    with pytest.raises(PanelRefused, match="声明回避，请另派"):
        assign(panel, assessors[0], 1)
    with pytest.raises(AssessmentRefused, match="已声明回避"):
        declare_no_conflict(one, by=assessors[0], at=now)


def test_somebody_who_leaves_keeps_what_they_gave(
    panel: Panel, assessors: list[User], assign: Make, score: Make, officer: User, now: datetime
) -> None:
    first, _second = assign(panel, assessors[0], 1, 2)
    score(first, 30)
    assert withdraw_assessor(panel, assessors[0], reason="出差", by=officer, at=now) == 1
    states = Assessment.objects.order_by("entry__position").values_list("state", flat=True)
    assert list(states) == [STATE.SUBMITTED, STATE.WITHDRAWN]
    assert not PanelMember.objects.exists()
    with pytest.raises(PanelRefused, match="没有这位专家"):
        withdraw_assessor(panel, assessors[1], reason="出差", by=officer, at=now)
    again = assign(panel, assessors[0], 2)[0]
    assert (again.state, again.declared_at) == (STATE.ASSIGNED, None)


def test_a_subject_that_leaves_is_no_longer_scored(
    panel: Panel, assessors: list[User], assign: Make, officer: User, now: datetime
) -> None:
    one = assign(panel, assessors[0], 1)[0]
    withdraw_subject(panel, "test.subject:1", reason="撤回", by=officer, at=now)
    one.refresh_from_db()
    assert one.state == STATE.WITHDRAWN
    with pytest.raises(PanelRefused, match="已经退出"):
        assign(panel, assessors[1], 1)
    with pytest.raises(PanelRefused, match="已经退出"):
        withdraw_subject(panel, "test.subject:1", reason="撤回", by=officer, at=now)
    with pytest.raises(PanelRefused, match="没有这个"):
        withdraw_subject(panel, "test.subject:9", reason="撤回", by=officer, at=now)


def test_a_draft_tells_nobody_until_it_begins(
    make_panel: Make, assessors: list[User], assign: Make, officer: User, now: datetime
) -> None:
    panel = make_panel(is_draft=True)
    one = assign(panel, assessors[0], 1)[0]
    assert not Message.objects.exists()
    with pytest.raises(AssessmentRefused, match="还没有开始"):
        declare_no_conflict(one, by=assessors[0], at=now)
    begin_scoring(panel, by=officer, at=now)
    assert panel.state == Panel.State.SCORING
    assert Message.objects.filter(user=assessors[0]).count() == 1
    with pytest.raises(PanelRefused, match="只有筹备中"):
        begin_scoring(panel, by=officer, at=now)


def test_scores_are_handed_in_once_and_may_be_returned(
    panel: Panel, assessors: list[User], assign: Make, score: Make, officer: User, now: datetime
) -> None:
    one = assign(panel, assessors[0], 1)[0]
    with pytest.raises(AssessmentRefused, match="先声明"):
        submit_scores(one, {"idea": 1, "team": 1}, by=assessors[0], at=now)
    score(one, "30.5", 1, "不错")
    assert (one.state, one.total, one.scores, one.comment) == (
        STATE.SUBMITTED,
        5050,
        {"idea": "30.5", "team": "1"},
        "不错",
    )
    assert Message.objects.filter(user=officer, template="scoring.complete").count() == 1
    with pytest.raises(AssessmentRefused, match="已经提交"):
        submit_scores(one, {"idea": 1, "team": 1}, by=assessors[0], at=now)
    with pytest.raises(AssessmentRefused, match="本人"):
        submit_scores(one, {"idea": 1, "team": 1}, by=assessors[1], at=now)
    return_scores(one, reason="请补充评语", by=officer, at=now)
    assert (one.state, one.total, one.scores["idea"]) == (STATE.ASSIGNED, None, "30.5")
    assert Message.objects.filter(user=assessors[0], template="scoring.returned").count() == 1
    with pytest.raises(AssessmentRefused, match="只有已提交"):
        return_scores(one, reason="再来", by=officer, at=now)
    score(one, 40, 2)
    assert one.total == 8000
