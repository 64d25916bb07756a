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
        """Hand guards, menus, action names and the rest downwards."""
        from chuangju.budget.entry_guard import GUARDS  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.guards import register_append_only_table  # noqa: PLC0415

        for guard in GUARDS:
            register_append_only_table(guard)
