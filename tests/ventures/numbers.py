"""Numbers of nobody, with right check digits."""

from __future__ import annotations

from stdnum.cn import ric, uscc


def credit_code(place: int, *, kind: str = "91") -> str:
    """The credit code number `place` of this kind in the district."""
    body = f"{kind}310112{place:09d}"
    return body + str(uscc.calc_check_digit(body))


def id_number(place: int, *, region: str = "310112", born: str = "19900101") -> str:
    """The ID number of the person number `place` (at most 999) born on this day."""
    body = f"{region}{born}{place:03d}"
    return body + str(ric.calc_check_digit(body + "0"))
