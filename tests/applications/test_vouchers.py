"""A service voucher: issued, spent up to its balance, settled when both sides have confirmed, given back at its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from chuangju.applications.models import Application, Decision, Voucher, VoucherUse, Window
from chuangju.applications.payee_accounts import ApplicationRefused
from chuangju.applications.voucher_money import SettlementRefused, settle_use
from chuangju.applications.vouchers import (
    VoucherRefused,
    answer_order,
    balance_of,
    cancel_order,
    confirm_as_holder,
    confirm_as_provider,
    expire_vouchers,
    issue_voucher,
    order_service,
)
from chuangju.budget.ledger import balances_of, claim_balances, plan_money
from chuangju.budget.lines import LineFacts, enter_line, open_line
from chuangju.budget.models import BudgetLine, Payment
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.models import Claim, Party
from tests.applications.desk import clerk_of, make_firm, unit_of
from tests.people import make_user
from tests.ventures.numbers import credit_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

NOW = datetime(2025, 6, 2, 10).astimezone()
ACCOUNT = {"name": "服务机构", "number": "6222000000000001", "bank": "演示银行"}
UseState = VoucherUse.State


@pytest.fixture
def line() -> BudgetLine:
    """A line of the year with 10,000 yuan."""
    finance = make_user("finance", Role.FINANCE, unit=unit_of("czj"))
    told = LineFacts(year=2025, code="FQ", name="服务券", unit=unit_of("kw"), policy_id="startup_service_voucher")
    found = enter_line(told, by=finance, at=NOW)
    plan_money(found, 1_000_000, reason="批复", by=finance, at=NOW)
    return open_line(found, revision=found.revision, by=finance, at=NOW)


@pytest.fixture
def boss() -> User:
    """Who acts for the firm that holds the voucher."""
    return make_user("boss", Role.ENTREPRENEUR)


@pytest.fixture
def decision(boss: User) -> Decision:
    """A published grant of a voucher of 5,000 yuan."""
    firm = make_firm(1, founder=boss)
    window = Window.objects.create(policy_id="startup_service_voucher", title="服务券", created_at=NOW)
    case = Application.objects.create(
        window=window,
        policy_id=window.policy_id,
        policy_version="2025",
        title="创业服务券",
        number="310112202506020001",
        state=Application.State.GRANTED,
        subject=firm,
        unit=unit_of("kw"),
        town=firm.town,
        submitter=boss,
        expected_amount=500_000,
        started_at=NOW,
        changed_at=NOW,
        submitted_at=NOW,
        decided_at=NOW,
    )
    return Decision.objects.create(
        application=case,
        outcome=Decision.Outcome.GRANTED,
        state=Decision.State.PUBLISHED,
        amount=500_000,
        proposed_at=NOW,
        approved_at=NOW,
        published_at=NOW,
        effective_on=NOW.date(),
    )


@pytest.fixture
def voucher(decision: Decision, line: BudgetLine) -> Voucher:
    """The voucher that the grant left, with its money."""
    del line
    found = issue_voucher(decision, by=None, at=NOW)
    assert found is not None
    return found


@pytest.fixture
def helper() -> User:
    """Who acts for a provider."""
    return make_user("helper", Role.PARTNER_OPERATOR)


@pytest.fixture
def provider(helper: User) -> Party:
    """A provider of the directory."""
    found = Party.objects.create(
        kind=Party.Kind.PROVIDER,
        name="闵行专利服务所",
        credit_code=credit_code(7),
        source=Party.Source.REGISTER,
        is_checked=True,
        created_at=NOW,
    )
    Claim.objects.create(
        user=helper,
        party=found,
        given_name=found.name,
        capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
        way=Claim.Way.DOCUMENT,
        state=Claim.State.CONFIRMED,
        starts_on=date(2024, 1, 1),
        made_at=NOW,
        decided_at=NOW,
        decided_by=clerk_of("kw", "claims"),
    )
    return found


@pytest.fixture
def ordered(voucher: Voucher, provider: Party, boss: User) -> VoucherUse:
    """3,000 yuan of an 8,000 yuan service."""
    return order_service(voucher, provider, service="专利代理", price=800_000, amount=300_000, by=boss, at=NOW)


@pytest.fixture
def confirmed(ordered: VoucherUse, boss: User, helper: User) -> VoucherUse:
    """A service that both sides say was done."""
    answer_order(ordered, accepts=True, by=helper, at=NOW)
    confirm_as_holder(ordered, by=boss, at=NOW)
    return confirm_as_provider(ordered, **ACCOUNT, by=helper, at=NOW)


def test_a_grant_leaves_one_voucher_for_a_year_and_sets_its_money_aside(voucher: Voucher, line: BudgetLine) -> None:
    assert (voucher.state, voucher.amount, voucher.number) == (Voucher.State.ACTIVE, 500_000, "FQ202500001")
    assert (voucher.starts_on, voucher.ends_on) == (date(2025, 6, 2), date(2026, 6, 1))
    assert balances_of(line).reserved == 500_000
    assert issue_voucher(voucher.decision, by=None, at=NOW) == voucher
    assert balances_of(line).reserved == 500_000


def test_without_money_a_voucher_waits_and_cannot_be_spent(decision: Decision, provider: Party, boss: User) -> None:
    waiting = issue_voucher(decision, by=None, at=NOW)
    assert waiting is not None
    assert waiting.state == Voucher.State.WAITING
    with pytest.raises(VoucherRefused, match="现在不能使用"):
        order_service(waiting, provider, service="专利代理", price=1, amount=1, by=boss, at=NOW)


def test_orders_never_exceed_the_balance(ordered: VoucherUse, provider: Party, boss: User) -> None:
    assert balance_of(ordered.voucher) == 200_000
    with pytest.raises(VoucherRefused, match="余额只剩 2,000 元"):
        order_service(ordered.voucher, provider, service="检测", price=300_000, amount=200_001, by=boss, at=NOW)
    cancel_order(ordered, reason="不做了", by=boss, at=NOW)
    assert balance_of(ordered.voucher) == 500_000


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"price": 100, "amount": 101}, "不超过服务价格"),
        ({"amount": 0}, "大于零"),
        ({"service": " "}, "请写明服务内容"),
    ],
)
def test_an_order_says_what_is_bought_and_pays_no_more_than_its_price(
    voucher: Voucher, provider: Party, boss: User, change: dict[str, object], sentence: str
) -> None:
    told = {"service": "检测", "price": 200, "amount": 100, **change}
    with pytest.raises(VoucherRefused, match=sentence):
        order_service(voucher, provider, **told, by=boss, at=NOW)  # type: ignore[arg-type]


def test_only_the_holder_orders_and_only_the_provider_answers(
    ordered: VoucherUse, provider: Party, boss: User, helper: User
) -> None:
    with pytest.raises(VoucherRefused, match="只有持券人"):
        order_service(ordered.voucher, provider, service="检测", price=1, amount=1, by=helper, at=NOW)
    with pytest.raises(VoucherRefused, match="只有这家服务机构"):
        answer_order(ordered, accepts=True, by=boss, at=NOW)
    with pytest.raises(VoucherRefused, match="请写明不接单的原因"):
        answer_order(ordered, accepts=False, by=helper, at=NOW)
    assert answer_order(ordered, accepts=False, reason="排期已满", by=helper, at=NOW).state == UseState.DECLINED
    assert balance_of(ordered.voucher) == 500_000
    with pytest.raises(VoucherRefused, match="已经答复过"):
        answer_order(ordered, accepts=True, by=helper, at=NOW)


def test_both_sides_confirm_before_anybody_is_paid(ordered: VoucherUse, boss: User, helper: User) -> None:
    answer_order(ordered, accepts=True, by=helper, at=NOW)
    assert confirm_as_holder(ordered, by=boss, at=NOW).state == UseState.ACCEPTED
    with pytest.raises(SettlementRefused, match="双方都确认"):
        settle_use(ordered, by=clerk_of("kw"), at=NOW)
    with pytest.raises(ApplicationRefused, match="账号应为"):
        confirm_as_provider(ordered, name="甲", number="1", bank="乙", by=helper, at=NOW)
    assert confirm_as_provider(ordered, **ACCOUNT, by=helper, at=NOW).state == UseState.CONFIRMED


def test_nobody_confirms_for_both_sides(ordered: VoucherUse, boss: User, helper: User, provider: Party) -> None:
    answer_order(ordered, accepts=True, by=helper, at=NOW)
    Claim.objects.filter(user=helper).update(user=boss)
    confirm_as_holder(ordered, by=boss, at=NOW)
    with pytest.raises(VoucherRefused, match="不同的人"):
        confirm_as_provider(ordered, **ACCOUNT, by=boss, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        VoucherUse.objects.filter(pk=ordered.pk).update(provider_confirmed_by=boss)


def test_a_settled_use_takes_its_part_over_and_pays_the_provider_once(
    confirmed: VoucherUse, line: BudgetLine, provider: Party
) -> None:
    clerk = clerk_of("kw")
    with pytest.raises(SettlementRefused, match="发券单位"):
        settle_use(confirmed, by=clerk_of("rsj"), at=NOW)
    settled = settle_use(confirmed, by=clerk, at=NOW)
    payment = Payment.objects.get()
    assert (payment.claim_key, payment.amount, payment.payee) == (settled.claim_key, 300_000, provider)
    balances = balances_of(line)
    assert (balances.reserved, balances.committed, balances.available) == (200_000, 300_000, 500_000)
    with pytest.raises(SettlementRefused):
        settle_use(settled, by=clerk, at=NOW)
    assert Payment.objects.count() == 1


def test_at_its_end_what_nobody_spent_is_free_and_what_is_under_way_is_not(
    confirmed: VoucherUse, line: BudgetLine
) -> None:
    voucher = confirmed.voucher
    day = voucher.ends_on + timedelta(days=1)
    assert expire_vouchers(on=voucher.ends_on, at=NOW) == 0
    assert expire_vouchers(on=day, at=NOW) == 1
    assert expire_vouchers(on=day, at=NOW) == 0
    assert claim_balances(voucher.claim_key).reserved == 300_000
    assert settle_use(confirmed, by=clerk_of("kw"), at=NOW).state == UseState.REQUESTED
    assert balances_of(line).reserved == 0


def test_holder_provider_and_clerk_each_do_their_part_on_their_pages(
    voucher: Voucher, provider: Party, boss: User, helper: User, client: Client
) -> None:
    client.force_login(boss)
    told = {"provider": provider.pk, "service": "专利代理", "price": "8000元", "amount": "3000元"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chuangju.applications.views.voucher_pages.timezone.now", lambda: NOW)
        patch.setattr("chuangju.applications.views.voucher_pages.today", NOW.date)
        assert client.post(f"/vouchers/{voucher.pk}/order/", told).status_code == 302
        use = VoucherUse.objects.get()
        assert "2,000 元" in client.get(f"/vouchers/{voucher.pk}/").content.decode()
        client.force_login(helper)
        assert "专利代理" in client.get("/my/vouchers/").content.decode()
        assert client.post(f"/my/orders/{use.pk}/accept/").status_code == 302
        assert client.post(f"/my/orders/{use.pk}/done/", ACCOUNT).status_code == 302
        client.force_login(boss)
        assert client.post(f"/my/orders/{use.pk}/done/").status_code == 302
        client.force_login(make_user("other", Role.ENTREPRENEUR))
        assert client.get(f"/vouchers/{voucher.pk}/").status_code == 404
        assert client.get(f"/my/orders/{use.pk}/").status_code == 404
        client.force_login(clerk_of("kw"))
        assert "审核兑付" in client.get(f"/vouchers/{voucher.pk}/").content.decode()
        assert client.post(f"/vouchers/orders/{use.pk}/settle/").status_code == 302
    use.refresh_from_db()
    assert use.state == UseState.REQUESTED
