"""列表 - what the lists of units, accounts and audit events show, and how they are narrowed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.kernel.audit import action_label, action_labels
from chuangju.kernel.models import AuditEvent, AuditStream, User
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.access import STAFF_ROLES
from chuangju.units.models import Role, RoleAssignment, RoleProposal, Unit

# A choice among more people than this helps nobody; the search box finds the others.
MOST_PEOPLE = 100
# How the log writes a role in which somebody stood in for a colleague.
_STAND_IN = re.compile(r"(.+?)（代(.+)）")


def units_with_officers(units: QuerySet[Unit], on: date) -> QuerySet[Unit]:
    """The units with their liaison officers of the day as `officers`."""
    held = RoleAssignment.objects.held_on(on).filter(role=Role.LIAISON_OFFICER, user__is_active=True)
    officers = held.select_related("user").order_by("starts_on", "pk")
    return units.select_related("successor").prefetch_related(
        Prefetch("assignments", queryset=officers, to_attr="officers")
    )


def unit_listing(on: date) -> Listing:
    """Units in 建制序."""
    return Listing(
        key="units",
        title=gettext_lazy("成员单位"),
        columns=(
            Column("name", gettext_lazy("单位"), lambda unit: unit.shown_name, sort="position,code", url=_unit_url),
            Column("kind", gettext_lazy("类别"), lambda unit: unit.get_kind_display()),
            Column("code", gettext_lazy("代码"), lambda unit: unit.code, sort="code"),
            Column("officers", pgettext_lazy("list", "联络员"), lambda unit: [one.user.name for one in unit.officers]),
            Column("state", gettext_lazy("状态"), lambda unit: unit_sign(unit, on)),
        ),
        filters=(
            Filter(
                "kind",
                gettext_lazy("类别"),
                lambda: Unit.Kind.choices,
                lambda rows, kind: rows.filter(kind=kind),
            ),
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: [("present", _("现有")), ("gone", _("已撤销"))],
                lambda rows, state: _by_state(rows, state, on),
            ),
        ),
        search=_search_units,
        search_label=gettext_lazy("搜索名称、别名、代码"),
        default_sort="name",
        empty_title=gettext_lazy("还没有单位"),
        empty_hint=gettext_lazy("导入分解表时会加入单位，也可以在这里新增。"),
    )


def unit_sign(unit: Unit, on: date) -> Sign:
    """Whether the unit exists on the day."""
    if unit.exists_on(on):
        return Sign("good", _("现有"))
    if unit.established_on is not None and on < unit.established_on:
        return Sign("flat", _("尚未设立"))
    return Sign("flat", _("已撤销"))


def _unit_url(unit: Unit) -> str:
    return reverse("units:unit_detail", args=[unit.code])


def _by_state(rows: QuerySet[Any], state: str, on: date) -> QuerySet[Any]:
    present = Unit.objects.existing_on(on).values("pk")
    return rows.filter(abolished_on__lte=on) if state == "gone" else rows.filter(pk__in=present)


def _search_units(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    named = Q(names__name__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text)
    return rows.filter(pk__in=Unit.objects.filter(named).values("pk"))


def accounts_with_roles(accounts: QuerySet[User], on: date) -> QuerySet[User]:
    """The accounts with their roles of the day as `held`."""
    held = RoleAssignment.objects.held_on(on).select_related("unit").order_by("starts_on", "pk")
    return accounts.prefetch_related(Prefetch("assignments", queryset=held, to_attr="held"))


def account_listing(on: date) -> Listing:
    """Accounts by name."""
    return Listing(
        key="accounts",
        title=gettext_lazy("账号"),
        columns=(
            Column("name", gettext_lazy("姓名"), lambda user: user.name, sort="name", url=_account_url),
            Column("username", gettext_lazy("登录名"), lambda user: user.username, sort="username"),
            Column("roles", gettext_lazy("角色"), lambda user: [role_text(one) for one in user.held]),
            Column("state", gettext_lazy("状态"), account_sign, sort="is_active"),
            Column("last_login", gettext_lazy("最近登录"), lambda user: user.last_login, sort="last_login"),
        ),
        filters=(
            Filter(
                "role",
                gettext_lazy("角色"),
                lambda: Role.choices,
                lambda rows, role: _holding(rows, role, on),
            ),
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: [("active", _("可登录")), ("disabled", _("已停用"))],
                lambda rows, state: rows.filter(is_active=state == "active"),
            ),
        ),
        search=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(username__icontains=text)),
        search_label=gettext_lazy("搜索姓名、登录名"),
        default_sort="username",
        empty_title=gettext_lazy("还没有账号"),
        empty_hint=gettext_lazy("由系统管理员新建账号，再由安全保密管理员授予角色。"),
    )


def role_text(assignment: RoleAssignment | RoleProposal) -> str:
    """A role held or proposed, with its unit, in words."""
    if assignment.unit is None:
        return str(assignment.get_role_display())
    return _("%(role)s（%(unit)s）") % {"role": assignment.get_role_display(), "unit": assignment.unit.shown_name}


def account_sign(user: User) -> Sign:
    """Whether the account can sign in."""
    return Sign("good", _("可登录")) if user.is_active else Sign("flat", _("已停用"))


def _account_url(user: User) -> str:
    return reverse("units:account_detail", args=[user.username])


def _holding(rows: QuerySet[Any], role: str, on: date) -> QuerySet[Any]:
    return rows.filter(pk__in=RoleAssignment.objects.held_on(on).filter(role=role).values("user"))


def audit_listing(on: date) -> Listing:
    """Audit events, newest first."""
    return Listing(
        key="audit",
        title=gettext_lazy("审计记录"),
        columns=(
            Column("at", gettext_lazy("时间"), lambda event: event.at, sort="at"),
            Column("actor", gettext_lazy("操作人"), lambda event: event.actor_name, sort="actor_name"),
            Column("role", gettext_lazy("角色"), lambda event: roles_in_words(event.role)),
            Column(
                "action", gettext_lazy("动作"), lambda event: action_label(event.action), sort="action", url=_event_url
            ),
            Column("object", gettext_lazy("对象"), lambda event: event.object_label),
            Column("reason", gettext_lazy("原因"), lambda event: event.reason),
        ),
        filters=(
            Filter("stream", gettext_lazy("模块"), _streams, lambda rows, name: rows.filter(stream_id=name)),
            Filter("action", gettext_lazy("动作"), _actions, lambda rows, code: rows.filter(action=code)),
            Filter("person", gettext_lazy("操作人"), _people, lambda rows, key: rows.filter(actor_id=key)),
            Filter("period", gettext_lazy("日期"), _periods, lambda rows, days: _since(rows, days, on)),
        ),
        search=_search_events,
        search_label=gettext_lazy("搜索操作人、对象、原因"),
        default_sort="-at",
        empty_title=gettext_lazy("还没有审计记录"),
        empty_hint=gettext_lazy("每次变更都会在这里留下一条记录。"),
    )


def roles_in_words(kept: str) -> str:
    """The roles that the log keeps, in its one language, as the reader's language says them."""
    return _("、").join(_role_in_words(label) for label in kept.split("、") if label)


