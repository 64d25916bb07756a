"""The copy of the migrated database stands for the migrations only as long as nothing that decides its content has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chuangju.units.models import Unit
from tests import empty_database


def test_what_migrations_call_in_the_product_counts_like_their_own_text() -> None:
    files = empty_database.migration_files()
    names = {str(file) for file in empty_database.read_by(files)}
    assert any(file.parts[-3:] == ("kernel", "migrations", "0002_audit_guards.py") for file in files)
    assert any(name.endswith("chuangju/kernel/guards.py") for name in names)
    assert any("site-packages" in str(file) for file in files)


def test_another_byte_in_any_text_asks_for_another_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = tmp_path / "0001_initial.py"
    text.write_bytes(b"# one")
    monkeypatch.setattr(empty_database, "_texts", lambda: {text})
    before = empty_database.digest()
    assert empty_database.digest() == before
    text.write_bytes(b"# two")
    assert empty_database.digest() != before


def test_another_permission_of_a_model_asks_for_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    before = empty_database.digest()
    monkeypatch.setattr(Unit._meta, "permissions", [("close", "关闭")])
    assert empty_database.digest() != before


@pytest.mark.django_db
def test_every_migration_has_run() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
