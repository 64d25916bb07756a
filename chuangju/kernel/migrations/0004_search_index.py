"""The full-text index over the tokens of search entries: FTS5 on SQLite, a stored vector with GIN on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from chuangju.kernel import full_text


def make_index(apps: Any, schema_editor: Any) -> None:
    """Set the index up and fill it from what is there."""
    full_text.make_index(schema_editor.connection)


def drop_index(apps: Any, schema_editor: Any) -> None:
    """Take the index away."""
    full_text.drop_index(schema_editor.connection)


class Migration(migrations.Migration):
    """The index after the table of 0003."""

    dependencies = (("kernel", "0003_ground_floor"),)
    operations = (migrations.RunPython(make_index, drop_index),)
