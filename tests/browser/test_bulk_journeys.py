"""Many decisions approved at once in the browser: what is chosen before, each result after, four eyes for each case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.decisions import propose_decision, return_decision
from chuangju.applications.models import Decision
from chuangju.kernel.models import User
from tests.applications import deciding
from tests.applications import desk as cases
from tests.people import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]
NAMES = ("浦江甲咖啡店", "浦江乙书店", "浦江丙花店")


@pytest.fixture
def decisions(reference_data: None) -> list[Decision]:
    """Three proposals, the first by the approver themselves, who is a clerk of the bureau too."""
    now, founder = timezone.now(), make_user("founder", "entrepreneur")
    deciding.give_line(1_000_000 * deciding.YUAN, at=now)
    both = make_user("both", "clerk", unit=cases.unit_of("rsj"))
    make_user("both", "approver", unit=cases.unit_of("rsj"))
    firms = [cases.make_firm(place, founder=founder, name=name) for place, name in enumerate(NAMES, start=1)]
    waiting = [deciding.case_at_approval(firm, founder=founder, at=now) for firm in firms]
    own = propose_decision(waiting[0], Decision.Outcome.GRANTED, by=both, at=now)
    return [own, *(deciding.proposed(case, at=now) for case in waiting[1:])]


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def test_what_is_chosen_is_seen_before_and_each_result_after(
    decisions: list[Decision],
    desk: Page,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
) -> None:
    sign_in(desk, "both")
    desk.goto("/cases/")
    boxes = desk.locator("main input[type=checkbox][name=step]")
    expect(boxes).to_have_count(3)
    for place in range(3):
        boxes.nth(place).check()
    desk.locator("#bulk button[value=approve]").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("一并审定")
    rows = desk.locator("form table tbody tr")
    expect(rows.filter(has_text=NAMES[0])).to_contain_text("应由另一名审批人审定")
    for name in NAMES[1:]:
        expect(rows.filter(has_text=name)).to_contain_text("30,000 元")
    expect(desk.locator(".strip")).to_contain_text("60,000 元")
    axe(desk)
    phone = new_page("phone", language="en")
    sign_in(phone, "both")
    phone.goto(desk.url)
    expect(phone.locator("main")).to_contain_text(NAMES[0])
    no_sideways_scroll(phone)
    axe(phone)

    # While the list is read, a colleague sends one of them back.
    colleague = cases.approver_of("rsj")
    return_decision(decisions[2], reason="再核实租约", by=colleague, at=timezone.now())
    desk.get_by_label("审定意见").fill("材料齐全，同意")
    desk.get_by_role("button", name="审定 2 件").click()
    failed, done = desk.locator("section", has_text="没有办成 1 件"), desk.locator("section", has_text="已办成 1 件")
    expect(failed).to_contain_text(NAMES[2])
    expect(failed).to_contain_text("可能刚由他人办理")
    expect(done).to_contain_text(NAMES[1])
    axe(desk)
    no_sideways_scroll(desk)
    approver = User.objects.get(username="both")
    states = [Decision.objects.get(pk=one.pk) for one in decisions]
    assert [one.state for one in states] == ["proposed", "approved", "returned"]
    assert states[1].approved_by == approver
