"""统一社会信用代码 (GB 32100) and 组织机构代码 (GB 11714) by the column: check digits made and verified for all rows at once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BASE = len(ALPHABET)
LENGTH = 18
# Signs that made-up codes count up in: enough for 887 million.
COUNTED = 6
_WEIGHTS = tuple(pow(3, place, BASE) for place in range(LENGTH - 1))
# Of the organisation code inside: eight signs and their own check digit.
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_INNER_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_MODULUS = 11
_SHAPE = r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
_LOOKS_LIKE_ONE = r"^[0-9A-Za-z]{15,20}$"


def made_code(start: pl.Expr, starts: Sequence[str], inner: str, number: pl.Expr) -> pl.Expr:
    """Credit codes with right check digits: eight signs (one of `starts`), two fixed ones, and a number counted up in six.

    `number` is below 31 to the power of six; all of it is reckoned in whole numbers, signs come last.
    """
    digits = [number // BASE**place % BASE for place in range(COUNTED)]
    inner_of = pl.lit(pl.Series([_INNER_SIGNS.index(sign) for sign in ALPHABET], dtype=pl.Int64))
    fixed = sum(_INNER_SIGNS.index(sign) * _INNER_WEIGHTS[place] for place, sign in enumerate(inner))
    inner_total = sum(
        (inner_of.gather(digit) * _INNER_WEIGHTS[len(inner) + place] for place, digit in enumerate(digits)),
        pl.lit(fixed),
    )
    inner_rest = (_INNER_MODULUS - inner_total % _INNER_MODULUS) % _INNER_MODULUS
    # X stands for ten in one alphabet and further back in the other.
    inner_digit = pl.when(inner_rest == len("0123456789")).then(ALPHABET.index("X")).otherwise(inner_rest)
    places = [*digits, inner_digit]
    begin = len(starts[0]) + len(inner)
    total = sum(
        (digit * _WEIGHTS[begin + place] for place, digit in enumerate(places)), _fixed_total(start, starts, inner)
    )
    signs = pl.lit(pl.Series([*ALPHABET]))
    last = (BASE - total % BASE) % BASE
    return pl.concat_str(start, pl.lit(inner), *(signs.gather(digit) for digit in (*places, last)))


def _fixed_total(start: pl.Expr, starts: Sequence[str], inner: str) -> pl.Expr:
    """What the signs that are not counted add to the check digit's sum."""
    totals = [sum(ALPHABET.index(sign) * _WEIGHTS[place] for place, sign in enumerate(each + inner)) for each in starts]
    return start.replace_strict(pl.Series(starts), pl.Series(totals, dtype=pl.Int64), return_dtype=pl.Int64)


def is_bad_code(code: pl.Expr) -> pl.Expr:
    """Whether a text means to be a credit code and is none: of about its length, with wrong signs or check digit.

    Numbers of another kind, which stand for enterprises without a code, are left alone.
    """
    looks, shaped = code.str.contains(_LOOKS_LIKE_ONE), code.str.contains(_SHAPE)
    safe = pl.when(shaped).then(code)
    wrong = safe.str.tail(1) != _sign_of(_check_value(safe))
    return looks & (~shaped | wrong.fill_null(value=False))


def _check_value(code: pl.Expr) -> pl.Expr:
    signs, values = pl.Series([*ALPHABET]), pl.Series([*range(BASE)], dtype=pl.Int64)
    each = (
        code.str.slice(place, 1).replace_strict(signs, values, default=None, return_dtype=pl.Int64) * weight
        for place, weight in enumerate(_WEIGHTS)
    )
    return (BASE - pl.sum_horizontal(each, ignore_nulls=False) % BASE) % BASE


def _sign_of(value: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series([*ALPHABET])).gather(value)
