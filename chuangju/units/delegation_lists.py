"""What the list of delegations shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.lists import role_text
from chuangju.units.models import Delegation


def delegations_with_people(delegations: QuerySet[Delegation]) -> QuerySet[Any]:
    """The delegations with whatever their line says: two queries."""
    return delegations.select_related("from_user", "to_user").prefetch_related("assignments__unit")


def delegation_listing(on: date, *, can_end: Callable[[Any], bool]) -> Listing:
    """Who stands in for whom, the latest first; each may be ended here by whoever `can_end` names."""
    return Listing(
        key="delegations",
        title=gettext_lazy("请假代岗"),
        columns=(
            Column("from", gettext_lazy("请假人"), lambda one: one.from_user.name, sort="from_user__name"),
            Column("to", gettext_lazy("代岗人"), lambda one: one.to_user.name, sort="to_user__name"),
            Column("roles", gettext_lazy("角色"), lambda one: [role_text(each) for each in one.assignments.all()]),
            Column("starts", gettext_lazy("起"), lambda one: one.starts_on, sort="starts_on", css="short"),
            Column("ends", gettext_lazy("止"), lambda one: one.ends_on, sort="ends_on", css="short"),
            Column("reason", gettext_lazy("原因"), lambda one: one.reason),
            Column("state", gettext_lazy("状态"), lambda one: delegation_sign(one, on), css="short"),
            Column(
                "act",
                gettext_lazy("操作"),
                lambda one: _("结束") if can_end(one) else "",
                template="units/cells/delegation_actions.html",
                css="short",
            ),
        ),
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: [("present", _("代岗中")), ("future", _("尚未开始")), ("past", _("已结束"))],
                lambda rows, state: _by_state(rows, state, on),
            ),
        ),
        search=lambda rows, text: rows.filter(
            Q(from_user__name__icontains=text) | Q(to_user__name__icontains=text) | Q(reason__icontains=text)
        ),
        search_label=gettext_lazy("搜索姓名、原因"),
        default_sort="-starts",
        empty_title=gettext_lazy("还没有代岗"),
        empty_hint=gettext_lazy("请假、出差前，可以指定同事在这段时间代为履职，到期自动恢复。"),
    )


def delegation_sign(delegation: Delegation, on: date) -> Sign:
    """Whether the stand-in acts on the day."""
    if delegation.ended_on is not None and delegation.ended_on <= max(on, delegation.starts_on):
        return Sign("flat", _("已提前结束"))
    if delegation.starts_on > on:
        return Sign("flat", _("尚未开始"))
    return Sign("good", _("代岗中")) if delegation.holds_on(on) else Sign("flat", _("已结束"))


def is_open(delegation: Delegation, on: date) -> bool:
    """Whether there is still something to end."""
    return delegation.ended_on is None and delegation.ends_on >= on


def _by_state(rows: QuerySet[Any], state: str, on: date) -> QuerySet[Any]:
    if state == "future":
        return rows.filter(starts_on__gt=on, ended_on__isnull=True)
    held = Q(starts_on__lte=on, ends_on__gte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))
    if state == "present":
        return rows.filter(held)
    return rows.exclude(held).exclude(starts_on__gt=on, ended_on__isnull=True)
