"""What the list of accounts under review shows: one line for each account, with all that it may do."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.ui.dates import iso_date
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.access_reviews import Flag, flags_of
from chuangju.units.lists import account_sign, role_text
from chuangju.units.models import Role, RoleAssignment, Unit


def review_listing(*, opens_accounts: bool) -> Listing:
    """Every account by name; whoever keeps roles may open one."""
    return Listing(
        key="access_review",
        title=gettext_lazy("权限复核"),
        columns=(
            Column(
                "name",
                gettext_lazy("姓名"),
                lambda one: one.name,
                sort="name",
                url=_account_url if opens_accounts else None,
            ),
            Column("flags", gettext_lazy("提示"), flag_signs, template="units/cells/signs.html"),
            Column("username", gettext_lazy("登录名"), lambda one: one.username, sort="username", css="of-name"),
            Column(
                "roles",
                gettext_lazy("角色、单位、起始、授予人"),
                _roles,
                template="units/cells/lines.html",
                css="of-lines",
            ),
            Column(
                "seats",
                gettext_lazy("任命与代岗"),
                lambda one: _appointments(one) + _delegations(one),
                template="units/cells/lines.html",
                css="of-few-lines",
            ),
            Column(
                "factor",
                gettext_lazy("第二因素"),
                lambda one: one.has_second_factor,
                sort="has_second_factor",
                css="short",
            ),
            Column("last_login", gettext_lazy("最近登录"), lambda one: one.last_login, sort="last_login", css="short"),
            Column("state", gettext_lazy("状态"), account_sign, sort="is_active", css="short"),
        ),
        filters=_FILTERS,
        search=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(username__icontains=text)),
        search_label=gettext_lazy("搜索姓名、登录名"),
        default_sort="username",
        empty_title=gettext_lazy("还没有账号"),
        empty_hint=gettext_lazy("由系统管理员新建或邀请账号，再由安全保密管理员授予角色。"),
    )


def flag_signs(account: Any) -> list[Sign]:
    """The flags of an account, in red where something must be taken back."""
    urgent = {Flag.DISABLED_WITH_ROLES, Flag.ROLES_OF_ABOLISHED_UNIT}
    return [Sign("late" if flag in urgent else "soon", str(flag.label)) for flag in flags_of(account)]


def _account_url(account: Any) -> str:
    return reverse("units:account_detail", args=[account.username])


def _roles(account: Any) -> list[str]:
    return [_role_line(one) for one in account.held]


def _role_line(assignment: RoleAssignment) -> str:
    granted_by = assignment.granted_by.name if assignment.granted_by else _("系统")
    said = {"role": role_text(assignment), "day": iso_date(assignment.starts_on), "name": granted_by}
    if assignment.ends_on:
        return _("%(role)s，%(day)s 至 %(end)s，%(name)s授予") % {**said, "end": iso_date(assignment.ends_on)}
    return _("%(role)s，%(day)s 起，%(name)s授予") % said


def _appointments(account: Any) -> list[str]:
    return [
        _("%(unit)s%(kind)s") % {"unit": one.unit.shown_name, "kind": one.get_kind_display()}
        for one in account.appointed
    ]


def _delegations(account: Any) -> list[str]:
    lent = [
        _("由%(name)s代至 %(day)s") % {"name": one.to_user.name, "day": iso_date(one.ends_on)} for one in account.lent
    ]
    borrowed = [
        _("代%(name)s至 %(day)s") % {"name": one.from_user.name, "day": iso_date(one.ends_on)}
        for one in account.borrowed
    ]
    return lent + borrowed


def _holders(**held: object) -> Any:
    return RoleAssignment.objects.filter(**held).values("user")


def _units() -> list[tuple[str, str]]:
    units = Unit.objects.filter(assignments__isnull=False).distinct().order_by("position", "code")
    return [(unit.code, unit.shown_name) for unit in units]


_FILTERS = (
    Filter("flag", gettext_lazy("提示"), lambda: Flag.choices, lambda rows, flag: rows.filter(**{flag: True})),
    Filter(
        "role",
        gettext_lazy("角色"),
        lambda: Role.choices,
        lambda rows, role: rows.filter(pk__in=_holders(role=role)),
    ),
    Filter("unit", gettext_lazy("单位"), _units, lambda rows, code: rows.filter(pk__in=_holders(unit__code=code))),
    Filter(
        "state",
        gettext_lazy("状态"),
        lambda: [("active", _("可登录")), ("disabled", _("已停用"))],
        lambda rows, state: rows.filter(is_active=state == "active"),
    ),
)
