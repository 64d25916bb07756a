"""Two spans of one relation never overlap: held in the database itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from chuangju.ventures.relation_guards import install_overlap_guard, remove_overlap_guard


def raise_guard(apps: Any, schema_editor: Any) -> None:
    """Install the triggers."""
    install_overlap_guard(schema_editor.connection)


def lower_guard(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    remove_overlap_guard(schema_editor.connection)


class Migration(migrations.Migration):
    """Triggers after the tables of 0001."""

    dependencies = (("ventures", "0001_initial"),)
    operations = (migrations.RunPython(raise_guard, lower_guard),)
