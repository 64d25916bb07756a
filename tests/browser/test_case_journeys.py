"""A case between applicant and desk: told everything at once and mended on the phone; three units asked side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.models import Application, Decision
from chuangju.kernel.models import User
from tests.applications import desk as cases

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("reference_data"),
]
SignIn = Callable[..., None]
TOWN = "310112114"


@pytest.fixture
def case(reference_data: None, make_user: Callable[..., User]) -> Application:
    """A case of a firm in 浦江镇 that was handed in just now."""
    founder = make_user("founder", "entrepreneur", name="林小舟")
    cases.clerk_of(TOWN)
    cases.clerk_of("rsj")
    return cases.hand_in(cases.make_firm(1, founder=founder, name="浦江某某咖啡店"), by=founder, at=timezone.now())


def test_everything_is_told_at_once_and_mended_on_the_phone(
    phone: Page, desk: Page, sign_in: SignIn, case: Application, axe: Callable[[Page], None]
) -> None:
    sign_in(desk, f"clerk-{TOWN}")
    desk.goto("/cases/")
    axe(desk)
    desk.get_by_role("link", name="创业场地房租补贴").click()
    axe(desk)
    desk.get_by_role("link", name="一次性告知补正").click()
    axe(desk)
    desk.get_by_role("button", name="发出补正告知").click()
    expect(desk.get_by_role("alert")).to_contain_text("一次列全")
    desk.get_by_label("租赁合同").check()
    desk.get_by_label("问题和要求").first.fill("缺第三页，请补拍")
    desk.get_by_label("当前月租金").fill("与发票金额不一致")
    desk.get_by_role("button", name="发出补正告知").click()
    expect(desk.locator("main")).to_contain_text("补正中")
    expect(desk.get_by_role("link", name="受理", exact=True)).to_have_count(0)

    sign_in(phone, "founder")
    phone.goto(f"/my/cases/{case.pk}/correction/")
    expect(phone.locator("main")).to_contain_text("缺第三页，请补拍")
    for box in phone.locator("textarea").all():
        box.fill("已补齐")
    phone.get_by_role("button", name="提交补正").click()
    expect(phone.locator("main")).to_contain_text("已补正")

    desk.goto(f"/cases/{case.pk}/")
    expect(desk.locator("main")).to_contain_text("第 1 次")
    expect(desk.locator("main")).to_contain_text("已补齐")
    desk.get_by_role("link", name="受理", exact=True).click()
    desk.get_by_role("button", name="受理", exact=True).click()
    expect(desk.locator("main")).to_contain_text("材料还不齐")
    paper = case.documents.get(name="租赁合同")
    assert paper.state == "faulty", "a word is no lease"
    desk.goto(f"/cases/{case.pk}/")
    desk.locator(f"#paper-{paper.pk} summary").click()
    desk.locator(f"#paper-{paper.pk}").get_by_label("已看原件").check()
    desk.locator(f"#paper-{paper.pk}").get_by_role("button", name="相符").click()
    desk.get_by_role("link", name="受理", exact=True).click()
    desk.get_by_role("button", name="受理", exact=True).click()
    expect(desk.locator("main")).to_contain_text("已受理，办理时限开始计算")
    case.refresh_from_db()
    assert case.state == "in_review"


def test_three_units_answer_side_by_side_and_the_lead_decides(
    phone: Page, desk: Page, sign_in: SignIn, case: Application, make_user: Callable[..., User]
) -> None:
    lead = cases.to_review(case, at=timezone.now())
    officers = [
        make_user(f"liaison-{code}", "liaison_officer", unit=cases.unit_of(code)) for code in ("kw", "scj", "czj")
    ]
    sign_in(desk, "clerk-rsj")
    desk.goto(f"/cases/{case.pk}/")
    desk.get_by_role("link", name="请其他单位会签").click()
    for officer in officers:
        unit = officer.assignments.get().unit
        assert unit is not None
        desk.get_by_label(unit.name, exact=True).check()
    desk.get_by_label("请答复的问题").fill("场地是否属于众创空间？")
    desk.get_by_role("button", name="发出").click()
    expect(desk.locator("main")).to_contain_text("已请各单位会签")
    desk.locator("textarea[name=opinion]").fill("同意")
    desk.get_by_role("button", name="办结：就业促进中心审核").click()
    expect(desk.locator("main")).to_contain_text("还有 3 个单位没有答复会签")

    for officer in officers:
        phone.context.clear_cookies()
        sign_in(phone, officer.username)
        phone.goto("/cases/")
        phone.get_by_role("link", name="创业场地房租补贴").click()
        expect(phone.locator("main")).to_contain_text("场地是否属于众创空间？")
        phone.get_by_label("同意", exact=True).check()
        phone.get_by_role("button", name="答复会签").click()
        expect(phone.locator("main")).to_contain_text("已答复会签")

    desk.goto(f"/cases/{case.pk}/")
    desk.locator("textarea[name=opinion]").fill("三家均无异议，同意")
    desk.get_by_role("button", name="办结：就业促进中心审核").click()
    expect(desk.locator("main")).to_contain_text("等待审定")
    lead.refresh_from_db()
    assert (lead.state, lead.result) == ("done", "passed")
    assert Decision.objects.get(application=case).state == Decision.State.PROPOSED