def _role_in_words(label: str) -> str:
    """One role; where it was somebody else's, in whose place."""
    lent = _STAND_IN.fullmatch(label)
    return _("%(role)s（代%(name)s）") % {"role": _(lent[1]), "name": lent[2]} if lent else _(label)


def _event_url(event: AuditEvent) -> str:
    return reverse("units:audit_detail", args=[event.pk])


def _streams() -> list[tuple[str, str]]:
    names = AuditStream.objects.order_by("name").values_list("name", flat=True)
    # A chain outlives its package: one that is gone keeps its bare name.
    return [(name, str(apps.app_configs[name].verbose_name) if name in apps.app_configs else name) for name in names]


def _actions() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in action_labels.items()]


def _people() -> list[tuple[str, str]]:
    staff = User.objects.filter(assignments__role__in=STAFF_ROLES).distinct().order_by("name", "pk")[:MOST_PEOPLE]
    return [(str(user.pk), user.name) for user in staff]


def _periods() -> list[tuple[str, str]]:
    return [("1", _("今天")), ("7", _("近 7 天")), ("30", _("近 30 天")), ("90", _("近 90 天")), ("365", _("近一年"))]


def _since(rows: QuerySet[Any], days: str, on: date) -> QuerySet[Any]:
    return rows.filter(at__date__gte=on - timedelta(days=int(days) - 1))


def _search_events(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(actor_name__icontains=text) | Q(object_label__icontains=text) | Q(reason__icontains=text))
