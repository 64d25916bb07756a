"""A late milestone reaches its officer: reminder by night duty, SMS with a pointer, sign-in, and the milestone itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.kernel.deliveries import deliver_waiting
from chuangju.kernel.models import Message, User
from chuangju.kernel.rounds import run_rounds
from chuangju.kernel.working_days import add_working_days, is_working_day
from chuangju.programme.imports import create_version
from chuangju.programme.milestones import add_milestone
from chuangju.programme.models import Milestone
from chuangju.programme.reminders import remind_of_milestones
from tests.people import PASSWORD, make_user
from tests.programme.conftest import measure_of, read_table_of, read_task, unit_called

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def make_milestone(reference_data: None, office: User) -> Callable[..., Milestone]:
    """`make_milestone(title=…, due_on=…)`: a step of 区财政局 in a small table in force."""
    at = timezone.now()
    version = create_version(
        read_table_of(read_task(1, "配套政策的制定、实施及资金投入")),
        name="",
        effective_from=timezone.localdate(at) - timedelta(days=90),
        file_name="表.docx",
        file_sha256="0" * 64,
        by=office,
        at=at,
    )

    def make(*, title: str = "无时限的节点", due_on: date | None = None) -> Milestone:
        unit = unit_called("区财政局")
        return add_milestone(measure_of(version, 1), title=title, unit=unit, due_on=due_on, by=office, at=at)

    return make


def _morning() -> datetime:
    """Nine o'clock of the last working day that has begun."""
    now = timezone.localtime()
    day = now.date() if is_working_day(now.date()) and now.hour >= 10 else add_working_days(now.date(), -1)
    return now.replace(year=day.year, month=day.month, day=day.day, hour=9, minute=0)


@pytest.mark.parametrize(("size", "language"), [("phone", "zh"), ("desk", "en")])
def test_a_late_milestone_reaches_its_officer_by_a_pointer(
    size: str,
    language: str,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    make_milestone: Callable[..., Milestone],
    settings: Any,
    live_server: Any,
) -> None:
    settings.DEMO, settings.PUBLIC_URL = True, str(live_server.url)
    at = _morning()
    step = make_milestone(title="印发年度资金安排", due_on=add_working_days(at.date(), -1))
    officer = make_user("finance-liaison", "liaison_officer", unit=step.unit)
    with transaction.atomic():
        assert remind_of_milestones(on=at.date(), at=at) == 1
    assert "outbox" in run_rounds(at=at)

    page = new_page(size, language=language)
    page.goto("/sign-in/")
    page.locator("a[href='/demo/messages/']").first.click()
    expect(page).to_have_url(re.compile("/demo/messages/$"))
    bubble = page.locator(".bubble")
    expect(bubble).to_have_count(1)
    expect(bubble).not_to_contain_text("资金安排")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    bubble.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/m/"))
    form = page.locator("form", has=page.locator("input[name=password]"))
    form.locator("input[name=username]").fill(officer.username)
    form.locator("input[name=password]").fill(PASSWORD)
    form.locator("[type=submit]").first.click()
    expect(page).to_have_url(re.compile(rf"#milestone-{step.pk}$"))
    expect(page.locator(f"#milestone-{step.pk}")).to_contain_text("印发年度资金安排")
    assert Message.objects.get(user=officer).read_at is not None


@pytest.mark.parametrize(("size", "language"), [("phone", "zh"), ("desk", "en")])
def test_messages_are_read_marked_and_set_up(
    size: str,
    language: str,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    make_milestone: Callable[..., Milestone],
    settings: Any,
) -> None:
    settings.DEMO = True
    at = _morning()
    officer = make_user("finance-liaison", "liaison_officer", unit=make_milestone().unit)
    for number in range(3):
        make_milestone(title=f"节点甲{number}", due_on=at.date() - timedelta(days=1))
    with transaction.atomic():
        told = remind_of_milestones(on=at.date(), at=at)
    deliver_waiting(at=at)
    page = new_page(size, language=language)
    sign_in(page, officer.username)
    page.goto("/account/messages/")
    expect(page.locator("a.unread")).to_have_count(told)
    axe(page)
    page.locator("input[name=message]").first.check()
    page.locator("button[name=mark][value=read]").click()
    expect(page.locator("a.unread")).to_have_count(told - 1)
    page.locator("a.unread").first.click()
    expect(page.locator("main")).to_contain_text("节点甲")
    axe(page)
    page.goto("/account/messages/settings/")
    axe(page)
    page.locator("select[name=digest_hour]").select_option("8")
    page.locator("main form.card [type=submit]").click()
    expect(page.locator("select[name=digest_hour]")).to_have_value("8")
    assert User.objects.get(pk=officer.pk).message_preference.digest_hour == 8
