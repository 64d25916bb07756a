"""A policy's way in the browser from its consultation to the public page; a package from its file to a landed clause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.policies.models import PackageClause, PolicyRecord
from chuangju.units.models import Unit
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SignIn = Callable[..., None]
TEXT = "示例条款\n1. 场地支持（责任单位：区人力资源社会保障局）\n2. 住房\n"


@pytest.fixture
def keeper(reference_data: None) -> None:
    make_user("policy", "policy_officer", unit=Unit.objects.get(code="rsj"))


def record_stage(page: Page, stage: str, **fields: str) -> None:
    """The next stage through its button on the policy's page."""
    page.get_by_role("link", name=f"登记：{stage}").first.click()
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text(f"已登记“{stage}”")).to_be_visible()


def test_a_policy_is_made_stage_by_stage_and_not_issued_past_a_review(
    keeper: None, desk: Page, sign_in: SignIn, watch: Any
) -> None:
    watch.expect("422")
    sign_in(desk, "policy")
    desk.goto("/staff/policy-records/new/")
    desk.locator("[name=title]").fill("共享设备补贴办法")
    desk.locator("[name=policy_id]").fill("shared_equipment")
    desk.get_by_role("button", name="建立档案").click()
    record_stage(desk, "征求意见", words="征求了三家单位")
    record = PolicyRecord.objects.get(policy_id="shared_equipment")
    today = timezone.localdate().isoformat()
    desk.goto(f"/staff/policy-records/{record.pk}/stages/issue/")
    desk.locator("[name=effective_from]").fill(today)
    desk.get_by_role("button", name="登记", exact=True).click()
    expect(desk.get_by_text("之前还须完成：合法性审核、公平竞争审查、集体审议、发文字号").first).to_be_visible()
    desk.goto(f"/staff/policy-records/{record.pk}/")
    record_stage(desk, "合法性审核", outcome="passed", document="审核意见书")
    record_stage(desk, "公平竞争审查", outcome="amended")
    record_stage(desk, "集体审议", outcome="passed")
    record_stage(desk, "发文字号", document_number="示例〔2026〕1号")
    record_stage(desk, "印发", effective_from=today, valid_until="2099-12-31")
    record_stage(desk, "政策解读", explanation="小微企业都能用。")
    record.refresh_from_db()
    assert record.state == PolicyRecord.State.ISSUED
    expect(desk.get_by_text("小微企业都能用。").first).to_be_visible()


def test_a_package_is_uploaded_looked_at_confirmed_and_one_clause_lands(
    keeper: None, desk: Page, sign_in: SignIn
) -> None:
    sign_in(desk, "policy")
    desk.goto("/staff/policy-packages/import/")
    desk.locator("input[type=file]").set_input_files(
        {"name": "包.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    )
    desk.get_by_role("button", name="上传并预览").click()
    expect(desk.get_by_text("第 2 条没有写明责任单位，导入后可补")).to_be_visible()
    desk.get_by_role("button", name="确认导入").click()
    expect(desk.get_by_text("已落地 0/2 条")).to_be_visible()
    desk.get_by_role("link", name="场地支持").click()
    desk.get_by_role("link", name="填写落实情况").click()
    desk.locator("[name=policy_id]").fill("rent_subsidy")
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_text("已落地").first).to_be_visible()
    assert PackageClause.objects.get(number=1).policy_id == "rent_subsidy"


def test_a_stranger_asks_for_the_size_of_a_firm_and_reads_the_fees_on_a_phone(
    reference_data: None, phone: Page, axe: Callable[[Page], None]
) -> None:
    phone.goto("/fees/")
    axe(phone)
    phone.get_by_role("link", name="我是小型还是微型？").click()
    phone.locator("[name=industry]").select_option(label="软件和信息技术服务业")
    phone.locator("[name=staff]").fill("12")
    phone.get_by_role("button", name="看是哪一型").click()
    expect(phone.get_by_text("还需要填写：营业收入")).to_be_visible()
    phone.locator("[name=turnover]").fill("80")
    phone.get_by_role("button", name="看是哪一型").click()
    expect(phone.locator(".size-answer .num")).to_have_text("小型企业")
    axe(phone)
    phone.get_by_text("看各行业的标准").click()
    axe(phone)
