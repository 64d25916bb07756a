"""The demo's money: a line for each policy, batches in every state, a whole ledger; asked for by nobody real."""

from __future__ import annotations

import pytest

from chuangju.budget.ledger_checks import find_ledger_faults
from chuangju.budget.models import BudgetLine, Payment, PaymentBatch


@pytest.mark.django_db
def test_the_demo_holds_lines_batches_and_a_returned_payment(demo: None) -> None:
    lines = BudgetLine.objects.filter(is_demo=True)
    assert lines.filter(state="open").count() == lines.count() > 10
    assert {"settled", "sent", "checked"} <= set(PaymentBatch.objects.values_list("state", flat=True))
    assert Payment.objects.filter(state="returned", is_demo=True).exists()
    assert list(find_ledger_faults()) == []
