"""A nomination in the browser: put forward, confirmed on a phone, applied with; taken back with its reason; ticked in a draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.models import Application, Nomination
from chuangju.kernel.models import User
from chuangju.policies.current import forget_catalogue
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications import desk as cases
from tests.applications.nominating import POLICY, make_association, publish_policy
from tests.people import make_user
from tests.policies.desk import rent_draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]


@pytest.fixture
def firm(reference_data: None) -> Iterator[Party]:
    """To be put forward by the association, under a policy that asks for it."""
    publish_policy(timezone.now())
    make_association()
    yield cases.make_firm(1, founder=make_user("founder", Role.ENTREPRENEUR), name="上海苇渡科技有限公司")
    forget_catalogue()


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def test_a_nominee_confirms_applies_and_reads_why_it_was_taken_back(
    firm: Party, desk: Page, phone: Page, sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sign_in(desk, "speaker")
    desk.goto("/my/nominations/")
    desk.get_by_role("link", name="推荐", exact=True).last.click()
    desk.get_by_label("推荐哪项政策").select_option(POLICY)
    desk.get_by_label("被推荐组织的统一社会信用代码").fill(str(firm.credit_code))
    desk.get_by_label("推荐理由").fill("连续两年开放实习岗位")
    axe(desk)
    desk.get_by_role("button", name="推荐", exact=True).click()
    expect(desk.locator("main table")).to_contain_text("待本人确认")
    made = Nomination.objects.get()

    sign_in(phone, "founder")
    phone.goto("/my/nominations/")
    phone.locator(f'a[href$="/my/nominations/{made.pk}/"]').click()
    expect(phone.locator("main")).to_contain_text("连续两年开放实习岗位")
    no_sideways_scroll(phone)
    axe(phone)
    phone.get_by_role("button", name="确认并申请").click()
    phone.wait_for_url(f"**/apply/{POLICY}/**")
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.locator("main")).to_be_visible()
    case = Application.objects.get(policy_id=POLICY)
    assert case.subject == firm

    desk.goto(f"/my/nominations/{made.pk}/")
    desk.get_by_role("link", name="撤回推荐").click()
    expect(desk.locator("main")).to_contain_text("不能再凭这项推荐提交申请")
    axe(desk)
    desk.get_by_label("撤回理由").fill("材料与事实不符")
    desk.get_by_role("button", name="撤回推荐").click()
    expect(desk.locator("main")).to_contain_text("材料与事实不符")
    expect(desk.get_by_role("link", name="撤回推荐")).to_have_count(0)
    axe(desk)

    phone.goto(f"/my/cases/{case.pk}/")
    expect(phone.locator("main")).to_contain_text("材料与事实不符")
    expect(phone.locator("main")).to_contain_text("没有新的推荐，不能提交")
    no_sideways_scroll(phone)
    axe(phone)


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_who_may_nominate_is_ticked_and_stands_in_the_text(
    reference_data: None,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    axe: Callable[[Page], None],
    size: str,
    language: str,
) -> None:
    officer: User = make_user("officer", Role.POLICY_OFFICER, unit=cases.unit_of("rsj"))
    draft = rent_draft(officer)
    page = new_page(size, language=language)
    sign_in(page, "officer")
    page.goto(f"/staff/policies/drafts/{draft.pk}/edit/")
    box = page.locator(".nominators input[value=association]")
    page.locator("details", has=box).locator("summary").click()
    box.check()
    expect(page.locator("#text-pane textarea").first).to_have_value(
        re.compile(r"step: nominate.*by: \[association\]", re.DOTALL)
    )
    axe(page)
    no_sideways_scroll(page)
