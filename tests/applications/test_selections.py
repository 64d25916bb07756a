"""A round decided as a whole: ranked by its panel, cut, frozen, approved by a second person, shown, published; reserves move up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from chuangju.applications.batch_checks import find_batch_faults
from chuangju.applications.batch_decisions import BatchRefused
from chuangju.applications.batch_publications import (
    begin_batch_notice,
    drop_out,
    end_reserves,
    free_places,
    move_up_reserve,
    publish_batch,
    reserves_of,
)
from chuangju.applications.batch_ranking import cases_of_round
from chuangju.applications.batches import (
    Line,
    approve_batch,
    draw_batch,
    freeze_batch,
    move_case,
    propose_batch,
    refresh_batch,
    return_batch,
    set_line,
)
from chuangju.applications.case_locks import StepRefused, findings_of
from chuangju.applications.decision_checks import find_decision_faults
from chuangju.applications.decisions import DecisionRefused, approve_decision, propose_decision
from chuangju.applications.models import Application, ApplicationFlag, Decision, DecisionBatch, Step, Window
from chuangju.applications.steps import complete_step
from chuangju.applications.submissions import withdraw_application
from chuangju.budget.ledger import balances_of
from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import Paper, User
from chuangju.kernel.refusals import StaleForm
from tests.applications import desk, selecting
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
POINTS = [20, 28, 24, 24]


@pytest.fixture
def founder() -> User:
    """Applies for every firm."""
    desk.approver_of("kw")
    return make_user("founder", "entrepreneur")


@pytest.fixture
def window(founder: User, now: datetime) -> Window:
    """Four cases, scored; two places."""
    selecting.give_line(1_000_000_00, at=now)
    return selecting.closed_round(POINTS, founder=founder, at=now)


@pytest.fixture
def batch(window: Window, now: datetime) -> DecisionBatch:
    """Its list."""
    return draw_batch(window, by=selecting.officer(), at=now)


def approved(batch: DecisionBatch, now: datetime) -> DecisionBatch:
    """The list approved by the second person."""
    by = selecting.officer()
    if batch.state == DecisionBatch.State.DRAFT:
        batch = freeze_batch(batch, by=by, at=now)
    batch = propose_batch(batch, by=by, at=now)
    return approve_batch(batch, by=desk.approver_of("kw"), at=now)


def published(batch: DecisionBatch, now: datetime) -> DecisionBatch:
    """The list shown and published after its notice."""
    notice = begin_batch_notice(batch, by=selecting.officer(), at=now)
    after = now + timedelta(days=(notice.ends_on - timezone.localdate(now)).days + 1)
    return publish_batch(batch, by=selecting.officer(), at=after)


def test_the_frozen_panel_gives_each_case_its_score_and_rank(window: Window) -> None:
    steps = Step.objects.filter(application__window=window, kind="panel").order_by("application__number")
    assert [step.state for step in steps] == ["done"] * 4
    assert [findings_of(step)["rank"] for step in steps] == [4, 1, 2, 2]
    assert "排第 1" in steps[1].opinion


def test_the_list_stands_by_scores_and_the_line_by_places(batch: DecisionBatch) -> None:
    assert selecting.names_on(batch) == ["2", "3", "4", "1"]
    assert (batch.cut_line, batch.reserve_count) == (2, 2)
    assert [one["amount"] for one in batch.ranking] == [selecting.GRANT] * 4


def test_no_case_of_such_a_round_is_granted_or_scored_alone(batch: DecisionBatch, founder: User, now: datetime) -> None:
    case = Application.objects.get(pk=batch.ranking[0]["application"])
    with pytest.raises(DecisionRefused, match="评选名单"):
        propose_decision(case, Decision.Outcome.GRANTED, by=desk.clerk_of("kw"), at=now)


def test_a_panel_step_of_such_a_round_ends_with_the_panel_only(founder: User, now: datetime) -> None:
    selecting.begin_round(now)
    case = selecting.screened(selecting.hand_in(1, founder=founder, at=now), at=now)
    with pytest.raises(StepRefused, match="专家评审的结果"):
        complete_step(desk.step_of(case, "panel"), "passed", by=desk.clerk_of("kw"), at=now)


def test_a_list_waits_for_the_end_of_the_round_and_for_its_panel(founder: User, now: datetime) -> None:
    window = selecting.begin_round(now)
    with pytest.raises(BatchRefused, match="截止"):
        draw_batch(window, by=selecting.officer(), at=now)


def test_a_case_is_moved_with_a_reason_that_stays(batch: DecisionBatch, now: datetime) -> None:
    by, last = selecting.officer(), batch.ranking[3]["application"]
    with pytest.raises(BatchRefused, match="原因"):
        move_case(batch, last, place=1, reason=" ", by=by, at=now)
    with pytest.raises(BatchRefused, match="1 到 4"):
        move_case(batch, last, place=9, reason="区重点产业", by=by, at=now)
    moved = move_case(batch, last, place=1, reason="区重点产业", by=by, at=now)
    assert selecting.names_on(moved) == ["1", "2", "3", "4"]
    assert moved.ranking[0]["moves"][0]["reason"] == "区重点产业"
    again = refresh_batch(moved, by=by, at=now)
    assert selecting.names_on(again) == ["1", "2", "3", "4"]
    with pytest.raises(StaleForm):
        move_case(again, last, place=2, reason="再看", revision=batch.revision, by=by, at=now)


def test_the_line_keeps_within_the_list_the_places_and_the_money(batch: DecisionBatch, now: datetime) -> None:
    by = selecting.officer()
    for cut, reserves, words in ((3, 3, "不能超过"), (3, 0, "名额只剩 2"), (-1, 0, "不能超过")):
        with pytest.raises(BatchRefused, match=words):
            set_line(batch, Line(cut, reserves), by=by, at=now)
    line = set_line(batch, Line(1, 1), by=by, at=now)
    frozen = freeze_batch(line, by=by, at=now)
    assert [one["outcome"] for one in frozen.ranking] == ["granted", "reserve", "refused", "refused"]


def test_more_than_the_money_of_the_round_is_not_frozen(founder: User, now: datetime) -> None:
    selecting.give_line(1_000_000_00, at=now)
    window = selecting.closed_round([20, 28], founder=founder, at=now, money=selecting.GRANT, places=2)
    batch = draw_batch(window, by=selecting.officer(), at=now)
    assert batch.cut_line == 1
    wide = set_line(batch, Line(2, 0), by=selecting.officer(), at=now)
    with pytest.raises(BatchRefused, match="超过可用资金"):
        freeze_batch(wide, by=selecting.officer(), at=now)


def test_after_freezing_nothing_moves(batch: DecisionBatch, now: datetime) -> None:
    by = selecting.officer()
    frozen = freeze_batch(batch, by=by, at=now)
    assert len(frozen.sha256) == 64
    changes: list[Callable[[], object]] = [
        lambda: move_case(frozen, frozen.ranking[0]["application"], place=2, reason="不动", by=by, at=now),
        lambda: set_line(frozen, Line(1, 0), by=by, at=now),
        lambda: refresh_batch(frozen, by=by, at=now),
        lambda: freeze_batch(frozen, by=by, at=now),
    ]
    for change in changes:
        with pytest.raises(BatchRefused, match="已锁定"):
            change()
    DecisionBatch.objects.filter(pk=frozen.pk).update(cut_line=1)
    assert any("校验值不符" in fault for fault in find_batch_faults())
    with pytest.raises(BatchRefused, match="校验值"):
        propose_batch(frozen, by=by, at=now)


def test_a_case_withdrawn_meanwhile_keeps_the_list_from_being_frozen(
    batch: DecisionBatch, founder: User, now: datetime
) -> None:
    case = Application.objects.get(pk=batch.ranking[0]["application"])
    withdraw_application(case, reason="不做了", by=founder, at=now)
    with pytest.raises(BatchRefused, match="先更新名单"):
        freeze_batch(batch, by=selecting.officer(), at=now)
    again = refresh_batch(batch, by=selecting.officer(), at=now)
    assert selecting.names_on(freeze_batch(again, by=selecting.officer(), at=now)) == ["3", "4", "1"]


def test_whoever_drew_the_list_does_not_approve_it_and_no_line_of_it_is_approved_alone(
    batch: DecisionBatch, now: datetime
) -> None:
    by = selecting.officer()
    proposed = propose_batch(freeze_batch(batch, by=by, at=now), by=by, at=now)
    with pytest.raises(BatchRefused, match="另一名审批人"):
        approve_batch(proposed, by=by, at=now)
    one = proposed.decisions.filter(outcome="granted").first()
    assert one is not None
    with pytest.raises(DecisionRefused, match="随名单"):
        approve_decision(one, by=desk.approver_of("kw"), at=now)


def test_one_case_that_cannot_be_approved_keeps_the_whole_list_back_and_is_named(
    batch: DecisionBatch, founder: User, now: datetime
) -> None:
    by = selecting.officer()
    proposed = propose_batch(freeze_batch(batch, by=by, at=now), by=by, at=now)
    second = Application.objects.get(pk=batch.ranking[1]["application"])
    withdraw_application(second, reason="不做了", by=founder, at=now)
    with pytest.raises(BatchRefused, match="一件也没有审定") as refused:
        approve_batch(proposed, by=desk.approver_of("kw"), at=now)
    assert [name for name, _words in refused.value.problems] == [second.number]
    assert not Decision.objects.filter(state=Decision.State.APPROVED).exists()
    back = return_batch(proposed, reason="有人撤回", by=desk.approver_of("kw"), at=now)
    assert back.state == DecisionBatch.State.RETURNED
    assert draw_batch(batch.window, by=by, at=now).ranking[0]["application"] == batch.ranking[0]["application"]


def test_from_the_list_to_letters_for_all_at_once(batch: DecisionBatch, now: datetime) -> None:
    done = approved(batch, now)
    winners = done.decisions.filter(outcome="granted")
    assert winners.count() == 2
    with pytest.raises(BatchRefused) as refused:
        publish_batch(done, by=selecting.officer(), at=now)
    assert [words for _name, words in refused.value.problems] == ["还没有公示"]
    notice = begin_batch_notice(done, by=selecting.officer(), at=now)
    assert set(notice.decisions.all()) == set(winners)
    with pytest.raises(BatchRefused, match="还不能公布"):
        publish_batch(done, by=selecting.officer(), at=now)
    after = now + timedelta(days=20)
    out = publish_batch(done, by=selecting.officer(), at=after)
    assert out.state == DecisionBatch.State.PUBLISHED
    cases = {one["application"]: Application.objects.get(pk=one["application"]) for one in out.ranking}
    assert [cases[one["application"]].state for one in out.ranking] == ["granted", "granted", "in_review", "in_review"]
    flags = ApplicationFlag.objects.filter(kind="reserve", ended_at__isnull=True)
    assert sorted(flag.reason for flag in flags) == ["候补第 1 名", "候补第 2 名"]
    titles = sorted(Paper.objects.values_list("title", flat=True))
    assert len([title for title in titles if "审核决定书" in title]) == 2
    assert len([title for title in titles if "候补通知书" in title]) == 2
    line = winners[0].entitlement.instalments.count()
    assert line == 2
    assert (list(find_batch_faults()), list(find_decision_faults()), list(find_ledger_faults())) == ([], [], [])
    with pytest.raises(BatchRefused, match="已公布"):
        publish_batch(out, by=selecting.officer(), at=after)


def test_the_refused_are_told_their_score_and_the_line(batch: DecisionBatch, now: datetime) -> None:
    batch = set_line(batch, Line(2, 1), by=selecting.officer(), at=now)
    out = published(approved(batch, now), now)
    refused = out.decisions.get(outcome="refused")
    assert refused.state == Decision.State.PUBLISHED
    assert "未进入前2名的入围名单" in refused.reasons[0]["zh"]
    assert "below the cut line" in refused.reasons[0]["en"]


def test_the_first_in_reserve_takes_the_place_of_a_winner_who_drops_out(
    batch: DecisionBatch, window: Window, now: datetime
) -> None:
    out, by, after = published(approved(batch, now), now), selecting.officer(), now + timedelta(days=21)
    with pytest.raises(BatchRefused, match="没有空出"):
        move_up_reserve(out, by=by, at=after)
    winner = Application.objects.get(pk=out.ranking[0]["application"])
    drop_out(out, winner, reason="另有安排", by=by, at=after)
    winner.refresh_from_db()
    assert winner.state == Application.State.WITHDRAWN
    assert free_places(out) == 1
    follow = move_up_reserve(out, by=by, at=after)
    assert selecting.names_on(follow) == ["4"]
    assert free_places(out) == 0
    done = published(approved(follow, after), after)
    moved = Application.objects.get(pk=done.ranking[0]["application"])
    assert moved.state == Application.State.GRANTED
    assert not moved.flags.filter(kind="reserve", ended_at__isnull=True).exists()
    assert (list(find_batch_faults()), list(find_decision_faults()), list(find_ledger_faults())) == ([], [], [])
    assert [one["application"] for one in reserves_of(out)] == [out.ranking[3]["application"]]
    ended = end_reserves(out, by=by, at=after)
    last = publish_batch(approved(ended, after), by=by, at=after)
    assert last.decisions.get().reasons[0]["zh"].startswith("候补期满")


def test_a_winner_who_drops_out_during_the_notice_frees_money_and_place(batch: DecisionBatch, now: datetime) -> None:
    line = BudgetLine.objects.get(code="K01")
    done, by = approved(batch, now), selecting.officer()
    notice = begin_batch_notice(done, by=by, at=now)
    assert balances_of(line).reserved == 2 * selecting.GRANT
    winner = Application.objects.get(pk=done.ranking[1]["application"])
    drop_out(done, winner, reason="放弃", by=by, at=now)
    assert balances_of(line).reserved == selecting.GRANT
    assert notice.decisions.count() == 1
    out = publish_batch(done, by=by, at=now + timedelta(days=20))
    assert free_places(out) == 1


def test_whoever_was_only_asked_keeps_nobody_from_the_list(founder: User, now: datetime) -> None:
    selecting.give_line(1_000_000_00, at=now)
    window = selecting.closed_round([20, 28], founder=founder, at=now)
    first, second = Application.objects.filter(window=window).order_by("number")
    Step.objects.filter(application=first, kind="screen").update(kind="consult", result="failed")
    Step.objects.filter(application=second, kind="screen").update(result="failed")
    assert cases_of_round(window) == [first]
