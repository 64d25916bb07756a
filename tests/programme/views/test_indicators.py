"""A figure of one row opens onto the records of that row, not of the whole table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.programme.milestones import complete_milestone
from chuangju.programme.models import Milestone
from tests.programme.views.conftest import page

pytestmark = pytest.mark.django_db


def test_the_figure_on_a_row_leads_to_its_own_evidence(
    client: Client, leader: User, office: User, make_milestone: Callable[..., Milestone], now: datetime, today: date
) -> None:
    for number, title in ((1, "下达资金"), (2, "发放补贴")):
        complete_milestone(make_milestone(number, title=title), done_on=today, revision=1, by=office, at=now)
    address = reverse("indicators:indicator_detail", args=("programme.milestones_done",)) + "?task=funding"
    assert address in page(client, leader, "task", "funding")
    text = client.get(address).content.decode()
    assert "下达资金" in text
    assert "发放补贴" not in text
    assert "1 配套政策的制定、实施及资金投入" in text
    assert "下达资金".encode() in client.get(address, {"task": "funding", "export": "csv"}).content
    assert "发放补贴" in client.get(address.partition("?")[0] + "?task=nothing").content.decode()
