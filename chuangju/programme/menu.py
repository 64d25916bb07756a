"""What programme adds to the navigation, and the words for what its audit events say."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.addresses import address_of
from chuangju.programme.access import can_manage_table, own_open_steps, own_step_counts, reporting_unit_ids
from chuangju.programme.models import Category, TableVersion
from chuangju.programme.table_page import category_name
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.open_work import OpenWork

ACTIONS: dict[str, str | Promise] = {
    "programme.import_started": _("上传任务分解表"),
    "programme.import_confirmed": _("确认导入"),
    "programme.import_discarded": _("放弃导入"),
    "programme.version_imported": _("导入新版本"),
    "programme.snapshot_taken": _("版本存档"),
    "programme.group_chosen": _("指定单位组成员"),
    "programme.measure_units_set": _("设定举措承担单位"),
    "programme.milestone_added": _("添加落实节点"),
    "programme.milestone_changed": _("更正落实节点"),
    "programme.milestone_completed": _("确认节点完成"),
    "programme.milestone_reopened": _("恢复落实节点"),
    "programme.milestone_dropped": _("取消落实节点"),
    "programme.note_written": _("填报进展"),
    "programme.note_released": _("公开进展"),
    "programme.note_retracted": _("取消公开"),
    "programme.note_withdrawn": _("撤回进展"),
}


def step_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """One's own open steps, and those of them that are late."""
    on = timezone.localdate(context.at)
    if not reporting_unit_ids(context.user, on=on):
        return {}
    steps = own_open_steps(context.user, on=on)
    return {"steps.open": steps, "steps.late": steps.filter(due_on__lt=on)}


def programme_links(context: MenuContext) -> list[MenuLink]:
    """One's own open steps with their number (red where one is late), the table, all steps, versions; import for the office."""
    on = timezone.localdate(context.at)
    links = []
    if reporting_unit_ids(context.user, on=on):
        count = str(context.tally("steps.open") or "")
        address = address_of("programme:my_milestones")
        links.append(MenuLink(_("我的待办"), address, count, "late" if context.tally("steps.late") else "", "mine"))
    links += [
        MenuLink(_("任务分解表"), address_of("programme:table"), key="table"),
        MenuLink(pgettext_lazy("list", "落实节点"), address_of("programme:milestone_list"), key="milestones"),
        MenuLink(_("版本与对比"), address_of("programme:version_list"), key="versions"),
    ]
    if can_manage_table(context.user, on=on):
        links.append(MenuLink(_("导入分解表"), address_of("programme:import_start"), key="import"))
    return links


def category_links(_context: MenuContext) -> list[MenuLink]:
    """The categories of the version in force with the numbers of their rows."""
    categories = (
        Category.objects.filter(version__state=TableVersion.State.CURRENT)
        .annotate(first=Min("rows__number"), last=Max("rows__number"))
        .order_by("position")[:20]
    )
    return [
        MenuLink(
            category_name(category),
            address_of("programme:table") + "?" + urlencode({"category": category.name}),
            f"{category.first}–{category.last}" if category.first != category.last else str(category.first),
            key=f"category-{category.pk}",
        )
        for category in categories
    ]


# What a liaison officer who changes post leaves to the successor: the open steps of the units reported for.
OPEN_STEPS = OpenWork(
    "programme.milestones",
    _("未完成的落实节点"),
    lambda user, on: own_step_counts(user, on=on)["open"],
    lambda: address_of("programme:milestone_list"),
)

SECTIONS = (
    MenuSection("programme", "", 10, "staff", programme_links),
    MenuSection("programme.categories", _("工作类别"), 20, "staff", category_links),
)
