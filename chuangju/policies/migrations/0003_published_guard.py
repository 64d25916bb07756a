"""What has been published stays as it was published: held in the database itself."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from chuangju.kernel.guards import install_guard, remove_guard
from chuangju.policies.published_guard import PUBLISHED


def raise_guard(apps: Any, schema_editor: Any) -> None:
    """Install the triggers."""
    install_guard(schema_editor.connection, PUBLISHED)


def lower_guard(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    remove_guard(schema_editor.connection, PUBLISHED)


class Migration(migrations.Migration):
    """Triggers after the tables of 0002."""

    dependencies = (("policies", "0002_drafts"),)
    operations = (migrations.RunPython(raise_guard, lower_guard),)
