"""Registrations of budget with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetConfig(AppConfig):
    """Budget lines, the ledger, payments and their batches."""

    name = "chuangju.budget"
    label = "budget"
    verbose_name = _("资金")

    def ready(self) -> None:
        """Hand guards, checks, menus, action names, figures, search and demo data downwards."""
        from chuangju.budget import demo, indicators, menus, search  # noqa: PLC0415 - models exist only now
        from chuangju.budget.access import can_unmask_account, payments_visible_to  # noqa: PLC0415
        from chuangju.budget.entry_guard import GUARDS  # noqa: PLC0415
        from chuangju.budget.ledger_checks import find_ledger_faults  # noqa: PLC0415
        from chuangju.budget.models import Payment  # noqa: PLC0415
        from chuangju.indicators.metrics import register_metric  # noqa: PLC0415
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.guards import register_append_only_table  # noqa: PLC0415
        from chuangju.kernel.integrity import register_check  # noqa: PLC0415
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415
        from chuangju.kernel.unmasking import register_unmasking  # noqa: PLC0415
        from chuangju.programme.slots import register_row_tool  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415

        for guard in GUARDS:
            register_append_only_table(guard)
        register_actions(menus.ACTIONS)
        register_check("budget.ledger", find_ledger_faults)
        register_unmasking(Payment, "account_number", can_unmask_account, _("银行账号"), visible_to=payments_visible_to)
        for section in menus.SECTIONS:
            register_menu(section)
        register_tallies("budget", menus.money_tallies)
        for code, tool in menus.row_tools():
            register_row_tool(code, tool)
        for metric in indicators.METRICS:
            register_metric(metric)
        for source in search.SOURCES:
            register_search_source(source)
        register_demo("budget", demo.load_demo_budget, order=55)
