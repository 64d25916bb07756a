"""Lines, reallocations and requests in the browser, from the first entry to the paper that leaves the house."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from chuangju.budget.ledger import reserve_money
from chuangju.budget.models import BudgetLine, BudgetRequest, Entry, Reallocation
from chuangju.kernel.models import User
from chuangju.units.models import Unit
from tests.budget.money import YUAN, claim_key, open_line_of
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    """The text of a page that opens."""
    response = client.get(reverse(f"budget:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, form: str, /, *args: Any, **data: Any) -> Any:
    """What a form is answered with."""
    return client.post(reverse(f"budget:{form}", args=args), data)


def test_a_line_is_entered_funded_mended_and_opened(client: Client, unit: Unit, finance: User, clock: datetime) -> None:
    client.force_login(finance)
    facts = {"year": 2026, "code": "A07", "name": "开办补贴", "unit": unit.pk, "policy_id": "setup_grant"}
    assert post(client, "line_enter", **(facts | {"code": ""})).status_code == 422
    assert post(client, "line_enter", **facts).status_code == 302
    line = BudgetLine.objects.get()
    again = post(client, "line_enter", **facts)
    assert "本年度已有这个编号" in again.content.decode()
    assert post(client, "line_plan", line.pk, amount="很多", reason="批复").status_code == 422
    assert post(client, "line_plan", line.pk, amount="90万元", reason="批复").status_code == 302
    wrong = Entry.objects.get()
    assert post(client, "entry_reverse", wrong.pk, reason="多录一个零").status_code == 302
    post(client, "line_plan", line.pk, amount="9万元", reason="批复")
    assert post(client, "line_open", line.pk, revision=line.revision).status_code == 302
    line.refresh_from_db()
    assert (line.state, line.balance.planned) == ("open", 90_000 * YUAN)
    assert client.get(reverse("budget:line_plan", args=(line.pk,))).status_code == 404
    changed = facts | {"name": "开办补贴（新）", "revision": line.revision}
    assert post(client, "line_change", line.pk, **changed).status_code == 302
    shown = page(client, "line", line.pk)
    assert "开办补贴（新）" in shown
    assert "9 万元" in shown
    assert "冲正" in page(client, "line_entries", line.pk)
    assert client.get(reverse("budget:entry_reverse", args=(Entry.objects.latest("pk").pk,))).status_code == 404


def test_the_page_of_a_line_draws_its_months_and_says_what_is_to_come(
    client: Client, line: BudgetLine, leader: User, clock: datetime
) -> None:
    reserve_money(line, claim_key(), 9500 * YUAN, by=None, at=NOW)
    client.force_login(leader)
    shown = page(client, "line", line.pk)
    assert "<svg" in shown
    assert "2026-06-15" in shown
    assert "预计提前用完" in shown
    listed = page(client, "line_list")
    assert "专项用途占比" in listed
    assert client.get(reverse("budget:line_list"), {"export": "xlsx"}).content[:2] == b"PK"


def test_a_reallocation_is_proposed_by_one_and_decided_by_another(
    client: Client, line: BudgetLine, unit: Unit, finance: User, approver: User, clock: datetime
) -> None:
    other = open_line_of(unit, by=finance, code="A02")
    client.force_login(finance)
    data = {"source": line.pk, "target": other.pk, "amount": "1000元", "reason": "调剂"}
    assert post(client, "reallocation_new", **(data | {"amount": "1亿元"})).status_code == 422
    post(client, "reallocation_new", **data)
    one = Reallocation.objects.get()
    assert "撤回" in page(client, "reallocation", one.pk)
    client.force_login(approver)
    assert "审批" in page(client, "reallocation", one.pk)
    refused = post(client, "reallocation_decide", one.pk, is_approved="no", answer="")
    assert "请写明原因" in refused.content.decode()
    assert post(client, "reallocation_decide", one.pk, is_approved="yes", answer="同意").status_code == 302
    one.refresh_from_db()
    assert one.state == "approved"
    client.force_login(finance)
    post(client, "reallocation_new", **data)
    second = Reallocation.objects.latest("pk")
    post(client, "reallocation_withdraw", second.pk)
    second.refresh_from_db()
    assert second.state == "withdrawn"


def test_a_request_gets_its_targets_and_leaves_as_a_paper(
    client: Client, line: BudgetLine, finance: User, clock: datetime
) -> None:
    client.force_login(finance)
    data = {"title": "房租补贴", "amount": "2万元", "reasons": "需求增加", "simulated": "1.9万元", "simulation": "测算"}
    post(client, "request_new", line.pk, **data)
    asked = BudgetRequest.objects.get()
    assert (asked.year, asked.amount) == (2027, 20_000 * YUAN)
    post(client, "request_submit", asked.pk, revision=asked.revision)
    asked.refresh_from_db()
    assert asked.state == "draft"
    target = {"kind": "quantity", "name": "补贴户数", "value": "≥500家"}
    assert post(client, "request", asked.pk, **(target | {"name": ""})).status_code == 422
    post(client, "request", asked.pk, **target)
    post(client, "request", asked.pk, **(target | {"name": "多余"}))
    post(client, "target_drop", asked.targets.get(name="多余").pk)
    post(client, "request_change", asked.pk, **(data | {"amount": "3万元", "revision": asked.revision}))
    asked.refresh_from_db()
    assert client.get(reverse("budget:request_file", args=(asked.pk, "docx"))).content[:2] == b"PK"
    assert client.get(reverse("budget:request_file", args=(asked.pk, "xlsx"))).content[:2] == b"PK"
    post(client, "request_submit", asked.pk, revision=asked.revision)
    asked.refresh_from_db()
    assert (asked.state, asked.amount, asked.targets.count()) == ("submitted", 30_000 * YUAN, 1)
    assert "已上报" in page(client, "request_list")


def test_a_year_is_closed_on_its_page(client: Client, line: BudgetLine, finance: User) -> None:
    with time_machine.travel(datetime(2027, 1, 6, 3, tzinfo=UTC), tick=False):
        client.force_login(finance)
        assert "年终结账" in page(client, "line", line.pk)
        response = post(client, "line_close", line.pk, carried="4000元", revision=line.revision)
        assert response.status_code == 302
    following = BudgetLine.objects.select_related("balance").get(follows=line)
    assert following.balance.carried_in == 4000 * YUAN
