"""检索 - what of this package can be found: units by every name they bear, groups, and accounts by administrators."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import User
from chuangju.kernel.search import SearchSource
from chuangju.units.access import (
    Visitor,
    accounts_visible_to,
    groups_visible_to,
    has_role,
    is_staff_member,
    units_visible_to,
)
from chuangju.units.models import Role, Unit, UnitGroup


def _units(user: Visitor) -> QuerySet[Unit]:
    """Their pages are the staff side's."""
    found = units_visible_to(user)
    return found if is_staff_member(user, timezone.localdate()) else found.none()


def _groups(user: Visitor) -> QuerySet[UnitGroup]:
    found = groups_visible_to(user)
    return found if is_staff_member(user, timezone.localdate()) else found.none()


def _accounts(user: Visitor) -> QuerySet[User]:
    """Administrators look accounts up; nobody finds themselves by chance."""
    if has_role(user, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR):
        return accounts_visible_to(user)
    return User.objects.none()


def _unit_names(unit: Any) -> list[str]:
    return [unit.name, *(each.name for each in unit.names.all()), unit.name_en]


SOURCES = (
    SearchSource(
        key="units.unit",
        label=_("单位"),
        model=Unit,
        visible_to=_units,
        title=lambda unit: unit.shown_name,
        address=lambda unit: reverse("units:unit_detail", args=(unit.code,)),
        text=lambda unit: "、".join(dict.fromkeys(each.name for each in unit.names.all() if each.name != unit.name)),
        names=_unit_names,
        records=lambda: Unit.objects.prefetch_related("names"),
    ),
    SearchSource(
        key="units.group",
        label=_("单位组"),
        model=UnitGroup,
        visible_to=_groups,
        title=lambda group: group.shown_name,
        address=lambda group: f"{reverse('units:group_list')}#{group.key}",
        text=lambda group: "、".join(group.aliases),
        names=lambda group: [group.name, *group.aliases, group.name_en],
    ),
    SearchSource(
        key="units.account",
        label=_("账号"),
        model=User,
        visible_to=_accounts,
        title=lambda user: user.name,
        address=lambda user: reverse("units:account_detail", args=(user.username,)),
        text=lambda user: user.username,
        names=lambda user: [user.name, user.username],
    ),
)
