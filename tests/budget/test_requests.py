"""Next year's requests: begun from this year's figures, once for each line, fixed once handed in."""

from __future__ import annotations

from datetime import datetime

import pytest

from chuangju.budget import requests
from chuangju.budget.ledger import pay_money
from chuangju.budget.models import BudgetLine, BudgetRequest
from chuangju.budget.request_papers import request_paper, target_rows
from chuangju.budget.requests import RequestFacts, RequestRefused
from chuangju.kernel.models import User
from tests.budget.money import YUAN, claim_key, committed

FACTS = RequestFacts(
    amount=20_000 * YUAN, reasons="需求增加", goal="支持创业", simulation="测算", simulated=19_000 * YUAN
)


@pytest.fixture
def asked(line: BudgetLine, finance: User, now: datetime) -> BudgetRequest:
    """A request that is still written."""
    pay_money(line, committed(line, claim_key(), 1000 * YUAN), 1000 * YUAN, by=finance, at=now)
    fresh = BudgetLine.objects.select_related("balance", "unit").get(pk=line.pk)
    return requests.write_request(fresh, FACTS, by=finance, at=now)


def test_it_begins_with_this_years_figures_and_comes_once(asked: BudgetRequest, finance: User, now: datetime) -> None:
    assert (asked.year, asked.title, asked.spent) == (2027, "房租补贴", 1000 * YUAN)
    assert asked.expected > asked.spent
    line = BudgetLine.objects.select_related("balance", "unit").get()
    with pytest.raises(RequestRefused, match="已有下一年度"):
        requests.write_request(line, FACTS, by=finance, at=now)


def test_targets_are_named_once_and_stand_in_the_order_of_the_form(
    asked: BudgetRequest, finance: User, other_finance: User, now: datetime
) -> None:
    requests.add_target(asked, kind="satisfaction", name="满意度", value="≥90%", by=finance, at=now)
    requests.add_target(asked, kind="quantity", name="户数", value="≥500家", by=finance, at=now)
    with pytest.raises(RequestRefused, match="已有同名"):
        requests.add_target(asked, kind="quantity", name=" 户数 ", value="1", by=finance, at=now)
    with pytest.raises(RequestRefused, match="请填写"):
        requests.add_target(asked, kind="quantity", name="", value="1", by=finance, at=now)
    with pytest.raises(RequestRefused, match="财务人员"):
        requests.add_target(asked, kind="quantity", name="a", value="1", by=other_finance, at=now)
    targets = list(asked.targets.order_by("pk"))
    assert target_rows(targets) == [
        ["产出指标", "数量指标", "户数", "≥500家"],
        ["满意度指标", "满意度指标", "满意度", "≥90%"],
    ]
    paper = request_paper(asked, targets)
    assert (paper.title, paper.mark) == ("2027年度预算申请（房租补贴）", "编制稿")


def test_handed_in_it_is_fixed(asked: BudgetRequest, finance: User, now: datetime) -> None:
    with pytest.raises(RequestRefused, match="至少填写一项"):
        requests.submit_request(asked, revision=asked.revision, by=finance, at=now)
    target = requests.add_target(asked, kind="quantity", name="户数", value="≥500家", by=finance, at=now)
    with pytest.raises(RequestRefused, match="大于零"):
        requests.change_request(asked, RequestFacts(0, "无"), revision=asked.revision, by=finance, at=now)
    handed = requests.submit_request(asked, revision=asked.revision, by=finance, at=now)
    with pytest.raises(RequestRefused, match="已上报"):
        requests.change_request(handed, FACTS, revision=handed.revision, by=finance, at=now)
    with pytest.raises(RequestRefused, match="已上报"):
        requests.drop_target(target, by=finance, at=now)
