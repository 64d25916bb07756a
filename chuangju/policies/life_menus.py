"""What the life of policies adds to the navigation and to the rows of the table, and the words for its audit events."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.addresses import address_of
from chuangju.policies.access import keeps_every_policy, keeps_policies, policy_unit_ids
from chuangju.policies.expiries import REMINDED_MONTHS, months_after
from chuangju.policies.life_settings import life_settings
from chuangju.policies.models import PolicyRecord
from chuangju.programme.slots import RowTool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import STAFF_ROLES

ACTIONS: dict[str, str | Promise] = {
    "policies.record_opened": _("建立政策档案"),
    "policies.record_changed": _("修改政策档案"),
    "policies.record_abandoned": _("终止制定政策"),
    "policies.record_superseded": _("政策被替代"),
    "policies.record_updated": _("政策信息随环节更新"),
    "policies.step_recorded": _("登记政策环节"),
    "policies.step_withdrawn": _("撤销政策环节"),
    "policies.package_import_started": _("上传政策包"),
    "policies.package_import_discarded": _("放弃导入政策包"),
    "policies.package_imported": _("导入政策包"),
    "policies.package_superseded": _("政策包被替代"),
    "policies.clause_tied": _("填写条款落实情况"),
    "policies.fee_entered": _("登记收费"),
    "policies.fee_withdrawn": _("撤销收费登记"),
}


def expiry_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """For whoever keeps policies: those that run out and have no evaluation, and those of them that have run out."""
    on = timezone.localdate(context.at)
    if not keeps_policies(context.user, on=on):
        return {}
    decided = (PolicyRecord.Conclusion.AMEND, PolicyRecord.Conclusion.REPEAL)
    records = PolicyRecord.objects.filter(
        state=PolicyRecord.State.ISSUED, valid_until__lte=months_after(on, REMINDED_MONTHS[0])
    ).exclude(conclusion__in=decided)
    if not keeps_every_policy(context.user, on=on):
        records = records.filter(unit__in=policy_unit_ids(context.user, on=on))
    return {"policies.expiring": records, "policies.expired": records.filter(valid_until__lt=on)}


def life_links(context: MenuContext) -> list[MenuLink]:
    """Records, what runs out (red once something has), packages, fees."""
    expiring = context.tally("policies.expiring")
    tone: Literal["", "late"] = "late" if context.tally("policies.expired") else ""
    return [
        MenuLink(pgettext_lazy("list", "政策档案"), address_of("policies:making_list"), key="policy-records"),
        MenuLink(
            pgettext_lazy("list", "到期政策"),
            address_of("policies:expiring_list"),
            str(expiring or ""),
            tone,
            "policy-expiries",
        ),
        MenuLink(pgettext_lazy("list", "政策包"), address_of("policies:package_list"), key="policy-packages"),
        MenuLink(pgettext_lazy("list", "收费清单"), address_of("policies:fee_list"), key="fees"),
    ]


def public_links(_context: MenuContext) -> list[MenuLink]:
    """The list of fees; the page of size classes is one step from it."""
    return [MenuLink(pgettext_lazy("list", "收费清单"), address_of("policies:public_fees"), key="public-fees")]


SECTIONS = (
    MenuSection("policies.life", _("政策制定与有效期"), 45, "staff", life_links, is_folded=True),
    MenuSection("policies.public_fees", "", 60, "public", public_links),
)
_TOOLS = (
    RowTool("policy_records", pgettext_lazy("list", "政策档案"), "policies:making_list", STAFF_ROLES, order=110),
    RowTool("expiring_policies", pgettext_lazy("list", "到期政策"), "policies:expiring_list", STAFF_ROLES, order=120),
    RowTool("policy_packages", pgettext_lazy("list", "政策包"), "policies:package_list", STAFF_ROLES, order=130),
    RowTool("fees", pgettext_lazy("list", "收费清单"), "policies:fee_list", STAFF_ROLES, order=140),
    RowTool("size_classes", _("企业划型"), "policies:size_classes", STAFF_ROLES, order=150),
)


def row_tools() -> list[tuple[str, RowTool]]:
    """Each tool with the task on whose row it hangs."""
    served = life_settings().tools
    return [(code, tool) for tool in _TOOLS for code in served[tool.key]]
