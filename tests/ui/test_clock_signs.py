"""What the sign of a clock says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chuangju.kernel.clocks import ClockReading
from chuangju.ui.clock_signs import sign_of_clock

RUNNING = ClockReading(
    used=1,
    promised_days=5,
    legal_days=20,
    promised_on=date(2026, 6, 22),
    legal_on=date(2026, 7, 14),
    is_paused=False,
    is_stopped=False,
    pause_reason="",
    is_provisional=False,
)


@pytest.mark.parametrize(
    ("change", "state", "text"),
    [
        ({}, "good", "剩 4 个工作日"),
        ({"used": 4}, "soon", "剩 1 个工作日"),
        ({"used": 5}, "soon", "今天到期"),
        ({"used": 7}, "late", "超承诺期限 2 个工作日"),
        ({"used": 23}, "late", "超法定期限 3 个工作日"),
        ({"is_paused": True, "pause_reason": "补正材料"}, "flat", "已暂停：补正材料"),
        ({"is_paused": True, "used": 6, "pause_reason": "补正材料"}, "late", "超承诺期限 1 个工作日"),
        ({"is_stopped": True, "used": 3}, "done", "用时 3 个工作日"),
        ({"is_provisional": True}, "good", "剩 4 个工作日（暂定）"),
    ],
)
def test_the_sign_says_how_a_clock_stands(change: dict[str, object], state: str, text: str) -> None:
    sign = sign_of_clock(replace(RUNNING, **change))  # type: ignore[arg-type]  # each key is a field
    assert (sign.state, sign.text) == (state, text)
