"""Coming in, as people do: staff with an app, a passkey, a recovery code; founders by SMS and by the city; and locked out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from chuangju.kernel.models import User
from chuangju.units.authenticator_apps import app_code
from tests.people import PASSWORD, make_user
from tests.units.oidc_provider.people import CLIENT_ID, CLIENT_SECRET
from tests.units.oidc_provider.people import PASSWORD as CITY_PASSWORD
from tests.units.oidc_provider.process import Provider

pytestmark = pytest.mark.django_db(transaction=True)
# A device that holds passkeys, and whose owner always agrees.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def _as_installed(settings: Settings, watch: Any) -> None:
    """Staff need a second factor; a code that is wrong is answered as such."""
    settings.SECOND_FACTOR_REQUIRED = True
    watch.expect("42[29]")


def by_password(page: Page, username: str, *, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def code_now(secret: str, *, step: int = 0) -> str:
    return app_code(secret.replace(" ", ""), at=timezone.now(), step=step)


def code_of_demo_inbox(page: Page) -> str:
    """The digits of the newest SMS, as a newcomer to the demo finds them."""
    inbox = page.context.new_page()
    inbox.goto("/demo/messages/")
    found = re.search(r"\b(\d{6})\b", inbox.locator("main").inner_text())
    inbox.close()
    assert found, "no code stands in the demo inbox"
    return found[1]


def test_staff_set_up_an_app_and_come_in_by_it_and_by_a_recovery_code(
    new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    make_user("leader", "leader")
    page = new_page("desk")
    by_password(page, "leader")
    expect(page.get_by_role("heading", name="第二重验证")).to_be_visible()
    expect(page.get_by_text("工作人员账号须先设置第二重验证")).to_be_visible()
    page.goto("/staff/units/")
    page.wait_for_url("**/account/second-factor/")
    axe(page)
    page.get_by_role("link", name="设置验证器应用").click()
    axe(page)
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("验证器显示的 6 位数字").fill("000000")
    page.get_by_role("button", name="完成设置").click()
    expect(page.locator(".error-summary")).to_contain_text("验证码不正确")
    page.get_by_label("验证器显示的 6 位数字").fill(code_now(secret, step=-1))
    page.get_by_role("button", name="完成设置").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    assert codes[0] in download.value.path().read_text(encoding="utf-8")
    page.reload()
    expect(page.get_by_text("已显示过，不能再次查看")).to_be_visible()

    sign_out(page)
    by_password(page, "leader")
    axe(page)
    page.get_by_label("验证码").fill(code_now(secret))
    page.get_by_role("button", name="验证", exact=True).click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    page.goto("/staff/units/")
    expect(page.get_by_role("heading", level=1)).to_have_text("成员单位")

    sign_out(page)
    by_password(page, "leader")
    page.get_by_label("验证码").fill(codes[4])
    page.get_by_role("button", name="验证", exact=True).click()
    page.goto("/account/second-factor/")
    expect(page.get_by_text("还剩 9 个")).to_be_visible()


def test_staff_come_in_by_a_passkey_alone_and_prove_themselves_with_it(
    new_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    make_user("leader", "leader")
    page = new_page("desk")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    by_password(page, "leader")
    page.get_by_role("link", name="添加通行密钥").click()
    axe(page)
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_text("已添加：通行密钥“办公室电脑”")).to_be_visible()

    sign_out(page)
    page.goto("/sign-in/?next=/account/sessions/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", name="登录设备")).to_be_visible()
    axe(page)

    sign_out(page)
    by_password(page, "leader")
    page.get_by_role("button", name="用通行密钥验证").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    page.goto("/account/confirm/?next=/account/second-factor/app/")
    page.get_by_role("button", name="用通行密钥验证").click()
    expect(page.get_by_role("heading", name="设置验证器应用")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_founder_comes_in_by_sms_on_the_phone(
    scripts: bool,  # noqa: FBT001 - with and without
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    settings: Settings,
) -> None:
    settings.DEMO = True
    page = new_page("phone", java_script_enabled=scripts)
    page.goto("/")
    page.goto("/sign-in/mobile/?next=/account/")
    page.get_by_label("手机号").fill("138 1234 5678")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.locator("main")).to_contain_text("138****5678")
    page.get_by_label("短信验证码").fill("1")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("还可以再试 4 次")
    if scripts:
        axe(page)
    page.get_by_label("短信验证码").fill(code_of_demo_inbox(page))
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_label("姓名").fill("林小舟")
    page.get_by_role("checkbox", name="我已阅读并同意").check()
    if scripts:
        axe(page)
    page.get_by_role("button", name="开通并登录").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    expect(page.locator("main")).to_contain_text("林小舟")


def test_a_founder_comes_in_by_the_city(
    new_page: Callable[..., Page], watch: Any, city_provider: Provider, live_server: Any, settings: Settings
) -> None:
    settings.DEMO = True
    settings.CITY_SIGN_IN = {
        "issuer": city_provider.url,
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "label": "随申办",
        "label_en": "Suishenban",
    }
    city_provider.allow(f"{live_server.url}/sign-in/city/return/")
    watch.expect(re.escape(city_provider.url))
    page = new_page("phone")

    def through_the_city(action: str) -> None:
        page.goto("/sign-in/mobile/?next=/account/")
        page.get_by_role("link", name="用随申办登录").click()
        if page.locator("input[name=login]").count():
            page.fill("input[name=login]", "lin")
            page.fill("input[name=password]", CITY_PASSWORD)
            page.locator("form:has(input[name=password]) [type=submit]").click()
        page.locator(f"button[name=action][value={action}]").click()

    through_the_city("cancel")
    expect(page.get_by_text("您没有同意授权，登录已取消")).to_be_visible()
    through_the_city("grant")
    expect(page.get_by_text("随申办已确认您的身份")).to_be_visible()
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("短信验证码").fill(code_of_demo_inbox(page))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_label("姓名")).to_have_value("林小舟")
    page.get_by_role("checkbox", name="我已阅读并同意").check()
    page.get_by_role("button", name="开通并登录").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    sign_out_here_only(page)
    through_the_city("grant")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()


def sign_out_here_only(page: Page) -> None:
    """Out of the product, still known at the city."""
    page.context.clear_cookies(name="chuangju_session")


def test_whoever_is_locked_out_is_told_so_and_let_in_again_by_the_administrator(
    new_page: Callable[..., Page], settings: Settings
) -> None:
    settings.AXES_ENABLED, settings.SECOND_FACTOR_REQUIRED = True, False
    make_user("secadmin", "security_administrator")
    leader: User = make_user("leader", "leader")
    page = new_page("phone")
    for _ in range(5):
        by_password(page, "leader", password="wrong")
    expect(page.locator("main")).to_contain_text("请 15 分钟后再试")
    by_password(page, "leader")
    expect(page.locator("main")).to_contain_text("请 15 分钟后再试")
    keeper = new_page("desk")
    by_password(keeper, "secadmin")
    keeper.goto(f"/staff/accounts/{leader.username}/")
    keeper.get_by_role("button", name="解除锁定").click()
    expect(keeper.get_by_text("已解除锁定")).to_be_visible()
    by_password(page, "leader")
    expect(page).not_to_have_url(re.compile("sign-in"))
