"""Units and people for tests, made as the product makes them: by the installation itself (`by=None`), with audit events."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chuangju.kernel.models import User
from chuangju.units.access import forget_roles
from chuangju.units.accounts import create_account
from chuangju.units.assignments import grant_role
from chuangju.units.models import RoleAssignment, Unit
from chuangju.units.registry import add_unit

PASSWORD = "Correct-Horse-26"
FIRST_DAY = date(2020, 1, 1)
FIRST_MOMENT = datetime(2020, 1, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def make_unit(code: str, name: str, *, kind: str = Unit.Kind.GOVERNMENT) -> Unit:
    """The unit with this code, entered in the register where it is not there."""
    found = Unit.objects.filter(code=code).first()
    return found or add_unit(code=code, kind=kind, name=name, by=None, at=FIRST_MOMENT)


def make_user(username: str, *roles: str, unit: Unit | None = None, name: str = "", password: str = PASSWORD) -> User:
    """The account with this sign-in name, holding these roles (for the unit, where given) since FIRST_DAY."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user, _temporary = create_account(username=username, name=name or username, by=None, at=FIRST_MOMENT)
        user.set_password(password)
        user.must_change_password = False
        user.save()
    for role in roles:
        if not RoleAssignment.objects.filter(user=user, role=role, unit=unit).exists():
            grant_role(user, role=role, unit=unit, starts_on=FIRST_DAY, by=None, at=FIRST_MOMENT)
    forget_roles(user)
    return user
