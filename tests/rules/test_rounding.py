"""Rounding by name: against Python's decimal, for every sign and every half."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangju.rules.rounding import mul_div
from chuangju.rules.tree import Rounding

NAMES: dict[Rounding, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}


@pytest.mark.parametrize("name", NAMES)
def test_small_numbers_round_as_decimals_do(name: Rounding) -> None:
    for left in range(-25, 26):
        for right in (-3, -1, 0, 1, 2, 7):
            for divisor in (1, 2, 4, 8, 10):
                exact = Decimal(left * right) / divisor
                assert mul_div(left, right, divisor, name) == int(exact.quantize(Decimal(1), NAMES[name]))


@given(
    st.integers(-(10**18), 10**18), st.integers(-(10**6), 10**6), st.integers(1, 10**8), st.sampled_from(sorted(NAMES))
)
def test_large_numbers_round_as_decimals_do(left: int, right: int, divisor: int, name: Rounding) -> None:
    with localcontext(prec=80):
        exact = Decimal(left * right) / Decimal(divisor)
        is_exact = Fraction(exact) == Fraction(left * right, divisor)
        near = exact if is_exact else exact.next_plus() if Fraction(exact) < Fraction(left * right, divisor) else exact
        assert mul_div(left, right, divisor, name) == int(near.quantize(Decimal(1), NAMES[name]))


def test_half_fen_are_real() -> None:
    """7,310 yuan at 25.5 % and half of it: 932.025 yuan."""
    assert mul_div(mul_div(731_000, 2550, 10_000, "half_up"), 5000, 10_000, "half_up") == 93_203
    assert mul_div(186_405, 1, 2, "half_even") == 93_202
    assert mul_div(186_405, 1, 2, "down") == 93_202
    assert mul_div(-186_405, 1, 2, "half_up") == -93_203
