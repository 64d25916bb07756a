"""Frozen facts are never changed: held in the database itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from chuangju.applications.frozen_guard import FROZEN_FACTS
from chuangju.kernel.guards import install_guard, remove_guard


def raise_guard(apps: Any, schema_editor: Any) -> None:
    """Install the triggers."""
    install_guard(schema_editor.connection, FROZEN_FACTS)


def lower_guard(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    remove_guard(schema_editor.connection, FROZEN_FACTS)


class Migration(migrations.Migration):
    """Triggers after the tables of 0001."""

    dependencies = (("applications", "0001_applications"),)
    operations = (migrations.RunPython(raise_guard, lower_guard),)
