"""What the tests of money share: the people of finance, a line with money, a firm with an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import Party
from tests.budget import money, owners


@pytest.fixture
def finance(make_user: Callable[..., User], unit: Unit) -> User:
    """Keeps the lines and batches of the department."""
    return make_user("finance", Role.FINANCE, unit=unit)


@pytest.fixture
def second_finance(make_user: Callable[..., User], unit: Unit) -> User:
    """A colleague of `finance`."""
    return make_user("finance-2", Role.FINANCE, unit=unit)


@pytest.fixture
def bureau(make_user: Callable[..., User], make_unit: Callable[..., Unit]) -> User:
    """Somebody of the finance bureau, which keeps the lines of every unit."""
    return make_user("bureau", Role.FINANCE, unit=make_unit("czj", "区财政局"))


@pytest.fixture
def approver(make_user: Callable[..., User], unit: Unit) -> User:
    """Approves for the department."""
    return make_user("approver", Role.APPROVER, unit=unit)


@pytest.fixture
def other_finance(make_user: Callable[..., User], other_unit: Unit) -> User:
    """Finance of another department."""
    return make_user("other-finance", Role.FINANCE, unit=other_unit)


@pytest.fixture
def line(finance: User, unit: Unit, now: datetime) -> BudgetLine:
    """An open line with 10,000 yuan for the rent subsidy."""
    return money.open_line_of(unit, by=finance)


@pytest.fixture
def payee(db: None, now: datetime) -> Party:
    """A firm that is paid."""
    return Party.objects.create(kind="firm", name="上海聚实科技有限公司", source="register", created_at=now)


@pytest.fixture
def told() -> Iterator[owners.Told]:
    """The package that asked for the payments of a test."""
    with owners.owned() as told:
        yield told
