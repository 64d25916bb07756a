"""Units and people for tests, written straight to the tables: without audit events, which belong to what a test does.

How they come about in the product is what tests/units shows.
"""

from __future__ import annotations

from datetime import date

from chuangju.kernel.models import User
from chuangju.units.access import forget_roles
from chuangju.units.models import Role, RoleAssignment, Unit, UnitName

PASSWORD = "Correct-Horse-26"
FIRST_DAY = date(2020, 1, 1)


def make_unit(code: str, name: str, *, kind: str = Unit.Kind.GOVERNMENT, position: int = 0) -> Unit:
    """The unit with this code, entered in the register under one official name where it is not there."""
    unit, is_new = Unit.objects.get_or_create(code=code, defaults={"name": name, "kind": kind, "position": position})
    if is_new:
        UnitName.objects.create(unit=unit, name=name, valid_from=FIRST_DAY)
    return unit


def make_user(username: str, *roles: str, unit: Unit | None = None, name: str = "", password: str = PASSWORD) -> User:
    """The account with this sign-in name, holding these roles (for the unit, where given) since FIRST_DAY."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User(username=username, name=name or username)
        user.set_password(password)
        user.save()
    for role in roles:
        RoleAssignment.objects.get_or_create(user=user, role=Role(role), unit=unit, starts_on=FIRST_DAY)
    forget_roles(user)
    return user
