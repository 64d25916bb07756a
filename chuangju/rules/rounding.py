"""Rounding by name, in whole numbers only."""

from __future__ import annotations

from chuangju.rules.tree import Rounding


def mul_div(left: int, right: int, divisor: int, rounding: Rounding) -> int:
    """Left * right / divisor (divisor >= 1), rounded: half_up and up away from zero, down towards it, half_even to the even.

    The sign is kept apart, so that negative amounts round like positive ones in every interpreter.
    """
    product = left * right
    size = -product if product < 0 else product
    whole, rest = divmod(size, divisor)
    if rounding == "half_up":
        whole += 2 * rest >= divisor
    elif rounding == "up":
        whole += rest > 0
    elif rounding == "half_even":
        whole += 2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1)
    return -whole if product < 0 else whole
