"""Published sheets and frozen panels stay as they are: held in the database itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from chuangju.kernel.guards import install_guard, remove_guard
from chuangju.scoring.guards import FROZEN_RESULTS, install_state_guards, remove_state_guards


def raise_guards(apps: Any, schema_editor: Any) -> None:
    """Install the triggers."""
    install_guard(schema_editor.connection, FROZEN_RESULTS)
    install_state_guards(schema_editor.connection)


def lower_guards(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    remove_state_guards(schema_editor.connection)
    remove_guard(schema_editor.connection, FROZEN_RESULTS)


class Migration(migrations.Migration):
    """Triggers after the tables of 0001."""

    dependencies = (("scoring", "0001_initial"),)
    operations = (migrations.RunPython(raise_guards, lower_guards),)
