"""What assessors are paid for follows from the dated rate: so much for each subject, up to a most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chuangju.kernel.models import User
from chuangju.scoring import fees
from chuangju.scoring.fees import fee_lines
from chuangju.scoring.models import Panel
from chuangju.scoring.parameters import FeeRate, fee_rate_on, read_parameters


def test_the_rate_of_the_day_counts() -> None:
    assert fee_rate_on(date(2025, 12, 31)) is None
    rate = fee_rate_on(date(2026, 6, 30))
    assert rate is not None
    assert rate.is_example
    assert read_parameters().drop_extremes_from == 5


def test_only_submitted_scores_are_paid_and_there_is_a_most(
    scored_panel: Panel,
    assessors: list[User],
    assign: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assign(scored_panel, assessors[3], 1)
    rate = FeeRate(date(2026, 1, 1), 15050, 40000, is_example=True, basis="示例")
    monkeypatch.setattr(fees, "fee_rate_on", lambda _day: rate)
    lines = fee_lines(scored_panel)
    assert [(line.assessor.name, line.count, line.amount, line.is_capped) for line in lines] == [
        ("专家1", 3, 40000, True),
        ("专家2", 3, 40000, True),
        ("专家3", 3, 40000, True),
    ]
    monkeypatch.setattr(fees, "fee_rate_on", lambda _day: None)
    assert {line.amount for line in fee_lines(scored_panel)} == {None}
