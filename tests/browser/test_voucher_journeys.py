"""A voucher from its order, confirmed by both sides, to its settlement."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from chuangju.applications.models import Application, Decision, VoucherUse, Window
from chuangju.applications.vouchers import issue_voucher
from chuangju.budget.models import Payment
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.models import Claim, Party
from tests.applications.desk import clerk_of, make_firm, unit_of
from tests.budget.money import open_line_of
from tests.people import make_user
from tests.ventures.numbers import credit_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.usefixtures("reference_data")]
NewPage = Callable[..., Page]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]


def _case(policy_id: str, version: str, unit: str, amount: int) -> tuple[Application, User]:
    founder, now = make_user("founder", Role.ENTREPRENEUR), timezone.now()
    firm = make_firm(1, founder=founder)
    window = Window.objects.create(policy_id=policy_id, title="批次", created_at=now)
    case = Application.objects.create(
        window=window,
        policy_id=policy_id,
        policy_version=version,
        title="创业服务券",
        number="310112-20260101-00001",
        state=Application.State.IN_REVIEW,
        subject=firm,
        unit=unit_of(unit),
        town=firm.town,
        submitter=founder,
        expected_amount=amount,
        account=json.dumps({"name": firm.name, "number": "6222000000000000", "bank": "演示银行"}),
        started_at=now,
        changed_at=now,
        submitted_at=now,
        accepted_at=now,
    )
    return case, founder


def _money_for(unit: str, policy_id: str) -> None:
    finance = make_user("finance", Role.FINANCE, unit=unit_of("czj"))
    line = open_line_of(unit_of(unit), by=finance, year=timezone.localdate().year)
    type(line).objects.filter(pk=line.pk).update(policy_id=policy_id)


def _provider(helper: User) -> Party:
    now = timezone.now()
    found = Party.objects.create(
        kind=Party.Kind.PROVIDER,
        name="闵行专利服务所",
        credit_code=credit_code(7),
        source=Party.Source.REGISTER,
        is_checked=True,
        created_at=now,
    )
    Claim.objects.create(
        user=helper,
        party=found,
        given_name=found.name,
        capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
        way=Claim.Way.DOCUMENT,
        state=Claim.State.CONFIRMED,
        starts_on=date(2024, 1, 1),
        made_at=now,
        decided_at=now,
        decided_by=clerk_of("kw", "claims"),
    )
    return found


def order_with_voucher(holder: Page, axe: Axe) -> None:
    """First for more than is left, then for a part of it."""
    holder.goto("/my/vouchers/")
    holder.get_by_role("link", name="创业服务券").click()
    holder.get_by_role("link", name="用券下单").click()
    holder.get_by_label("服务机构").select_option(label="闵行专利服务所")
    holder.get_by_label("服务内容").fill("专利申请代理")
    holder.get_by_label("服务价格").fill("8000元")
    holder.get_by_label("用券金额").fill("6000元")
    holder.get_by_role("button", name="下单").click()
    expect(holder.get_by_text("券面余额只剩 5,000 元")).to_be_visible()
    expect(holder.get_by_label("服务内容")).to_have_value("专利申请代理")
    holder.get_by_label("用券金额").fill("3000元")
    holder.get_by_role("button", name="下单").click()
    expect(holder.get_by_text("已下单，等服务机构接单")).to_be_visible()
    axe(holder)


def answer_and_confirm(partner: Page, axe: Axe) -> None:
    """The provider takes the order, then says that it was done and where the money goes."""
    partner.goto("/my/vouchers/")
    partner.get_by_role("link", name="专利申请代理").click()
    partner.get_by_role("button", name="接单", exact=True).click()
    partner.get_by_role("link", name="确认服务完成").click()
    partner.get_by_label("户名").fill("闵行专利服务所")
    partner.get_by_label("账号").fill("6222000000000001")
    partner.get_by_label("开户银行").fill("演示银行")
    partner.get_by_role("button", name="确认完成").click()
    axe(partner)


def test_a_voucher_is_spent_confirmed_by_both_sides_and_settled(new_page: NewPage, sign_in: SignIn, axe: Axe) -> None:
    case, founder = _case("startup_service_voucher", "2025", "kw", 500_000)
    _money_for("kw", "startup_service_voucher")
    now, helper = timezone.now(), make_user("helper", Role.PARTNER_OPERATOR)
    decision = Decision.objects.create(
        application=case,
        outcome=Decision.Outcome.GRANTED,
        state=Decision.State.PUBLISHED,
        amount=500_000,
        proposed_at=now,
        approved_at=now,
        published_at=now,
        effective_on=timezone.localdate(),
    )
    voucher = issue_voucher(decision, by=None, at=now)
    assert voucher is not None
    _provider(helper)
    holder, partner, desk = new_page("phone"), new_page("phone"), new_page("desk")
    sign_in(holder, founder.username)
    sign_in(partner, helper.username)
    sign_in(desk, clerk_of("kw", "clerk-kw").username)
    order_with_voucher(holder, axe)
    answer_and_confirm(partner, axe)
    holder.reload()
    holder.get_by_role("link", name="确认服务完成").click()
    holder.get_by_role("button", name="确认完成").click()
    desk.goto(f"/vouchers/{voucher.pk}/")
    desk.get_by_role("link", name="审核兑付").click()
    desk.get_by_role("button", name="通过并申请拨付").dblclick()
    expect(desk.get_by_text("已审核，等待财务拨付").first).to_be_visible()
    axe(desk)
    assert VoucherUse.objects.get().state == VoucherUse.State.REQUESTED
    assert Payment.objects.count() == 1
