"""Division with a named rounding as a Polars expression, of whole numbers alone."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from chuangju.rules.tree import Rounding

Let = Callable[[pl.Expr], pl.Expr]


def divided(product: pl.Expr, divisor: pl.Expr, rounding: Rounding, let: Let, *, is_negative: bool) -> pl.Expr:
    """The product by the divisor; rounded by its size, and `is_negative` tells whether it can be less than nothing at all."""
    size = product.abs() if is_negative else product
    match rounding:
        case "down":
            whole = size // divisor
        case "up":
            whole = (size + (divisor - 1)) // divisor
        case "half_up":
            whole = (size + divisor // 2) // divisor
        case _:
            # To the even neighbour.
            raised = let(size + divisor // 2)
            whole = let(raised // divisor)
            is_between = (raised % divisor == 0) & (divisor % 2 == 0) & (whole % 2 == 1)
            whole = whole - is_between.cast(pl.Int64)
    if not is_negative:
        return whole
    whole = let(whole)
    return pl.when(product < 0).then(-whole).otherwise(whole)
