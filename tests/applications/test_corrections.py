"""Everything that is to be mended is told at once; the clock stands still, what came back is shown as a difference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from chuangju.applications.case_clocks import read_case
from chuangju.applications.case_locks import StepRefused
from chuangju.applications.correction_diff import diff_of
from chuangju.applications.corrections import (
    Answer,
    CorrectionRefused,
    Wanted,
    answer_correction,
    cancel_correction,
    expire_corrections,
    request_correction,
    rounds_left,
)
from chuangju.applications.models import Application, Correction, RequiredDocument
from chuangju.applications.recoveries import open_recovery
from chuangju.applications.steps import complete_step
from chuangju.applications.suspensions import resume_application, suspend_application
from chuangju.kernel.models import Message, User
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import working_days_between
from tests.applications import deciding, desk
from tests.applications.desk import ANSWERS, accept, clerk_of, hand_in, make_firm, step_of

pytestmark = pytest.mark.usefixtures("reference_data")
DAY = timedelta(days=1)


@pytest.fixture
def founder(make_user: Callable[..., User]) -> User:
    return make_user("founder", "entrepreneur")


@pytest.fixture
def case(founder: User, now: datetime) -> Application:
    return accept(hand_in(make_firm(1, founder=founder), by=founder, at=now), at=now)


@pytest.fixture
def clerk(db: None) -> User:
    return clerk_of("310112114")


def lease(case: Application) -> RequiredDocument:
    return case.documents.get(name="租赁合同")


def ask(case: Application, clerk: User, at: datetime) -> Correction:
    items = [Wanted("租约缺第三页", document=lease(case)), Wanted("月租与发票不一致", fact="monthly_rent")]
    return request_correction(case, items, by=clerk, at=at)


def test_a_request_lists_everything_stops_the_clock_and_tells_the_applicant(
    case: Application, clerk: User, founder: User, now: datetime
) -> None:
    made = ask(case, clerk, now)
    assert (made.round, made.due_on) == (1, date(2026, 6, 30))
    assert [item.text for item in made.items.all()] == ["租约缺第三页", "月租与发票不一致"]
    assert lease(case).state == "faulty"
    reading = read_case(case, on=(now + 3 * DAY).date())
    assert reading is not None
    assert reading.is_paused
    told = Message.objects.filter(user=founder, template="applications.correction_asked").get()
    assert "2 项" in told.body


def test_nobody_reviews_while_the_applicant_mends(case: Application, clerk: User, now: datetime) -> None:
    ask(case, clerk, now)
    with pytest.raises(StepRefused, match="补正中"):
        complete_step(step_of(case, "screen"), "passed", by=clerk, at=now)


def test_an_answer_must_deal_with_every_item(case: Application, clerk: User, founder: User, now: datetime) -> None:
    made = ask(case, clerk, now)
    with pytest.raises(CorrectionRefused, match="2 项"):
        answer_correction(made, Answer({}, {}), by=founder, at=now)
    made.refresh_from_db()
    assert made.state == "asked"


def test_the_clock_goes_on_with_the_answer_and_due_days_move(
    case: Application, clerk: User, founder: User, now: datetime
) -> None:
    due = step_of(case, "screen").due_on
    promised = case.due_on
    assert due is not None
    assert promised is not None
    made = ask(case, clerk, now)
    paper = lease(case)
    paper.state = "given"
    paper.save()
    later = now + 2 * DAY
    answer_correction(made, Answer({}, {"monthly_rent": 450_000}), by=founder, at=later)
    assert step_of(case, "screen").due_on == due + timedelta(days=2)
    case.refresh_from_db()
    assert case.due_on is not None
    assert case.due_on > promised
    reading = read_case(case, on=later.date())
    assert reading is not None
    assert (reading.is_paused, reading.used) == (False, 0)
    complete_step(step_of(case, "screen"), "passed", by=clerk, at=later)


def test_what_came_back_is_shown_as_a_difference(case: Application, clerk: User, founder: User, now: datetime) -> None:
    made = ask(case, clerk, now)
    words = {item.pk: "已更正" for item in made.items.all()}
    answered = answer_correction(made, Answer(words, {"monthly_rent": 450_000}), by=founder, at=now + DAY)
    found = diff_of(answered)
    assert [(one.key, one.before, one.after) for one in found.facts] == [
        ("monthly_rent", ANSWERS["monthly_rent"], 450_000)
    ]
    assert [item.answer for item in found.items] == ["已更正", "已更正"]


def test_a_stranger_does_not_answer(case: Application, clerk: User, stranger: User, now: datetime) -> None:
    made = ask(case, clerk, now)
    words = {item.pk: "已更正" for item in made.items.all()}
    with pytest.raises(CorrectionRefused):
        answer_correction(made, Answer(words, {}), by=stranger, at=now)


def test_only_one_request_is_open_and_rounds_are_limited(
    case: Application, clerk: User, founder: User, now: datetime
) -> None:
    for turn in range(3):
        made = ask(case, clerk, now + turn * DAY)
        with pytest.raises(CorrectionRefused, match="还没有答复"):
            ask(case, clerk, now + turn * DAY)
        words = {item.pk: f"第 {turn} 次" for item in made.items.all()}
        answer_correction(made, Answer(words, {}), by=founder, at=now + turn * DAY)
    assert rounds_left(case) == 0
    with pytest.raises(CorrectionRefused, match="规定的次数"):
        ask(case, clerk, now + 4 * DAY)


def test_a_request_taken_back_counts_for_no_round(case: Application, clerk: User, now: datetime) -> None:
    made = ask(case, clerk, now)
    cancel_correction(made, reason="材料其实齐全", by=clerk, at=now)
    assert rounds_left(case) == 3
    with pytest.raises(StaleForm):
        cancel_correction(made, reason="再取消", by=clerk, at=now)
    complete_step(step_of(case, "screen"), "passed", by=clerk, at=now)


def test_a_request_that_is_not_answered_ends_the_case(
    case: Application, clerk: User, founder: User, now: datetime
) -> None:
    made = ask(case, clerk, now)
    assert expire_corrections(made.due_on, at=now + 15 * DAY) == 0
    assert expire_corrections(made.due_on + DAY, at=now + 16 * DAY) == 1
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("lapsed", "逾期未补正，视为撤回")
    assert Message.objects.filter(user=founder, template="applications.correction_expired").exists()
    with pytest.raises(StaleForm):
        answer_correction(made, Answer({}, {}), by=founder, at=now + 17 * DAY)


def test_an_applicant_is_told_before_the_day_once(case: Application, clerk: User, founder: User, now: datetime) -> None:
    made = ask(case, clerk, now)
    expire_corrections(made.due_on - 4 * DAY, at=now)
    expire_corrections(made.due_on - DAY, at=now)
    assert Message.objects.filter(user=founder, template="applications.correction_expiring").count() == 1


def test_the_clock_stands_still_while_the_case_is_suspended(case: Application, founder: User, now: datetime) -> None:
    town = clerk_of("310112114")
    asked = request_correction(case, [Wanted("合同缺页")], by=town, at=now)
    suspend_application(case, reason="涉诉", by=town, at=now)
    answer_correction(asked, Answer({asked.items.get().pk: "已补"}, {}), by=founder, at=now + timedelta(days=1))
    case.refresh_from_db()
    reading = read_case(case, on=now.date() + timedelta(days=2))
    assert reading is not None
    assert reading.is_paused


def test_a_recovery_does_not_lapse_by_what_nobody_mends(founder: User, now: datetime) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(desk.make_firm(8, founder=founder), founder=founder, at=now)
    after = now + timedelta(days=10)
    deciding.granted(application, at=now, later=after)
    child = open_recovery(application, reason="退租", hears=False, by=clerk_of("rsj"), at=after)
    with pytest.raises(CorrectionRefused, match="不能要求补正"):
        request_correction(child, [Wanted("说明情况")], by=clerk_of("rsj"), at=after)


def test_days_to_mend_do_not_pass_while_the_case_rests(case: Application, founder: User, now: datetime) -> None:
    town = clerk_of("310112114")
    asked = request_correction(case, [Wanted("合同缺页")], by=town, at=now)
    suspend_application(case, reason="涉诉", by=town, at=now)
    late = now + timedelta(days=60)
    assert expire_corrections(late.date(), at=late) == 0
    resume_application(case, by=town, at=late)
    before = asked.due_on
    asked.refresh_from_db()
    assert asked.due_on > late.date()
    assert working_days_between(now.date(), before) == working_days_between(late.date(), asked.due_on)
