"""What is paid to me, and mending a payment that came back, on a phone."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payments import fail_payment
from chuangju.kernel.models import User
from chuangju.ventures.models import Claim, Party
from tests.budget.batches import sent_batch
from tests.budget.money import ACCOUNT

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(entrepreneur: User, payee: Party, finance: User, now: datetime) -> User:
    """Somebody who acts for the firm that is paid."""
    Claim.objects.create(
        user=entrepreneur,
        party=payee,
        given_name=payee.name,
        capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
        way=Claim.Way.DOCUMENT,
        state=Claim.State.CONFIRMED,
        made_at=now,
        decided_at=now,
        decided_by=finance,
    )
    return entrepreneur


def test_a_founder_sees_and_mends_what_came_back(
    client: Client,
    line: BudgetLine,
    payee: Party,
    own: User,
    finance: User,
    approver: User,
    stranger: User,
    clock: datetime,
    now: datetime,
) -> None:
    _batch, (payment,) = sent_batch(line, payee, 1, by=finance, approver=approver)
    fail_payment(payment, reason="账号与户名不符", by=finance, at=now)
    client.force_login(own)
    shown = client.get(reverse("budget:own_payments")).content.decode()
    assert "账号与户名不符" in shown
    assert "更正收款账户" in shown
    assert ACCOUNT not in shown
    address = reverse("budget:own_mend", args=(payment.pk,))
    assert client.post(address, {"account_name": "甲", "account_number": "1", "bank": "某行"}).status_code == 422
    assert client.post(address, {"account_name": "甲", "account_number": "62170012", "bank": "某行"}).status_code == 302
    payment.refresh_from_db()
    assert (payment.state, payment.attempt) == (Payment.State.REQUESTED, 2)
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert "还没有款项" in client.get(reverse("budget:own_payments")).content.decode()
