"""The light of a row follows from dates alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.lights import (
    Light,
    light_counts,
    milestones_with_light,
    rows_with_progress,
    sign_of,
    soon_until,
    tally_lights,
)
from chuangju.programme.milestones import complete_milestone, drop_milestone
from chuangju.programme.models import Milestone, TableVersion, TaskRow
from tests.programme.conftest import read_table_of, read_task, row_of

MakeMilestone = Callable[..., Milestone]
pytestmark = pytest.mark.django_db


def seen(version: TableVersion, number: int, on: date) -> TaskRow:
    return rows_with_progress(version.rows.filter(number=number), on=on).get()


def test_a_row_without_any_date_is_undated_and_not_on_time(version: TableVersion, today: date) -> None:
    row = seen(version, 1, today)
    assert (row.light, row.deadline, row.milestones_total) == (Light.UNDATED, None, 0)


def test_steps_without_dates_leave_the_row_undated(
    version: TableVersion, make_milestone: MakeMilestone, today: date
) -> None:
    make_milestone(1)
    assert seen(version, 1, today).light == Light.UNDATED


def test_the_day_itself_is_not_late_and_the_next_day_is(
    version: TableVersion, make_milestone: MakeMilestone, today: date
) -> None:
    make_milestone(1, due_on=today)
    assert seen(version, 1, today).light == Light.SOON
    assert seen(version, 1, today + timedelta(days=1)).light == Light.LATE


def test_near_means_within_the_set_number_of_working_days(
    version: TableVersion, make_milestone: MakeMilestone, today: date, settings: object
) -> None:
    settings.SOON_WORKING_DAYS = 5
    last_near_day = add_working_days(today, 5)
    assert soon_until(today) == last_near_day
    make_milestone(1, due_on=last_near_day)
    make_milestone(2, due_on=last_near_day + timedelta(days=1))
    assert seen(version, 1, today).light == Light.SOON
    assert seen(version, 2, today).light == Light.ON_TIME


def test_the_earliest_open_step_decides_and_done_or_dropped_ones_do_not(
    version: TableVersion, make_milestone: MakeMilestone, office: User, now: datetime, today: date
) -> None:
    done = make_milestone(1, due_on=today - timedelta(days=30))
    dropped = make_milestone(1, due_on=today - timedelta(days=20))
    make_milestone(1, due_on=today + timedelta(days=90))
    complete_milestone(done, done_on=today - timedelta(days=31), revision=1, by=office, at=now)
    drop_milestone(dropped, reason="重复", revision=1, by=office, at=now)
    row = seen(version, 1, today)
    assert (row.light, row.deadline) == (Light.ON_TIME, today + timedelta(days=90))
    assert (row.milestones_done, row.milestones_total) == (1, 2)


def test_a_row_whose_steps_are_all_done_is_done_and_has_no_deadline(
    version: TableVersion, make_milestone: MakeMilestone, office: User, now: datetime, today: date
) -> None:
    step = make_milestone(1, due_on=today - timedelta(days=3))
    complete_milestone(step, done_on=today, revision=1, by=office, at=now)
    row = seen(version, 1, today + timedelta(days=400))
    assert (row.light, row.deadline) == (Light.DONE, None)


def test_the_printed_time_limit_counts_until_every_step_is_done(
    put_into_force: Callable[..., TableVersion], today: date
) -> None:
    version = put_into_force(read_table_of(read_task(1, "任务", due="2026年6月1日前")))
    assert row_of(version, 1).due_on == date(2026, 6, 1)
    assert seen(version, 1, today).light == Light.LATE


def test_the_printed_limit_is_the_deadline_when_it_comes_before_the_next_step(
    put_into_force: Callable[..., TableVersion], make_milestone: MakeMilestone, today: date
) -> None:
    put_into_force(read_table_of(read_task(1, "配套政策的制定、实施及资金投入", due="2026年12月1日前")))
    current = TableVersion.objects.get(state="current")
    step = make_milestone(1, due_on=date(2026, 12, 31))
    assert step.measure.rows.filter(row__version=current).exists()
    assert seen(current, 1, today).deadline == date(2026, 12, 1)


def test_steps_under_a_measure_of_an_earlier_version_do_not_count_in_this_one(
    version: TableVersion, make_milestone: MakeMilestone, put_into_force: Callable[..., TableVersion], today: date
) -> None:
    make_milestone(3, unit="区人力资源社会保障局", due_on=today)
    newer = put_into_force(read_table_of(read_task(1, "完全不同的另一项工作安排")))
    assert seen(newer, 1, today).milestones_total == 0
    assert seen(version, 3, today).milestones_total == 1


def test_every_light_is_counted_also_those_that_no_row_shows(
    version: TableVersion, make_milestone: MakeMilestone, today: date
) -> None:
    make_milestone(1, due_on=today - timedelta(days=10))
    counts = light_counts(tally_lights(rows_with_progress(version.rows.all(), on=today)))
    assert counts == {"late": 1, "soon": 0, "good": 0, "flat": 2, "done": 0}


def test_a_step_has_a_light_of_its_own(
    version: TableVersion, make_milestone: MakeMilestone, office: User, now: datetime, today: date
) -> None:
    late, done, dropped = (make_milestone(1, due_on=today - timedelta(days=1)) for _ in range(3))
    complete_milestone(done, done_on=today, revision=1, by=office, at=now)
    drop_milestone(dropped, reason="不做", revision=1, by=office, at=now)
    lights = dict(milestones_with_light(Milestone.objects.all(), on=today).values_list("pk", "light"))
    assert lights == {late.pk: Light.LATE, done.pk: Light.DONE, dropped.pk: Light.UNDATED}


@pytest.mark.parametrize(
    ("light", "deadline", "words"),
    [
        (Light.LATE, date(2026, 6, 11), "逾期 2 个工作日"),
        (Light.LATE, date(2026, 6, 14), "逾期 1 个工作日"),
        (Light.SOON, date(2026, 6, 18), "剩 3 个工作日"),
        (Light.SOON, date(2026, 6, 15), "今天到期"),
        (Light.ON_TIME, date(2026, 12, 1), "按期"),
        (Light.UNDATED, None, "无时限"),
        (Light.DONE, None, "已完成"),
    ],
)
def test_the_words_beside_a_light_count_working_days(
    light: Light, deadline: date | None, words: str, today: date
) -> None:
    assert sign_of(light, deadline, on=today).text == words


def test_a_count_into_a_year_without_holiday_notice_says_that_it_is_provisional() -> None:
    on = date(2026, 12, 30)
    assert sign_of(Light.SOON, date(2027, 1, 4), on=on).text.endswith("（暂定）")
    assert not sign_of(Light.SOON, date(2026, 12, 31), on=on).text.endswith("（暂定）")
