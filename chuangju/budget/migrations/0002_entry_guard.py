"""What stands in the ledger stays as it was written: held in the database itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from chuangju.budget.entry_guard import GUARDS
from chuangju.kernel.guards import install_guard, remove_guard


def raise_guards(apps: Any, schema_editor: Any) -> None:
    """Install the triggers."""
    for guard in GUARDS:
        install_guard(schema_editor.connection, guard)


def lower_guards(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    for guard in GUARDS:
        remove_guard(schema_editor.connection, guard)


class Migration(migrations.Migration):
    """Triggers after the tables of 0001."""

    dependencies = (("budget", "0001_initial"),)
    operations = (migrations.RunPython(raise_guards, lower_guards),)
