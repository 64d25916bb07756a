"""Interest by period on what was owed each day, in whole fen; periods add up to the rounded whole."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from chuangju.applications.loan_schedule import Move, Terms, outstanding_on, periods_of

DRAWN, ENDS = date(2025, 3, 1), date(2026, 3, 1)
TERMS = Terms(rate=345, share=5000, period_months=3, year_days=360, ends_with_overdue=True)
LOAN = 30_000_000


def _periods(moves: list[Move], *, overdue: list[tuple[date, date | None]] | None = None, terms: Terms = TERMS) -> list:
    return periods_of(moves, overdue or [], terms, drawn_on=DRAWN, ends_on=ENDS, on=date(2027, 1, 1))


def test_a_year_has_four_periods_and_half_of_its_interest_is_subsidised() -> None:
    found = _periods([Move(DRAWN, LOAN), Move(ENDS, -LOAN)])
    # 300,000 yuan at 3.45 %, actual days over 360: 92, 92, 91 (to 1 March: 90) days.
    assert [(one.begins_on, one.ends_on) for one in found] == [
        (date(2025, 3, 1), date(2025, 6, 1)),
        (date(2025, 6, 1), date(2025, 9, 1)),
        (date(2025, 9, 1), date(2025, 12, 1)),
        (date(2025, 12, 1), date(2026, 3, 1)),
    ]
    assert [one.interest for one in found] == [264_500, 264_500, 261_625, 258_750]
    assert sum(one.interest for one in found) == 1_049_375
    assert [one.subsidy for one in found] == [132_250, 132_250, 130_813, 129_375]


def test_early_repayment_shortens_the_last_period_and_lowers_the_others() -> None:
    found = _periods([Move(DRAWN, LOAN), Move(date(2025, 7, 1), -LOAN // 2), Move(date(2025, 8, 1), -LOAN // 2)])
    assert [(one.number, one.ends_on) for one in found] == [(1, date(2025, 6, 1)), (2, date(2025, 8, 1))]
    # 30 days on all of it, 31 on half: 1,308.125 yuan; the half fen goes up.
    assert found[1].interest == 130_813


def test_from_the_first_day_overdue_nothing_more_is_subsidised() -> None:
    moves = [Move(DRAWN, LOAN), Move(ENDS, -LOAN)]
    found = _periods(moves, overdue=[(date(2025, 7, 1), date(2025, 7, 11))])
    assert [one.overdue_days for one in found] == [0, 62, 91, 90]
    assert [one.subsidy for one in found] == [132_250, 43_125, 0, 0]
    assert [one.interest for one in found] == [264_500, 264_500, 261_625, 258_750]


def test_where_overdue_days_only_pause_the_subsidy_it_goes_on_once_they_are_cleared() -> None:
    terms = Terms(rate=345, share=5000, period_months=3, year_days=360, ends_with_overdue=False)
    moves = [Move(DRAWN, LOAN), Move(ENDS, -LOAN)]
    found = _periods(moves, overdue=[(date(2025, 7, 1), date(2025, 7, 11))], terms=terms)
    assert [one.overdue_days for one in found] == [0, 10, 0, 0]
    assert found[1].subsidy == 117_875


def test_interest_is_subsidised_up_to_a_principal_only() -> None:
    terms = Terms(rate=345, share=5000, period_months=3, year_days=360, ends_with_overdue=True, limit=LOAN // 3)
    found = _periods([Move(DRAWN, LOAN), Move(ENDS, -LOAN)], terms=terms)
    assert found[0].interest == 264_500
    assert found[0].subsidy == 44_083


def test_periods_that_have_not_begun_are_not_told() -> None:
    moves = [Move(DRAWN, LOAN)]
    found = periods_of(moves, [], TERMS, drawn_on=DRAWN, ends_on=ENDS, on=date(2025, 6, 1))
    assert [one.number for one in found] == [1, 2]


def test_what_is_owed_on_a_day_counts_that_days_movements() -> None:
    moves = [Move(DRAWN, LOAN), Move(date(2025, 7, 1), -100)]
    assert outstanding_on(moves, DRAWN - timedelta(days=1)) == 0
    assert outstanding_on(moves, date(2025, 7, 1)) == LOAN - 100


@given(
    st.integers(1, 500_000_000),
    st.integers(1, 2_000),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(1, 364), st.integers(1, 10_000)), max_size=6),
)
def test_all_periods_together_are_the_rounded_whole(
    principal: int, rate: int, share: int, parts: list[tuple[int, int]]
) -> None:
    """Whatever was repaid when: interest and subsidy of all periods are those of all days, rounded once, to the fen."""
    moves, owed = [Move(DRAWN, principal)], principal
    for days, part in sorted(parts):
        amount = owed * part // 10_000
        if amount:
            moves.append(Move(DRAWN + timedelta(days=days), -amount))
            owed -= amount
    terms = Terms(rate=rate, share=share, period_months=3, year_days=360, ends_with_overdue=True)
    found = _periods(moves, terms=terms)
    last = found[-1].ends_on
    days = [DRAWN + timedelta(days=place) for place in range((last - DRAWN).days)]
    whole = sum((Fraction(outstanding_on(moves, day) * rate, 10_000 * 360) for day in days), Fraction(0))
    assert sum(one.interest for one in found) == int((whole * 2 + 1) // 2)
    part = whole * Fraction(share, 10_000)
    assert sum(one.subsidy for one in found) == int((part * 2 + 1) // 2)
    assert all(0 <= one.subsidy <= one.interest + 1 for one in found)
