"""容缺 in the browser: a paper that was to follow is late, put off, handed in on a phone and looked at; a promise is untrue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.follow_ups import latest_extension
from chuangju.applications.models import Application, Obligation, RequiredDocument
from chuangju.kernel.models import User
from tests.applications import desk as cases
from tests.applications import lenient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]


@pytest.fixture
def case(reference_data: None, make_user: Callable[..., User]) -> Application:
    """Handed in some weeks ago by a founder of 浦江镇."""
    founder = make_user("founder", "entrepreneur", name="林小舟")
    firm = cases.make_firm(1, founder=founder, name="浦江某某咖啡店")
    return cases.hand_in(firm, by=founder, at=timezone.now() - timedelta(days=20))


def test_a_late_paper_is_put_off_handed_in_on_the_phone_and_checked(
    case: Application, desk: Page, phone: Page, sign_in: SignIn, axe: Axe
) -> None:
    duty = lenient.owed(case, timezone.now() - timedelta(days=20))
    on = timezone.localdate()
    lenient.run(on, timezone.now())
    sign_in(desk, f"clerk-{lenient.TOWN}")
    desk.goto("/cases/tabs/overdue/")
    expect(desk.locator("main")).to_contain_text("容缺材料逾期")
    axe(desk)
    desk.get_by_role("link", name="创业场地房租补贴").first.click()
    desk.get_by_role("link", name="办理补交").click()
    expect(desk.locator("main")).to_contain_text("逾期未补交")
    axe(desk)
    desk.get_by_label("延期一次").check()
    desk.get_by_role("button", name="办理", exact=True).click()
    expect(desk.locator("main")).to_contain_text("请写明原因")
    desk.get_by_label("延期一次").check()
    desk.get_by_label("说明").fill("房东出差，下周补开")
    desk.get_by_label("新的补交截止日").fill(latest_extension(on=on).isoformat())
    desk.get_by_role("button", name="办理", exact=True).click()
    expect(desk.locator(".sign-line")).not_to_contain_text("容缺材料逾期")

    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/")
    axe(phone)
    phone.get_by_role("link", name="去补交").click()
    axe(phone)
    phone.locator("input[type=file]").set_input_files(
        files=[{"name": "发票.pdf", "mimeType": "application/pdf", "buffer": lenient.photo().read()}]
    )
    phone.get_by_role("button", name="上传").click()
    expect(phone.locator("main")).not_to_contain_text("容缺后补")

    desk.goto(f"/cases/obligations/{duty.pk}/")
    desk.get_by_label("已收到，核对相符").check()
    desk.get_by_role("button", name="办理", exact=True).click()
    expect(desk.locator(f"#paper-{duty.document_id}")).to_contain_text("已核对")
    duty.refresh_from_db()
    assert duty.state == Obligation.State.MET


def test_an_untrue_promise_is_told_to_the_applicant_and_goes_to_refusal(
    case: Application, desk: Page, new_page: Callable[..., Page], sign_in: SignIn, axe: Axe
) -> None:
    duty = lenient.promised(case, timezone.now() - timedelta(days=20))
    sign_in(desk, f"clerk-{lenient.TOWN}")
    desk.goto(f"/cases/{case.pk}/")
    desk.get_by_role("link", name="核查承诺").click()
    axe(desk)
    desk.get_by_label("核查不实").check()
    desk.get_by_label("说明").fill("现场并无此场地")
    desk.get_by_role("button", name="办理", exact=True).click()
    expect(desk.locator(f"#paper-{duty.document_id}")).to_contain_text("承诺不实")
    axe(desk)
    phone = new_page("phone", language="en")
    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/")
    expect(phone.locator("main")).to_contain_text("Promise broken")
    axe(phone)
    assert RequiredDocument.objects.get(pk=duty.document_id).state == RequiredDocument.State.BROKEN
