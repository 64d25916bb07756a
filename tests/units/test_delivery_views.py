"""The administrator's page of what goes outside: failed ones first, without content, to be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from chuangju.kernel.channels import SMS_CHANNEL
from chuangju.kernel.deliveries import deliver_waiting
from chuangju.kernel.models import Delivery, User
from chuangju.kernel.outbox import notify, notify_mobile
from chuangju.kernel.sending import SendFailed
from tests.kernel.outbox import Kept, replaced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def gateway() -> Iterator[Kept]:
    """An SMS gateway that refuses for good until told otherwise."""

    def refuse() -> None:
        raise SendFailed("网关返回 400", is_final=True)

    kept = Kept(before=refuse)
    channel = replace(SMS_CHANNEL, send=kept.send, is_ready=lambda: True, address_of=lambda _one: "13800001234")
    with replaced(channel):
        yield kept


@pytest.fixture
def failed(liaison: User, gateway: Kept, now: datetime) -> list[Delivery]:
    """Two SMS that the gateway refused."""
    values = {"title": "落实开办补贴", "unit": "区财政局", "due": "2026-06-12", "days": 3}
    for _number in range(2):
        with transaction.atomic():
            notify(liaison, "programme.milestone_late", None, at=now, values=values)
        deliver_waiting(at=now)
    return list(Delivery.objects.filter(state=Delivery.State.FAILED).order_by("message_id"))


def test_failures_are_listed_with_their_reason_and_without_content(
    client: Client, system_administrator: User, liaison: User, failed: list[Delivery]
) -> None:
    client.force_login(system_administrator)
    page = client.get(reverse("units:delivery_list")).content.decode()
    assert "2 条发送失败" in page
    assert "网关返回 400" in page
    assert liaison.name in page
    assert "落实开办补贴" not in page
    assert "未配置" in page, "there is no mail server in a test"


def test_ticked_ones_are_sent_again(
    client: Client, system_administrator: User, failed: list[Delivery], gateway: Kept, now: datetime
) -> None:
    client.force_login(system_administrator)
    retry = reverse("units:delivery_retry")
    answer = client.post(retry, {"delivery": [failed[0].pk, "nonsense"], "which": "ticked"}, follow=True)
    assert "1 条将在一分钟内重新发送" in answer.content.decode()
    gateway.before = lambda: None
    assert deliver_waiting(at=now) == 1
    assert Delivery.objects.filter(state=Delivery.State.FAILED).get() == failed[1]
    assert "请先勾选" in client.post(retry, {"which": "ticked"}, follow=True).content.decode()


def test_all_are_sent_again_but_not_what_is_no_longer_good(
    client: Client, system_administrator: User, failed: list[Delivery], gateway: Kept, now: datetime
) -> None:
    with transaction.atomic():
        notify_mobile(
            "13900005678", "units.mobile_code", at=now - timedelta(hours=1), values={"code": "1", "minutes": 5}
        )
    deliver_waiting(at=now)
    client.force_login(system_administrator)
    page = client.post(reverse("units:delivery_retry"), {"which": "all"}, follow=True).content.decode()
    assert "2 条将在一分钟内重新发送" in page
    assert "已过有效期" in page
